"""HTTP/2 frame by frame, over cleartext or TLS: what is right and what no library would send.

Field blocks are written without compression and without state, so that any number of them can be
made beforehand. What the server sends is checked against the rules that hold for every connection:
the size of its frames, the windows that it was given, and the streams that it may speak on.
"""

import collections
import enum
import struct

import hpack
from h2.errors import ErrorCodes as Code

import patience

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
LARGEST_WINDOW = (1 << 31) - 1
#: The largest payload of a frame and the windows of those who were told nothing else.
DEFAULT_FRAME = 16_384
DEFAULT_WINDOW = 65_535


class Kind(enum.IntEnum):
    DATA = 0
    HEADERS = 1
    PRIORITY = 2
    RST_STREAM = 3
    SETTINGS = 4
    PUSH_PROMISE = 5
    PING = 6
    GOAWAY = 7
    WINDOW_UPDATE = 8
    CONTINUATION = 9


class Setting(enum.IntEnum):
    HEADER_TABLE_SIZE = 1
    ENABLE_PUSH = 2
    MAX_CONCURRENT_STREAMS = 3
    INITIAL_WINDOW_SIZE = 4
    MAX_FRAME_SIZE = 5
    MAX_HEADER_LIST_SIZE = 6
    ENABLE_CONNECT_PROTOCOL = 8


ACK = END_STREAM = 0x1
END_HEADERS = 0x4
PADDED = 0x8
PRIORITISED = 0x20

Frame = collections.namedtuple("Frame", "kind flags stream payload")


# MARK: What is sent

def frame(kind, stream=0, payload=b"", flags=0, *, length=None):
    """A frame; `length` is what its head says, if that is not the truth."""
    size = len(payload) if length is None else length
    return struct.pack(">I", size)[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def string(data, *, huffman=False):
    """A string literal of HPACK (RFC 7541, 5.2)."""
    return integer(len(data), 7, 0x80 if huffman else 0) + data


def integer(value, bits, pattern):
    """An integer of HPACK with a prefix of so many bits (RFC 7541, 5.1)."""
    limit = (1 << bits) - 1
    if value < limit:
        return bytes([pattern | value])
    encoded = bytearray([pattern | limit])
    value -= limit
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def block(*pairs):
    """A field block of literals that never enter a table."""
    return b"".join(
        b"\x00" + string(name.encode("latin-1")) + string(value.encode("latin-1"))
        for name, value in pairs)


def request(method="GET", path="/livez", *more, scheme="http", authority="localhost"):
    """The fields of a request; a pseudo-header field that is None is left out."""
    pseudo = ((":method", method), (":scheme", scheme), (":path", path),
              (":authority", authority))
    return (*((name, value) for name, value in pseudo if value is not None), *more)


#: A request with a body that is answered only after its end, because nobody knows its consultation.
WITH_BODY = request("PUT", "/v1/consultations/none/phases/p/proposals/q/votes/a")


def headers(stream, fields=request(), flags=END_STREAM | END_HEADERS, *, priority=b"",
            padding=None):
    """`fields` as pairs, or a block that is made already."""
    payload = priority + (fields if isinstance(fields, bytes) else block(*fields))
    if priority:
        flags |= PRIORITISED
    if padding is not None:
        flags |= PADDED
        payload = bytes([padding]) + payload + bytes(padding)
    return frame(Kind.HEADERS, stream, payload, flags)


def opened(stream, *more):
    """A request whose body is still to come."""
    return headers(stream, (*WITH_BODY, *more), END_HEADERS)


def data(stream, payload=b"", flags=0, *, padding=None):
    if padding is not None:
        flags |= PADDED
        payload = bytes([padding]) + payload + bytes(padding)
    return frame(Kind.DATA, stream, payload, flags)


def continuation(stream, payload=b"", flags=END_HEADERS):
    return frame(Kind.CONTINUATION, stream, payload, flags)


def priority(stream, depends_on=0, weight=15):
    return frame(Kind.PRIORITY, stream, dependency(depends_on, weight))


def dependency(depends_on, weight=15):
    return struct.pack(">IB", depends_on, weight)


def reset(stream, code=Code.CANCEL):
    return frame(Kind.RST_STREAM, stream, struct.pack(">I", code))


def settings(*pairs, flags=0, stream=0):
    return frame(
        Kind.SETTINGS, stream, b"".join(struct.pack(">HI", *pair) for pair in pairs), flags)


def ping(payload=b"12345678", flags=0, stream=0):
    return frame(Kind.PING, stream, payload, flags)


def goaway(code=Code.NO_ERROR, last=0, stream=0, debug=b""):
    return frame(Kind.GOAWAY, stream, struct.pack(">II", last, code) + debug)


def window_update(stream, increment):
    return frame(Kind.WINDOW_UPDATE, stream, struct.pack(">I", increment))


# MARK: What comes back

class Message:
    """What came back on one stream."""

    def __init__(self, window):
        self.window = window
        self.fields = {}
        self.body = bytearray()
        self.ended = False
        self.reset_code = None

    @property
    def is_over(self):
        return self.ended or self.reset_code is not None

    @property
    def status(self):
        return int(self.fields[":status"]) if ":status" in self.fields else None


class RawConnection:
    """One connection by a socket; nothing is sent, acknowledged or opened by itself, but for the
    acknowledgement of the server's settings in `greet`."""

    def __init__(self, socket):
        self.socket = socket
        self.messages = {}
        #: The server's settings, as it last sent them.
        self.settings = {}
        #: The payloads of the pings that it acknowledged.
        self.pongs = []
        self.acknowledged_settings = 0
        self.goaways = []
        self.is_closed = False
        self.initial_window = DEFAULT_WINDOW
        self.window = DEFAULT_WINDOW
        self.frame_limit = DEFAULT_FRAME
        self.decoder = hpack.Decoder()
        #: Bytes that the server has allowed by WINDOW_UPDATE, less those of `pour`.
        self._given = collections.Counter()
        self._received = bytearray()
        self._pings = 0
        self._block = None
        self._next_stream = 1_001

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, *frames):
        try:
            self.socket.sendall(b"".join(frames))
        except OSError:
            pass  # whether the server was right to close is told by what it said before

    def greet(self, *pairs):
        """Both prefaces, and both acknowledgements."""
        self.send(PREFACE, settings(*pairs))
        self.wait(lambda: self.settings and self.acknowledged_settings)
        self.send(settings(flags=ACK))
        self.tell(pairs)
        return self

    def tell(self, pairs):
        """The settings of ours that the server has acknowledged."""
        for name, value in pairs:
            if name == Setting.INITIAL_WINDOW_SIZE:
                for message in self.messages.values():
                    message.window += value - self.initial_window
                self.initial_window = value
            elif name == Setting.MAX_FRAME_SIZE:
                self.frame_limit = value
            elif name == Setting.HEADER_TABLE_SIZE:
                self.decoder.max_allowed_table_size = value

    def change(self, *pairs):
        """Sends settings and waits until they hold."""
        count = self.acknowledged_settings
        self.send(settings(*pairs))
        self.wait(lambda: self.acknowledged_settings > count)
        self.tell(pairs)

    def open_window(self, stream, increment):
        self.send(window_update(stream, increment))
        if stream == 0:
            self.window += increment
        else:
            self.message(stream).window += increment

    def pour(self, stream, count, *, as_padding=False):
        """Sends so many bytes of DATA as the server's windows open, also if it is over."""
        while count:
            frames = []
            while count and len(frames) < 64 and (size := min(
                    count, 256 if as_padding else DEFAULT_FRAME,
                    self._given[0] + DEFAULT_WINDOW,
                    self._given[stream] + self.settings[Setting.INITIAL_WINDOW_SIZE])):
                frames.append(data(stream, padding=size - 1) if as_padding
                              else data(stream, bytes(size)))
                self._given[0] -= size
                self._given[stream] -= size
                count -= size
            self.send(*frames)
            if not frames:
                assert not self.is_closed, f"closed too early; GOAWAY {self.goaways}"
                self.read()

    def message(self, stream):
        return self.messages.setdefault(stream, Message(self.initial_window))

    def wait(self, condition):
        """Reads until `condition()`; fails when the server closes first."""
        while not condition():
            assert not self.is_closed, f"closed too early; GOAWAY {self.goaways}"
            self.read()

    def settle(self):
        """Afterwards everything has arrived that the server had to say to what was sent before.

        Acknowledgements of pings go ahead of bodies, hence the second one.
        """
        for _ in range(2):
            self._pings += 1
            payload = struct.pack(">Q", self._pings)
            self.send(ping(payload))
            self.wait(lambda: payload in self.pongs)

    def over(self, stream):
        """Waits until the server has ended or reset the stream."""
        self.wait(lambda: self.message(stream).is_over)
        return self.messages[stream]

    def ask(self, fields=request()):
        """A request without a body on a stream of its own, and its answer."""
        stream, self._next_stream = self._next_stream, self._next_stream + 2
        self.send(headers(stream, fields))
        return self.over(stream)

    def read_to_end(self):
        while not self.is_closed:
            self.read()

    def read(self):
        """Takes one frame, or the end of the connection."""
        head = self._take(9)
        if head is None:
            self.is_closed = True
            return
        length = int.from_bytes(head[:3], "big")
        assert length <= self.frame_limit, f"a frame of {length} bytes"
        kind, flags, stream = struct.unpack(">BBI", head[3:])
        payload = self._take(length)
        assert payload is not None, "closed within a frame"
        self._arrived(Frame(Kind(kind), flags, stream, payload))

    def _take(self, count):
        """So many bytes; None at the end."""
        while len(self._received) < count:
            try:
                arrived = self.socket.recv(1 << 18)
            except TimeoutError:
                raise AssertionError(
                    f"the server was silent for {patience.SECONDS:.0f} s") from None
            except OSError:
                arrived = b""
            if not arrived:
                assert not self._received, "closed within a frame"
                return None
            self._received += arrived
        taken = bytes(self._received[:count])
        del self._received[:count]
        return taken

    def _arrived(self, received):
        assert self._block is None or received.kind == Kind.CONTINUATION, received
        match received.kind:
            case Kind.HEADERS | Kind.CONTINUATION:
                self._fields_arrived(received)
            case Kind.DATA:
                self._data_arrived(received)
            case Kind.RST_STREAM:
                # It may follow the end of an answer, when the client still sends.
                message = self.message(received.stream)
                assert message.reset_code is None, f"reset twice: {received}"
                message.reset_code = Code(*struct.unpack(">I", received.payload))
            case Kind.SETTINGS if received.flags & ACK:
                self.acknowledged_settings += 1
            case Kind.SETTINGS:
                self.settings.update(struct.iter_unpack(">HI", received.payload))
            case Kind.PING:
                assert received.flags == ACK, received
                self.pongs.append(received.payload)
            case Kind.GOAWAY:
                last, code = struct.unpack(">II", received.payload[:8])
                self.goaways.append((Code(code), last))
            case Kind.WINDOW_UPDATE:
                self._given[received.stream] += struct.unpack(">I", received.payload)[0]
            case _:
                raise AssertionError(f"a server sends no {received}")

    def _known(self, received):
        assert received.stream % 2 == 1, received
        message = self.message(received.stream)
        assert not message.is_over, f"after the end of its stream: {received}"
        return message

    def _fields_arrived(self, received):
        assert not received.flags & (PADDED | PRIORITISED), received
        if received.kind == Kind.HEADERS:
            self._block = (self._known(received), received.flags, bytearray())
        message, flags, gathered = self._block
        gathered += received.payload
        if received.flags & END_HEADERS:
            self._block = None
            message.fields = dict(self.decoder.decode(bytes(gathered)))
            message.ended = bool(flags & END_STREAM)

    def _data_arrived(self, received):
        message = self._known(received)
        size = len(received.payload)
        if size:
            assert size <= message.window, f"{size} bytes into a window of {message.window}"
            assert size <= self.window, f"{size} bytes into the connection's {self.window}"
        message.window -= size
        self.window -= size
        message.body += received.payload
        message.ended = bool(received.flags & END_STREAM)

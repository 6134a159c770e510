"""A small full-duplex HTTP/2 client over a real socket, on Debian's `h2`.

The streams of the contract answer while the request is still being sent, which no common client
library offers; and a test wants to hold back window updates, reset, or keep many requests in
flight. Two threads serve a connection, one that reads and one that writes, so that neither side's
flow control can make the other wait for a lock.
"""

import json
import socket
import threading
import time
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.settings
import hyperframe.frame

import patience

_OUTGOING_LIMIT = 1 << 20
#: The window of a connection before it is changed.
_FIRST_WINDOW = 65_535


class ConnectionLost(Exception):
    """The server closed the connection, or died."""


class StreamOver(Exception):
    """The server ended or reset the stream before the request was wholly sent."""


@dataclass
class Response:
    status: int
    headers: dict = field(default_factory=dict)
    body: bytes = b""

    def json(self):
        return json.loads(self.body)

    def __str__(self):
        return f"{self.status} {self.headers} {self.body[:2000]!r}"


class Stream:
    """One request and its response; made by `Connection.start`."""

    def __init__(self, connection, number):
        self.connection = connection
        self.number = number
        self.status = None
        self.headers = {}
        self.remote_ended = False
        self.reset_code = None
        self._received = bytearray()
        self._unacknowledged = 0
        #: While true, received bytes stay unacknowledged: the server's window is not reopened.
        self.holds_window = False

    @property
    def is_over(self):
        return (self.remote_ended or self.reset_code is not None
                or self.connection.lost is not None)

    def write(self, data, end=False):
        """Sends all of `data` as the windows allow."""
        connection = self.connection
        view = memoryview(bytes(data))
        while len(view) or end:
            with connection.changed:
                connection.wait(
                    lambda: self.is_over or self._sendable() > 0 or not len(view),
                    "the window to open")
                self._check_open()
                size = min(len(view), self._sendable()) if len(view) else 0
                last = end and size == len(view)
                connection.h2.send_data(self.number, view[:size].tobytes(), end_stream=last)
                connection.flush()
            view = view[size:]
            if last:
                return

    def write_some(self, data):
        """Sends what the windows allow at this moment; how many bytes that were."""
        connection = self.connection
        with connection.changed:
            self._check_open()
            size = min(len(data), self._sendable())
            if size:
                connection.h2.send_data(self.number, bytes(data[:size]))
                connection.flush()
            return size

    def end(self):
        self.write(b"", end=True)

    def reset(self, code=h2.errors.ErrorCodes.CANCEL):
        with self.connection.changed:
            self.connection.h2.reset_stream(self.number, code)
            self.connection.flush()
            self.reset_code = code

    def wait_head(self):
        """Waits for the status and the header fields."""
        self._wait(lambda: self.status is not None or self.is_over, "a response head")
        if self.status is None:
            raise self._failure()
        return self.status

    def next_line(self):
        """The next line of the response body without its newline; None at the end."""
        while True:
            with self.connection.changed:
                line = self._take_line()
                if line is not None:
                    return line
                if self.is_over:
                    if not self.remote_ended:
                        raise self._failure()
                    rest = bytes(self._received)
                    self._received.clear()
                    return rest or None
                self.connection.wait(
                    lambda: b"\n" in self._received or self.is_over, "a line of the response")

    def next_bytes(self):
        """What has arrived of the response body, at least a byte; empty at the end."""
        self._wait(lambda: self._received or self.is_over, "a part of the response")
        with self.connection.changed:
            if not self._received and not self.remote_ended:
                raise self._failure()
            taken = bytes(self._received)
            self._received.clear()
            return taken

    def lines_at_hand(self):
        """The whole lines that have arrived and were not taken yet; never waits."""
        with self.connection.changed:
            taken = []
            while (line := self._take_line()) is not None:
                taken.append(line)
            return taken

    def response(self):
        """Waits for the whole response."""
        self._wait(lambda: self.is_over, "the response to end")
        # A server that does not want the rest of a request answers, then resets with NO_ERROR.
        if not self.remote_ended or self.status is None:
            raise self._failure()
        return Response(self.status, self.headers, bytes(self._received))

    def release_window(self):
        """Acknowledges all that was held back, and all that comes."""
        with self.connection.changed:
            self.holds_window = False
            if self._unacknowledged:
                self.connection.h2.acknowledge_received_data(self._unacknowledged, self.number)
                self._unacknowledged = 0
            self.connection.flush()

    # Called by the connection, under its lock.

    def data_arrived(self, event):
        self._received += event.data
        self._unacknowledged += event.flow_controlled_length
        if not self.holds_window and self._unacknowledged:
            self.connection.h2.acknowledge_received_data(self._unacknowledged, self.number)
            self._unacknowledged = 0

    def _take_line(self):
        end = self._received.find(b"\n")
        if end < 0:
            return None
        line = bytes(self._received[:end])
        del self._received[:end + 1]
        return line

    def _sendable(self):
        if self.is_over or len(self.connection.outgoing) > _OUTGOING_LIMIT:
            return 0
        machine = self.connection.h2
        return min(
            machine.local_flow_control_window(self.number), machine.max_outbound_frame_size)

    def _check_open(self):
        if self.connection.lost is not None:
            raise ConnectionLost(self.connection.lost)
        if self.is_over:
            raise StreamOver(f"status {self.status}, reset {self.reset_code}")

    def _failure(self):
        if self.connection.lost is not None:
            return ConnectionLost(self.connection.lost)
        return StreamOver(f"no whole response: status {self.status}, reset {self.reset_code}")

    def _wait(self, condition, what):
        with self.connection.changed:
            self.connection.wait(condition, what)


class Connection:
    """One HTTP/2 connection with prior knowledge.

    `window` is how many bytes the server may send on one stream before they are acknowledged,
    `connection_window` on all of them (not below 65,535);
    `token` is presented with every request that has no `authorization` of its own.
    """

    def __init__(self, host, port, *, window=1 << 20, connection_window=16 << 20,
                 authority=None, token=None):
        self.token = token
        self.authority = authority or f"{host}:{port}"
        self.changed = threading.Condition()
        self.outgoing = bytearray()
        #: Why the connection is no more; None while it is.
        self.lost = None
        #: The server said that it takes no further requests.
        self.going_away = False
        self._streams = {}
        self._socket = socket.create_connection((host, port), timeout=patience.SECONDS)
        self._socket.settimeout(None)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.h2 = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=True, header_encoding="utf-8",
                                      validate_outbound_headers=False,
                                      normalize_outbound_headers=False))
        # h2 calls a connection closed at the first GOAWAY, though open streams go on.
        self.h2._frame_dispatch_table[hyperframe.frame.GoAwayFrame] = self._goaway_arrived
        self.h2.local_settings = h2.settings.Settings(
            client=True, initial_values={
                h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: window,
                h2.settings.SettingCodes.ENABLE_PUSH: 0,
                h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: 100,
            })
        self.h2.initiate_connection()
        if connection_window > _FIRST_WINDOW:
            self.h2.increment_flow_control_window(connection_window - _FIRST_WINDOW)
        self.outgoing += self.h2.data_to_send()
        for work in (self._read, self._write):
            threading.Thread(target=work, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def start(self, method, path, headers=(), *, body=None, end=True):
        """Sends a request's head, and all of its body when there is one; does not wait."""
        fields = [(":method", method), (":scheme", "http"), (":authority", self.authority),
                  (":path", path)]
        if self.token is not None and "authorization" not in dict(headers):
            headers = [*headers, ("authorization", f"Bearer {self.token}")]
        # A pseudo-header among `headers` replaces the usual one.
        replaced = {name for name, _ in headers if name.startswith(":")}
        fields = [pair for pair in fields if pair[0] not in replaced]
        fields = ([pair for pair in headers if pair[0].startswith(":")] + fields
                  + [pair for pair in headers if not pair[0].startswith(":")])
        with self.changed:
            self.wait(
                lambda: self.lost or self.h2.open_outbound_streams
                < self.h2.remote_settings.max_concurrent_streams, "a free stream")
            if self.lost is not None:
                raise ConnectionLost(self.lost)
            number = self.h2.get_next_available_stream_id()
            stream = self._streams[number] = Stream(self, number)
            ends_now = end and not body
            self.h2.send_headers(number, fields, end_stream=ends_now)
            self.flush()
        if body or (end and not ends_now):
            try:
                stream.write(body or b"", end=end)
            except StreamOver:
                pass  # answered before the body was sent; the answer tells
        return stream

    def request(self, method, path, headers=(), *, body=None):
        """Sends a request and waits for the whole response."""
        return self.start(method, path, headers, body=body).response()

    def close(self):
        with self.changed:
            if self.lost is None:
                self.lost = "closed by the test"
                self.changed.notify_all()
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._socket.close()

    def wait(self, condition, what):
        """Waits, holding the lock, until `condition()`; never returns without it."""
        deadline = time.monotonic() + patience.SECONDS
        while not condition():
            left = deadline - time.monotonic()
            assert left > 0, f"waited {patience.SECONDS:.0f} s in vain for {what}"
            self.changed.wait(left)

    def flush(self):
        """Hands what the protocol machine wants sent to the writing thread; under the lock."""
        self.outgoing += self.h2.data_to_send()
        self.changed.notify_all()

    def _write(self):
        while True:
            with self.changed:
                while not self.outgoing and self.lost is None:
                    self.changed.wait()
                if self.lost is not None:
                    return
                data = bytes(self.outgoing)
                self.outgoing.clear()
                self.changed.notify_all()
            try:
                self._socket.sendall(data)
            except OSError as error:
                # What the server said before it closed may still be in the socket: the reading
                # thread finds out, and only it declares the connection lost.
                with self.changed:
                    self.write_error = error
                return

    def _read(self):
        reason = "the server closed the connection"
        try:
            while data := self._socket.recv(1 << 18):
                with self.changed:
                    for event in self.h2.receive_data(data):
                        self._take(event)
                    self.flush()
        except OSError as error:
            reason = str(error)
        except Exception as error:  # a violation of the protocol by the server
            reason = f"{type(error).__name__}: {error}"
        with self.changed:
            if self.lost is None:
                self.lost = reason
            self.changed.notify_all()

    def _take(self, event):
        stream = self._streams.get(getattr(event, "stream_id", None))
        if stream is None:
            return
        if isinstance(event, h2.events.ResponseReceived):
            for name, value in event.headers:
                if name == ":status":
                    stream.status = int(value)
                else:
                    known = stream.headers.get(name)
                    stream.headers[name] = value if known is None else f"{known}, {value}"
        elif isinstance(event, h2.events.DataReceived):
            stream.data_arrived(event)
        elif isinstance(event, h2.events.StreamEnded):
            stream.remote_ended = True
            del self._streams[stream.number]
        elif isinstance(event, h2.events.StreamReset):
            stream.reset_code = event.error_code
            del self._streams[stream.number]

    def _goaway_arrived(self, frame):
        self.going_away = True
        return [], []

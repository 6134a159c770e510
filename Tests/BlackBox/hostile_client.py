"""A client that sends any bytes it likes: raw HTTP/2 frames, or less, over a plain socket."""

import select
import socket
import threading
import time

import hpack

import patience
from http2_frames import (
    DEFAULT_WINDOW, END_HEADERS, END_STREAM, PREFACE, Kind, Setting, headers, settings)


class HostileClient:
    """One connection. What the server sends is read and dropped by a thread, unless `reads` is false."""

    def __init__(self, server, *, reads=True, preface=True, window=DEFAULT_WINDOW,
                 receive_buffer=None):
        self.authority = f"{server.host}:{server.port}"
        self.socket = socket.socket()
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(patience.SECONDS)
        self.socket.connect((server.host, server.port))
        self.encoder = hpack.Encoder()
        self.next_stream = 1
        #: The server has closed, or reset, the connection.
        self.closed = threading.Event()
        self.received = bytearray()
        if preface:
            self.send(PREFACE + settings((Setting.INITIAL_WINDOW_SIZE, window)))
        if reads:
            threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        """False when the server takes no more."""
        if self.closed.is_set():
            return False
        try:
            self.socket.sendall(data)
            return True
        except OSError:
            self.closed.set()
            return False

    def flood(self, data, seconds=None):
        """Sends the same bytes again and again, or what a function gives, until the server closes."""
        deadline = time.monotonic() + (seconds or patience.SECONDS)
        while time.monotonic() < deadline:
            if not self.send(data() if callable(data) else data):
                return
        assert seconds, "the server let the flood go on"

    def drip(self, pieces, pause=0.2):
        """Sends one piece after the other, slowly, until the server closes."""
        deadline = time.monotonic() + patience.SECONDS
        for piece in pieces:
            if not self.send(piece) or self.closed.wait(pause):
                return
            assert time.monotonic() < deadline, "the server waited for ever"

    def wait_closed(self):
        assert self.closed.wait(patience.SECONDS), "the server did not close the connection"

    def wait_closed_unread(self):
        """The same of a connection that is not read from: asks the kernel."""
        poll = select.poll()
        poll.register(self.socket, select.POLLRDHUP | select.POLLHUP | select.POLLERR)
        assert poll.poll(patience.SECONDS * 1000), "the server did not close the connection"

    def head(self, method, path, *fields, end=True):
        """The frame of a request on a new stream."""
        block = self.encoder.encode([
            (":method", method), (":scheme", "http"), (":authority", self.authority),
            (":path", path), *fields])
        stream, self.next_stream = self.next_stream, self.next_stream + 2
        flags = END_HEADERS | (END_STREAM if end else 0)
        return stream, headers(stream, block, flags)

    def _read(self):
        try:
            while data := self.socket.recv(1 << 16):
                if len(self.received) < 1 << 20:
                    self.received += data
        except OSError:
            pass
        self.closed.set()

    def frames(self):
        """What was received so far, as (kind, flags, stream, payload)."""
        rest, found = bytes(self.received), []
        while len(rest) >= 9:
            length = int.from_bytes(rest[:3], "big")
            if len(rest) < 9 + length:
                break
            found.append((rest[3], rest[4], int.from_bytes(rest[5:9], "big") & 0x7fffffff,
                          rest[9:9 + length]))
            rest = rest[9 + length:]
        return found

    def goaway_code(self):
        """Why the server ended the connection, as it said."""
        codes = [int.from_bytes(payload[4:8], "big")
                 for kind, _, _, payload in self.frames() if kind == Kind.GOAWAY]
        return codes[-1] if codes else None

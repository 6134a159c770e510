"""Lets the clients of these tests speak to a server behind TLS.

They use a socket from two threads, which Python's TLS sockets do not bear; so a relay stands between,
which takes them in the clear and speaks TLS to the server, both ways in one thread.
"""

import select
import socket
import ssl
import threading

import patience


class TLSRelay:
    """Relays one connection to the server; `host` and `port` are where to connect to."""

    def __init__(self, server, context, name="localhost"):
        outer = socket.create_connection((server.host, server.port), timeout=patience.SECONDS)
        outer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.tls = context.wrap_socket(outer, server_hostname=name)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.host, self.port = self._listener.getsockname()
        threading.Thread(target=self._relay, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()

    def _relay(self):
        plain, _ = self._listener.accept()
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._pump(plain)
        except OSError:
            pass  # one side is gone; the other learns it below
        plain.close()
        self.tls.close()

    def _pump(self, plain):
        plain.setblocking(False)
        self.tls.setblocking(False)
        inward, outward = bytearray(), bytearray()
        while True:
            writers = [side for side, waiting in ((plain, inward), (self.tls, outward)) if waiting]
            if not self.tls.pending():
                select.select([plain, self.tls], writers, [])
            if not (self._take(self.tls, inward) and self._take(plain, outward)):
                plain.setblocking(True)
                plain.sendall(inward)
                return
            self._give(plain, inward)
            self._give(self.tls, outward)

    @staticmethod
    def _take(side, waiting):
        """False: nothing comes any more."""
        try:
            data = side.recv(1 << 16)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return True
        waiting += data
        return bool(data)

    @staticmethod
    def _give(side, waiting):
        try:
            while waiting:
                del waiting[:side.send(bytes(waiting[:1 << 16]))]
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass

"""A server as seen through one transport: in the clear, or behind TLS."""

import socket
import ssl

import patience
from http2_frames import RawConnection
from tally_server import TallyServer, run_tally
from tls_relay import TLSRelay


def make_secure_server(directory, *options):
    """A server, not yet started, with a certificate of its own; and the certificate's file."""
    finished = run_tally("certificate", "--to", directory / "tls")
    assert finished.returncode == 0, finished.stderr
    certificate = directory / "tls" / "certificate.pem"
    server = TallyServer(
        directory, "--tls-certificate", str(certificate),
        "--tls-key", str(directory / "tls" / "key.pem"), *options)
    server.scheme = "https"
    return server, certificate


class Endpoint:
    """A running server, and how to get to it; `certificate` is the file to trust, or None."""

    def __init__(self, server, certificate=None, name="localhost"):
        self.server = server
        self.certificate = certificate
        self.name = name

    @property
    def scheme(self):
        return self.server.scheme

    @property
    def url(self):
        """By the name that the certificate is for."""
        return f"{self.scheme}://localhost:{self.server.port}"

    def context(self, *protocols):
        """What a client of TLS trusts and offers."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        if protocols:
            context.set_alpn_protocols(list(protocols))
        return context

    def dial(self, *protocols):
        """A connected socket."""
        plain = socket.create_connection(
            (self.server.host, self.server.port), timeout=patience.SECONDS)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.certificate is None:
            return plain
        return self.context(*protocols).wrap_socket(plain, server_hostname=self.name)

    def raw(self):
        """An HTTP/2 connection on which nothing was said."""
        return RawConnection(self.dial("h2"))

    def relayed(self):
        """Where `TallyClient` can connect to once; to be used in a `with` statement."""
        if self.certificate is None:
            return _Direct(self.server)
        return TLSRelay(self.server, self.context("h2"), self.name)


class _Direct:
    """The server itself, where a relay would stand before it."""

    def __init__(self, server):
        self.host, self.port = server.host, server.port

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

"""The load generator over TLS: whom it trusts, and what it says when it does not."""

import json
import socket
import ssl
import threading

import pytest

import patience
from tally_client import TallyClient
from tally_server import run_tally
from test_tls import (H1, H2, TLSRelay, files, made, make_secure, options,  # noqa: F401
                      secure, trusting)


def load(url, *arguments):
    return run_tally("load", url, "--votes", 3_000, "--accounts", 300, "--proposals", 20,
                     "--seed", 7, "--consultation", "c", "--json", *arguments)


def trust(directory):
    return "--ca", directory / "certificate.pem"


@pytest.mark.parametrize("host", ("localhost", "127.0.0.1"))
@pytest.mark.parametrize("mode", ((), ("--unary",), ("--connections", "1", "--streams", "3")))
def test_a_load_over_tls_is_what_the_server_has_afterwards(secure, files, host, mode):
    url = f"https://{host}:{secure.port}"
    finished = load(url, *trust(files), *mode)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    report = json.loads(finished.stdout)
    assert report["server"] == url
    assert report["check"]["differences"] == 0 and report["check"]["compared"] > 0
    with TLSRelay(secure, trusting(files, H2)) as relay, TallyClient(relay) as client:
        phase, = client.tally("c").json()["phases"]
        assert phase["voters"] == report["voters"]


def assert_fails(finished, *words):
    assert finished.returncode == 2 and finished.stdout == "", finished
    for word in words:
        assert word in finished.stderr


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(secure, made):
    url = f"https://localhost:{secure.port}"
    # Neither the system's authorities do, nor another certificate does.
    for arguments in ((), trust(made[1])):
        assert_fails(load(url, *arguments), url, "certificate is not trusted", "--ca")


def test_a_certificate_for_another_host_is_refused(make_server, tmp_path):
    assert run_tally("certificate", "--to", tmp_path, "--host", "vote.example").returncode == 0
    server = make_server(*options(tmp_path))
    server.scheme = "https"
    server.start()
    for host in ("localhost", "127.0.0.1"):
        url = f"https://{host}:{server.port}"
        assert_fails(load(url, *trust(tmp_path)), url, "certificate is for another host")


def test_a_server_in_the_clear_is_told(server, made):
    url = f"https://127.0.0.1:{server.port}"
    assert_fails(load(url, *trust(made[0])), url, "does not speak TLS")


@pytest.mark.parametrize("protocols", ([H1], []))
def test_a_server_without_http_2_is_told(made, protocols):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made[0] / "certificate.pem", made[0] / "key.pem")
    if protocols:
        context.set_alpn_protocols(protocols)

    def serve():
        with listener.accept()[0] as plain, \
                context.wrap_socket(plain, server_side=True) as accepted:
            accepted.recv(1)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        assert_fails(load(url, *trust(made[0])), url, "does not speak HTTP/2")
        serving.join(patience.SECONDS)
        assert not serving.is_alive()


def test_a_server_that_wants_a_certificate_loses_the_connection(make_secure, files):
    secure = make_secure("--tls-client-ca", files / "certificate.pem")
    assert_fails(load(secure.url, *trust(files)), secure.url)


def test_authorities_that_are_none_and_authorities_in_the_clear_are_refused(tmp_path):
    nothing = tmp_path / "ca.pem"
    nothing.write_text("nobody")
    for url, file, word in (("https://localhost:1", nothing, str(nothing)),
                            ("https://localhost:1", tmp_path / "none.pem", "none.pem"),
                            ("http://localhost:1", nothing, "https://")):
        finished = load(url, "--ca", file)
        assert finished.returncode == 64 and finished.stdout == "", finished
        assert word in finished.stderr

"""What operators and their tools see: health, version, metrics, and errors of every layer."""

import re
import socket
import subprocess

import pytest

import patience
from curl import curl
from problems import assert_problem
from tally_client import JSON
from tally_server import TALLY, run_tally

PROTOCOLS = ("--http1.1", "--http2-prior-knowledge")


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("path", ("/livez", "/readyz", "/readyz?verbose", "/livez?verbose"))
def test_a_running_server_is_alive_and_ready(server, path, protocol):
    response = curl(server.url + path, protocol=protocol)
    assert response.status == 200
    assert response.headers["content-type"].startswith("text/plain")
    assert response.body.strip()


def test_verbose_readiness_names_its_checks(client):
    brief, verbose = client.get("/readyz").body, client.get("/readyz?verbose").body
    assert len(verbose.splitlines()) > len(brief.splitlines())


def test_version(client):
    version = client.get("/version").json()
    assert isinstance(version["version"], str) and version["version"]


def test_metrics_are_prometheus_text(client, consultation):
    client.vote(consultation, "ideas", "p1", f"{consultation}-a")
    response = client.get("/metrics")
    assert response.status == 200
    assert response.headers["content-type"].startswith("text/plain")
    sample = re.compile(r"[a-zA-Z_:][\w:]*(\{[^}]*\})? -?(\d+(\.\d+)?([eE][-+]?\d+)?|NaN|[-+]Inf)")
    samples = [line for line in response.body.decode().splitlines()
               if line and not line.startswith("#")]
    assert samples and all(sample.fullmatch(line) for line in samples), samples
    assert consultation not in response.body.decode(), "no label names what people vote for"


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("path", ("/v1", "/v1/", "/v1/nonsense", "/livez/x", "/v2/consultations",
                                  "/v1/consultations/c/nonsense", "/favicon.ico"))
def test_an_unknown_route_is_a_problem_too(server, path, protocol):
    assert_problem(curl(server.url + path, protocol=protocol), "not-found")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_method_that_a_route_does_not_have(server, protocol):
    for path, method, allowed in (
        ("/livez", "POST", {"GET", "HEAD"}), ("/readyz", "DELETE", {"GET", "HEAD"}),
        ("/version", "PUT", {"GET", "HEAD"}), ("/metrics", "POST", {"GET", "HEAD"}),
        ("/v1/consultations", "DELETE", {"GET", "HEAD"}),
        ("/v1/consultations/c", "PATCH", {"GET", "HEAD", "PUT"}),
        ("/v1/consultations/c/phases/p/proposals/q/votes/a", "POST",
         {"GET", "HEAD", "PUT", "DELETE"}),
        ("/v1/consultations/c/phases/p/proposals/q", "PATCH", {"PUT"}),
        ("/v1/consultations/c/phases/p/open", "PUT", {"POST"}),
        ("/v1/votes", "PUT", {"POST"}), ("/v1/deletions", "GET", {"POST"}),
        ("/v1/accounts/a", "PUT", {"DELETE"}), ("/v1/accounts/a/votes", "PUT", {"GET", "HEAD"}),
        ("/v1/admin/erasure", "DELETE", {"GET", "HEAD", "POST"}),
        ("/v1/admin/audit", "POST", {"GET", "HEAD"}),
        ("/version", "PROPFIND", {"GET", "HEAD"}),
    ):
        response = curl(server.url + path, "-X", method, protocol=protocol)
        assert_problem(response, "method-not-allowed")
        assert allowed <= {name.strip() for name in response.headers["allow"].split(",")}, path


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_get_route_answers_head(server, client, consultation, protocol):
    client.vote(consultation, "opinions", "p1", f"{consultation}-a", choice="agree")
    base = f"/v1/consultations/{consultation}"
    for path in (
        "/livez", "/readyz", "/version", "/metrics", "/v1/consultations", base, f"{base}/tally",
        f"{base}/phases/opinions/tally", f"{base}/phases/opinions/proposals/p1/tally",
        f"{base}/phases/opinions/proposals/p1/votes/{consultation}-a",
        f"/v1/accounts/{consultation}-a/votes", "/v1/admin/erasure", "/v1/admin/audit",
    ):
        head = curl(server.url + path, "--head", protocol=protocol)
        full = curl(server.url + path, protocol=protocol)
        assert head.status == full.status == 200, path
        assert head.body == b"" or head.body.startswith(b"HTTP/"), "curl dumps the head itself"
        assert head.headers["content-type"] == full.headers["content-type"], path


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_header_that_is_too_large(server, protocol):
    response = curl(server.url + "/version", "-H", "x-large: " + "x" * 40_000, protocol=protocol)
    assert_problem(response, "header-too-large")


def raw_exchange(server, request):
    """What the server answers to these bytes, until it closes the connection."""
    with socket.create_connection((server.host, server.port), timeout=patience.SECONDS) as raw:
        raw.sendall(request)
        received = b""
        while chunk := raw.recv(65_536):
            received += chunk
        return received


@pytest.mark.parametrize("request_", (
    b"NONSENSE\r\n\r\n",
    b"GET /version HTTP/1.1\r\nhost: localhost\r\nbad header\r\n\r\n",
    b"GET /version HTTP/1.1\r\nhost: localhost\r\ncontent-length: x\r\n\r\n",
    b"PUT /v1/consultations/c HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n"
    b"transfer-encoding: chunked\r\n\r\n{}",
), ids=("no request", "bad field", "bad length", "two lengths"))
def test_the_lowest_layer_answers_with_a_problem(server, request_):
    answer = raw_exchange(server, request_)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 "), answer
    assert b"application/problem+json" in head.lower(), answer
    assert b'"/problems/malformed"' in body.replace(b"\\/", b"/"), answer


def test_an_http1_request_without_host_is_malformed(server):
    answer = raw_exchange(server, b"GET /version HTTP/1.1\r\nconnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 "), answer


def test_a_request_that_stops_in_its_head_does_not_hold_up_others(server, client):
    with socket.create_connection((server.host, server.port)) as raw:
        raw.sendall(b"GET /version HT")
        with socket.create_connection((server.host, server.port)) as preface:
            preface.sendall(b"PRI * HTTP/2.0\r\n\r\nS")
            assert client.get("/version").status == 200


def test_a_query_and_a_body_on_a_get_change_nothing(client, consultation):
    path = f"/v1/consultations/{consultation}/tally"
    assert client.get(path + "?cache=no").json()["consultation"] == consultation
    assert client.request("GET", path, [JSON], body=b"{}").status == 200


def test_one_line_is_printed_and_it_says_where_the_server_listens(own_server):
    assert own_server.printed == [f"listening on http://127.0.0.1:{own_server.port}"]
    assert own_server.terminate() == 0
    assert len(own_server.printed) == 1


def test_a_port_in_use_is_named_and_refused(server, tmp_path):
    finished = run_tally("serve", "--data", tmp_path / "d", "--listen", f"127.0.0.1:{server.port}")
    assert finished.returncode != 0
    assert str(server.port) in finished.stderr
    assert "listening on" not in finished.stdout


def test_an_address_that_is_not_loopback_is_refused_without_identities(tmp_path):
    process = subprocess.Popen(
        [str(TALLY), "serve", "--data", str(tmp_path / "d"), "--listen", "0.0.0.0:0"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        printed, logged = process.communicate(timeout=patience.SECONDS / 2)
    except subprocess.TimeoutExpired:
        pytest.fail("a server open to everybody was started")
    finally:
        process.kill()
    assert process.returncode != 0
    assert "listening" not in printed and logged.strip()


def test_help_and_an_unknown_option(tmp_path):
    assert run_tally("--help").returncode == 0
    assert "--listen" in run_tally("serve", "--help").stdout
    assert run_tally("serve", "--nonsense").returncode != 0

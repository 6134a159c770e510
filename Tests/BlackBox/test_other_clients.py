"""Clients that people use, each on the real server in the clear and behind TLS."""

import json
import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

import patience
from consultations import counts_of, definition, support_phase
from curl import HTTP1, HTTP2, curl, h2load, nghttp
from tally_client import TallyClient, consultation_path, vote_path
from vote_streams import encode_lines

CLIENTS = Path(__file__).parent / "clients"


@pytest.fixture
def ideas(endpoint, name):
    """A consultation on `endpoint` with the phase `ideas`."""
    with endpoint.relayed() as address, TallyClient(address) as client:
        assert client.define(name, definition(support_phase())).status == 201
    return name


def program(name, reason):
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed: {reason}")
    return path


def run(*command, directory=None):
    finished = subprocess.run(
        command, capture_output=True, text=True, timeout=4 * patience.SECONDS, cwd=directory)
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


def trusted(endpoint):
    return () if endpoint.certificate is None else (str(endpoint.certificate),)


def check(seen):
    """What a client of `clients/` saw."""
    assert seen["votes"] == [201] * 200
    assert (seen["done"]["lines"], seen["done"]["counted"]) == (1_000, 1_000)
    assert counts_of(seen["tally"]) == {"p1": {"support": 200}, "p2": {"support": 1_000}}
    assert seen["refused"] == "/problems/unknown-consultation"


@pytest.mark.parametrize("protocol", ("h2", "http1"))
def test_node(endpoint, ideas, protocol):
    node = program("node", "any Node from 18 on will do")
    check(run(node, str(CLIENTS / "node.mjs"), protocol, endpoint.url, ideas, *trusted(endpoint)))


@pytest.mark.parametrize("protocol", ("h2", "http1"))
def test_go(endpoint, ideas, protocol, tmp_path):
    go = program("go", "any Go from 1.18 on will do; Debian's is too large for a test")
    if protocol == "h2" and endpoint.certificate is None:
        pytest.skip("Go's net/http speaks HTTP/2 behind TLS only")
    shutil.copy(CLIENTS / "client.go", tmp_path)
    seen = run(go, "run", "client.go", protocol, endpoint.url, ideas, *trusted(endpoint),
               directory=tmp_path)
    check(seen)
    assert seen["protocol"] == ("HTTP/2.0" if protocol == "h2" else "HTTP/1.1")


@pytest.mark.parametrize("http2", (True, False), ids=("HTTP/2", "HTTP/1.1"))
def test_httpx(endpoint, ideas, http2):
    httpx = pytest.importorskip("httpx", reason="python3-httpx is not installed")
    trust = True if endpoint.certificate is None else ssl.create_default_context(
        cafile=str(endpoint.certificate))
    path = consultation_path(ideas, "ideas")

    def lines():
        for number in range(0, 10_000, 1_000):
            yield encode_lines([{"proposal": "p2", "account": f"{ideas}-s{line}"}
                                for line in range(number, number + 1_000)]) + b"nonsense\n"

    # Without HTTP/1.1 it does not ask for an upgrade, and speaks HTTP/2 in the clear, too.
    with httpx.Client(base_url=endpoint.url, verify=trust, http1=not http2, http2=http2,
                      trust_env=False, timeout=patience.SECONDS) as client:
        for number in range(20):
            answer = client.put(
                vote_path(ideas, "ideas", "p1", f"{ideas}-{number}"), json={})
            assert answer.status_code == 201 and answer.json()["outcome"] == "counted"
            assert answer.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
        with client.stream("POST", path + "/votes", content=lines(), headers={
                "content-type": "application/x-ndjson"}) as answer:
            answers = [json.loads(line) for line in answer.iter_lines()]
        done = answers[-1]
        assert (done["lines"], done["counted"], done["refused"]) == (10_010, 10_000, 10)
        assert {"line": 10_010, "error": "malformed"} in answers
        tally = client.get(path + "/tally")
        assert counts_of(tally.json()) == {"p1": {"support": 20}, "p2": {"support": 10_000}}
        assert client.head(path + "/tally").content == b""
        unchanged = client.get(path + "/tally", headers={"if-none-match": tally.headers["etag"]})
        assert unchanged.status_code == 304
        assert client.get("/v1/nonsense").json()["status"] == 404


@pytest.mark.parametrize("protocol", (HTTP1, HTTP2), ids=("HTTP/1.1", "HTTP/2"))
def test_curl(endpoint, ideas, protocol):
    trust = () if endpoint.certificate is None else ("--cacert", str(endpoint.certificate))
    if endpoint.certificate is not None and protocol == HTTP2:
        protocol = "--http2"
    lines = encode_lines([{"proposal": "p2", "account": f"{ideas}-{number}"}
                          for number in range(50_000)])
    where = f"{endpoint.url}{consultation_path(ideas, 'ideas')}"
    for framing in ((), ("-H", "transfer-encoding: chunked"))[:2 if protocol == HTTP1 else 1]:
        answer = curl(f"{where}/votes", "-X", "POST", *trust, *framing, "-H",
                      "content-type: application/x-ndjson", protocol=protocol, body=lines)
        assert json.loads(answer.body.splitlines()[-1])["lines"] == 50_000
    tally = curl(f"{where}/tally", *trust, protocol=protocol)
    assert counts_of(tally.json())["p2"] == {"support": 50_000}
    assert curl(f"{where}/tally", "--head", *trust, protocol=protocol).status == 200


def test_nghttp(endpoint, ideas, tmp_path):
    """It does not look at certificates."""
    lines = tmp_path / "lines"
    lines.write_bytes(encode_lines([{"proposal": "p2", "account": f"{ideas}-{number}"}
                                    for number in range(20_000)]))
    where = f"{endpoint.url}{consultation_path(ideas, 'ideas')}"
    answer = nghttp(f"{where}/votes", "--data", str(lines), "-H", ":method: POST")
    assert json.loads(answer.splitlines()[-1])["counted"] == 20_000
    # Small windows, padded frames, and the same many times at once.
    assert b'"support":20000' in nghttp(
        f"{where}/tally", "-w", "10", "-W", "16", "--padding", "200", "-m", "50")


@pytest.mark.parametrize("more", ((), ("-w", "10", "-W", "16"), ("--h1",)),
                         ids=("HTTP/2", "small windows", "HTTP/1.1"))
def test_h2load(endpoint, ideas, more):
    # Over cleartext it speaks HTTP/2 unless it is told otherwise.
    report = h2load(f"{endpoint.url}{consultation_path(ideas, 'ideas')}/tally",
                    "-n", "5000", "-c", "10", *(("-m", "100") if "--h1" not in more else ()), *more)
    assert "5000 succeeded, 0 failed, 0 errored" in report
    assert "status codes: 5000 2xx" in report

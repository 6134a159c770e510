"""A server that others reach does not start open, and none starts with credentials it cannot read."""

import json

import pytest

from identities import (
    assert_unauthenticated, private_key, public_pem, token, trusting, wait_until_closed)
from problems import assert_problem
from tally_client import TallyClient
from tally_server import ServerDidNotStart, run_tally

ELSEWHERE = ("0.0.0.0:0", "[::]:0", "192.0.2.1:0")


@pytest.mark.parametrize("address", ELSEWHERE)
@pytest.mark.parametrize("has_token", (False, True))
def test_elsewhere_it_starts_neither_open_nor_in_the_clear(tmp_path, address, has_token):
    data = tmp_path / "d"
    if has_token:
        token(data)
    finished = run_tally("serve", "--data", data, "--listen", address)
    assert finished.returncode == 64 and finished.stdout == ""
    assert "--insecure" in finished.stderr and "TLS" in finished.stderr
    assert ("token" in finished.stderr.split("Usage")[0]) == (not has_token)
    assert data.exists() == has_token, "nothing was made"


def test_elsewhere_a_key_is_not_enough_in_the_clear(tmp_path):
    (tmp_path / "key.pem").write_text(public_pem(private_key("ES256")))
    finished = run_tally("serve", "--data", tmp_path / "d", "--listen", "0.0.0.0:0",
                         *trusting(tmp_path / "key.pem"))
    assert finished.returncode == 64 and "TLS" in finished.stderr


@pytest.fixture
def insecure(make_server):
    """Listens on all addresses; the tests speak to one of them."""
    server = make_server("--insecure")
    server.address = "0.0.0.0"
    return server


def test_insecure_serves_whoever_comes_but_no_page_of_elsewhere(insecure):
    insecure.start()
    with TallyClient(insecure, authority="tally.internal:8080") as client:
        assert client.get("/v1/consultations").status == 200
        same = ("origin", "http://tally.internal:8080")
        assert client.get("/v1/consultations", same).status == 200
        for origin in ("https://evil.example", "null", "http://tally.internal"):
            assert_problem(client.get("/v1/consultations", ("origin", origin)), "forbidden")
        phase = {"id": "ph", "ballot": {"kind": "support"}, "proposals": [{"id": "p"}],
                 "results": "after_close"}
        assert client.define("c", {"phases": [phase]}).status == 201
        assert client.tally("c", "ph").json()["withheld"] is True
    secret = token(insecure.data)
    wait_until_closed(insecure)
    with TallyClient(insecure, token=secret) as client:
        assert client.get("/v1/consultations").status == 200


def test_insecure_with_a_token_is_closed(insecure):
    token(insecure.data)
    insecure.start()
    with TallyClient(insecure) as client:
        assert_unauthenticated(client.get("/v1/consultations"), is_presented=False)


@pytest.mark.parametrize("content", (
    "", "{", "[]", '{"version":2,"tokens":[]}', '{"version":1}',
    json.dumps({"version": 1, "tokens": [{"id": "a", "scopes": ["admin"], "sha256": "00",
                                          "created": "2026-01-01T00:00:00Z"}]})))
def test_it_does_not_start_with_tokens_that_it_cannot_read(make_server, content):
    server = make_server()
    server.data.mkdir()
    (server.data / "tokens.json").write_text(content)
    with pytest.raises(ServerDidNotStart):
        server.start()
    assert server.process.wait() == 70
    assert "tokens.json" in server.log.read_text()

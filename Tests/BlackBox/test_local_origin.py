"""A server on loopback without identities trusts its own machine, but no web page from elsewhere.

Otherwise any page that a developer visits could vote by the developer's browser.
"""

import pytest

from curl import curl
from problems import assert_problem
from tally_client import TallyClient, consultation_path, vote_path, JSON

OWN_HOSTS = ("localhost", "localhost:1234", "127.0.0.1", "127.0.0.1:99", "127.1.2.3:80", "[::1]",
             "[::1]:8080", "LOCALHOST")
FOREIGN_HOSTS = ("evil.example", "evil.example:8080", "localhost.evil.example", "128.0.0.1",
                 "127.0.0.1.evil.example", "10.0.0.1", "[::2]", "notlocalhost")
OWN_ORIGINS = ("http://localhost", "http://localhost:3000", "http://127.0.0.1:8080",
               "http://[::1]:5000", "https://localhost:8443")
FOREIGN_ORIGINS = ("https://evil.example", "http://localhost.evil.example", "null",
                   "http://evil.example:8080", "http://127.0.0.1.evil.example")


def host(protocol, value):
    return ("-H", f"host: {value}")


@pytest.mark.parametrize("value", OWN_HOSTS)
def test_own_hosts(server, value):
    for protocol in ("--http1.1", "--http2-prior-knowledge"):
        response = curl(server.url + "/v1/consultations", *host(protocol, value),
                        protocol=protocol)
        assert response.status == 200, (protocol, response)


@pytest.mark.parametrize("value", FOREIGN_HOSTS)
def test_foreign_hosts_are_forbidden(server, value):
    for protocol in ("--http1.1", "--http2-prior-knowledge"):
        response = curl(server.url + "/v1/consultations", *host(protocol, value),
                        protocol=protocol)
        assert_problem(response, "forbidden")


@pytest.mark.parametrize("value", FOREIGN_HOSTS)
def test_a_foreign_authority_is_forbidden(server, value):
    with TallyClient(server, authority=value) as client:
        assert_problem(client.get("/v1/consultations"), "forbidden")


@pytest.mark.parametrize("value", OWN_ORIGINS)
def test_own_origins(client, consultation, value):
    path = vote_path(consultation, "ideas", "p1", f"{consultation}-a")
    assert client.request("PUT", path, [JSON, ("origin", value)], body=b"{}").status == 201


@pytest.mark.parametrize("value", FOREIGN_ORIGINS)
def test_foreign_origins_are_forbidden(client, consultation, value):
    path = vote_path(consultation, "ideas", "p1", f"{consultation}-a")
    origin = ("origin", value)
    assert_problem(client.request("PUT", path, [JSON, origin], body=b"{}"), "forbidden")
    assert_problem(client.get(consultation_path(consultation) + "/tally", origin), "forbidden")
    assert_problem(client.request("DELETE", "/v1/accounts/a", [origin]), "forbidden")
    assert_problem(
        client.request("POST", "/v1/votes", [origin, ("content-type", "text/plain")], body=b""),
        "forbidden")
    assert client.get_vote(consultation, "ideas", "p1", f"{consultation}-a").status == 404


def test_forbidden_wins_over_what_is_wrong_besides(client):
    response = client.request(
        "PUT", vote_path("no", "no", "no", "no"),
        [("content-type", "text/plain"), ("origin", "https://evil.example")], body=b"{")
    assert_problem(response, "forbidden")

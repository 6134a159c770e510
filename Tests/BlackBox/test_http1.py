"""HTTP/1.1 on the same port: every route, for browsers and scrapers."""

import http.client
import json
import socket

import patience
from consultations import EACH_KIND, choice_phase, counts_of, definition, ranks, support_phase
from curl import curl
from problems import assert_problem
from seals import check_seal
from tally_client import ballot_of, ballot_path, consultation_path, vote_path
from vote_streams import encode_lines

JSON = ("-H", "content-type: application/json")


def http1(server, path, *arguments, **options):
    return curl(server.url + path, *arguments, protocol="--http1.1", **options)


def test_a_whole_consultation_over_http1(server, name):
    path = consultation_path(name)
    body = json.dumps(definition(choice_phase(), support_phase(opens_at="2198-01-01T00:00:00Z")))
    assert http1(server, path, "-X", "PUT", *JSON, body=body.encode()).status == 201
    assert http1(server, path).json()["phases"][0]["state"] == "open"
    assert name in {entry["id"] for entry in
                    http1(server, "/v1/consultations").json()["consultations"]}
    assert http1(server, consultation_path(name, "ideas", "p3"), "-X", "PUT", *JSON,
                 body=b'{"id":"p3"}').status == 201
    assert http1(server, consultation_path(name, "ideas") + "/open", "-X", "POST"
                 ).json()["state"] == "open"
    account = f"{name}-a"
    where = vote_path(name, "opinions", "p1", account)
    answer = http1(server, where, "-X", "PUT", *JSON, body=b'{"choice":"agree"}')
    assert (answer.status, answer.json()["outcome"]) == (201, "counted")
    assert http1(server, where).json() == {"choice": "agree"}
    for tally_of in ((), ("opinions",), ("opinions", "p1")):
        tally = http1(server, consultation_path(name, *tally_of) + "/tally")
        assert tally.status == 200 and '"agree":1' in tally.body.decode().replace(" ", "")
        unchanged = http1(server, consultation_path(name, *tally_of) + "/tally",
                          "-H", f"if-none-match: {tally.headers['etag']}")
        assert unchanged.status == 304 and unchanged.body == b""
    assert len(http1(server, f"/v1/accounts/{account}/votes").json()["votes"]) == 1
    assert http1(server, where, "-X", "DELETE").json()["outcome"] == "withdrawn"
    assert_problem(http1(server, where, "-X", "DELETE"), "no-vote")
    assert http1(server, consultation_path(name, "opinions") + "/close", "-X", "POST"
                 ).json()["state"] == "closed"
    assert http1(server, f"/v1/accounts/{account}", "-X", "DELETE").json()["frozen"] == 0
    assert_problem(http1(server, where, "-X", "PUT", *JSON, body=b'{"choice":"agree"}'),
                   "account-deleted")


def test_ballots_seals_and_removals_over_http1(server, client, kinds):
    ballot = json.dumps(ballot_of(ranks("p2", "p1"))).encode()
    path = ballot_path(kinds, "ranking", f"{kinds}-a")
    answer = http1(server, path, "-X", "PUT", *JSON, body=ballot)
    assert (answer.status, answer.json()["outcome"]) == (201, "counted")
    response = http1(server, path)
    assert_problem(response, "method-not-allowed")
    assert response.headers["allow"] == "PUT"
    assert_problem(http1(server, consultation_path(kinds, "ranking") + "/seal"), "not-found")
    for phase in EACH_KIND:
        client.close_phase(kinds, phase["id"])
    content = check_seal(client, kinds, "ranking", "ranking")
    assert http1(server, consultation_path(kinds, "ranking") + "/seal").body == content
    assert http1(server, consultation_path(kinds), "-X", "DELETE").json()["outcome"] == "removed"
    assert http1(server, consultation_path(kinds, "ranking") + "/seal").body == content


def test_streams_over_http1(server, client, consultation):
    lines = encode_lines([{"proposal": "p1", "account": f"{consultation}-{number}"}
                          for number in range(1_000)]) + b"nonsense"
    for framing in ((), ("-H", "transfer-encoding: chunked")):
        response = http1(
            server, consultation_path(consultation, "ideas") + "/votes", "-X", "POST",
            "-H", "content-type: application/x-ndjson", *framing, body=lines)
        assert response.status == 200
        answers = [json.loads(line) for line in response.body.splitlines()]
        assert {"line": 1001, "error": "malformed"} in answers
        assert answers[-1]["done"] is True and answers[-1]["lines"] == 1001
        assert answers[-1]["counted"] + answers[-1]["unchanged"] == 1000
    assert client.tally(consultation, "ideas").json()["voters"] == 1_000
    response = http1(
        server, "/v1/deletions", "-X", "POST", "-H", "content-type: application/x-ndjson",
        body=encode_lines([{"account": f"{consultation}-{number}"} for number in range(10)]))
    assert json.loads(response.body.splitlines()[-1])["retracted"] == 10


def test_a_stream_over_http1_is_answered_while_it_is_sent(server, consultation):
    path = consultation_path(consultation, "ideas") + "/votes"
    with socket.create_connection((server.host, server.port), timeout=patience.SECONDS) as raw:
        raw.sendall(
            f"POST {path} HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n"
            "content-type: application/x-ndjson\r\n\r\n".encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += raw.recv(4096)
        assert received.startswith(b"HTTP/1.1 200 "), "the head comes at once"
        for number in range(1, 4):
            line = encode_lines([{"proposal": "p1", "account": f"{consultation}-{number}"}])
            raw.sendall(b"%x\r\n%s\r\n" % (len(line), line))
            while b'"through":%d,' % number not in received:
                chunk = raw.recv(4096)
                assert chunk, received
                received += chunk
        raw.sendall(b"0\r\n\r\n")
        while b"\r\n0\r\n\r\n" not in received:
            chunk = raw.recv(4096)
            assert chunk, received
            received += chunk
        assert b'"done":true' in received and b'"counted":3' in received


def test_many_requests_on_one_connection(server, consultation):
    connection = http.client.HTTPConnection(server.host, server.port, timeout=patience.SECONDS)
    connection.connect()
    first = connection.sock
    for number in range(100):
        path = vote_path(consultation, "ideas", "p1", f"{consultation}-{number}")
        connection.request("PUT", path, b"{}", {"content-type": "application/json"})
        response = connection.getresponse()
        assert response.status == 201 and json.loads(response.read())["outcome"] == "counted"
        connection.request("GET", path + "x")
        response = connection.getresponse()
        assert response.status == 404 and response.read(), "a refusal keeps the connection"
        assert connection.sock is first
    connection.close()


def test_pipelined_requests_are_answered_in_their_order(server, client, consultation):
    requests = b"".join(
        f"PUT {vote_path(consultation, 'ideas', 'p1', f'{consultation}-{number}')} HTTP/1.1\r\n"
        f"host: localhost\r\ncontent-length: 2\r\n\r\n{{}}".encode() for number in range(20))
    requests += b"GET /version HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
    with socket.create_connection((server.host, server.port), timeout=patience.SECONDS) as raw:
        raw.sendall(requests)
        received = b""
        while chunk := raw.recv(65_536):
            received += chunk
    assert received.count(b"HTTP/1.1 201 ") == 20
    assert received.count(b"HTTP/1.1 200 ") == 1
    assert received.rfind(b"HTTP/1.1 200 ") > received.rfind(b"HTTP/1.1 201 ")
    assert client.tally(consultation, "ideas").json()["voters"] == 20


def test_a_connection_is_closed_when_the_client_wants_it(server):
    with socket.create_connection((server.host, server.port), timeout=patience.SECONDS) as raw:
        raw.sendall(b"GET /livez HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        received = b""
        while chunk := raw.recv(65_536):
            received += chunk
    assert received.startswith(b"HTTP/1.1 200 ")


def test_a_refused_body_over_http1_does_not_become_the_next_request(server, consultation):
    """What is left of a body that was not read must never be taken for a request."""
    smuggled = b"DELETE /v1/accounts/victim HTTP/1.1\r\nhost: localhost\r\n\r\n"
    with socket.create_connection((server.host, server.port), timeout=patience.SECONDS) as raw:
        raw.sendall(
            b"PUT /v1/nonsense HTTP/1.1\r\nhost: localhost\r\ncontent-length: %d\r\n\r\n"
            % len(smuggled) + smuggled
            + b"GET /version HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        received = b""
        try:
            while chunk := raw.recv(65_536):
                received += chunk
        except ConnectionResetError:
            pass
    assert received.startswith(b"HTTP/1.1 404 ")
    assert b'"retracted"' not in received


def test_an_upgrade_to_h2c_is_declined_or_done_but_always_answered(server):
    response = curl(server.url + "/version", protocol="--http2")
    assert response.status == 200 and response.json()["version"]


def test_expect_100_continue(server, consultation):
    body = json.dumps(definition(choice_phase(), support_phase(), title="x" * 5_000)).encode()
    response = http1(
        server, consultation_path(consultation), "-X", "PUT", *JSON,
        "-H", "expect: 100-continue", body=body)
    assert response.status == 200


def test_a_body_larger_than_its_limit_in_chunks(server, client, consultation):
    response = http1(
        server, vote_path(consultation, "ideas", "p1", f"{consultation}-a"), "-X", "PUT", *JSON,
        "-H", "transfer-encoding: chunked", body=b"{" + b" " * 100_000 + b"}")
    assert_problem(response, "too-large")
    assert counts_of(client.tally(consultation, "ideas").json())["p1"]["support"] == 0


def test_requests_without_a_body_keep_the_connection_and_may_be_pipelined(server, consultation):
    """An answer that comes before the server has seen the request's end is no reason to close."""
    paths = ["/livez", consultation_path(consultation), "/livez",
             consultation_path(consultation, "opinions") + "/tally", "/version"]
    with socket.create_connection(("127.0.0.1", server.port), patience.SECONDS) as connection:
        connection.sendall(b"".join(
            f"GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode() for path in paths))
        reader = connection.makefile("rb")
        for path in paths:
            assert reader.readline().split()[1] == b"200", path
            fields = {}
            while line := reader.readline().strip():
                field, value = line.decode().split(":", 1)
                fields[field.lower()] = value.strip()
            assert "connection" not in fields, (path, fields)
            assert reader.read(int(fields["content-length"]))

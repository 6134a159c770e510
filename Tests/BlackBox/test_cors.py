"""Pages of other origins: those that are listed may use the server from a browser, no other may."""

import pytest

from identities import assert_unauthenticated, token
from problems import assert_problem
from tally_client import JSON, TallyClient
from tally_server import run_tally

PAGE = ("origin", "https://vote.example")
OTHER = ("origin", "http://localhost:3000")
FOREIGN = ("origin", "https://evil.example")
ASKS = ("access-control-request-method", "PUT")
VOTE = "/v1/consultations/c/phases/ph/proposals/p/votes/a"


@pytest.fixture(params=("open", "closed"))
def cors(request, make_server):
    """A server with two listed origins, and a client that may do everything."""
    server = make_server("--allow-origin", PAGE[1], "--allow-origin", OTHER[1])
    secret = token(server.data) if request.param == "closed" else None
    server.start()
    with TallyClient(server, token=secret) as client:
        client.is_open = request.param == "open"
        yield client


def without_credential(client):
    client.connection.token = None
    return client


@pytest.mark.parametrize("origin", (PAGE, OTHER))
def test_a_listed_page_is_told_what_it_may_do_without_a_credential(cors, origin):
    client = without_credential(cors)
    for path, methods in ((VOTE, {"GET", "HEAD", "PUT", "DELETE"}), ("/v1/votes", {"POST"}),
                          ("/v1/consultations", {"GET", "HEAD"})):
        answer = client.request("OPTIONS", path, [
            origin, ASKS, ("access-control-request-headers", "authorization,content-type")])
        assert answer.status == 204 and answer.body == b"", answer
        assert answer.headers["access-control-allow-origin"] == origin[1]
        assert set(answer.headers["access-control-allow-methods"].split(", ")) == methods
        assert set(answer.headers["access-control-allow-headers"].split(", ")) == {
            "authorization", "content-type", "if-match", "if-none-match", "last-event-id"}
        assert int(answer.headers["access-control-max-age"]) > 0
        assert "origin" in answer.headers["vary"]
        assert "access-control-allow-credentials" not in answer.headers


def test_every_answer_to_a_listed_page_can_be_read_by_it(cors):
    for answer, status in (
        (cors.get("/v1/consultations", PAGE), 200), (cors.get("/v1/nowhere", PAGE), 404),
        (cors.get("/v1/consultations/no/tally", PAGE), 404), (cors.get("/version", PAGE), 200),
        (cors.request("PUT", VOTE, [PAGE, JSON], body=b"{"), 400),
        (cors.request("PATCH", VOTE, [PAGE]), 405),
        (cors.request("POST", "/v1/votes", [PAGE], body=b""), 200),
        (cors.get("/v1/consultations", PAGE, ("authorization", "Bearer x")), 401),
    ):
        assert answer.status == status, answer
        assert answer.headers["access-control-allow-origin"] == PAGE[1]
        exposed = answer.headers["access-control-expose-headers"].split(", ")
        assert {"etag", "tally-sequence", "retry-after"} <= set(exposed)


def test_no_other_page_gets_anything(cors):
    for method in ("GET", "OPTIONS"):
        answer = cors.request(method, "/v1/consultations", [FOREIGN, ASKS])
        assert not [name for name in answer.headers if name.startswith("access-control")], answer
        assert answer.headers["vary"] == "origin"
        if cors.is_open:
            assert_problem(answer, "forbidden")
        else:
            assert answer.status == (200 if method == "GET" else 405)
    if not cors.is_open:
        assert_unauthenticated(
            without_credential(cors).get("/v1/consultations", FOREIGN), is_presented=False)


def test_without_listed_origins_no_answer_speaks_of_them(client):
    answer = client.get("/v1/consultations", OTHER)
    assert answer.status == 200, "its own machine's pages may come in"
    assert "vary" not in answer.headers
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert_problem(client.request("OPTIONS", VOTE, [OTHER, ASKS]), "method-not-allowed")


def test_what_varies_by_other_fields_goes_on_to(cors):
    assert cors.define("c", {"phases": []}).status == 201
    answer = cors.get("/v1/consultations/c/tally", PAGE)
    assert {part.strip() for part in answer.headers["vary"].split(",")} == {
        "accept", "authorization", "origin"}, answer


@pytest.mark.parametrize("origin", ("*", "null", "vote.example", "https://vote.example/",
                                    "https://VOTE.example", "https://", "file:///x"))
def test_what_is_no_origin_cannot_be_listed(tmp_path, origin):
    finished = run_tally("serve", "--data", tmp_path / "d", "--allow-origin", origin)
    assert finished.returncode != 0 and "origin" in finished.stderr
    assert not (tmp_path / "d").exists()

"""Every route with a token of every scope: exactly those pass that the documentation lists."""

import re

import pytest

from consultations import choice_phase, definition, support_phase
from identities import (
    SCOPES, assert_forbidden, assert_unauthenticated, private_key, public_pem, signed, token,
    trusting, wait_until_known)
from problems import assert_problem, code_of
from tally_client import JSON, NDJSON, TallyClient, ballot_path, consultation_path, vote_path
from tally_server import REPOSITORY

PHASE = "/v1/consultations/{c}/phases/ph"
VOTE = PHASE + "/proposals/p1/votes/a"

#: Method, path, body or None, content-type, and the scopes of which one is needed.
ROUTES = (
    ("GET", "/v1/consultations", None, None, ["tallies:read"]),
    ("GET", "/v1/consultations/{c}", None, None, ["tallies:read"]),
    ("HEAD", "/v1/consultations/{c}", None, None, ["tallies:read"]),
    ("PUT", "/v1/consultations/{c}", b"{}", JSON, ["consultations:write"]),
    ("DELETE", "/v1/consultations/{c}", None, None, ["consultations:write"]),
    ("PUT", PHASE + "/proposals/p9", b"[]", JSON, ["consultations:write"]),
    ("POST", PHASE + "/open", None, None, ["consultations:write"]),
    ("POST", PHASE + "/close", None, None, ["consultations:write"]),
    ("GET", "/v1/consultations/{c}/tally", None, None, ["tallies:read"]),
    ("HEAD", "/v1/consultations/{c}/tally", None, None, ["tallies:read"]),
    ("GET", PHASE + "/tally", None, None, ["tallies:read"]),
    ("GET", PHASE + "/proposals/p1/tally", None, None, ["tallies:read"]),
    ("GET", PHASE + "/seal", None, None, ["tallies:read"]),
    ("PUT", VOTE, b"{}", JSON, ["votes:write"]),
    ("DELETE", VOTE, None, None, ["votes:write"]),
    ("GET", VOTE, None, None, ["accounts:read"]),
    ("HEAD", VOTE, None, None, ["accounts:read"]),
    ("PUT", PHASE + "/ballots/a", b'{"votes":[]}', JSON, ["votes:write"]),
    ("POST", "/v1/votes", b"", NDJSON, ["votes:write"]),
    ("POST", PHASE + "/votes", b"", NDJSON, ["votes:write"]),
    ("DELETE", "/v1/accounts/gone", None, None, ["accounts:delete"]),
    ("POST", "/v1/deletions", b"", NDJSON, ["accounts:delete"]),
    ("GET", "/v1/accounts/a/votes", None, None, ["accounts:read"]),
    ("POST", "/v1/admin/snapshot", None, None, ["admin"]),
    ("GET", "/v1/admin/erasure", None, None, ["admin"]),
    ("POST", "/v1/admin/erasure", None, None, ["admin"]),
    ("GET", "/v1/admin/audit", None, None, ["admin"]),
    ("GET", "/metrics", None, None, ["tallies:read", "admin"]),
)

OPEN = ("/livez", "/readyz", "/version")


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """A server with a token of each scope, and the tokens by their scopes."""
    from tally_server import TallyServer
    directory = tmp_path_factory.mktemp("closed")
    server = TallyServer(directory)
    tokens = {scope: token(server.data, scopes=[scope]) for scope in SCOPES}
    tokens["all"] = token(server.data)
    server.start()
    yield server, tokens
    server.kill9()


def ask(client, method, path, body, kind, *headers):
    return client.request(method, path, [*([kind] if kind else []), *headers], body=body)


@pytest.mark.parametrize("method, path, body, kind, needed", ROUTES)
def test_exactly_the_listed_scopes_pass(closed, name, method, path, body, kind, needed):
    server, tokens = closed
    with TallyClient(server, token=tokens["all"]) as everybody:
        assert everybody.define(name, definition(support_phase("ph"))).status == 201
    path = path.format(c=name)
    for scope in SCOPES:
        with TallyClient(server, token=tokens[scope]) as client:
            # Twice: a connection remembers where its requests led.
            for _ in range(2):
                response = ask(client, method, path, body, kind)
                if scope in needed:
                    assert response.status not in (401, 403), (scope, response)
                elif method == "HEAD":
                    assert response.status == 403, (scope, response)
                else:
                    assert_forbidden(response, *needed)
    with TallyClient(server) as nobody:
        response = ask(nobody, method, path, body, kind)
        if method == "HEAD":
            assert response.status == 401 and response.headers["www-authenticate"]
        else:
            assert_unauthenticated(response, is_presented=False)


@pytest.mark.parametrize("path", OPEN)
def test_some_routes_need_none(closed, path):
    server, tokens = closed
    for secret in (None, tokens["admin"]):
        with TallyClient(server, token=secret) as client:
            assert client.get(path).status == 200


def test_the_documentation_lists_the_same_scopes():
    text = (REPOSITORY / "docs" / "HTTP_API.md").read_text()
    table = text.split("## Scopes")[1].split("\n## ")[0]
    listed = {}
    for row in re.findall(r"^\| `([A-Z, ]+) (/\S+)` \| (.*) \|$", table, re.M):
        for method in row[0].split(", "):
            listed[method, row[1]] = re.findall(r"`([a-z:]+)`", row[2])
    for method, path, _, _, needed in ROUTES:
        place = (path.format(c="{c}").replace("phases/ph", "phases/{ph}")
                 .replace("proposals/p1", "proposals/{p}").replace("proposals/p9", "proposals/{p}")
                 .replace("votes/a", "votes/{account}").replace("ballots/a", "ballots/{account}")
                 .replace("accounts/gone", "accounts/{account}")
                 .replace("accounts/a/", "accounts/{account}/"))
        if method == "HEAD":
            continue
        scopes = [scope for scope in listed.pop((method, place)) if scope != "votes:self"]
        assert scopes == needed, (method, place)
    assert all(scopes == [] for scopes in listed.values()), listed
    assert {path for _, path in listed} == set(OPEN)


def test_who_may_not_is_told_nothing_of_what_is_there(closed, name):
    server, tokens = closed
    with TallyClient(server, token=tokens["admin"]) as client:
        for path in (vote_path("no", "no", "no", "a"), vote_path("no", "no", "no", "%"),
                     ballot_path("no", "no", "a")):
            response = client.request("PUT", path, [("content-type", "text/plain")], body=b"{")
            assert_forbidden(response, "votes:write")
        response = client.request("POST", "/v1/votes", [("content-type", "text/plain")], body=b"")
        assert_forbidden(response, "votes:write")
        assert_forbidden(client.get(consultation_path("no")), "tallies:read")
    with TallyClient(server) as nobody:
        assert_problem(nobody.get("/v1/nowhere"), "not-found")
        assert_problem(nobody.request("PATCH", "/v1/votes"), "method-not-allowed")
        assert_unauthenticated(
            nobody.request("PUT", vote_path("no", "no", "no", "a"), body=b"{"), is_presented=False)


def test_what_one_token_asked_for_is_not_given_to_another_on_the_same_connection(closed, name):
    server, tokens = closed
    with TallyClient(server, token=tokens["all"]) as client:
        assert client.define(name, definition(choice_phase("ph"))).status == 201
        path = consultation_path(name) + "/tally"
        for _ in range(3):
            assert client.get(path).status == 200
            assert client.vote(name, "ph", "p1", f"{name}-a", choice="agree").status in (200, 201)
            for scope in SCOPES:
                other = ("authorization", f"Bearer {tokens[scope]}")
                assert (client.get(path, other).status == 200) == (scope == "tallies:read")
                vote = client.put_json(
                    vote_path(name, "ph", "p1", f"{name}-b"), {"choice": "agree"}, other)
                assert (vote.status in (200, 201)) == (scope == "votes:write")
            assert_unauthenticated(client.get(path, ("authorization", "x")), is_presented=False)


def test_anybody_on_this_machine_has_every_scope_but_withheld_results(client, name):
    for method, path, body, kind, _ in ROUTES:
        response = ask(client, method, path.format(c=name), body, kind)
        assert response.status not in (401, 403), response


WITHHELD = definition({**choice_phase("ph"), "results": "after_close"}, support_phase("live"))


def test_withheld_results_are_shown_to_those_with_the_scope_only(closed, name):
    server, tokens = closed
    reader = token(server.data, scopes=["tallies:read", "tallies:withheld"])
    wait_until_known(server, reader)
    with (TallyClient(server, token=tokens["all"]) as platform,
          TallyClient(server, token=tokens["tallies:read"]) as public,
          TallyClient(server, token=reader) as trusted):
        assert platform.define(name, WITHHELD).status == 201
        platform.vote(name, "ph", "p1", f"{name}-a", choice="agree")
        for where in ((), ("ph",), ("ph", "p1")):
            shown, hidden = trusted.tally(name, *where), public.tally(name, *where)
            assert shown.headers["etag"] != hidden.headers["etag"]
            for answer in (shown, hidden):
                assert answer.headers["vary"].split(", ") == ["accept", "authorization"]
                assert answer.headers["tally-sequence"]
            assert b'"agree":1' in shown.body and b"withheld" not in shown.body
            assert b"agree" not in hidden.body and b'"withheld":true' in hidden.body
            for client, own, other in ((trusted, shown, hidden), (public, hidden, shown)):
                for answer, status in ((own, 304), (other, 200)):
                    again = client.start_tally(
                        name, *where, *[None] * (2 - len(where)),
                        ("if-none-match", answer.headers["etag"])).response()
                    assert again.status == status
        # One connection, by turns.
        hidden, shown = public.tally(name, "ph"), trusted.tally(name, "ph")
        path = consultation_path(name, "ph") + "/tally"
        for _ in range(3):
            for secret, same in ((reader, shown), (tokens["tallies:read"], hidden)):
                answer = public.get(path, ("authorization", f"Bearer {secret}"))
                assert answer.headers["etag"] == same.headers["etag"]
                assert (b"withheld" in answer.body) == (same is hidden)
        assert_problem(trusted.seal(name, "ph"), "not-found")
        live = [client.tally(name, "live").headers["etag"] for client in (trusted, public)]
        assert live[0] == live[1], "nothing is withheld there"
        platform.close_phase(name, "ph")
        tags = {client.tally(name, "ph").headers["etag"] for client in (trusted, public)}
        assert len(tags) == 1, "it is shown to all now"


def test_the_scope_alone_reads_nothing(closed, name):
    server, tokens = closed
    with TallyClient(server, token=tokens["tallies:withheld"]) as client:
        assert_forbidden(client.tally(name), "tallies:read")


#: What a citizen's JWT may do, for its own account.
OWN = {("PUT", VOTE), ("DELETE", VOTE), ("GET", VOTE), ("HEAD", VOTE), ("PUT", PHASE + "/ballots/a"),
       ("GET", "/v1/accounts/a/votes")}


@pytest.fixture(scope="module")
def citizens(tmp_path_factory):
    """A server that trusts a key, and the key."""
    from tally_server import TallyServer
    directory = tmp_path_factory.mktemp("citizens")
    key = private_key("ES256")
    (directory / "key.pem").write_text(public_pem(key))
    server = TallyServer(directory, *trusting(directory / "key.pem"))
    platform = token(server.data)
    server.start()
    yield server, key, platform
    server.kill9()


@pytest.mark.parametrize("method, path, body, kind, needed", ROUTES)
def test_a_citizen_may_vote_and_nothing_else(citizens, name, method, path, body, kind, needed):
    server, key, platform = citizens
    with TallyClient(server, token=platform) as client:
        assert client.define(name, definition(support_phase("ph"))).status == 201
        client.vote(name, "ph", "p1", "a")
    for subject in ("a", "b"):
        with TallyClient(server, token=signed(key, "votes:self", sub=subject)) as client:
            for _ in range(2):
                response = ask(client, method, path.format(c=name), body, kind)
                if subject == "a" and (method, path) in OWN:
                    assert response.status not in (401, 403), response
                else:
                    assert response.status == 403, response
                    assert method == "HEAD" or code_of(response) == "forbidden"


def test_a_citizen_casts_changes_reads_and_withdraws_its_own_votes(citizens, name):
    server, key, platform = citizens
    with TallyClient(server, token=platform) as client:
        assert client.define(name, definition(choice_phase("ph"))).status == 201
    account = f"{name}/é"
    with TallyClient(server, token=signed(key, "votes:self", sub=account)) as citizen:
        where = (name, "ph", "p1", account)
        assert citizen.vote(*where, choice="agree").json()["outcome"] == "counted"
        assert citizen.vote(*where, choice="mixed").json()["outcome"] == "replaced"
        assert citizen.get_vote(*where).json() == {"choice": "mixed"}
        assert citizen.held(account, name, "ph") == {"p1": {"choice": "mixed"}}
        assert citizen.ballot(name, "ph", account, {"p2": {"choice": "agree"}}).status == 200
        assert citizen.withdraw(name, "ph", "p2", account).json()["outcome"] == "withdrawn"
        assert_forbidden(citizen.vote(name, "ph", "p1", name, choice="agree"), "votes:write")
        assert_forbidden(citizen.delete_account(account), "accounts:delete")
        assert_forbidden(citizen.tally(name), "tallies:read")

"""The server's own tokens: made, listed and revoked while it runs, and kept as hashes only."""

import hashlib
import json
import re
import stat
import threading

import pytest

from consultations import choice_phase, definition, support_phase
from identities import (
    SCOPES, assert_unauthenticated, listed, revoke, token, wait_until, wait_until_closed,
    wait_until_known, wait_until_refused)
from problems import assert_problem
from tally_client import TallyClient
from tally_server import run_tally


def test_a_token_is_printed_once_and_only_its_hash_is_kept(make_server):
    server = make_server()
    finished = run_tally("token", "create", "--data", server.data, "--scopes", "votes:write",
                         "--name", "platform")
    assert finished.returncode == 0, finished.stderr
    assert re.fullmatch(r"tally_[A-Za-z0-9_-]{43}\n", finished.stdout)
    secret = finished.stdout.strip()
    assert "platform" in finished.stderr and secret not in finished.stderr
    server.start()
    with TallyClient(server, token=secret) as client:
        assert_problem(client.get("/v1/consultations"), "forbidden")
    assert server.terminate() == 0
    for file in [*server.data.iterdir(), server.log]:
        content = file.read_bytes()
        assert secret.encode() not in content and secret[6:].encode() not in content, file
    kept = json.loads((server.data / "tokens.json").read_text())["tokens"]
    assert [record["sha256"] for record in kept] == [hashlib.sha256(secret.encode()).hexdigest()]
    for name in ("tokens.json", "audit.log"):
        assert stat.S_IMODE((server.data / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
    assert run_tally("verify", "--data", server.data).returncode == 0


def test_the_first_token_ends_what_anybody_might_do(own_server):
    with TallyClient(own_server) as anybody:
        assert anybody.define("c", definition(support_phase())).status == 201
        secret = token(own_server.data)
        wait_until_closed(own_server)
        assert_unauthenticated(anybody.vote("c", "ideas", "p1", "a"), is_presented=False)
        assert_unauthenticated(anybody.tally("c"), is_presented=False)
        for path in ("/livez", "/readyz", "/version"):
            assert anybody.get(path).status == 200
        # Whoever has the token may come from any page and under any name.
        with TallyClient(own_server, token=secret, authority="vote.example") as platform:
            assert platform.vote("c", "ideas", "p1", "a").status == 201
            assert platform.get("/v1/consultations", ("origin", "https://e.example")).status == 200
    own_server.restart(kill=False)
    with TallyClient(own_server) as anybody, TallyClient(own_server, token=secret) as platform:
        assert_unauthenticated(anybody.tally("c"), is_presented=False)
        assert platform.tally("c").json()["phases"][0]["voters"] == 1


def test_it_stays_closed_when_the_last_token_is_revoked(own_server):
    token(own_server.data, "--name", "only")
    wait_until_closed(own_server)
    revoke(own_server.data, "only")
    other = token(own_server.data)
    wait_until_known(own_server, other)
    revoke(own_server.data, listed(own_server.data)[0]["id"])
    wait_until_refused(own_server, other)
    own_server.restart(kill=False)
    with TallyClient(own_server) as anybody:
        assert_unauthenticated(anybody.get("/v1/consultations"), is_presented=False)


def test_tokens_are_listed_and_revoked(own_server):
    first = token(own_server.data, "--name", "first", scopes=["tallies:read"])
    second = token(own_server.data, "--expires", "90d", scopes=["tallies:read", "admin"])
    records = listed(own_server.data)
    assert [(r.get("name"), r["scopes"], "expires" in r, r["expired"]) for r in records] == [
        ("first", ["tallies:read"], False, False), (None, ["tallies:read", "admin"], True, False)]
    table = run_tally("token", "list", "--data", own_server.data).stdout
    assert records[0]["id"] in table and "first" in table and first not in table
    wait_until_known(own_server, second)
    revoke(own_server.data, "first")
    wait_until_refused(own_server, first)
    with TallyClient(own_server, token=second) as client:
        assert client.get("/v1/consultations").status == 200
    assert [r["id"] for r in listed(own_server.data)] == [records[1]["id"]]


@pytest.mark.parametrize("options", (
    ["--scopes", "votes:self"], ["--scopes", ""], ["--scopes", "votes:write,everything"],
    ["--scopes", "admin,"], [], ["--scopes", "admin", "--expires", "yesterday"],
    ["--scopes", "admin", "--expires", "2020-01-01T00:00:00Z"],
    ["--scopes", "admin", "--expires", "0d"], ["--scopes", "admin", "--name", ""]))
def test_what_is_no_token_is_not_made(tmp_path, options):
    finished = run_tally("token", "create", "--data", tmp_path / "d", *options)
    assert finished.returncode != 0
    assert finished.stdout == "" and finished.stderr
    assert listed(tmp_path / "d") == [] if (tmp_path / "d").exists() else True


def test_names_are_given_once_and_what_is_not_there_cannot_be_revoked(tmp_path):
    token(tmp_path / "d", "--name", "n")
    again = run_tally("token", "create", "--data", tmp_path / "d", "--scopes", "admin",
                      "--name", "n")
    assert again.returncode != 0 and again.stdout == "" and "'n'" in again.stderr
    missing = run_tally("token", "revoke", "--data", tmp_path / "d", "m")
    assert missing.returncode != 0 and "'m'" in missing.stderr
    assert len(listed(tmp_path / "d")) == 1


def test_no_token_is_lost_when_many_are_made_at_once(own_server):
    made = []
    threads = [threading.Thread(target=lambda: made.append(token(own_server.data)))
               for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 12 == len(listed(own_server.data))
    wait_until_closed(own_server)
    for secret in made:
        wait_until_known(own_server, secret)


def test_a_token_that_expires_is_refused_from_then_on(own_server):
    secret = token(own_server.data, scopes=["tallies:read"])
    wait_until_known(own_server, secret)
    expire(own_server.data)
    wait_until_refused(own_server, secret)
    own_server.restart(kill=False)
    with TallyClient(own_server, token=secret) as client:
        assert_unauthenticated(client.get("/v1/consultations"), is_presented=True)
    assert listed(own_server.data)[0]["expired"] is True


def expire(data):
    """As if the time had come."""
    file = data / "tokens.json"
    content = json.loads(file.read_text())
    for record in content["tokens"]:
        record["expires"] = "2021-01-01T00:00:00.000Z"
    file.write_text(json.dumps(content))


@pytest.mark.parametrize("how", ("revoked", "expired"))
def test_a_stream_ends_when_its_token_does(own_server, how):
    secret = token(own_server.data)
    wait_until_known(own_server, secret)
    with TallyClient(own_server, token=secret) as client:
        assert client.define("c", definition(support_phase())).status == 201
        votes = client.vote_stream("c", "ideas")
        deletions = client.deletion_stream()
        votes.send(*({"proposal": "p1", "account": f"a{number}"} for number in range(10)))
        votes.wait_through(10)
        deletions.send({"account": "a0"})
        deletions.wait_through(1)
        if how == "revoked":
            revoke(own_server.data, listed(own_server.data)[0]["id"])
        else:
            expire(own_server.data)
        # Without a word of the client.
        for stream, lines in ((votes, 10), (deletions, 1)):
            done = stream.read_to_end()
            assert done["done"] is False and done["error"] == "unauthenticated"
            assert done["through"] == lines
    other = token(own_server.data)
    wait_until_known(own_server, other)
    with TallyClient(own_server, token=other) as client:
        assert client.tally("c", "ideas").json()["voters"] == 9


def test_a_stream_that_is_being_sent_ends_and_what_it_was_told_holds(own_server):
    secret = token(own_server.data, "--name", "n")
    other = token(own_server.data)
    wait_until_known(own_server, other)
    with TallyClient(own_server, token=secret) as client:
        assert client.define("c", definition(support_phase())).status == 201
        stream = client.vote_stream("c", "ideas")
        number = 0
        revoked = False
        while stream.done is None:
            try:
                stream.send(*({"proposal": "p1", "account": f"a{number + more}"}
                              for more in range(100)))
            except Exception:  # noqa: BLE001
                stream.read_to_end()
                break
            number += 100
            stream.take_answers_at_hand()
            if not revoked and number >= 1000:
                revoke(own_server.data, "n")
                revoked = True
        assert stream.done["error"] == "unauthenticated"
        decided = stream.done["through"]
        assert 0 <= decided <= number
    with TallyClient(own_server, token=other) as client:
        assert client.tally("c", "ideas").json()["voters"] == decided


def test_a_request_whose_body_comes_after_its_token_was_revoked_does_nothing(own_server):
    secret = token(own_server.data, "--name", "n")
    other = token(own_server.data)
    wait_until_known(own_server, other)
    with TallyClient(own_server, token=other) as client:
        assert client.define("c", definition(choice_phase())).status == 201
    with TallyClient(own_server, token=secret) as client:
        path = "/v1/consultations/c/phases/opinions"
        waiting = [client.connection.start("PUT", f"{path}/proposals/p1/votes/a", end=False),
                   client.connection.start("PUT", f"{path}/ballots/a", end=False),
                   client.connection.start("DELETE", "/v1/accounts/b", end=False)]
        assert client.get("/v1/consultations").status == 200
        revoke(own_server.data, "n")
        wait_until_refused(own_server, secret)
        for stream, body in zip(waiting, (b'{"choice":"agree"}', b'{"votes":[]}', b"")):
            stream.write(body, end=True)
            assert_unauthenticated(stream.response(), is_presented=True)
    with TallyClient(own_server, token=other) as client:
        assert client.tally("c", "opinions").json()["voters"] == 0
        assert client.vote("c", "opinions", "p1", "b", choice="agree").status == 201


@pytest.mark.parametrize("field", (
    "Bearer tally_AAAA", "Bearer", "Basic dXNlcjpwYXNz", "tally", "Bearer a, Bearer b",
    "Bearer " + "x" * 9000))
@pytest.mark.parametrize("is_open", (True, False))
def test_a_credential_that_is_none_is_refused_also_where_none_is_needed(make_server, field, is_open):
    server = make_server()
    if not is_open:
        token(server.data)
    server.start()
    with TallyClient(server) as client:
        header = ("authorization", field)
        response = client.get("/v1/consultations", header)
        assert_unauthenticated(response, is_presented=field.startswith("Bearer "))
        assert client.get("/version", header).status == 200, "nobody looks at it"
        assert_problem(client.get("/v1/nowhere", header), "not-found")


def test_a_broken_file_of_tokens_changes_nothing_while_the_server_runs(own_server):
    secret = token(own_server.data)
    wait_until_known(own_server, secret)
    file = own_server.data / "tokens.json"
    good = file.read_bytes()

    def says(what):
        wait_until(lambda: what in own_server.log.read_text(), what)

    for broken in (b"", good[:-10], good.replace(b'"admin"', b'"everything"')):
        before = own_server.log.read_text().count("is broken")
        file.write_bytes(broken)
        wait_until(lambda: own_server.log.read_text().count("is broken") == before + 1, "complaint")
        with TallyClient(own_server, token=secret) as client, TallyClient(own_server) as anybody:
            assert client.get("/v1/consultations").status == 200
            assert_unauthenticated(anybody.get("/v1/consultations"), is_presented=False)
        refused = run_tally("token", "create", "--data", own_server.data, "--scopes", "admin")
        assert refused.returncode != 0 and refused.stdout == "" and "tokens.json" in refused.stderr
        assert file.read_bytes() == broken, "what cannot be read is not replaced"
    file.unlink()
    says("is gone")
    with TallyClient(own_server, token=secret) as client, TallyClient(own_server) as anybody:
        assert client.get("/v1/consultations").status == 200
        assert_unauthenticated(anybody.get("/v1/consultations"), is_presented=False)
    file.write_bytes(good)
    revoke(own_server.data, listed(own_server.data)[0]["id"])
    wait_until_refused(own_server, secret)


def test_every_scope_can_be_given(tmp_path):
    for scope in SCOPES:
        token(tmp_path / "d", scopes=[scope])
    assert [record["scopes"] for record in listed(tmp_path / "d")] == [[s] for s in SCOPES]

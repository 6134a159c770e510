"""Seals of closed phases: recomputed from the tally, and altered by nothing that comes after."""

import datetime
import subprocess

import pytest

from consultations import BALLOTS, EACH_KIND, choice_phase, definition, phase_of, support_phase
from problems import assert_problem
from seals import check_seal, digest_of, unsealed
from tally_client import TallyClient, consultation_path

KINDS = [phase["id"] for phase in EACH_KIND]


def vote_in_every_phase(client, consultation, *accounts):
    for account in accounts:
        for phase, votes in BALLOTS.items():
            assert client.ballot(consultation, phase, account, votes).status == 201


def close_all(client, consultation):
    for phase in KINDS:
        assert client.close_phase(consultation, phase).json()["state"] == "closed"


def test_a_seal_by_hand(client, name):
    """The bytes of the contract, written out."""
    client.define(name, definition(
        choice_phase("opinions", ["p2", "p1"], choices=["yes", "no"], title="Opinions")))
    client.vote(name, "opinions", "p1", f"{name}-a", choice="no")
    client.vote(name, "opinions", "p1", f"{name}-b", choice="no")
    client.close_phase(name, "opinions")
    seal = client.seal(name, "opinions")
    assert seal.body == (
        b'{"consultation":"%s","kind":"choice","phase":"opinions","proposals":['
        b'{"counts":{"no":2,"yes":0},"id":"p1"},{"counts":{"no":0,"yes":0},"id":"p2"}],'
        b'"voters":2}' % name.encode())
    assert client.tally(name, "opinions").json()["sealed"]["digest"] == digest_of(seal.body)


@pytest.mark.parametrize("kind", KINDS)
def test_anyone_recomputes_the_seal_of_every_kind(client, kinds, kind):
    vote_in_every_phase(client, kinds, f"{kinds}-a", f"{kinds}-b")
    assert "sealed" not in client.tally(kinds, kind).json()
    client.close_phase(kinds, kind)
    assert b'"voters":2}' in check_seal(client, kinds, kind, kind)
    whole = client.tally(kinds).json()["phases"]
    for phase in whole:
        unsealed(phase)  # there in the closed phase, and in no other
    narrow = client.tally(kinds, kind).json()
    assert [phase["sealed"] for phase in whole if phase["id"] == kind] == [narrow["sealed"]]
    assert "sealed" not in client.tally(kinds, kind, "p1").json()


def test_curl_and_sha256sum_check_it(server, client, kinds):
    vote_in_every_phase(client, kinds, f"{kinds}-a")
    client.close_phase(kinds, "ranking")
    digest = client.tally(kinds, "ranking").json()["sealed"]["digest"]
    finished = subprocess.run(
        f"curl -sS --noproxy '*' {server.url}/v1/consultations/{kinds}/phases/ranking/seal"
        " | sha256sum", shell=True, capture_output=True, check=True)
    assert finished.stdout.split()[0].decode() == digest.removeprefix("sha256:")


ODD = ['say "no"', "back\\slash", "😀", "\ufb33", "é", "e\u0301", "/", "\u00a0", "~", "Z", "a",
       "10", "9", "\u200d", "<&>", "\U0010ffff", "\uffff", "a\u202eb", "'"]


def test_names_are_sorted_by_code_units_and_escaped_as_rfc_8785_says(client, name):
    """An emoji's first code unit is below U+FB33, though its code point is above it."""
    consultation = f'{name} "é\\'
    client.define(consultation, definition(
        choice_phase("ph/😀", ODD, choices=ODD, title="Not sealed")))
    account = f"{name}-a"
    for proposal, choice in zip(ODD, reversed(ODD)):
        assert client.vote(consultation, "ph/😀", proposal, account, choice=choice).status == 201
    client.close_phase(consultation, "ph/😀")
    content = check_seal(client, consultation, "choice", "ph/😀").decode()
    assert "Not sealed" not in content
    assert content.index('"😀":') < content.index('"\ufb33":'), "counts by UTF-16 code units"
    assert content.index('"id":"\ufb33"') < content.index('"id":"😀"'), "proposals by bytes"
    assert '"say \\"no\\""' in content and '"back\\\\slash"' in content and '"/"' in content


def test_a_phase_without_proposals_or_without_votes_is_sealed_too(client, name):
    client.define(name, definition(support_phase("empty", []), phase_of("points", phase="none")))
    for phase, kind in (("empty", "support"), ("none", "points")):
        client.close_phase(name, phase)
        check_seal(client, name, kind, phase)
    assert client.seal(name, "empty").body.endswith(b'"proposals":[],"voters":0}')


def test_before_the_close_there_is_none(client, name):
    client.define(name, definition(
        support_phase("open"), support_phase("later", opens_at="2198-01-01T00:00:00Z")))
    for phase in ("open", "later"):
        assert_problem(client.seal(name, phase), "not-found")
    for where, code in (((name, "no-such"), "unknown-phase"),
                        (("no-such", "open"), "unknown-consultation")):
        assert_problem(client.seal(*where), code)
    client.close_phase(name, "open")
    assert client.seal(name, "open").status == 200
    assert_problem(client.seal(name, "open", "sha256:" + "0" * 64), "not-found")
    digest = client.tally(name, "open").json()["sealed"]["digest"]
    assert client.seal(name, "open", digest.replace(":", "%3A")).status == 200


def test_head_tags_positions_and_other_methods(client, name):
    client.define(name, definition(support_phase()))
    closed = client.close_phase(name, "ideas").json()["sequence"]
    path = consultation_path(name, "ideas") + "/seal"
    full, head = client.get(path), client.request("HEAD", path)
    assert head.status == 200 and head.body == b""
    for field in ("etag", "content-type"):
        assert head.headers[field] == full.headers[field]
    assert int(full.headers["tally-sequence"]) >= closed
    again = client.get(path, ("if-none-match", full.headers["etag"]))
    assert again.status == 304 and again.body == b""
    response = client.request("PUT", path)
    assert_problem(response, "method-not-allowed")
    assert {"GET", "HEAD"} <= {
        method.strip() for method in response.headers["allow"].split(",")}


def test_nothing_that_comes_after_the_close_changes_a_seal(own_server):
    """Other titles, refused commands, deletions, snapshots, SIGTERM and kill -9."""
    with TallyClient(own_server) as client:
        client.define("c", definition(*EACH_KIND))
        vote_in_every_phase(client, "c", "a", "b", "leaver")
        client.vote("c", "choice", "p3", "x", choice="no")
        close_all(client, "c")
        sealed = {kind: (client.tally("c", kind).json()["sealed"], client.seal("c", kind).body)
                  for kind in KINDS}

    def check(client):
        for kind in KINDS:
            assert client.tally("c", kind).json()["sealed"] == sealed[kind][0]
            assert check_seal(client, "c", kind, kind) == sealed[kind][1]

    with TallyClient(own_server) as client:
        titled = [phase | {"title": "Titled", "proposals": [
            proposal | {"title": "Titled"} for proposal in phase["proposals"]]}
            for phase in EACH_KIND]
        assert client.define("c", definition(*titled, title="Titled")).status == 200
        check(client)
        for kind in KINDS:
            assert_problem(client.ballot("c", kind, "a", {}), "phase-closed")
            assert_problem(client.open_phase("c", kind), "phase-closed")
            assert client.close_phase("c", kind).status == 200
        check(client)
        assert client.delete_account("leaver").json()["frozen"] == sum(map(len, BALLOTS.values()))
        check(client)
        client.define("d", definition(*EACH_KIND))
        vote_in_every_phase(client, "d", "a", "b")
        assert client.snapshot().status == 200
        check(client)
        assert client.delete_account("a").json()["frozen"] > 0
    for kill in (True, False, True):
        own_server.restart(kill=kill)
        with TallyClient(own_server) as client:
            check(client)
            client.snapshot()


def instant(seconds_from_now):
    moment = datetime.datetime.now(datetime.timezone.utc)
    moment += datetime.timedelta(seconds=seconds_from_now)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_a_seal_tells_when_the_phase_was_closed(own_server):
    """By hand, at its instant, while the server is down, and by a definition: between two cuts."""
    def cut(client):
        return client.tally("c").json()["as_of"]

    with TallyClient(own_server) as client:
        closes_at, in_the_dark = instant(0.8), instant(2.5)
        phases = [support_phase("by hand"), support_phase("timed", closes_at=closes_at),
                  support_phase("down", closes_at=in_the_dark), support_phase("defined")]
        client.define("c", definition(*phases))
        client.vote("c", "by hand", "p1", "a")
        before = cut(client)
        client.close_phase("c", "by hand")
        bounds = {"by hand": (before, cut(client))}
        before = cut(client)
        phases[3]["closes_at"] = "2020-01-01T00:00:00Z"
        assert client.define("c", definition(*phases)).status == 200
        bounds["defined"] = (before, cut(client))
        while client.tally("c", "timed").json()["state"] != "closed":
            client.vote("c", "defined", "p1", "a")
        bounds["timed"] = (closes_at, cut(client))
    own_server.kill9()
    while instant(0) <= in_the_dark:
        pass
    own_server.start()
    with TallyClient(own_server) as client:
        bounds["down"] = (in_the_dark, max(cut(client), instant(0)))
        for phase, (earliest, latest) in bounds.items():
            at = client.tally("c", phase).json()["sealed"]["at"]
            assert earliest <= at <= latest, (phase, earliest, at, latest)
            check_seal(client, "c", "support", phase)


def test_votes_at_the_close_are_sealed_or_refused(server, client, name):
    """The seal holds exactly the votes that were counted, though they came from two connections."""
    client.define(name, definition(phase_of("points", ("p1",))))
    streams = []
    with TallyClient(server) as other:
        for number, voter in enumerate((client, other)):
            stream = voter.vote_stream(name, "ph")
            stream.send(*({"proposal": "p1", "account": f"{name}-{number}-{vote}", "points": 3}
                          for vote in range(3_000)))
            streams.append(stream)
        streams[0].wait_through(1)
        client.close_phase(name, "ph")
        seal = client.seal(name, "ph").body
        summaries = [stream.finish() for stream in streams]
    counted = sum(done["counted"] for done in summaries)
    for stream in streams:
        assert set(stream.refused.values()) <= {"phase-closed"}
    assert b'"counts":{"points":%d,"votes":%d}' % (3 * counted, counted) in seal
    assert check_seal(client, name, "points", "ph") == seal

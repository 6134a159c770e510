"""Results withheld until the close: no route that exists tells a count before it."""

import json
import re

import pytest

from consultations import BALLOTS, EACH_KIND, counts_of, definition, phase_of, ranks, support_phase
from problems import assert_problem
from seals import check_seal, unsealed
from tally_client import TallyClient, consultation_path

WHERES = ((), ("ph",), ("ph", "p1"))


def withheld(kind, **fields):
    """The phase `ph` of a kind, withheld."""
    phase = next(phase for phase in EACH_KIND if phase["id"] == kind)
    return phase | {"id": "ph", "results": "after_close"} | fields


def tags(client, consultation):
    return [client.tally(consultation, *where).headers["etag"] for where in WHERES]


@pytest.mark.parametrize("kind", BALLOTS)
def test_no_tally_tells_a_count_before_the_close_and_all_do_after_it(client, name, kind):
    live = support_phase("live")
    client.define(name, definition(withheld(kind), live))
    shape = {"id": "ph", "state": "open", "withheld": True,
             "proposals": [{"id": "p1"}, {"id": "p2"}, {"id": "p3"}]}
    before = tags(client, name)
    for votes in range(3):
        whole, narrow, single = (client.tally(name, *where).json() for where in WHERES)
        assert whole["phases"][0] == shape, votes
        assert set(narrow) == {*shape, "sequence", "as_of"} and shape.items() <= narrow.items()
        assert single == {"id": "p1", "withheld": True, "sequence": single["sequence"],
                          "as_of": single["as_of"]}
        answer = client.ballot(name, "ph", f"{name}-{votes}", BALLOTS[kind]).json()
        assert answer["outcome"] == "counted"
        assert client.tally(name, "ph").json()["sequence"] >= answer["sequence"]
    assert tags(client, name) == before, "a tag would tell of votes"
    assert_problem(client.seal(name, "ph"), "not-found")
    assert client.delete_account(f"{name}-0").json()["retracted"] == len(BALLOTS[kind])
    assert tags(client, name) == before
    client.close_phase(name, "ph")
    shown = client.tally(name, "ph").json()
    assert (shown["state"], shown["voters"]) == ("closed", 2) and "withheld" not in shown
    counts = counts_of(shown)
    assert any(sum(count.values()) for count in counts.values())
    assert client.tally(name, "ph", "p1").json()["counts"] == counts["p1"]
    whole = client.tally(name).json()["phases"][0]
    assert unsealed(whole)["proposals"] == shown["proposals"]
    assert all(tag != old for tag, old in zip(tags(client, name), before))
    check_seal(client, name, kind, "ph")


def test_a_scheduled_phase_is_withheld_too_and_the_state_changes_the_tag(client, name):
    client.define(name, definition(
        phase_of("support", min_votes=2)
        | {"results": "after_close", "opens_at": "2198-01-01T00:00:00Z"}))
    seen = []
    for act in (lambda: None, lambda: client.open_phase(name, "ph"),
                lambda: client.vote(name, "ph", "p1", f"{name}-a"),
                lambda: client.vote(name, "ph", "p2", f"{name}-a"),
                lambda: client.close_phase(name, "ph")):
        act()
        response = client.tally(name, "ph")
        tally = response.json()
        seen.append((tally["state"], tally.get("withheld"), response.headers["etag"]))
    states = [(state, is_withheld) for state, is_withheld, _ in seen]
    assert states == [("scheduled", True), *[("open", True)] * 3, ("closed", None)]
    tags_seen = [tag for _, _, tag in seen]
    assert tags_seen[1] == tags_seen[2] == tags_seen[3]
    assert len(set(tags_seen)) == 3


def test_a_conditional_get_tells_nothing_but_the_position(client, name):
    client.define(name, definition(withheld("choice")))
    before = tags(client, name)
    answer = client.vote(name, "ph", "p1", f"{name}-a", choice="yes").json()
    for where, tag in zip(WHERES, before):
        path = consultation_path(name, *where) + "/tally"
        response = client.get(path, ("if-none-match", tag))
        assert response.status == 304 and response.body == b""
        assert int(response.headers["tally-sequence"]) >= answer["sequence"]
        head, full = client.request("HEAD", path), client.get(path)
        assert head.headers["etag"] == full.headers["etag"] == tag
        assert head.headers.get("content-length") == full.headers.get("content-length")


def test_a_definition_changes_the_tag(client, name):
    client.define(name, definition(withheld("points")))
    before = tags(client, name)
    client.vote(name, "ph", "p1", f"{name}-a", points=3)
    assert client.add_proposal(name, "ph", "p9").status == 201
    assert tags(client, name)[:2] != before[:2]
    assert {"id": "p9"} in client.tally(name, "ph").json()["proposals"]


def test_live_phases_beside_it_are_shown(client, name):
    client.define(name, definition(withheld("support"), support_phase("live")))
    where = (name, "live", "p1", f"{name}-a")
    client.vote(name, "ph", "p1", where[3])
    before = client.tally(name).headers["etag"]
    client.vote(*where)
    whole = client.tally(name)
    assert whole.headers["etag"] != before
    assert whole.json()["phases"][1]["voters"] == 1
    client.define(name, definition(withheld("support"), support_phase("live", title="Live")))
    assert_problem(client.define(name, definition(
        withheld("support") | {"results": "live"}, support_phase("live"))), "rules-locked")


def test_each_person_still_sees_their_own_votes(client, name):
    client.define(name, definition(withheld("ranking")))
    account = f"{name}-a"
    client.ballot(name, "ph", account, ranks("p3", "p1"))
    client.ballot(name, "ph", f"{name}-b", ranks("p2"))
    assert client.held(account, name, "ph") == ranks("p3", "p1")
    assert client.get_vote(name, "ph", "p3", account).json() == {"rank": 1}


def test_it_stays_withheld_over_restarts_and_tags_stay(own_server):
    with TallyClient(own_server) as client:
        client.define("c", definition(withheld("budget")))
        client.ballot("c", "ph", "a", BALLOTS["budget"])
        before = tags(client, "c")
    for kill in (True, False):
        own_server.restart(kill=kill)
        with TallyClient(own_server) as client:
            assert tags(client, "c") == before
            assert client.tally("c", "ph").json()["withheld"] is True
            client.snapshot()
    with TallyClient(own_server) as client:
        client.close_phase("c", "ph")
        assert client.tally("c", "ph").json()["voters"] == 1


def run_commands(client, votes):
    """As many commands in as many batches, whatever they are."""
    for vote in votes:
        assert client.vote("c", "ph", *vote).status in (200, 201)
    stream = client.vote_stream("c", "ph")
    for number, (proposal, account) in enumerate(votes, 1):
        stream.send({"proposal": proposal, "account": f"s{account}"})
        stream.wait_through(number)
    stream.finish()


#: What may differ between two servers that did the same number of commands: time, and its effects.
DIFFERING = re.compile(r".*(seconds|memory|resident|cpu|start_time).*")


def test_metrics_do_not_tell_how_many_votes_there_are(make_server):
    """Two servers that took as many commands, of which the one made ten times the votes."""
    shown = []
    for votes in ([("p1", f"a{number}") for number in range(20)],
                  [("p1", f"a{number // 10}") for number in range(20)]):
        server = make_server().start()
        with TallyClient(server) as client:
            client.define("c", definition(withheld("support"), support_phase("live")))
            run_commands(client, votes)
            client.delete_account("a0")
            assert client.snapshot().status == 200
            shown.append(client.metrics())
            assert not any(re.search(r"(?<!\w)(counted|replaced|unchanged|withdrawn|pending)"
                                     r"(?!\w)", series) for series in shown[-1]), shown[-1]
        server.restart(kill=True)
        with TallyClient(server) as client:
            assert client.tally("c", "ph").json()["withheld"] is True
            # Just after the start the position of the snapshot is not always known yet.
            shown[-1] |= {f"{series} after a restart": value
                          for series, value in client.metrics().items()
                          if series != "tally_snapshot_position"}
    first, second = ({series: value for series, value in one.items()
                      if not DIFFERING.fullmatch(series)} for one in shown)
    differing = {series: (first.get(series), second.get(series))
                 for series in {*first, *second} if first.get(series) != second.get(series)}
    assert differing == {}


def test_metrics_are_whole_again_after_the_close(own_server):
    with TallyClient(own_server) as client:
        client.define("c", definition(withheld("support"), support_phase("live")))
        client.vote("c", "ph", "p1", "a")
        assert "tally_votes" not in client.metrics()
        client.close_phase("c", "ph")
        after = client.metrics()
        assert 'tally_commands_total{outcome="counted"}' in after
        assert after["tally_votes"] == 1
        client.define("d", definition(withheld("support")))
        assert "tally_votes" not in client.metrics(), "one phase is enough"


def test_problems_and_streams_tell_nothing_of_others(client, name):
    """What a stranger's command is answered does not depend on the votes of others."""
    answers = []
    client.define(name, definition(withheld("points")))
    for number in range(2):
        stranger = f"{name}-stranger-{number}"
        response = client.vote(name, "ph", "p1", stranger, points=1)
        answers.append((response.status, {**response.json(), "sequence": 0}))
        response = client.withdraw(name, "ph", "p2", stranger)
        answers.append((response.status, json.dumps(response.json())))
        response = client.vote(name, "ph", "p2", stranger, points=9)
        answers.append((response.status, json.dumps(response.json())))
        if number == 0:
            for voter in range(20):
                client.ballot(name, "ph", f"{name}-{voter}", BALLOTS["points"])
    assert answers[:3] == answers[3:]

"""A minimum of votes: below it none counts, at it all do, and below it again none does."""

import pytest

from consultations import counts_of, definition, phase_of
from naive_model import sorted_votes
from problems import assert_problem
from tally_client import TallyClient, consultation_path

ZERO = (0, 0, 0, 0)


@pytest.fixture
def petition(client, name):
    """A consultation whose phase `ph` counts ballots of three votes or more."""
    phases = (phase_of("support", ("p1", "p2", "p3", "p4"), min_votes=3),
              phase_of("choice", phase="choices", choices=["yes", "no"], min_votes=2))
    assert client.define(name, definition(*phases)).status == 201
    return name


def shown(client, consultation, phase="ph"):
    """Voters, and the support of p1 to p3."""
    tally = client.tally(consultation, phase).json()
    counts = counts_of(tally)
    return tally["voters"], *(counts[proposal]["support"] for proposal in ("p1", "p2", "p3"))


def flags(client, account):
    votes = client.personal_data(account).json()["votes"]
    return {vote["proposal"]: vote["counted"] for vote in votes}


def test_the_life_of_a_ballot_with_a_minimum(client, petition):
    account = f"{petition}-a"
    numbers = []
    for act, proposal, status, outcome, counts in (
        (client.vote, "p1", 201, "pending", ZERO),
        (client.vote, "p1", 200, "unchanged", ZERO),
        (client.vote, "p2", 201, "pending", ZERO),
        (client.vote, "p3", 201, "counted", (1, 1, 1, 1)),
        (client.vote, "p3", 200, "unchanged", (1, 1, 1, 1)),
        (client.vote, "p4", 201, "counted", (1, 1, 1, 1)),
        (client.withdraw, "p1", 200, "withdrawn", (1, 0, 1, 1)),
        (client.withdraw, "p2", 200, "withdrawn", ZERO),
        (client.vote, "p3", 200, "unchanged", ZERO),
        (client.withdraw, "p3", 200, "withdrawn", ZERO),
        (client.vote, "p1", 201, "pending", ZERO),
        (client.vote, "p2", 201, "counted", (1, 1, 1, 0)),
    ):
        response = act(petition, "ph", proposal, account)
        assert (response.status, response.json()["outcome"]) == (status, outcome), proposal
        numbers.append(response.json()["sequence"])
        assert shown(client, petition) == counts, (proposal, outcome)
        assert set(flags(client, account).values()) <= {bool(sum(counts))}, "all or none"
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_a_changed_pending_vote_stays_pending(client, petition):
    where = (petition, "choices", "p1", f"{petition}-a")
    assert client.vote(*where, choice="yes").status == 201
    changed = client.vote(*where, choice="no")
    assert (changed.status, changed.json()["outcome"]) == (200, "pending")
    assert client.vote(*where, choice="no").json()["outcome"] == "unchanged"
    assert client.get_vote(*where).json() == {"choice": "no"}
    second = client.vote(petition, "choices", "p2", where[3], choice="yes")
    assert (second.status, second.json()["outcome"]) == (201, "counted")
    assert client.vote(*where, choice="yes").json()["outcome"] == "replaced"
    assert client.withdraw(petition, "choices", "p2", where[3]).json()["outcome"] == "withdrawn"
    tally = client.tally(petition, "choices").json()
    assert tally["voters"] == 0 and not any(map(sum, (
        entry.values() for entry in counts_of(tally).values())))
    assert client.get_vote(*where).json() == {"choice": "yes"}, "it is kept"


def test_streams_sum_up_pending_votes(client, petition):
    """New ones and replaced ones are both `pending`; the one at the minimum is `counted`."""
    account = f"{petition}-a"
    stream = client.vote_stream(petition, "choices")
    stream.send(
        {"proposal": "p1", "account": account, "choice": "yes"},
        {"proposal": "p1", "account": account, "choice": "no"},
        {"proposal": "p1", "account": account, "choice": "no"},
        {"proposal": "p2", "account": account, "choice": "no"},
        {"proposal": "p2", "account": account, "withdraw": True},
        {"proposal": "p2", "account": account, "withdraw": True})
    done = stream.finish()
    assert stream.refused == {6: "no-vote"}
    assert {key: done[key] for key in done if key not in ("done", "sequence")} == {
        "lines": 6, "counted": 1, "replaced": 0, "unchanged": 1, "withdrawn": 1, "pending": 2,
        "refused": 1}


def test_whole_ballots_below_at_and_above_the_minimum(client, petition):
    where = (petition, "ph", f"{petition}-a")
    for proposals, status, outcome, counts in (
        (("p1", "p2"), 201, "pending", ZERO), (("p2", "p1"), 200, "unchanged", ZERO),
        (("p1", "p3"), 200, "pending", ZERO),
        (("p1", "p2", "p3"), 200, "replaced", (1, 1, 1, 1)),
        (("p1",), 200, "pending", ZERO), ((), 200, "withdrawn", ZERO),
        ((), 200, "unchanged", ZERO),
        (("p2", "p3", "p4"), 201, "counted", (1, 0, 1, 1)),
        ((), 200, "withdrawn", ZERO),
    ):
        response = client.ballot(*where, dict.fromkeys(proposals, {}))
        assert (response.status, response.json()["outcome"]) == (status, outcome), proposals
        assert shown(client, petition) == counts, proposals


def test_a_minimum_of_one_or_none_is_no_minimum(client, name):
    client.define(name, definition(
        phase_of("support", min_votes=0), phase_of("support", phase="one", min_votes=1)))
    for phase in ("ph", "one"):
        answer = client.vote(name, phase, "p1", f"{name}-a").json()
        assert answer["outcome"] == "counted"
        assert shown(client, name, phase) == (1, 1, 0, 0)


def test_pending_votes_take_room_under_the_maximum(client, name):
    client.define(name, definition(phase_of("support", min_votes=2, max_votes=2)))
    account = f"{name}-a"
    assert client.vote(name, "ph", "p1", account).json()["outcome"] == "pending"
    assert client.vote(name, "ph", "p2", account).json()["outcome"] == "counted"
    assert_problem(client.vote(name, "ph", "p3", account), "limit-reached")
    client.withdraw(name, "ph", "p1", account)
    assert client.vote(name, "ph", "p3", account).json()["outcome"] == "counted"


def test_personal_data_tells_which_votes_count(client, petition):
    account = f"{petition}-a"
    client.ballot(petition, "ph", account, {"p1": {}, "p2": {}})
    client.ballot(petition, "choices", account, {"p1": {"choice": "no"}, "p3": {"choice": "yes"}})
    base = {"consultation": petition, "phase": "ph", "counted": False}
    expected = [
        {**base, "proposal": "p1"}, {**base, "proposal": "p2"},
        {**base, "phase": "choices", "proposal": "p1", "choice": "no", "counted": True},
        {**base, "phase": "choices", "proposal": "p3", "choice": "yes", "counted": True}]
    assert sorted_votes(client.personal_data(account).json()["votes"]) == sorted_votes(expected)


def test_who_leaves_below_the_minimum_leaves_no_trace(client, petition):
    pending, counted = f"{petition}-pending", f"{petition}-counted"
    for phase in ("ph", "choices"):
        carried = {"choice": "yes"} if phase == "choices" else {}
        client.vote(petition, phase, "p1", pending, **carried)
        client.ballot(petition, phase, counted, dict.fromkeys(("p1", "p2", "p3"), carried))
    client.close_phase(petition, "choices")
    before = client.tally(petition, "choices").json()
    assert before["voters"] == 1
    seal = client.seal(petition, "choices").body
    deletion = client.delete_account(pending).json()
    assert (deletion["retracted"], deletion["frozen"]) == (1, 0), (
        "the pending vote of the closed phase is in neither")
    deletion = client.delete_account(counted).json()
    assert (deletion["retracted"], deletion["frozen"]) == (3, 3)
    assert shown(client, petition) == ZERO
    after = client.tally(petition, "choices").json()
    assert (after["voters"], after["proposals"]) == (before["voters"], before["proposals"])
    assert client.seal(petition, "choices").body == seal


def test_pending_votes_of_a_closed_phase_never_count(client, petition):
    account = f"{petition}-a"
    client.ballot(petition, "ph", account, {"p1": {}, "p2": {}})
    client.close_phase(petition, "ph")
    assert_problem(client.vote(petition, "ph", "p3", account), "phase-closed")
    assert shown(client, petition) == ZERO
    assert flags(client, account) == {"p1": False, "p2": False}
    assert client.get_vote(petition, "ph", "p1", account).json() == {}


def test_pending_votes_survive_restarts(own_server):
    phase = phase_of("support", min_votes=2)
    with TallyClient(own_server) as client:
        client.define("c", definition(phase))
        client.vote("c", "ph", "p1", "a")
        client.ballot("c", "ph", "b", {"p1": {}, "p2": {}})
        client.withdraw("c", "ph", "p2", "b")
        client.vote("c", "ph", "p1", "leaver")
    for kill in (True, False):
        own_server.restart(kill=kill)
        with TallyClient(own_server) as client:
            assert shown(client, "c") == ZERO
            assert flags(client, "a") == {"p1": False}
            assert client.snapshot().status == 200
    own_server.restart(kill=True)
    with TallyClient(own_server) as client:
        assert client.delete_account("leaver").json()["retracted"] == 1
        for account in ("a", "b"):
            assert client.vote("c", "ph", "p3", account).json()["outcome"] == "counted"
        assert shown(client, "c") == (2, 2, 0, 2)


def test_a_tag_stays_while_votes_are_pending(client, petition):
    path = consultation_path(petition, "ph") + "/tally"
    tag = client.get(path).headers["etag"]
    client.ballot(petition, "ph", f"{petition}-a", {"p1": {}, "p2": {}})
    assert client.get(path, ("if-none-match", tag)).status == 304
    client.vote(petition, "ph", "p4", f"{petition}-a")
    assert client.get(path, ("if-none-match", tag)).status == 200


def test_a_reader_never_sees_a_part_of_a_ballot(server, client, petition):
    """All three counts and the voters move together, over the minimum and under it."""
    account = f"{petition}-a"
    client.ballot(petition, "ph", account, {"p1": {}, "p2": {}})
    with TallyClient(server) as voter:
        flying = []
        seen = set()
        for _ in range(150):
            flying.append(voter.start_vote(petition, "ph", "p3", account))
            flying.append(voter.start_withdrawal(petition, "ph", "p3", account))
            seen.add(shown(client, petition))
        assert {stream.response().status for stream in flying} == {200, 201}
    assert seen <= {ZERO, (1, 1, 1, 1)}, seen

"""Whole ballots in streams: a line each, between votes and withdrawals."""

import pytest

from consultations import ranks
from tally_client import ballot_of
from vote_streams import encode_lines


def test_the_same_limit_holds_in_a_line(client, wide):
    account = f"{wide}-a"
    votes = {f"p{number}": {} for number in range(1_025)}
    stream = client.vote_stream(wide, "ph")
    stream.send({"account": account, **ballot_of(votes)})
    del votes["p1"]
    stream.send({"account": account, **ballot_of(votes)},
                {"account": f"{wide}-b", "proposal": "p1"})
    done = stream.finish()
    assert stream.refused == {1: "too-large"} and done["counted"] == 2
    assert len(client.held(account, wide, "ph")) == 1_024


LINES = {
    "a proposal beside": {"votes": [], "proposal": "p1"},
    "a rank beside": {"votes": [], "rank": 1}, "points beside": {"votes": [], "points": 1},
    "a choice beside": {"votes": [], "choice": "yes"},
    "withdraw beside": {"votes": [], "withdraw": True}, "votes of a wrong type": {"votes": "p1"},
    "an unknown key": {"votes": [], "weight": 1}, "votes null": {"votes": None},
    "an unknown key in an entry": {"votes": [{"proposal": "p1", "weight": 1}]},
    "an entry without proposal": {"votes": [{"rank": 1}]},
}


@pytest.mark.parametrize("what", LINES)
def test_a_malformed_ballot_line_is_refused_and_its_neighbours_are_counted(
        client, kinds, what):
    account = f"{kinds}-a"
    good = {"account": account, **ballot_of(ranks("p1", "p2"))}
    bad = {"account": account, **LINES[what]}
    stream = client.vote_stream(kinds, "ranking")
    stream.send(good, bad, dict(reversed(bad.items())), good)
    stream.send({"votes": []})  # no account
    done = stream.finish()
    assert stream.refused == {2: "malformed", 3: "malformed", 5: "malformed"}
    assert (done["counted"], done["unchanged"], done["refused"]) == (1, 1, 3)


def test_ballot_lines_of_the_general_route_and_their_sums(client, kinds):
    base = {"consultation": kinds, "phase": "points", "account": f"{kinds}-a"}
    lines = [
        {**base, "votes": [{"proposal": "p1", "points": 1}]},
        {**base, "votes": [{"proposal": "p1", "points": 2}, {"points": 3, "proposal": "p2"}]},
        {**base, "votes": [{"proposal": "p2", "points": 3}, {"proposal": "p1", "points": 2}]},
        {**base, "proposal": "p2", "withdraw": True}, {**base, "proposal": "p3", "points": 3},
        {**base, "votes": []}, {**base, "votes": []},
        {**base, "phase": "no-such", "votes": []}, {**base, "consultation": "x", "votes": []},
        {"account": base["account"], "votes": []}]
    stream = client.vote_stream()
    for line in lines[:5]:
        stream.send(dict(sorted(line.items())))
    stream.wait_through(5)
    assert client.held(base["account"], kinds, "points") == {
        "p1": {"points": 2}, "p3": {"points": 3}}
    stream.send_bytes(encode_lines(lines[5:])[:-1])
    done = stream.finish()
    assert stream.refused == {8: "unknown-phase", 9: "unknown-consultation", 10: "malformed"}
    assert {key: done[key] for key in done if key not in ("done", "sequence")} == {
        "lines": 10, "counted": 2, "replaced": 1, "unchanged": 2, "withdrawn": 2, "pending": 0,
        "refused": 3}


def test_a_ballot_line_may_arrive_byte_by_byte(client, kinds):
    stream = client.vote_stream(kinds, "ranking")
    for byte in encode_lines([{"account": f"{kinds}-é", **ballot_of(ranks("p3", "p1"))}]):
        stream.send_bytes(bytes([byte]))
    assert stream.finish()["counted"] == 1
    assert client.held(f"{kinds}-é", kinds, "ranking") == ranks("p3", "p1")

"""Accounts with thousands of votes, and streams of the largest ballots."""

from consultations import counts_of, definition, phase_of
from seals import check_seal
from tally_client import TallyClient, ballot_of

PROPOSALS = [f"p{number:04}" for number in range(4_000)]


def test_one_account_votes_for_thousands_of_proposals(own_server):
    """Sums, limits, replacing and leaving must not depend on how many votes there are."""
    with TallyClient(own_server) as client:
        client.define("c", definition(
            phase_of("points", PROPOSALS, max_points=8_000, max_votes=3_999),
            phase_of("ranking", PROPOSALS, "ranks", max_votes=4_000)))
        points = client.vote_stream("c", "ph")
        points.send(*({"proposal": proposal, "account": "a", "points": 2}
                      for proposal in PROPOSALS))
        done = points.finish()
        assert points.refused == {4_000: "limit-reached"} and done["counted"] == 3_999
        again = client.vote_stream("c", "ph")
        again.send({"proposal": "p0000", "account": "a", "points": 4},
                   {"proposal": "p0001", "account": "a", "points": 3},
                   {"proposal": "p0002", "account": "a", "withdraw": True},
                   {"proposal": "p3999", "account": "a", "points": 3},
                   {"proposal": "p3999", "account": "a", "points": 2})
        again.finish()
        assert again.refused == {2: "over-budget", 4: "over-budget"}, "8,000 points are out"
        ranking = client.vote_stream("c", "ranks")
        ranking.send(*({"proposal": proposal, "account": "a", "rank": rank}
                       for rank, proposal in enumerate(reversed(PROPOSALS), 1)))
        assert ranking.finish()["counted"] == 4_000
        ranking = client.vote_stream("c", "ranks")
        ranking.send(*({"proposal": PROPOSALS[0], "account": "a", "rank": rank}
                       for rank in (1, 2_000, 3_999, 4_000)))
        done = ranking.finish()
        assert set(ranking.refused) == {1, 2, 3} and done["unchanged"] == 1
        assert set(ranking.refused.values()) == {"rank-taken"}
        assert len(client.held("a", "c", "ranks")) == 4_000
        counts = counts_of(client.tally("c", "ranks").json())
        assert [counts[proposal]["points"] for proposal in PROPOSALS] == list(range(1, 4_001))
        small = {"p0005": {"points": 9}}
        assert client.ballot("c", "ph", "a", small).json()["outcome"] == "replaced"
        assert client.held("a", "c", "ph") == small
        tally = client.tally("c", "ph").json()
        assert (tally["voters"], sum(count["votes"] for count in counts_of(tally).values())
                ) == (1, 1)
    own_server.restart(kill=True)
    with TallyClient(own_server) as client:
        client.close_phase("c", "ranks")
        check_seal(client, "c", "ranking", "ranks")
        assert client.snapshot().status == 200
    own_server.restart(kill=True)
    with TallyClient(own_server) as client:
        deletion = client.delete_account("a").json()
        assert (deletion["retracted"], deletion["frozen"]) == (1, 4_000)
        assert b'"counts":{"points":4000,"votes":1}' in check_seal(
            client, "c", "ranking", "ranks")


def test_a_stream_of_the_largest_ballots(client, name):
    """A hundred of 1,024 votes, each changed as a whole; beside them single votes."""
    client.define(name, definition(phase_of("choice", PROPOSALS[:1_025], choices=["yes", "no"])))
    first = dict.fromkeys(PROPOSALS[:1_024], {"choice": "yes"})
    second = dict.fromkeys(PROPOSALS[1:1_025], {"choice": "no"})
    stream = client.vote_stream(name, "ph")
    for number in range(100):
        account = f"{name}-{number}"
        stream.send({"account": account, **ballot_of(first)},
                    {"account": account, **ballot_of(second)},
                    {"account": f"{account}-b", "proposal": "p0000", "choice": "no"})
        stream.take_answers_at_hand()
    done = stream.finish()
    assert stream.refused == {}
    assert (done["lines"], done["counted"], done["replaced"]) == (300, 200, 100)
    tally = client.tally(name, "ph").json()
    assert tally["voters"] == 200
    assert set(map(str, counts_of(tally).values())) == {str({"yes": 0, "no": 100})}
    deletions = client.deletion_stream()
    deletions.send(*({"account": f"{name}-{number}"} for number in range(0, 100, 2)))
    assert deletions.finish()["retracted"] == 50 * 1_024
    tally = client.tally(name, "ph").json()
    assert tally["voters"] == 150 and counts_of(tally)["p0500"] == {"yes": 0, "no": 50}

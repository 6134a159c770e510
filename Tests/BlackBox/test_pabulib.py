"""Real elections of the Pabulib collection, ballot by ballot, against their official results.

Of ten voters one casts another ballot first and changes it, and beside one of ten somebody votes
with an account made up for it, which is deleted. None of it may show in the result. One election
lies in `data/` here, and small ones of each kind are written below; `TALLY_PABULIB` names a folder
of more.
"""

import os
import random
import threading
from pathlib import Path

import pytest

from consultations import counts_of, definition
from crowds import delete_all, send_all
from pabulib import Election
from seals import check_seal
from tally_client import TallyClient, ballot_of
from tally_server import REPOSITORY

STREAMS = 4
HERE = Path(__file__).parent / "data"
MORE = Path(os.environ.get(
    "TALLY_PABULIB", REPOSITORY.parent / "shared" / "data" / "pabulib"))
#: One voter of Częstochowa names a project four times; merged, its official votes are three more.
MERGED = {("poland_czestochowa_2020_.pb", "579"): {"votes": 701, "points": 5437}}

SMALL = {
    "approval": """META
key;value
num_projects;3
num_votes;4
vote_type;approval
max_length;2
PROJECTS
project_id;cost;votes
L5/04/VII;100;3
b;20;2
c;30;0
VOTES
voter_id;vote
1;L5/04/VII
2;b,L5/04/VII
3;L5/04/VII
4;b
""",
    "ordinal": """META
key;value
num_projects;4
num_votes;3
vote_type;ordinal
max_length;3
PROJECTS
project_id;cost;votes;score;name
1;100;3;8;"One; with a semicolon"
2;20;2;5;Two
3;20;2;3;Three
4;20;1;1;"The ""fourth\"""
VOTES
voter_id;vote;points
a;1,2,3;3,2,1
b;1,3,4;3,2,1
c;2,1;2,1
""",
    "cumulative": """META
key;value
num_projects;2
num_votes;3
vote_type;cumulative
max_sum_points;7
max_points;5
PROJECTS
project_id;cost;votes;score
x;100;3;9
y;20;1;5
VOTES
voter_id;points;vote
7;5,2;y,x
8;5;x
9;1,1;x,x
""",
}


def lanes_of(election, rng):
    """The lines of each stream, and the accounts made up.

    All votes of an account go by one stream, since order matters within an account.
    """
    lanes, made_up = [[] for _ in range(STREAMS)], []
    for number, ballot in enumerate(election.ballots()):
        lane, account = lanes[number % STREAMS], f"voter-{number}"
        chance = rng.random()
        if chance < 0.1 and number or number == 1:  # another ballot first, and a change of mind
            lane.append({"account": account, **ballot_of(election.any_ballot(rng))})
        elif chance < 0.2:
            made_up.append(f"made-up-{number}")
            lane.append({"account": made_up[-1], **ballot_of(election.any_ballot(rng))})
        elif chance < 0.3:  # vote by vote instead of as a whole
            lane += [{"account": account, "proposal": proposal, **carried}
                     for proposal, carried in ballot.items()]
            continue
        lane.append({"account": account, **ballot_of(ballot)})
    return lanes, made_up


def replay(server, election):
    """Defines, votes, changes and deletes; the phase's tally before the close."""
    rng = random.Random(election.meta["num_votes"])
    lanes, made_up = lanes_of(election, rng)
    with TallyClient(server) as client:
        assert client.define("pabulib", definition(election.phase())).status == 201
    where = ("pabulib", "ph")
    failures = []

    def vote_later():
        try:
            send_all(server, where, lanes[1:])
        except BaseException as error:
            failures.append(error)

    voting = threading.Thread(target=vote_later)
    voting.start()
    send_all(server, where, lanes[:1])
    # The made-up accounts of the first stream are deleted while the others still vote.
    first = [line["account"] for line in lanes[0] if line["account"].startswith("made-up")]
    assert delete_all(server, first)["deleted"] == len(first)
    voting.join()
    if failures:
        raise failures[0]
    rest = [account for account in made_up if account not in set(first)]
    deletions = delete_all(server, rest)
    assert (deletions["deleted"], deletions["frozen"]) == (len(rest), 0)
    with TallyClient(server) as client:
        return client.tally(*where).json()


def assert_official(tally, election, path):
    shown, official = counts_of(tally), election.official()
    assert list(shown) == list(official)
    for project, counts in official.items():
        counts = MERGED.get((path.name, project), counts)
        assert {name: shown[project][name] for name in counts} == counts, project
    assert tally["voters"] == len(election.votes)


def check(server, path):
    election = Election(path)
    assert_official(replay(server, election), election, path)
    with TallyClient(server) as client:
        client.close_phase("pabulib", "ph")
        seal = check_seal(client, "pabulib", election.kind, "ph")
        leavers = [f"voter-{number}" for number in range(0, len(election.votes), 10)]
        assert delete_all(server, leavers)["frozen"] >= len(leavers)
        assert check_seal(client, "pabulib", election.kind, "ph") == seal
        assert_official(client.tally("pabulib", "ph").json(), election, path)


@pytest.mark.parametrize("kind", SMALL)
def test_a_small_election_of_each_kind(own_server, tmp_path, kind):
    path = tmp_path / f"{kind}.pb"
    path.write_text(SMALL[kind], encoding="utf-8")
    check(own_server, path)


def test_the_citizens_budget_of_gdansk_2020(own_server):
    check(own_server, HERE / "poland_gdansk_2020_.pb")


@pytest.mark.parametrize(
    "path", sorted(MORE.glob("*.pb")) or [None], ids=lambda path: path.stem if path else "none")
def test_more_elections(own_server, path):
    if path is None:
        pytest.skip(f"no elections in {MORE}; TALLY_PABULIB names another folder")
    if (HERE / path.name).exists():
        pytest.skip("it is in data/ here, too")
    check(own_server, path)

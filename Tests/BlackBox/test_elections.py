"""Real votes: a national consultation and a municipal budget, exactly as they were counted.

The figures are official, the accounts made up. On the way people change their mind, leave and come
back under another name, and accounts are made, vote and are deleted to stuff the ballot. None of it
may show in the result.
"""

import csv
import os
import random
import threading
from pathlib import Path

from consultations import CHOICES, choice_phase, counts_of, definition, support_phase
from tally_client import TallyClient

DATA = Path(os.environ.get("TALLY_DATA", Path(__file__).parent / "data"))
CONSULTATION = DATA / "republique-numerique-2015.csv"
ELECTION = DATA / "poland_gdansk_2020_.pb"
STREAMS = 4


def send_all(server, where, lines_of_streams):
    """Several connections at once, a stream each; their summaries."""
    summaries, failures = [], []

    def send(lines):
        try:
            with TallyClient(server) as client:
                stream = client.vote_stream(*where)
                for first in range(0, len(lines), 1_000):
                    stream.send(*lines[first:first + 1_000])
                    stream.take_answers_at_hand()
                summaries.append(stream.finish())
                assert stream.refused == {}
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=send, args=(lines,)) for lines in lines_of_streams]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return summaries


def delete_all(server, accounts):
    with TallyClient(server) as client:
        stream = client.deletion_stream()
        stream.send(*({"account": account} for account in accounts))
        return stream.finish()


def test_the_digital_republic_consultation_of_2015(own_server):
    with open(CONSULTATION, newline="") as file:
        opinions = list(csv.DictReader(file))
    official = {row["opinion"]: {choice: int(row[choice]) for choice in CHOICES}
                for row in opinions}
    total = sum(sum(counts.values()) for counts in official.values())
    assert (len(official), total) == (696, 88_622), "the file is the official one"

    rng = random.Random(2015)
    # The k-th voter of every opinion is citizen k: nobody votes for one opinion twice. All votes
    # of a citizen go by one stream, since order matters within an account.
    lines = [[] for _ in range(STREAMS)]
    stuffed, leavers, voters, changes = [], set(), set(), 0
    for opinion, counts in official.items():
        votes = [choice for choice in CHOICES for _ in range(counts[choice])]
        rng.shuffle(votes)
        for number, choice in enumerate(votes):
            lane = lines[number % STREAMS]
            account = f"citizen-{number}"
            vote = {"proposal": opinion, "account": account, "choice": choice}
            chance = rng.random()
            if chance < 0.10:  # somebody who changes their mind
                changes += 1
                lane.append({**vote, "choice": rng.choice(CHOICES)})
            elif chance < 0.15:  # somebody who leaves, and comes back by another name
                leavers.add(f"leaver-{number}")
                lane.append({**vote, "account": f"leaver-{number}",
                             "choice": rng.choice(CHOICES)})
            elif chance < 0.20:  # an account made to stuff the ballot
                stuffed.append(f"stuffed-{opinion}-{number}")
                lane.append({**vote, "account": stuffed[-1], "choice": rng.choice(CHOICES)})
            elif chance < 0.22:  # somebody who withdraws a vote
                lane += [{"proposal": opinion, "account": f"undecided-{number}",
                          "choice": choice},
                         {"proposal": opinion, "account": f"undecided-{number}",
                          "withdraw": True}]
            lane.append(vote)
            voters.add(account)

    with TallyClient(own_server) as client:
        proposals = list(official)
        assert client.define("republique-numerique", definition(
            choice_phase(proposals=proposals), title={"fr": "République numérique"})
        ).status == 201
        where = ("republique-numerique", "opinions")
        summaries = send_all(own_server, where, lines)
        assert sum(summary["lines"] for summary in summaries) == sum(map(len, lines))
        deletions = delete_all(own_server, [*stuffed, *sorted(leavers)])
        assert deletions["deleted"] == len(stuffed) + len(leavers)
        assert deletions["retracted"] > 0 and deletions["frozen"] == 0
        tally = client.tally(*where).json()
        assert counts_of(tally) == official
        assert tally["voters"] == len(voters)

        client.close_phase(*where)
        after_close = delete_all(own_server, [f"citizen-{number}" for number in range(0, 500, 5)])
        assert after_close["frozen"] > 0 and after_close["retracted"] == 0
        tally = client.tally(*where).json()
        assert counts_of(tally) == official, "the result of a closed phase stands"
        assert tally["voters"] == len(voters)
    own_server.restart(kill=True)
    with TallyClient(own_server) as client:
        tally = client.tally(*where).json()
        assert counts_of(tally) == official and tally["voters"] == len(voters)


def read_pabulib(path):
    """Its projects with their official votes, and its ballots as `(voter, projects)`."""
    sections, section = {}, None
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.reader(file, delimiter=";"):
            if len(row) == 1 and row[0].strip() in ("META", "PROJECTS", "VOTES"):
                section = sections.setdefault(row[0].strip(), [])
            elif row:
                section.append(row)

    def table(name):
        names, *rows = sections[name]
        return [dict(zip(names, row)) for row in rows]

    meta = {row["key"]: row["value"] for row in table("META")}
    assert meta["vote_type"] == "approval" and int(meta["max_length"]) == 1
    official = {row["project_id"]: int(row["votes"]) for row in table("PROJECTS")}
    ballots = [(row["voter_id"], row["vote"].split(",")) for row in table("VOTES")]
    assert len(official) == int(meta["num_projects"])
    assert len(ballots) == int(meta["num_votes"])
    return official, ballots


def test_the_citizens_budget_of_gdansk_2020(own_server):
    official, ballots = read_pabulib(ELECTION)
    assert all(len(projects) == 1 for _, projects in ballots)
    rng = random.Random(2020)
    projects = list(official)
    lines, made_up = [[] for _ in range(STREAMS)], []
    for number, (voter, (project,)) in enumerate(ballots):
        lane = lines[number % STREAMS]
        account = f"voter-{voter}"
        chance = rng.random()
        if chance < 0.1:  # another project first, and then a change of mind
            other = rng.choice(projects)
            lane += [{"proposal": other, "account": account},
                     {"proposal": other, "account": account, "withdraw": True}]
        elif chance < 0.2:
            made_up.append(f"made-up-{number}")
            lane.append({"proposal": rng.choice(projects), "account": made_up[-1]})
        lane.append({"proposal": project, "account": account})

    with TallyClient(own_server) as client:
        assert client.define("gdansk", definition(
            support_phase("budget", projects))).status == 201
        voting = threading.Thread(
            target=lambda: send_all(own_server, ("gdansk", "budget"), lines[1:]))
        voting.start()
        send_all(own_server, ("gdansk", "budget"), lines[:1])
        # The made-up accounts of the first stream are deleted while the others still vote.
        first = [line["account"] for line in lines[0] if line["account"].startswith("made-up")]
        assert delete_all(own_server, first)["retracted"] == len(first)
        voting.join()
        rest = [account for account in made_up if account not in set(first)]
        assert delete_all(own_server, rest)["retracted"] == len(rest)
        tally = client.tally("gdansk", "budget").json()
        assert {project: counts["support"] for project, counts in counts_of(tally).items()
                } == official
        assert tally["voters"] == len(ballots)

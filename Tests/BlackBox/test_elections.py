"""A national consultation, exactly as it was counted.

The figures are official, the accounts made up. On the way people change their mind, leave and come
back under another name, and accounts are made, vote and are deleted to stuff the ballot. None of it
may show in the result.
"""

import csv
import os
import random
from pathlib import Path

from consultations import CHOICES, choice_phase, counts_of, definition
from crowds import delete_all, send_all
from tally_client import TallyClient

DATA = Path(os.environ.get("TALLY_DATA", Path(__file__).parent / "data"))
CONSULTATION = DATA / "republique-numerique-2015.csv"
STREAMS = 4


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

"""Definitions that race with the votes they are about: each vote is judged at its own position.

A connection decodes votes under the catalogue it knows; when a definition comes in between, the
votes must be judged again. A definition that would change what was voted is refused, so exactly one
of the two sides gives way, and which one is told by the answers.
"""

import copy
import threading

import pytest

from consultations import counts_of, definition, phase_of
from problems import code_of
from tally_client import TallyClient, consultation_path


class Changing(threading.Thread):
    """Changes what is being voted on, as fast as it can, on a connection of its own."""

    def __init__(self, server, work):
        super().__init__()
        self.client, self.work, self.unexpected = TallyClient(server), work, None

    def run(self):
        try:
            self.work(self.client)
        except BaseException as error:
            self.unexpected = error
        self.client.close()


def run_beside(server, work, votes):
    changing = Changing(server, work)
    changing.start()
    votes()
    changing.join()
    if changing.unexpected is not None:
        raise changing.unexpected


def test_a_cost_and_the_first_vote_race_and_only_one_wins(server, client, name):
    """Each cost rises above the budget while its first vote is on its way.

    Either the vote is first, and the cost is locked, or the cost is, and the vote is refused,
    though the connection may have decoded it under the definition before.
    """
    proposals = [f"p{number}" for number in range(200)]
    client.define(name, definition(phase_of("budget", dict.fromkeys(proposals, 5), budget=10)))
    answers = {}

    def raise_costs(changing):
        for proposal in proposals:
            answers[proposal] = changing.add_proposal(name, "ph", proposal, cost=11)

    stream = client.vote_stream(name, "ph")

    def vote():
        for number, proposal in enumerate(proposals, 1):
            stream.send({"account": f"{name}-{number}", "proposal": proposal})
            stream.wait_through(number)  # in step with the changes

    run_beside(server, raise_costs, vote)
    stream.finish()
    assert set(stream.refused.values()) <= {"over-budget"}
    shown = counts_of(client.tally(name, "ph").json())
    costs = {entry["id"]: entry["cost"] for entry in
             client.get(consultation_path(name)).json()["phases"][0]["proposals"]}
    for number, proposal in enumerate(proposals, 1):
        was_counted = number not in stream.refused
        assert shown[proposal] == {"support": int(was_counted)}
        if was_counted:
            assert code_of(answers[proposal]) == "rules-locked" and costs[proposal] == 5
        else:
            assert answers[proposal].status == 200 and costs[proposal] == 11


#: Before, after, a vote, its outcome and its counts under either.
REDEFINED = {
    "choices in another order": (
        phase_of("choice", choices=["a", "b"]), phase_of("choice", choices=["b", "c", "a"]),
        {"choice": "b"}, {"b": 1}, {"b": 1}),
    "a choice that goes": (
        phase_of("choice", choices=["a", "b"]), phase_of("choice", choices=["a"]),
        {"choice": "b"}, {"b": 1}, "invalid-vote"),
    "more ranks": (
        phase_of("ranking", max_votes=3), phase_of("ranking", max_votes=5), {"rank": 2},
        {"votes": 1, "points": 2}, {"votes": 1, "points": 4}),
    "fewer ranks": (
        phase_of("ranking", max_votes=3), phase_of("ranking", max_votes=1), {"rank": 2},
        {"votes": 1, "points": 2}, "invalid-vote"),
    "fewer points": (
        phase_of("points"), phase_of("points", max_points=4), {"points": 5},
        {"votes": 1, "points": 5}, "over-budget"),
    "a minimum": (
        phase_of("support"), phase_of("support", min_votes=2), {}, {"support": 1},
        {"support": 0}),
    "another kind": (
        phase_of("ranking", max_votes=3), phase_of("points"), {"rank": 1},
        {"votes": 1, "points": 3}, "invalid-vote"),
    "a kind that carries something": (
        phase_of("support"), phase_of("choice", choices=["a"]), {}, {"support": 1},
        "invalid-vote"),
    "a proposal that goes": (
        phase_of("support"), phase_of("support", ("p2", "p3")), {}, {"support": 1},
        "unknown-proposal"),
    "another place in the list": (
        phase_of("support"), phase_of("support", ("p3", "p2", "p1")), {}, {"support": 1},
        {"support": 1}),
}


@pytest.mark.parametrize("what", REDEFINED)
def test_a_vote_is_judged_by_the_definition_at_its_position(server, client, name, what):
    """A definition and the first vote race; the one that comes second meets the first."""
    before, after, carried, counts_before, counts_after = REDEFINED[what]
    rounds = [f"{name}-{number}" for number in range(20)]
    for consultation in rounds:
        client.define(consultation, definition(copy.deepcopy(before)))
    answers = {}

    def redefine(changing):
        for consultation in rounds:
            answers[consultation] = changing.define(consultation, definition(after))

    stream = client.vote_stream()

    def vote():
        for number, consultation in enumerate(rounds, 1):
            stream.send({"consultation": consultation, "phase": "ph", "proposal": "p1",
                         "account": f"{name}-a", **carried})
            stream.wait_through(number)

    run_beside(server, redefine, vote)
    stream.finish()
    for number, consultation in enumerate(rounds, 1):
        answer = answers[consultation]
        if answer.status != 200:
            assert code_of(answer) == "rules-locked"
        allowed = [counts_after] if answer.status == 200 else [counts_before]
        if what == "another place in the list":
            allowed = [counts_before]  # of the same meaning, so it is never refused
        for expected in allowed:
            if isinstance(expected, str):
                assert stream.refused.get(number) == expected
            else:
                assert number not in stream.refused
                shown = counts_of(client.tally(consultation, "ph").json())["p1"]
                assert {key: shown[key] for key in expected} == expected
                assert sum(shown.values()) == sum(expected.values())

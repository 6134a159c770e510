"""The judge is judged: stories with every figure written by hand."""

from consultations import choice_phase, phase_of, support_phase
from naive_model import NaiveModel


def test_votes_changes_and_deletions():
    model = NaiveModel()
    model.add_phase("c", support_phase("old", ["p", "q"]))
    model.add_phase("c", choice_phase("new", ["p"]), state="scheduled")
    agree, mixed = {"choice": "agree"}, {"choice": "mixed"}
    assert model.cast("a", "c", "old", "p", {}) == "counted"
    assert model.cast("a", "c", "old", "p", {}) == "unchanged"
    assert model.cast("a", "c", "old", "q", {}) == "counted"
    assert model.cast("b", "c", "old", "q", {}) == "counted"
    assert model.withdraw("b", "c", "old", "p") == "no-vote"
    assert model.cast("a", "c", "new", "p", agree) == "phase-not-open"
    model.set_state("c", "old", "closed")
    model.set_state("c", "new", "open")
    assert model.cast("a", "c", "new", "p", agree) == "counted"
    assert model.cast("a", "c", "new", "p", mixed) == "replaced"
    assert model.cast("b", "c", "new", "p", {"choice": "yes"}) == "invalid-vote"
    assert model.delete("a") == (1, 2)
    assert model.delete("a") == (0, 0)
    assert model.cast("a", "c", "old", "p", {}) == "account-deleted"
    assert model.tally("c", "old") == {
        "id": "old", "state": "closed", "voters": 2, "proposals": [
            {"id": "p", "counts": {"support": 1}}, {"id": "q", "counts": {"support": 2}}]}
    assert model.tally("c", "new")["voters"] == 0
    assert model.personal_data("a") is None
    assert model.personal_data("b") == [
        {"consultation": "c", "phase": "old", "proposal": "q", "counted": True}]
    assert model.remove("c") == "phase-not-closed"
    model.set_state("c", "new", "closed")
    assert model.remove("c") == "removed" and model.remove("c") == "unknown-consultation"
    assert model.removed_seals["c", "old"] == [
        b'{"consultation":"c","kind":"support","phase":"old","proposals":'
        b'[{"counts":{"support":1},"id":"p"},{"counts":{"support":2},"id":"q"}],"voters":2}']


def test_pending_votes_count_together():
    model = NaiveModel()
    model.add_phase("c", phase_of("support", min_votes=2, max_votes=2))

    def shown():
        tally = model.tally("c", "ph")
        return [tally["voters"], *(entry["counts"]["support"] for entry in tally["proposals"])]

    assert model.cast("a", "c", "ph", "p1", {}) == "pending"
    assert model.cast("a", "c", "ph", "p1", {}) == "unchanged"
    assert shown() == [0, 0, 0, 0] and not model.personal_data("a")[0]["counted"]
    assert model.cast("a", "c", "ph", "p3", {}) == "counted"
    assert model.cast("a", "c", "ph", "p2", {}) == "limit-reached"
    assert shown() == [1, 1, 0, 1]
    assert model.withdraw("a", "c", "ph", "p1") == "withdrawn"
    assert shown() == [0, 0, 0, 0]
    assert model.put_ballot("a", "c", "ph", [("p1", {}), ("p2", {})]) == "replaced"
    assert model.put_ballot("b", "c", "ph", [("p1", {}), ("p2", {})]) == "counted"
    assert model.put_ballot("d", "c", "ph", [("p1", {})]) == "pending"
    assert model.put_ballot("d", "c", "ph", [("p1", {}), ("p1", {})]) == "invalid-vote"
    assert shown() == [2, 2, 2, 0]
    assert model.put_ballot("b", "c", "ph", []) == "withdrawn"
    assert model.put_ballot("b", "c", "ph", []) == "unchanged"
    model.set_state("c", "ph", "closed")
    assert model.delete("d") == (0, 0) and model.delete("a") == (0, 2)
    assert shown() == [1, 1, 1, 0]


def test_ranks_points_and_budgets():
    model = NaiveModel()
    model.add_phase("c", phase_of("ranking", phase="r", max_votes=2))
    model.add_phase("c", phase_of("points", phase="s", max_points=5, max_points_per_proposal=4))
    model.add_phase("c", phase_of("budget", {"p1": 40, "p2": 60, "p3": 1}, "b", budget=100))
    for phase, proposal, carried, outcome in (
        ("r", "p1", {"rank": 1}, "counted"), ("r", "p2", {"rank": 1}, "rank-taken"),
        ("r", "p2", {"rank": 3}, "invalid-vote"), ("r", "p2", {"rank": 2}, "counted"),
        ("r", "p3", {"rank": 1}, "limit-reached"), ("r", "p1", {"rank": 2}, "rank-taken"),
        ("s", "p1", {"points": 4}, "counted"), ("s", "p2", {"points": 2}, "over-budget"),
        ("s", "p1", {"points": 5}, "invalid-vote"), ("s", "p1", {"points": 3}, "replaced"),
        ("s", "p2", {"points": 2}, "counted"), ("s", "p3", {}, "invalid-vote"),
        ("b", "p1", {}, "counted"), ("b", "p2", {}, "counted"), ("b", "p3", {}, "over-budget"),
        ("b", "p3", {"points": 1}, "invalid-vote"),
    ):
        assert model.cast("a", "c", phase, proposal, carried) == outcome, (phase, proposal)
    swapped = [("p1", {"rank": 2}), ("p2", {"rank": 1})]
    assert model.put_ballot("a", "c", "r", swapped) == "replaced"
    assert model.withdraw("a", "c", "r", "p2") == "withdrawn"
    assert [entry["counts"] for entry in model.tally("c", "r")["proposals"]] == [
        {"votes": 1, "points": 1}, {"votes": 0, "points": 0}, {"votes": 0, "points": 0}]
    assert [entry["counts"] for entry in model.tally("c", "s")["proposals"]] == [
        {"votes": 1, "points": 3}, {"votes": 1, "points": 2}, {"votes": 0, "points": 0}]


def test_rules_and_costs_lock_with_the_first_vote():
    model = NaiveModel()
    model.add_phase("c", phase_of("budget", {"p1": 40, "p2": 60}, budget=100))
    assert model.set_rule("c", "ph", {"kind": "budget", "budget": 50}) is None
    assert model.put_proposal("c", "ph", "p1", 45) is None
    assert model.cast("a", "c", "ph", "p2", {}) == "over-budget"
    assert model.cast("a", "c", "ph", "p1", {}) == "counted"
    assert model.withdraw("a", "c", "ph", "p1") == "withdrawn"
    assert model.set_rule("c", "ph", {"kind": "budget", "budget": 51}) == "rules-locked"
    assert model.put_proposal("c", "ph", "p1", 44) == "rules-locked"
    assert model.put_proposal("c", "ph", "p2", 5) is None
    assert model.put_proposal("c", "ph", "p3", 5) is None
    assert model.cast("a", "c", "ph", "p2", {}) == "counted"

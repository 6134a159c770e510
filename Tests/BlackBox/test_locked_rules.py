"""Rules lock for good with the first accepted vote, each by itself, and titles never do."""

import pytest

from consultations import counts_of, definition, phase_of
from problems import assert_problem
from tally_client import TallyClient, consultation_path

RULES = {
    "support": {"max_votes": 3, "min_votes": 2},
    "choice": {"choices": ["yes", "no"], "max_votes": 3, "min_votes": 2},
    "budget": {"budget": 100},
    "ranking": {"max_votes": 3},
    "points": {"max_votes": 3, "max_points": 9, "max_points_per_proposal": 5},
}
CARRIED = {"choice": {"choice": "yes"}, "ranking": {"rank": 2}, "points": {"points": 2}}


def phase_with(kind, **changes):
    """The phase of a kind; a rule given as None is left out."""
    rule = {key: value for key, value in {**RULES[kind], **changes}.items() if value is not None}
    return phase_of(kind, {"p1": 40, "p2": 60} if kind == "budget" else ("p1", "p2"), **rule)


def other_rules(kind):
    """Definitions that mean something else, by the word that says what."""
    for field, value in RULES[kind].items():
        if field == "choices":
            for choices in (["no", "yes", "maybe"], ["yes"], ["yes", "No"]):
                yield field, phase_with(kind, choices=choices)
            continue
        yield field, phase_with(kind, **{field: value - 1})
        yield field, phase_with(kind, **{field: value + 1})
        if kind in ("support", "choice", "points"):
            yield field, phase_with(kind, **{field: None})
    yield "results", phase_with(kind) | {"results": "after_close"}
    other = "choice" if kind == "support" else "support"
    # The costs go with the kind; of the others the proposals stay as they are.
    yield "kind", {**phase_with(other), "proposals": [{"id": "p1"}, {"id": "p2"}]}


def words_about(field):
    return {"kind": ("kind", "ballot"), "results": ("results",)}.get(field, (field,))


@pytest.mark.parametrize("kind", RULES)
def test_without_a_vote_every_rule_may_change(client, name, kind):
    client.define(name, definition(phase_with(kind)))
    # What is refused does not lock.
    client.vote(name, "ph", "p1", f"{name}-a", rank=0)
    client.ballot(name, "ph", f"{name}-a", {})
    for _, phase in other_rules(kind):
        assert client.define(name, definition(phase)).status == 200, phase["ballot"]
        got = client.get(consultation_path(name)).json()["phases"][0]
        assert {key: got["ballot"][key] for key in phase["ballot"]} == phase["ballot"]


@pytest.mark.parametrize("kind", RULES)
def test_one_vote_locks_every_rule_and_the_refusal_names_it(client, name, kind):
    client.define(name, definition(phase_with(kind)))
    assert client.vote(name, "ph", "p1", f"{name}-a", **CARRIED.get(kind, {})).status == 201
    tag = client.get(consultation_path(name)).headers["etag"]
    for field, phase in other_rules(kind):
        response = client.define(name, definition(phase))
        assert_problem(response, "rules-locked")
        detail = response.json()["detail"]
        assert "ph" in detail and any(word in detail for word in words_about(field)), (
            field, detail)
    assert client.get(consultation_path(name)).headers["etag"] == tag
    assert client.define(name, definition(phase_with(kind))).status == 200
    titled = phase_with(kind) | {"title": "Titled", "closes_at": "2199-01-01T00:00:00Z"}
    titled["proposals"][0]["title"] = "One"
    titled["proposals"].append({"id": "p3", **({"cost": 1} if kind == "budget" else {})})
    assert client.define(name, definition(titled)).status == 200


@pytest.mark.parametrize("how", ("withdrawn", "emptied", "deleted", "restarted"))
def test_a_lock_is_for_good(own_server, how):
    with TallyClient(own_server) as client:
        client.define("c", definition(phase_with("budget")))
        client.vote("c", "ph", "p1", "a")
        if how == "withdrawn":
            assert client.withdraw("c", "ph", "p1", "a").status == 200
        elif how == "emptied":
            assert client.ballot("c", "ph", "a", {}).json()["outcome"] == "withdrawn"
        else:
            assert client.delete_account("a").json()["retracted"] == 1
    if how == "restarted":
        own_server.restart(kill=True)
        with TallyClient(own_server) as client:
            client.snapshot()
        own_server.restart(kill=True)
    with TallyClient(own_server) as client:
        assert client.tally("c", "ph").json()["voters"] == 0
        assert_problem(
            client.define("c", definition(phase_with("budget", budget=99))), "rules-locked")
        for costs in ({"p1": 41, "p2": 60}, {"p2": 60}):
            phase = phase_of("budget", costs, budget=100)
            assert_problem(client.define("c", definition(phase)), "rules-locked")
        assert_problem(client.add_proposal("c", "ph", "p1", cost=39), "rules-locked")
        other_cost = phase_of("budget", {"p1": 40, "p2": 61}, budget=100)
        assert client.define("c", definition(other_cost)).status == 200, "nobody voted for p2"
        assert client.define("c", definition(
            phase_of("budget", {"p1": 40}, budget=100))).status == 200, "nor does it lock it"


def test_a_pending_vote_locks_too(client, name):
    client.define(name, definition(phase_with("support")))
    assert client.vote(name, "ph", "p1", f"{name}-a").json()["outcome"] == "pending"
    assert_problem(
        client.define(name, definition(phase_with("support", min_votes=1))), "rules-locked")
    without = phase_with("support")
    del without["proposals"][0]
    assert_problem(client.define(name, definition(without)), "rules-locked")


def test_every_proposal_of_a_ballot_is_locked(client, name):
    client.define(name, definition(phase_of("points", ("p1", "p2", "p3"))))
    client.ballot(name, "ph", f"{name}-a", {"p1": {"points": 1}, "p3": {"points": 1}})
    for left, allowed in ((("p1", "p3"), True), (("p1", "p2"), False), (("p2", "p3"), False)):
        response = client.define(name, definition(phase_of("points", left)))
        assert (response.status == 200) == allowed, (left, response)
    assert client.define(name, definition(phase_of("points", ("p3", "p9", "p1")))).status == 200
    assert [proposal["id"] for proposal in client.tally(name, "ph").json()["proposals"]
            ] == ["p3", "p9", "p1"]


def test_a_refused_vote_locks_nothing(client, name):
    phase = phase_of("budget", {"p1": 5}, budget=4)
    client.define(name, definition(phase))
    assert_problem(client.vote(name, "ph", "p1", f"{name}-a"), "over-budget")
    assert_problem(client.ballot(name, "ph", f"{name}-a", {"p1": {}}), "over-budget")
    assert_problem(client.withdraw(name, "ph", "p1", f"{name}-a"), "no-vote")
    assert client.define(name, definition(phase_of("budget", {"p1": 5}, budget=5))).status == 200
    assert client.vote(name, "ph", "p1", f"{name}-a").status == 201


def test_a_phase_that_is_closed_refuses_another_rule_as_closed(client, name):
    client.define(name, definition(phase_with("ranking")))
    client.vote(name, "ph", "p1", f"{name}-a", rank=1)
    client.close_phase(name, "ph")
    for _, phase in other_rules("ranking"):
        assert_problem(client.define(name, definition(phase)), "phase-closed")


def test_new_options_do_not_disturb_old_counts(client, name):
    """Choices change their order and number before the first vote; numbers must follow names."""
    for choices in (["a", "b", "c"], ["c", "a"], ["b", "c", "a"]):
        client.define(name, definition(phase_of("choice", choices=choices)))
    for account, choice in enumerate("aabccc"):
        client.vote(name, "ph", "p1", f"{name}-{account}", choice=choice)
    assert counts_of(client.tally(name, "ph").json())["p1"] == {"b": 1, "c": 3, "a": 2}
    assert client.define(name, definition(phase_of("choice", choices=["b", "c", "a"]))
                         ).status == 200

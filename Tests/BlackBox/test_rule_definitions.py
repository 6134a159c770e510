"""Ballot rules and costs in definitions: what they may be, and what is read back."""

import json

import pytest

from consultations import definition, phase_of
from problems import assert_problem
from tally_client import JSON, consultation_path

HUGE = 2 ** 53 - 1
MOST = 10 ** 6
#: Each rule at its widest and at its narrowest.
VALID = [
    phase_of("support"), phase_of("support", max_votes=1), phase_of("support", min_votes=0),
    phase_of("support", max_votes=MOST, min_votes=MOST),
    phase_of("support", max_votes=2, min_votes=2), phase_of("support", min_votes=7),
    phase_of("choice", choices=["a"], max_votes=3, min_votes=1),
    phase_of("choice", choices=["a", "b"], min_votes=2),
    phase_of("budget", {"p1": 0, "p2": HUGE}, budget=HUGE), phase_of("budget", (), budget=0),
    phase_of("budget", {"p1": 5}, budget=4),
    phase_of("ranking", max_votes=1), phase_of("ranking", max_votes=MOST),
    phase_of("points"), phase_of("points", max_votes=1), phase_of("points", max_points=1),
    phase_of("points", max_points_per_proposal=1),
    phase_of("points", max_votes=MOST, max_points=MOST, max_points_per_proposal=MOST),
    phase_of("points", max_votes=10, max_points=3, max_points_per_proposal=5),
]


@pytest.mark.parametrize("number", range(len(VALID)))
def test_get_returns_the_rule_and_the_costs_that_were_put(client, name, number):
    phase = VALID[number]
    assert client.define(name, definition(phase)).status == 201
    got = client.get(consultation_path(name)).json()["phases"][0]
    given = phase["ballot"]
    assert {key: got["ballot"][key] for key in given} == given
    assert set(got["ballot"]) <= {*given, "min_votes"}, "nothing is made up"
    assert got["proposals"] == phase["proposals"]
    assert client.define(name, definition(phase)).status == 200


INVALID = {
    "a ranking without max_votes": phase_of("ranking"),
    "a budget phase without budget": phase_of("budget", {"p1": 1}),
    "minimum above maximum": phase_of("support", min_votes=3, max_votes=2),
    "minimum above maximum of choice": phase_of("choice", choices=["a"], min_votes=2, max_votes=1),
    "max_votes 0": phase_of("support", max_votes=0),
    "max_votes 0 of ranking": phase_of("ranking", max_votes=0),
    "max_votes negative": phase_of("support", max_votes=-1),
    "max_votes above a million": phase_of("support", max_votes=MOST + 1),
    "max_votes far above": phase_of("ranking", max_votes=2 ** 32 + 1),
    "max_votes beyond any integer": phase_of("points", max_votes=10 ** 60),
    "min_votes negative": phase_of("support", min_votes=-1),
    "min_votes above a million": phase_of("support", min_votes=MOST + 1),
    "max_points 0": phase_of("points", max_points=0),
    "max_points above a million": phase_of("points", max_points=MOST + 1),
    "max_points_per_proposal 0": phase_of("points", max_points_per_proposal=0),
    "max_points_per_proposal above": phase_of("points", max_points_per_proposal=MOST + 1),
    "budget negative": phase_of("budget", budget=-1, proposals=()),
    "budget of 2^53": phase_of("budget", budget=HUGE + 1, proposals=()),
    "budget of 2^64": phase_of("budget", budget=2 ** 64, proposals=()),
    "cost negative": phase_of("budget", {"p1": -1}, budget=1),
    "cost of 2^53": phase_of("budget", {"p1": HUGE + 1}, budget=1),
    "cost missing": phase_of("budget", ("p1",), budget=1),
    "cost missing of one": {
        **phase_of("budget", budget=1, proposals=()),
        "proposals": [{"id": "p1", "cost": 1}, {"id": "p2"}]},
    "choices missing": phase_of("choice"),
    "max_votes of budget": phase_of("budget", {"p1": 1}, budget=1, max_votes=1),
    "min_votes of budget": phase_of("budget", {"p1": 1}, budget=1, min_votes=1),
    "min_votes of ranking": phase_of("ranking", max_votes=2, min_votes=1),
    "min_votes of points": phase_of("points", min_votes=1),
    "budget of support": phase_of("support", budget=1),
    "max_points of ranking": phase_of("ranking", max_votes=1, max_points=1),
    "max_points of support": phase_of("support", max_points=1),
    "max_points_per_proposal of choice":
        phase_of("choice", choices=["a"], max_points_per_proposal=1),
    "choices of support": phase_of("support", choices=["a"]),
    "choices of points": phase_of("points", choices=["a"]),
    **{f"a cost in {kind}": phase_of(kind, {"p1": 1}, **rule) for kind, rule in (
        ("support", {}), ("choice", {"choices": ["a"]}), ("ranking", {"max_votes": 1}),
        ("points", {}))},
}


@pytest.mark.parametrize("what", INVALID)
def test_an_invalid_rule(client, name, what):
    assert_problem(client.define(name, definition(INVALID[what])), "invalid-definition")
    assert_problem(client.get(consultation_path(name)), "unknown-consultation")


FIELDS = {"max_votes": "points", "max_points": "points", "max_points_per_proposal": "points",
          "min_votes": "support", "budget": "budget"}


@pytest.mark.parametrize("field", [*FIELDS, "cost"])
def test_a_rule_that_is_no_integer_is_malformed(client, name, field):
    kind = FIELDS.get(field, "budget")
    for value in (b"1.0", b"1e3", b"1E0", b'"1"', b"true", b"null", b"[1]", b"{}", b"-1.5"):
        phase = phase_of(kind, {"p1": 7} if kind == "budget" else ("p1",),
                         **({"budget": 7} if kind == "budget" else {}), **(
                             {field: 7} if field not in ("budget", "cost") else {}))
        body = json.dumps(definition(phase)).encode()
        body = body.replace(b'"%s": 7' % field.encode(), b'"%s": %s' % (field.encode(), value))
        assert value in body
        response = client.request("PUT", consultation_path(name), [JSON], body=body)
        assert_problem(response, "malformed")


def test_an_unknown_or_repeated_key_in_a_ballot_is_malformed(client, name):
    for ballot in (b'{"kind":"support","max_vote":1}',
                   b'{"kind":"support","max_votes":1,"max_votes":1}',
                   b'{"kind":"points","max_points":1,"max_p\\u006fints":1}'):
        body = b'{"phases":[{"id":"a","ballot":%s,"proposals":[]}]}' % ballot
        assert_problem(
            client.request("PUT", consultation_path(name), [JSON], body=body), "malformed")


def test_results_are_live_or_after_close(client, name):
    for results, code in (("later", "invalid-definition"), ("", "invalid-definition"),
                          (True, "malformed")):
        response = client.define(name, definition(phase_of("support") | {"results": results}))
        assert_problem(response, code)
    for number, results in enumerate(("live", "after_close")):
        phase = phase_of("support") | {"results": results}
        assert client.define(f"{name}-{number}", definition(phase)).status == 201
        got = client.get(consultation_path(f"{name}-{number}")).json()["phases"][0]
        assert got["results"] == results


def test_definitions_are_compared_by_meaning(client, name):
    """The same rule in another spelling is the same, also when it is locked."""
    phases = (phase_of("support", max_votes=3), phase_of("points", phase="points", max_points=4))
    same = (phase_of("support", min_votes=1, max_votes=3) | {"results": "live"},
            phase_of("points", phase="points", max_points=4) | {"title": "Points"})
    assert client.define(name, definition(*phases)).status == 201
    client.vote(name, "ph", "p1", f"{name}-a")
    client.vote(name, "points", "p1", f"{name}-a", points=4)
    assert client.define(name, definition(*same)).status == 200
    zero = (phase_of("support", min_votes=0, max_votes=3), same[1])
    assert client.define(name, definition(*zero)).status == 200
    client.close_phase(name, "ph")
    assert client.define(name, definition(*phases)).status == 200
    for phase in ("ph", "points"):
        assert client.tally(name, phase).json()["voters"] == 1


def test_a_tag_changes_with_rules_and_costs(client, name):
    tags = set()
    for phase in (phase_of("budget", {"p1": 1}, budget=9), phase_of("budget", {"p1": 2}, budget=9),
                  phase_of("budget", {"p1": 1}, budget=8), phase_of("support", ("p1",)),
                  phase_of("support", ("p1",), max_votes=1)):
        client.define(name, definition(phase))
        tags.add(client.get(consultation_path(name)).headers["etag"])
    assert len(tags) == 5


def test_one_proposal_with_its_cost_is_added_and_changed(client, name):
    client.define(name, definition(
        phase_of("budget", {"p1": 40}, budget=100), phase_of("support", phase="ideas")))

    def put(proposal, **fields):
        return client.add_proposal(name, "ph", proposal, **fields)

    assert put("p2", cost=60, title="Two").status == 201
    assert put("p2", cost=60, title="Two").status == 200
    assert_problem(put("p3"), "invalid-definition")
    assert_problem(put("p3", cost=-1), "invalid-definition")
    assert_problem(put("p3", cost=HUGE + 1), "invalid-definition")
    assert_problem(put("p3", cost="1"), "malformed")
    assert_problem(put("p3", cost=1.5), "malformed")
    assert_problem(put("p2", title="Two"), "invalid-definition")
    assert_problem(client.add_proposal(name, "ideas", "p9", cost=1), "invalid-definition")
    assert client.vote(name, "ph", "p1", f"{name}-a").status == 201
    assert client.vote(name, "ph", "p2", f"{name}-a").status == 201
    assert put("p3", cost=1).status == 201
    assert_problem(client.vote(name, "ph", "p3", f"{name}-a"), "over-budget")
    assert put("p3", cost=0).status == 200, "nobody has voted for it"
    assert client.vote(name, "ph", "p3", f"{name}-a").status == 201
    assert_problem(put("p3", cost=1), "rules-locked")
    assert put("p3", cost=0, title="Three").status == 200
    assert client.get(consultation_path(name)).json()["phases"][0]["proposals"] == [
        {"id": "p1", "cost": 40}, {"id": "p2", "cost": 60, "title": "Two"},
        {"id": "p3", "cost": 0, "title": "Three"}]
    client.close_phase(name, "ph")
    assert_problem(put("p3", cost=2), "phase-closed")
    assert_problem(put("p4", cost=2), "phase-closed")
    assert put("p3", cost=0, title="3").status == 200

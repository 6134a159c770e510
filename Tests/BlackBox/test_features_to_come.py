"""What the contract describes and this version does not do yet is refused by name.

Never half done, and never accepted and ignored: a rule that is silently dropped would count votes
that it forbids. When a feature lands, its tests take the place of its line here.
"""

import pytest

from consultations import choice_phase, definition, support_phase
from problems import assert_problem
from tally_client import consultation_path

BALLOTS = {
    "budget": {"kind": "budget", "budget": 100},
    "ranking": {"kind": "ranking", "max_votes": 3},
    "points": {"kind": "points", "max_points": 10},
    "max_votes of support": {"kind": "support", "max_votes": 3},
    "min_votes of support": {"kind": "support", "min_votes": 2},
    "max_votes of choice": {"kind": "choice", "choices": ["a", "b"], "max_votes": 3},
}


@pytest.mark.parametrize("what", BALLOTS)
def test_other_kinds_and_rules_are_invalid_definitions(client, name, what):
    phase = {"id": "ph", "ballot": BALLOTS[what], "proposals": [{"id": "p"}]}
    assert_problem(client.define(name, definition(phase)), "invalid-definition")


def test_withheld_results_are_an_invalid_definition(client, name):
    withheld = definition(choice_phase(results="after_close"))
    assert_problem(client.define(name, withheld), "invalid-definition")
    assert client.define(name, definition(choice_phase(results="live"))).status == 201


@pytest.mark.parametrize("accepted", ("text/csv", "text/event-stream"))
def test_other_representations_are_not_acceptable(client, consultation, accepted):
    for where in ((), ("opinions",), ("opinions", "p1")):
        path = consultation_path(consultation, *where) + "/tally"
        assert_problem(client.get(path, ("accept", accepted)), "not-acceptable")


def test_personal_data_as_csv_is_not_acceptable(client, name):
    assert_problem(client.personal_data(name, ("accept", "text/csv")), "not-acceptable")


@pytest.mark.parametrize("method, path", (
    ("GET", "/v1/consultations/{c}/phases/opinions/seal"),
    ("PUT", "/v1/consultations/{c}/phases/opinions/ballots/a"),
    ("GET", "/v1/admin/erasure"), ("GET", "/v1/admin/audit"),
    ("GET", "/openapi.json"), ("GET", "/"),
))
def test_other_routes_are_not_found(client, consultation, method, path):
    response = client.request(method, path.format(c=consultation))
    assert_problem(response, "not-found")


def test_a_consultation_cannot_be_removed(client, consultation):
    client.close_phase(consultation, "opinions")
    client.close_phase(consultation, "ideas")
    response = client.request("DELETE", consultation_path(consultation))
    assert_problem(response, "method-not-allowed")
    assert client.get(consultation_path(consultation)).status == 200


def test_a_whole_ballot_in_a_line_is_refused(client, consultation):
    stream = client.vote_stream(consultation, "ideas")
    stream.send({"account": f"{consultation}-a", "votes": [{"proposal": "p1"}]},
                {"proposal": "p1", "account": f"{consultation}-b"})
    done = stream.finish()
    assert set(stream.refused) == {1} and done["counted"] == 1

"""Consultations: how they are put, read, replaced and refused."""

import json

import pytest

from consultations import choice_phase, counts_of, definition, support_phase
from problems import assert_problem
from tally_client import JSON, consultation_path


def put_raw(client, name, body, *headers):
    return client.request("PUT", consultation_path(name), [JSON, *headers], body=body)


def test_put_creates_and_put_again_replaces(client, name):
    assert client.define(name, definition(choice_phase())).status == 201
    replaced = client.define(name, definition(choice_phase(), support_phase()))
    assert replaced.status == 200
    phases = client.get(consultation_path(name)).json()["phases"]
    assert [phase["id"] for phase in phases] == ["opinions", "ideas"]


def test_get_returns_what_was_put_with_each_state(client, name):
    put = definition(
        choice_phase(title={"en": "Your opinion", "fr": "Votre avis"},
                     closes_at="2199-12-01T20:00:00Z"),
        support_phase(opens_at="2198-11-01T08:00:00+01:00"),
        title="Budget 2027", time_zone="Europe/Paris")
    assert client.define(name, put).status == 201
    got = client.get(consultation_path(name)).json()
    assert got["title"] == "Budget 2027"
    assert got["time_zone"] == "Europe/Paris"
    opinions, ideas = got["phases"]
    assert opinions["state"] == "open" and ideas["state"] == "scheduled"
    assert opinions["title"] == {"en": "Your opinion", "fr": "Votre avis"}
    assert opinions["ballot"] == {"kind": "choice", "choices": ["agree", "mixed", "disagree"]}
    assert opinions["closes_at"] == "2199-12-01T20:00:00Z"
    assert [proposal["id"] for proposal in opinions["proposals"]] == ["p1", "p2"]
    assert ideas["opens_at"] == "2198-11-01T08:00:00+01:00"
    assert ideas["opens_at_instant"].startswith("2198-11-01T07:00:00")
    assert ideas["ballot"]["kind"] == "support"


def test_a_local_time_is_read_in_the_time_zone(client, name):
    client.define(name, definition(
        choice_phase(opens_at="2198-07-01T08:00:00", closes_at="2198-12-01T20:00:00"),
        time_zone="Europe/Paris"))
    phase = client.get(consultation_path(name)).json()["phases"][0]
    assert phase["opens_at_instant"].startswith("2198-07-01T06:00:00")
    assert phase["closes_at_instant"].startswith("2198-12-01T19:00:00")


def test_a_local_time_without_a_time_zone_is_utc(client, name):
    client.define(name, definition(choice_phase(opens_at="2198-07-01T08:00:00")))
    phase = client.get(consultation_path(name)).json()["phases"][0]
    assert phase["opens_at_instant"].startswith("2198-07-01T08:00:00")


def test_list_names_each_consultation_with_its_title(client, name):
    client.define(name, definition(choice_phase(), title={"fr": "Consultation"}))
    listed = client.get("/v1/consultations").json()["consultations"]
    assert {"id": name, "title": {"fr": "Consultation"}} in listed


def test_an_unknown_consultation_is_not_found(client, name):
    assert_problem(client.get(consultation_path(name)), "unknown-consultation")


def test_a_definition_has_a_strong_tag_that_states_and_votes_leave_alone(client, consultation):
    tag = client.get(consultation_path(consultation)).headers["etag"]
    assert tag.startswith('"') and tag.endswith('"') and len(tag) > 2
    client.vote(consultation, "opinions", "p1", f"{consultation}-a", choice="agree")
    client.close_phase(consultation, "ideas")
    assert client.get(consultation_path(consultation)).headers["etag"] == tag
    client.define(consultation, definition(choice_phase(title="Titled"), support_phase()))
    assert client.get(consultation_path(consultation)).headers["etag"] != tag


def test_if_match_lets_only_the_known_definition_be_replaced(client, consultation):
    path = consultation_path(consultation)
    tag = client.get(path).headers["etag"]
    first = definition(choice_phase(title="first"), support_phase())
    second = definition(choice_phase(title="second"), support_phase())
    assert client.define(consultation, first, ("if-match", tag)).status == 200
    assert_problem(
        client.define(consultation, second, ("if-match", tag)), "precondition-failed")
    assert client.get(path).json()["phases"][0]["title"] == "first"
    now = client.get(path).headers["etag"]
    listed = f'"something else", {now}'
    assert client.define(consultation, second, ("if-match", listed)).status == 200
    assert client.define(consultation, first, ("if-match", "*")).status == 200


def test_if_match_of_a_consultation_that_is_not_there_fails(client, name):
    for tag in ("*", '"abc"'):
        assert_problem(
            client.define(name, definition(choice_phase()), ("if-match", tag)),
            "precondition-failed")
    assert_problem(client.get(consultation_path(name)), "unknown-consultation")


def test_a_weak_tag_never_matches_strongly(client, consultation):
    tag = client.get(consultation_path(consultation)).headers["etag"]
    assert_problem(
        client.define(consultation, definition(choice_phase()), ("if-match", f"W/{tag}")),
        "precondition-failed")


def test_a_conditional_get_never_hides_a_state(client, consultation):
    """The tag is that of the definition alone, so it must not vouch for states."""
    path = consultation_path(consultation)
    tag = client.get(path).headers["etag"]
    client.close_phase(consultation, "opinions")
    response = client.get(path, ("if-none-match", tag))
    assert response.status == 200
    assert response.json()["phases"][0]["state"] == "closed"


MALFORMED = {
    "not JSON": b"{",
    "empty": b"",
    "not an object": b"[]",
    "null": b"null",
    "something behind the value": b'{"phases":[]} x',
    "duplicate key": b'{"phases":[],"phases":[]}',
    "duplicate key, escaped": b'{"phases":[],"ph\\u0061ses":[]}',
    "unknown key": b'{"phases":[],"colour":"red"}',
    "phases missing": b'{"title":"x"}',
    "phases of a wrong type": b'{"phases":{}}',
    "title of a wrong type": b'{"title":5,"phases":[]}',
    "title of a language of a wrong type": b'{"title":{"en":5},"phases":[]}',
    "phase without id": b'{"phases":[{"ballot":{"kind":"support"},"proposals":[]}]}',
    "phase without ballot": b'{"phases":[{"id":"a","proposals":[]}]}',
    "unknown key in a phase":
        b'{"phases":[{"id":"a","ballot":{"kind":"support"},"proposals":[],"x":1}]}',
    "unknown key in a ballot":
        b'{"phases":[{"id":"a","ballot":{"kind":"support","x":1},"proposals":[]}]}',
    "duplicate key in a proposal":
        b'{"phases":[{"id":"a","ballot":{"kind":"support"},"proposals":[{"id":"p","id":"p"}]}]}',
    "unknown key in a proposal":
        b'{"phases":[{"id":"a","ballot":{"kind":"support"},"proposals":[{"id":"p","x":1}]}]}',
    "a fraction for an integer":
        b'{"phases":[{"id":"a","ballot":{"kind":"support","max_votes":1.0},"proposals":[]}]}',
    "an exponent for an integer":
        b'{"phases":[{"id":"a","ballot":{"kind":"support","max_votes":1e0},"proposals":[]}]}',
    "lone surrogate": b'{"title":"\\ud800","phases":[]}',
    "bad UTF-8": b'{"title":"\xff","phases":[]}',
    "overlong UTF-8": b'{"title":"\xc0\xaf","phases":[]}',
    "raw control character": b'{"title":"a\nb","phases":[]}',
    "empty id": b'{"phases":[{"id":"","ballot":{"kind":"support"},"proposals":[]}]}',
    "id of dots": b'{"phases":[{"id":"..","ballot":{"kind":"support"},"proposals":[]}]}',
    "id with a control character":
        b'{"phases":[{"id":"a\\u0085","ballot":{"kind":"support"},"proposals":[]}]}',
    "an instant that is none":
        b'{"phases":[{"id":"a","opens_at":5,"ballot":{"kind":"support"},"proposals":[]}]}',
    "deep nesting": b'{"title":' + b"[" * 20_000 + b"]" * 20_000 + b',"phases":[]}',
}


@pytest.mark.parametrize("what", MALFORMED)
def test_malformed_definition(client, name, what):
    assert_problem(put_raw(client, name, MALFORMED[what]), "malformed")
    assert_problem(client.get(consultation_path(name)), "unknown-consultation")


INVALID = {
    "dates reversed": definition(
        choice_phase(opens_at="2198-01-02T00:00:00Z", closes_at="2198-01-01T00:00:00Z")),
    "unknown zone": definition(choice_phase(), time_zone="Mars/Olympus"),
    "the same phase twice": definition(choice_phase(), choice_phase()),
    "the same proposal twice": definition(choice_phase(proposals=["p", "p"])),
    "the same choice twice": definition(choice_phase(choices=["yes", "yes"])),
    "no choices": definition(choice_phase(choices=[])),
    "unknown kind": definition({"id": "a", "ballot": {"kind": "shouting"}, "proposals": []}),
}


@pytest.mark.parametrize("what", INVALID)
def test_invalid_definition(client, name, what):
    assert_problem(client.define(name, INVALID[what]), "invalid-definition")
    assert_problem(client.get(consultation_path(name)), "unknown-consultation")


def test_any_legal_spelling_of_the_same_definition_means_the_same(client, name):
    plain = definition(choice_phase(title="été"), title={"en": "x", "fr": "y"})
    spelled = (b' \r\n\t{ "phases" : [ { "proposals":[{"id":"p1"},{"id":"\\u00702"}],'
               b'"ballot":{"choices":["agree","mixed","disagree"],"kind":"choice"},'
               b'"title":"\\u00e9t\\u00E9","id":"opinions"} ],\n'
               b'"title":{"fr":"y","en":"x"}}\n')
    assert client.define(name, plain).status == 201
    tag = client.get(consultation_path(name)).headers["etag"]
    assert put_raw(client, name, spelled).status == 200
    assert client.get(consultation_path(name)).headers["etag"] == tag


def test_content_type_of_a_definition(client, name):
    body = json.dumps(definition(choice_phase())).encode()
    path = consultation_path(name)
    for kind in ("text/plain", "application/x-ndjson", "application/x-www-form-urlencoded"):
        assert_problem(
            client.request("PUT", path, [("content-type", kind)], body=body),
            "unsupported-media-type")
    assert client.request("PUT", path, [], body=body).status == 201
    for kind in ("application/json; charset=utf-8", "Application/JSON"):
        assert client.request("PUT", path, [("content-type", kind)], body=body).status == 200


def test_a_definition_of_8_mib_is_taken_and_a_larger_one_is_too_large(client, name):
    limit = 8 << 20
    frame = json.dumps(definition(choice_phase(), title="")).encode()
    at_limit = frame.replace(b'""', b'"' + b"x" * (limit - len(frame)) + b'"')
    assert len(at_limit) == limit
    assert_problem(put_raw(client, name, at_limit + b" "), "too-large")
    assert_problem(client.get(consultation_path(name)), "unknown-consultation")
    assert put_raw(client, name, at_limit).status == 201


def test_10000_proposals_are_taken_and_one_more_is_not(client, name):
    proposals = [f"p{number}" for number in range(10_001)]
    too_many = client.define(name, definition(support_phase(proposals=proposals)))
    assert_problem(too_many, "too-large", "invalid-definition")
    assert client.define(name, definition(support_phase(proposals=proposals[:-1]))).status == 201
    assert client.vote(name, "ideas", "p9999", f"{name}-a").status == 201
    assert client.add_proposal(name, "ideas", "one-more").status in (413, 422)


def test_sending_the_same_again_is_accepted_after_votes_and_after_the_close(client, consultation):
    client.vote(consultation, "opinions", "p1", f"{consultation}-a", choice="agree")
    same = definition(choice_phase(), support_phase())
    assert client.define(consultation, same).status == 200
    client.close_phase(consultation, "opinions")
    assert client.define(consultation, same).status == 200


def test_votes_lock_the_rules(client, consultation):
    assert client.define(
        consultation, definition(choice_phase(choices=["yes", "no", "agree"]), support_phase())
    ).status == 200, "without a vote everything may change"
    assert client.define(
        consultation, definition(choice_phase(), support_phase())).status == 200
    client.vote(consultation, "opinions", "p1", f"{consultation}-a", choice="agree")
    refused = {
        "a choice removed": choice_phase(choices=["agree", "mixed"]),
        "a choice added": choice_phase(choices=["agree", "mixed", "disagree", "unsure"]),
        "a choice renamed": choice_phase(choices=["agrees", "mixed", "disagree"]),
        "another kind": {**choice_phase(), "ballot": {"kind": "support"}},
        "a locked proposal removed": choice_phase(proposals=["p2"]),
    }
    for what, phase in refused.items():
        response = client.define(consultation, definition(phase, support_phase()))
        assert response.status == 409, what
        assert_problem(response, "rules-locked")
    assert_problem(client.define(consultation, definition(support_phase())), "rules-locked")
    assert client.tally(consultation, "opinions").json()["voters"] == 1


def test_a_lock_outlives_the_vote_that_made_it(client, consultation):
    where = (consultation, "opinions", "p1", f"{consultation}-a")
    client.vote(*where, choice="agree")
    client.withdraw(*where)
    client.delete_account(where[3])
    assert_problem(
        client.define(consultation, definition(choice_phase(proposals=["p2"]), support_phase())),
        "rules-locked")


def test_titles_new_phases_and_new_proposals_are_always_allowed(client, consultation):
    client.vote(consultation, "opinions", "p1", f"{consultation}-a", choice="agree")
    changed = definition(
        choice_phase(proposals=["p0", "p1", "p2"], title="Opinions",
                     closes_at="2199-01-01T00:00:00Z"),
        support_phase(title="Ideas"), support_phase("petition", ["q"]), title="All titled")
    assert client.define(consultation, changed).status == 200
    tally = client.tally(consultation).json()
    assert [phase["id"] for phase in tally["phases"]] == ["opinions", "ideas", "petition"]
    assert counts_of(tally["phases"][0]) == {
        "p0": {"agree": 0, "mixed": 0, "disagree": 0},
        "p1": {"agree": 1, "mixed": 0, "disagree": 0},
        "p2": {"agree": 0, "mixed": 0, "disagree": 0}}


def test_a_proposal_without_a_vote_may_go_and_come_back_with_no_votes(client, consultation):
    client.vote(consultation, "opinions", "p1", f"{consultation}-a", choice="agree")
    without = definition(choice_phase(proposals=["p1"]), support_phase())
    assert client.define(consultation, without).status == 200
    assert_problem(
        client.vote(consultation, "opinions", "p2", f"{consultation}-a", choice="agree"),
        "unknown-proposal")
    assert client.define(
        consultation, definition(choice_phase(), support_phase())).status == 200
    assert client.vote(
        consultation, "opinions", "p2", f"{consultation}-a", choice="agree").status == 201


def test_a_closed_phase_keeps_everything_but_its_titles(client, consultation):
    client.vote(consultation, "opinions", "p1", f"{consultation}-a", choice="agree")
    client.close_phase(consultation, "opinions")
    before = client.tally(consultation, "opinions").json()["proposals"]
    for phase in (
        choice_phase(proposals=["p1", "p2", "p3"]), choice_phase(proposals=["p1"]),
        choice_phase(choices=["agree", "mixed"]), choice_phase(closes_at="2199-01-01T00:00:00Z"),
    ):
        assert_problem(
            client.define(consultation, definition(phase, support_phase())), "phase-closed")
    assert_problem(client.add_proposal(consultation, "opinions", "p3"), "phase-closed")
    titled = definition(
        {**choice_phase(title="Closed"), "proposals": [{"id": "p1", "title": "One"}, {"id": "p2"}]},
        support_phase())
    assert client.define(consultation, titled).status == 200
    assert client.tally(consultation, "opinions").json()["proposals"] == before
    assert_problem(
        client.define(consultation, definition(support_phase())), "phase-closed", "rules-locked")


def test_opens_at_cannot_move_once_the_phase_is_open(client, consultation):
    moved = definition(choice_phase(opens_at="2198-01-01T00:00:00Z"), support_phase())
    assert client.define(consultation, moved).status in (409, 422)
    assert client.get(consultation_path(consultation)).json()["phases"][0]["state"] == "open"


def test_a_scheduled_opening_can_be_moved(client, name):
    client.define(name, definition(choice_phase(opens_at="2198-01-01T00:00:00Z")))
    earlier = definition(choice_phase(opens_at="2020-01-01T00:00:00Z"))
    assert client.define(name, earlier).status == 200
    assert client.get(consultation_path(name)).json()["phases"][0]["state"] == "open"


def test_a_close_moved_into_the_past_closes_at_that_command(client, consultation):
    where = (consultation, "opinions", "p1", f"{consultation}-a")
    client.vote(*where, choice="agree")
    past = definition(choice_phase(closes_at="2020-01-01T00:00:00Z"), support_phase())
    assert client.define(consultation, past).status == 200
    assert_problem(client.vote(*where, choice="mixed"), "phase-closed")
    tally = client.tally(consultation, "opinions").json()
    assert tally["state"] == "closed"
    assert counts_of(tally)["p1"]["agree"] == 1, "votes cast before the command stay"


def test_one_proposal_is_added_changed_and_locked(client, consultation):
    path = consultation_path(consultation, "opinions", "p3")
    assert client.add_proposal(consultation, "opinions", "p3", title="Three").status == 201
    assert client.add_proposal(consultation, "opinions", "p3", title="Three").status == 200
    assert client.add_proposal(consultation, "opinions", "p3", title="Changed").status == 200
    assert client.vote(
        consultation, "opinions", "p3", f"{consultation}-a", choice="mixed").status == 201
    assert client.add_proposal(consultation, "opinions", "p3", title="Changed").status == 200
    proposals = client.get(consultation_path(consultation)).json()["phases"][0]["proposals"]
    assert proposals[-1] == {"id": "p3", "title": "Changed"}
    assert_problem(client.put_json(path, {"id": "p3", "colour": 1}), "malformed")
    assert_problem(client.add_proposal(consultation, "nowhere", "p3"), "unknown-phase")
    assert_problem(client.add_proposal("no-such", "opinions", "p3"), "unknown-consultation")

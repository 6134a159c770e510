"""What is held about one person, for that person."""

import csv
import io

from consultations import choice_phase, definition, phase_of, ranks, support_phase
from naive_model import sorted_votes
from problems import assert_problem

CSV = ("accept", "text/csv")


def rows_of(response):
    """The rows of a download, each by its names."""
    assert response.status == 200, response
    assert response.headers["content-type"].split(";")[0] == "text/csv"
    text = response.body.decode("utf-8")
    assert text.split("\n")[0].rstrip("\r") == "consultation,phase,proposal,value,counted"
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_an_account_never_seen_has_no_votes(client, name):
    response = client.personal_data(f"{name}-never")
    assert response.status == 200
    data = response.json()
    assert set(data) == {"account", "sequence", "votes"}
    assert (data["account"], data["votes"]) == (f"{name}-never", [])


def test_everything_held_about_an_account_in_every_phase(client, name):
    account = f"{name}-a"
    expected = []
    for consultation in (f"{name}-x", f"{name}-y"):
        client.define(consultation, definition(choice_phase(), support_phase()))
        client.vote(consultation, "opinions", "p2", account, choice="mixed")
        client.vote(consultation, "opinions", "p1", account, choice="agree")
        client.vote(consultation, "ideas", "p1", account)
        client.vote(consultation, "ideas", "p2", account)
        last = client.withdraw(consultation, "ideas", "p2", account).json()["sequence"]
        base = {"consultation": consultation, "counted": True}
        expected += [
            {**base, "phase": "opinions", "proposal": "p1", "choice": "agree"},
            {**base, "phase": "opinions", "proposal": "p2", "choice": "mixed"},
            {**base, "phase": "ideas", "proposal": "p1"}]
    client.vote(f"{name}-x", "opinions", "p1", f"{name}-other", choice="agree")
    client.close_phase(f"{name}-x", "opinions")
    data = client.personal_data(account).json()
    assert sorted_votes(data["votes"]) == sorted_votes(expected), "closed phases, too"
    assert data["sequence"] >= last


def test_it_includes_every_acknowledged_vote_at_once(client, consultation):
    account = f"{consultation}-a"
    for number in range(50):
        proposal = ("p1", "p2")[number % 2]
        choice = ("agree", "mixed", "disagree")[number % 3]
        answer = client.vote(consultation, "opinions", proposal, account, choice=choice).json()
        data = client.personal_data(account).json()
        assert data["sequence"] >= answer["sequence"]
        assert {"consultation": consultation, "phase": "opinions", "proposal": proposal,
                "choice": choice, "counted": True} in data["votes"]


def test_after_a_deletion_it_is_gone(client, consultation):
    account = f"{consultation}-a"
    client.vote(consultation, "ideas", "p1", account)
    client.close_phase(consultation, "ideas")
    client.delete_account(account)
    assert_problem(client.personal_data(account), "account-deleted")
    client.delete_account(f"{account}-never-voted")
    assert_problem(client.personal_data(f"{account}-never-voted"), "account-deleted")


def test_head_and_other_methods(client, name):
    path = f"/v1/accounts/{name}/votes"
    head = client.request("HEAD", path)
    assert head.status == 200 and head.body == b""
    response = client.request("DELETE", path)
    assert_problem(response, "method-not-allowed")
    assert "GET" in response.headers["allow"]


def test_every_kind_as_json_and_as_csv(client, kinds):
    account = f"{kinds}-a"
    expected, rows = [], []
    for phase, votes in (
        ("support", {"p1": {}}), ("choice", {"p2": {"choice": "no"}}), ("budget", {"p1": {}}),
        ("ranking", ranks("p3", "p1")), ("points", {"p1": {"points": 4}, "p2": {"points": 1}}),
    ):
        client.ballot(kinds, phase, account, votes)
        place = {"consultation": kinds, "phase": phase}
        for proposal, carried in votes.items():
            expected.append({**place, "proposal": proposal, **carried, "counted": True})
            rows.append({**place, "proposal": proposal, "counted": "true",
                         "value": str(next(iter(carried.values()), ""))})
    assert sorted_votes(client.personal_data(account).json()["votes"]) == sorted_votes(expected)
    assert sorted_votes(rows_of(client.personal_data(account, CSV))) == sorted_votes(rows)


def test_csv_tells_pending_votes_and_is_empty_for_nobody(client, name):
    client.define(name, definition(phase_of("choice", choices=["yes"], min_votes=2)))
    client.vote(name, "ph", "p1", f"{name}-a", choice="yes")
    row = {"consultation": name, "phase": "ph", "proposal": "p1", "value": "yes"}
    assert rows_of(client.personal_data(f"{name}-a", CSV)) == [{**row, "counted": "false"}]
    client.vote(name, "ph", "p2", f"{name}-a", choice="yes")
    rows = rows_of(client.personal_data(f"{name}-a", CSV))
    assert {"counted": "true", **row} in rows and len(rows) == 2
    assert rows_of(client.personal_data(f"{name}-never", CSV)) == []


def test_csv_quotes_what_needs_quotes(client, name):
    odd = ['a,b', 'say "no"', " spaces ", ";", "é 😀", '"', "'", "=1+1"]
    client.define(f"{name},c", definition(choice_phase('p"h', odd, choices=odd)))
    for proposal in odd:
        client.vote(f"{name},c", 'p"h', proposal, f"{name}-a", choice=proposal)
    rows = rows_of(client.personal_data(f"{name}-a", CSV))
    assert [row["proposal"] for row in rows] == [row["value"] for row in rows]
    assert sorted(row["value"] for row in rows) == sorted(odd)
    assert {(row["consultation"], row["phase"]) for row in rows} == {(f"{name},c", 'p"h')}


def test_both_are_downloads_that_nobody_may_keep(client, name):
    for headers in ((), (CSV,), (("accept", "text/csv;q=0.5, application/json;q=0.4"),)):
        response = client.personal_data(name, *headers)
        assert response.headers["content-disposition"].startswith("attachment")
        assert "no-store" in response.headers["cache-control"]
    for accepted in ("*/*", "application/json", "text/csv;q=0.4, application/json"):
        response = client.personal_data(name, ("accept", accepted))
        assert response.headers["content-type"].startswith("application/json"), accepted
    assert_problem(client.personal_data(name, ("accept", "image/png")), "not-acceptable")


def test_a_deleted_account_has_no_csv_either(client, name):
    client.delete_account(name)
    assert_problem(client.personal_data(name, CSV), "account-deleted")

"""What is held about one person, for that person."""

from consultations import choice_phase, definition, support_phase
from naive_model import sorted_votes
from problems import assert_problem


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

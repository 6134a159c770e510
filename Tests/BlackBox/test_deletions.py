"""Accounts that are deleted: retracted where open, frozen where closed, refused ever after."""

from consultations import choice_phase, counts_of, definition, support_phase
from problems import assert_problem
from tally_client import JSON, TallyClient, vote_path


def test_a_deletion_retracts_in_open_phases_and_freezes_in_closed_ones(client, name):
    client.define(name, definition(
        choice_phase("closed"), choice_phase("open"), support_phase("petition")))
    leaver, stayer = f"{name}-leaver", f"{name}-stayer"
    for account in (leaver, stayer):
        for phase in ("closed", "open"):
            client.vote(name, phase, "p1", account, choice="agree")
            client.vote(name, phase, "p2", account, choice="mixed")
        client.vote(name, "petition", "p1", account)
    client.close_phase(name, "closed")
    before = client.tally(name, "closed").json()
    response = client.delete_account(leaver)
    assert response.status == 200
    deletion = response.json()
    assert set(deletion) == {"retracted", "frozen", "sequence"}
    assert (deletion["retracted"], deletion["frozen"]) == (3, 2)
    after = client.tally(name).json()
    assert after["sequence"] >= deletion["sequence"]
    closed, opened, petition = after["phases"]
    assert (closed["voters"], closed["proposals"]) == (before["voters"], before["proposals"])
    assert closed["voters"] == 2, "the result of a closed phase stands"
    assert opened["voters"] == 1 and petition["voters"] == 1
    assert counts_of(opened)["p1"]["agree"] == counts_of(opened)["p2"]["mixed"] == 1
    assert counts_of(petition) == {"p1": {"support": 1}, "p2": {"support": 0}}


def test_repeating_a_deletion_does_nothing_and_has_a_number_of_its_own(client, consultation):
    account = f"{consultation}-a"
    client.vote(consultation, "ideas", "p1", account)
    first = client.delete_account(account).json()
    assert first["retracted"] == 1
    again = client.delete_account(account)
    assert again.status == 200
    assert again.json() == {"retracted": 0, "frozen": 0, "sequence": first["sequence"] + 1}


def test_an_account_that_never_voted_is_deleted_the_same_way(client, consultation):
    account = f"{consultation}-never"
    response = client.delete_account(account)
    assert response.status == 200
    assert (response.json()["retracted"], response.json()["frozen"]) == (0, 0)
    assert_problem(client.vote(consultation, "ideas", "p1", account), "account-deleted")


def test_what_was_frozen_once_is_not_frozen_again(client, consultation):
    account = f"{consultation}-a"
    client.vote(consultation, "ideas", "p1", account)
    client.close_phase(consultation, "ideas")
    assert client.delete_account(account).json()["frozen"] == 1
    assert client.delete_account(account).json()["frozen"] == 0
    assert client.tally(consultation, "ideas").json()["voters"] == 1


def test_a_withdrawn_vote_is_neither_retracted_nor_frozen(client, consultation):
    account = f"{consultation}-a"
    for phase, carried in (("ideas", {}), ("opinions", {"choice": "agree"})):
        client.vote(consultation, phase, "p1", account, **carried)
        client.withdraw(consultation, phase, "p1", account)
    client.close_phase(consultation, "ideas")
    deletion = client.delete_account(account).json()
    assert (deletion["retracted"], deletion["frozen"]) == (0, 0)


def test_every_vote_after_a_deletion_is_refused_by_every_route(client, consultation):
    account = f"{consultation}-a"
    client.vote(consultation, "ideas", "p1", account)
    running = client.vote_stream()
    running.send({"consultation": consultation, "phase": "ideas", "proposal": "p2",
                  "account": account})
    running.wait_through(1)
    assert client.delete_account(account).json()["retracted"] == 2
    running.send({"consultation": consultation, "phase": "ideas", "proposal": "p2",
                  "account": account})
    running.send({"consultation": consultation, "phase": "ideas", "proposal": "p2",
                  "account": account, "withdraw": True})
    done = running.finish()
    assert running.refused == {2: "account-deleted", 3: "account-deleted"}
    assert done["counted"] == 1 and done["refused"] == 2
    narrow = client.vote_stream(consultation, "ideas")
    narrow.send({"proposal": "p1", "account": account})
    narrow.finish()
    assert narrow.refused == {1: "account-deleted"}
    assert_problem(client.vote(consultation, "ideas", "p1", account), "account-deleted")
    assert_problem(client.withdraw(consultation, "ideas", "p1", account), "account-deleted")
    assert_problem(
        client.get_vote(consultation, "ideas", "p1", account), "account-deleted", "no-vote")
    assert client.tally(consultation, "ideas").json()["voters"] == 0


def test_a_deletion_reaches_votes_of_consultations_defined_later(client, name):
    account = f"{name}-a"
    client.delete_account(account)
    client.define(name, definition(support_phase()))
    assert_problem(client.vote(name, "ideas", "p1", account), "account-deleted")


def test_a_deletion_right_behind_votes_in_flight_leaves_nothing(client, consultation):
    """Nobody waits for the votes: whatever the order, nothing of the account remains."""
    accounts = [f"{consultation}-{number}" for number in range(40)]
    flying = []
    for account in accounts:
        flying += [client.start_vote(consultation, "ideas", proposal, account)
                   for proposal in ("p1", "p2")]
        flying.append(client.start_deletion(account))
        flying.append(client.start_vote(consultation, "ideas", "p1", account))
    assert {stream.response().status for stream in flying} <= {200, 201, 410}
    tally = client.tally(consultation, "ideas").json()
    assert tally["voters"] == 0
    assert counts_of(tally) == {"p1": {"support": 0}, "p2": {"support": 0}}


def test_a_stream_of_deletions(client, consultation):
    for number in range(5):
        client.vote(consultation, "ideas", "p1", f"{consultation}-{number}")
        client.vote(consultation, "opinions", "p1", f"{consultation}-{number}", choice="mixed")
    client.close_phase(consultation, "opinions")
    stream = client.deletion_stream()
    assert stream.stream.wait_head() == 200
    stream.send({"account": f"{consultation}-0"})
    stream.wait_through(1)
    assert client.tally(consultation, "ideas").json()["voters"] == 4, "before the stream ends"
    stream.send({"account": f"{consultation}-1"}, {"account": f"{consultation}-0"},
                {"account": f"{consultation}-never"})
    stream.send_bytes(b"\nnonsense\n")
    stream.send({"account": ""}, {"account": "x", "reason": "y"}, {})
    stream.send_bytes(b'{"account":"%s-2"}' % consultation.encode())
    done = stream.finish()
    assert stream.refused == dict.fromkeys((6, 7, 8, 9), "malformed")
    assert {key: done[key] for key in done if key not in ("done", "sequence")} == {
        "lines": 10, "deleted": 4, "already_deleted": 1, "retracted": 3, "frozen": 3,
        "refused": 4}
    assert client.tally(consultation, "ideas").json()["voters"] == 2
    assert client.tally(consultation, "opinions").json()["voters"] == 5


def test_a_long_stream_of_deletions_beside_their_votes(client, consultation):
    accounts = [f"{consultation}-{number}" for number in range(5_000)]
    votes = client.vote_stream(consultation, "ideas")
    votes.send(*({"proposal": "p1", "account": account} for account in accounts))
    assert votes.finish()["counted"] == 5_000
    deletions = client.deletion_stream()
    deletions.send(*({"account": account} for account in accounts[:3_000]))
    done = deletions.finish()
    assert (done["deleted"], done["retracted"], done["frozen"]) == (3_000, 3_000, 0)
    assert client.tally(consultation, "ideas").json()["voters"] == 2_000


def test_deletions_survive_a_restart(own_server):
    for kill in (True, False):
        name = f"c{kill}"
        with TallyClient(own_server) as client:
            client.define(name, definition(choice_phase(), support_phase()))
            for account in (f"{name}-a", f"{name}-b"):
                client.vote(name, "ideas", "p1", account)
                client.vote(name, "opinions", "p1", account, choice="agree")
            client.close_phase(name, "opinions")
            client.delete_account(f"{name}-a")
        own_server.restart(kill=kill)
        with TallyClient(own_server) as client:
            opinions, ideas = client.tally(name).json()["phases"]
            assert (opinions["voters"], ideas["voters"]) == (2, 1)
            assert counts_of(opinions)["p1"]["agree"] == 2
            assert_problem(client.vote(name, "ideas", "p1", f"{name}-a"), "account-deleted")
            assert_problem(client.personal_data(f"{name}-a"), "account-deleted")
            again = client.delete_account(f"{name}-a").json()
            assert (again["retracted"], again["frozen"]) == (0, 0)


def test_no_raw_account_identifier_reaches_the_disk_or_the_log(own_server):
    account = "somebody-whose-name-must-not-be-kept"
    with TallyClient(own_server) as client:
        client.define("c", definition(support_phase()))
        client.vote("c", "ideas", "p1", account)
        stream = client.vote_stream("c", "ideas")
        stream.send({"proposal": "p2", "account": account}, {"proposal": "p9", "account": account})
        stream.finish()
        client.request("PUT", vote_path("c", "ideas", "p1", account), [JSON], body=b"{")
        client.personal_data(account)
        metrics = client.get("/metrics").body
        client.delete_account(account)
    assert own_server.terminate() == 0
    assert account.encode() not in metrics
    assert account not in own_server.log.read_text()
    for file in own_server.data.rglob("*"):
        if file.is_file():
            assert account.encode() not in file.read_bytes(), file

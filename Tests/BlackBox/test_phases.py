"""Phases: scheduled, open, closed, never back; by hand and at their instants."""

import datetime
import time

import patience
from consultations import choice_phase, counts_of, definition, support_phase
from problems import assert_problem
from tally_client import TallyClient, consultation_path
from tally_server import TallyServer

NEVER = "2198-01-01T00:00:00Z"


def state_of(client, consultation, phase="opinions"):
    definition_ = client.get(consultation_path(consultation)).json()
    return next(entry["state"] for entry in definition_["phases"] if entry["id"] == phase)


def instant(seconds_from_now):
    moment = datetime.datetime.now(datetime.timezone.utc)
    moment += datetime.timedelta(seconds=seconds_from_now)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parsed(moment):
    return datetime.datetime.fromisoformat(moment.replace("Z", "+00:00"))


def wait_until_past(moment):
    deadline = parsed(moment)
    while datetime.datetime.now(datetime.timezone.utc) <= deadline:
        time.sleep(0.05)


def test_a_phase_opens_and_closes_by_hand_once(client, name):
    client.define(name, definition(choice_phase(opens_at=NEVER)))
    account = f"{name}-a"
    assert state_of(client, name) == "scheduled"
    assert_problem(client.close_phase(name, "opinions"), "phase-not-open")
    assert_problem(
        client.vote(name, "opinions", "p1", account, choice="agree"), "phase-not-open")
    opened = client.open_phase(name, "opinions")
    assert opened.status == 200 and opened.json()["state"] == "open"
    assert set(opened.json()) == {"state", "sequence"}
    vote = client.vote(name, "opinions", "p1", account, choice="agree")
    assert vote.status == 201 and vote.json()["sequence"] > opened.json()["sequence"]
    again = client.open_phase(name, "opinions")
    assert again.status == 200 and again.json()["state"] == "open"
    closed = client.close_phase(name, "opinions")
    assert closed.status == 200 and closed.json()["state"] == "closed"
    assert closed.json()["sequence"] > vote.json()["sequence"]
    assert client.close_phase(name, "opinions").json()["state"] == "closed"
    assert_problem(client.open_phase(name, "opinions"), "phase-closed")
    assert_problem(client.vote(name, "opinions", "p1", account, choice="mixed"), "phase-closed")
    assert_problem(client.withdraw(name, "opinions", "p1", account), "phase-closed")
    assert client.get_vote(name, "opinions", "p1", account).json() == {"choice": "agree"}
    tally = client.tally(name, "opinions").json()
    assert (tally["state"], tally["voters"]) == ("closed", 1)


def test_closing_one_phase_leaves_its_neighbours_open(client, consultation):
    client.close_phase(consultation, "opinions")
    assert state_of(client, consultation, "ideas") == "open"
    assert client.vote(consultation, "ideas", "p1", f"{consultation}-a").status == 201


def test_unknown_names_and_other_methods(client, consultation):
    for act in (client.open_phase, client.close_phase):
        assert_problem(act(consultation, "no-such"), "unknown-phase")
        assert_problem(act("no-such", "opinions"), "unknown-consultation")
    response = client.get(consultation_path(consultation, "opinions") + "/close")
    assert_problem(response, "method-not-allowed")
    assert "POST" in response.headers["allow"]


def test_an_opening_in_the_past_is_open_at_once_and_a_close_in_the_past_closed(client, name):
    client.define(name, definition(
        choice_phase(opens_at="2020-01-01T00:00:00Z"),
        support_phase(opens_at="2020-01-01T00:00:00Z", closes_at="2020-02-01T00:00:00Z")))
    assert state_of(client, name) == "open"
    assert state_of(client, name, "ideas") == "closed"
    assert_problem(client.vote(name, "ideas", "p1", f"{name}-a"), "phase-closed")


def test_a_phase_is_open_in_the_half_open_interval_of_its_instants(own_server):
    """State and time of each tally belong together, whatever moment it happens to be read at.

    Votes go on all the time; their answers may only turn from not open to counted to closed, and
    the final count is exactly the number of those that were counted.
    """
    opens_at, closes_at = instant(1.0), instant(2.5)
    answers = []
    with TallyClient(own_server) as client:
        client.define("c", definition(choice_phase(opens_at=opens_at, closes_at=closes_at)))
        deadline = time.monotonic() + patience.SECONDS
        state = "scheduled"
        while state != "closed":
            assert time.monotonic() < deadline, f"still {state}"
            tally = client.tally("c", "opinions").json()
            at, state = parsed(tally["as_of"]), tally["state"]
            assert state == ("scheduled" if at < parsed(opens_at) else
                             "open" if at < parsed(closes_at) else "closed"), tally
            response = client.vote("c", "opinions", "p1", f"a{len(answers)}", choice="agree")
            answers.append(response.json().get("outcome") or response.json()["type"])
        turns = [answer for number, answer in enumerate(answers)
                 if number == 0 or answers[number - 1] != answer]
        order = ["/problems/phase-not-open", "counted", "/problems/phase-closed"]
        assert turns == [answer for answer in order if answer in turns], turns
        final = client.tally("c", "opinions").json()
        assert counts_of(final)["p1"]["agree"] == answers.count("counted") == final["voters"]


def test_timed_transitions_happen_without_any_request(own_server):
    """The server writes them when idle: the first request afterwards finds them done."""
    opens_at, closes_at = instant(0.5), instant(1.5)
    with TallyClient(own_server) as client:
        client.define("c", definition(
            choice_phase(opens_at=opens_at), support_phase(closes_at=closes_at)))
        wait_until_past(closes_at)
        assert client.vote("c", "opinions", "p1", "a", choice="agree").status == 201
        assert_problem(client.vote("c", "ideas", "p1", "a"), "phase-closed")
        assert state_of(client, "c") == "open" and state_of(client, "c", "ideas") == "closed"


def test_opening_and_closing_survive_restarts_and_happen_while_the_server_is_down(own_server):
    for kill in (False, True):
        name = f"c{kill}"
        opens_at, closes_at = instant(2.0), instant(2.5)
        with TallyClient(own_server) as client:
            client.define(name, definition(
                choice_phase("by-hand", opens_at=NEVER), choice_phase("closed-by-hand"),
                choice_phase("opens", opens_at=opens_at),
                support_phase("closes", closes_at=closes_at),
                support_phase("later", opens_at=NEVER)))
            client.open_phase(name, "by-hand")
            client.vote(name, "closed-by-hand", "p1", f"{name}-a", choice="agree")
            client.close_phase(name, "closed-by-hand")
            # On a machine so slow that the phase closed already, there is one vote less.
            voted = client.vote(name, "closes", "p1", f"{name}-a").status == 201
        if kill:
            own_server.kill9()
        else:
            assert own_server.terminate() == 0
        wait_until_past(closes_at)
        own_server.start()
        with TallyClient(own_server) as client:
            states = {phase["id"]: (phase["state"], phase["voters"])
                      for phase in client.tally(name).json()["phases"]}
            assert states == {
                "by-hand": ("open", 0), "closed-by-hand": ("closed", 1), "opens": ("open", 0),
                "closes": ("closed", int(voted)), "later": ("scheduled", 0)}
            assert_problem(client.vote(name, "closes", "p1", f"{name}-b"), "phase-closed")
            assert_problem(client.open_phase(name, "closed-by-hand"), "phase-closed")
            assert client.vote(name, "opens", "p1", f"{name}-b", choice="mixed").status == 201


def test_a_close_moved_while_open_is_the_one_that_counts(own_server):
    with TallyClient(own_server) as client:
        client.define("c", definition(choice_phase(closes_at=NEVER), support_phase()))
        closes_at = instant(0.5)
        client.define("c", definition(choice_phase(closes_at=closes_at), support_phase()))
        wait_until_past(closes_at)
        assert_problem(client.vote("c", "opinions", "p1", "a", choice="agree"), "phase-closed")


def test_a_close_that_was_put_off_does_not_happen(own_server: TallyServer):
    with TallyClient(own_server) as client:
        first = instant(3.0)
        client.define("c", definition(choice_phase(closes_at=first)))
        later = client.define("c", definition(choice_phase(closes_at=NEVER)))
        wait_until_past(first)
        # On a machine so slow that the first close came before, the definition was refused.
        if later.status == 200:
            assert client.vote("c", "opinions", "p1", "a", choice="agree").status == 201
        else:
            assert_problem(later, "phase-closed")

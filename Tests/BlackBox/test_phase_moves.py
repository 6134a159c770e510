"""Phases whose ends are moved, and that are opened and closed by hand against their schedule."""

from consultations import definition, support_phase
from problems import assert_problem
from tally_client import TallyClient, consultation_path
from test_phases import NEVER, instant, parsed, state_of, wait_until_past

PAST = "2020-01-01T00:00:00Z"


def put(client, name, **fields):
    return client.define(name, definition(support_phase("ph", **fields)))


def test_a_phase_opened_by_hand_before_its_time_stays_open(own_server):
    with TallyClient(own_server) as client:
        soon = instant(1.0)
        put(client, "soon", opens_at=soon)
        put(client, "c", opens_at=NEVER)
        for name in ("soon", "c"):
            assert client.open_phase(name, "ph").json()["state"] == "open"
            assert client.vote(name, "ph", "p1", "a").status == 201
        assert put(client, "c", opens_at=NEVER, closes_at="2199-01-01T00:00:00Z").status == 200
        assert put(client, "c", opens_at="2197-01-01T00:00:00Z").status in (409, 422)
        wait_until_past(soon)
        assert state_of(client, "soon", "ph") == "open"
    own_server.restart(kill=True)
    with TallyClient(own_server) as client:
        for name in ("soon", "c"):
            assert state_of(client, name, "ph") == "open"
            assert client.tally(name, "ph").json()["voters"] == 1


def test_a_phase_closed_by_hand_before_its_time_stays_closed(own_server):
    with TallyClient(own_server) as client:
        soon = instant(1.0)
        put(client, "c", closes_at=soon)
        client.close_phase("c", "ph")
        sealed = client.tally("c", "ph").json()["sealed"]
        assert_problem(put(client, "c", closes_at=NEVER), "phase-closed")
        assert_problem(put(client, "c"), "phase-closed")
        wait_until_past(soon)
        assert client.tally("c", "ph").json()["sealed"] == sealed, "not closed again"
    own_server.restart(kill=True)
    with TallyClient(own_server) as client:
        assert client.tally("c", "ph").json()["sealed"] == sealed
        assert_problem(client.open_phase("c", "ph"), "phase-closed")


def test_a_scheduled_phase_moves_both_ends_at_will(client, name):
    put(client, name, opens_at="2190-01-01T00:00:00Z", closes_at="2191-01-01T00:00:00Z")
    for opens_at, closes_at in (("2195-01-01T00:00:00Z", "2196-01-01T00:00:00Z"),
                                ("2185-01-01T00:00:00Z", "2186-01-01T00:00:00Z"),
                                ("2185-01-01T00:00:00Z", None)):
        fields = {"opens_at": opens_at} | ({"closes_at": closes_at} if closes_at else {})
        assert put(client, name, **fields).status == 200
        assert state_of(client, name, "ph") == "scheduled"
    assert_problem(put(client, name, opens_at=NEVER, closes_at=PAST), "invalid-definition")
    assert_problem(put(client, name, opens_at=NEVER, closes_at=NEVER), "invalid-definition")
    assert put(client, name).status == 200, "without a time it is open at once"
    assert state_of(client, name, "ph") == "open"


def test_the_end_of_an_open_phase_moves_both_ways(own_server):
    """Later, away altogether, earlier: votes stay, and only the last end counts."""
    with TallyClient(own_server) as client:
        put(client, "c", closes_at="2190-01-01T00:00:00Z")
        client.vote("c", "ph", "p1", "a")
        for fields in ({"closes_at": NEVER}, {}, {"closes_at": "2180-01-01T00:00:00Z"}):
            assert put(client, "c", **fields).status == 200
            got = client.get(consultation_path("c")).json()["phases"][0]
            assert got.get("closes_at") == fields.get("closes_at") and got["state"] == "open"
        soon = instant(0.3)
        put(client, "c", closes_at=soon)
        wait_until_past(soon)
        assert_problem(client.vote("c", "ph", "p1", "b"), "phase-closed")
        tally = client.tally("c", "ph").json()
        assert tally["voters"] == 1 and parsed(tally["sealed"]["at"]) >= parsed(soon)


def test_an_end_in_the_past_closes_at_that_command_and_seals_what_was_counted(client, name):
    put(client, name)
    client.vote(name, "ph", "p1", f"{name}-a")
    before = client.tally(name, "ph").json()
    assert put(client, name, closes_at=PAST).status == 200
    tally = client.tally(name, "ph").json()
    assert (tally["state"], tally["voters"]) == ("closed", 1)
    assert tally["sealed"]["at"] >= before["as_of"], "never earlier than that command"
    assert tally["sequence"] == before["sequence"] + 1
    assert put(client, name, closes_at=PAST).status == 200, "the same again"
    assert client.get(consultation_path(name)).json()["phases"][0]["closes_at"] == PAST


def test_a_phase_that_opens_and_closes_while_the_server_is_down(own_server):
    with TallyClient(own_server) as client:
        opens_at, closes_at = instant(1.0), instant(1.2)
        put(client, "c", opens_at=opens_at, closes_at=closes_at)
        put(client, "d", closes_at=closes_at)
        client.vote("d", "ph", "p1", "a")
    own_server.kill9()
    wait_until_past(closes_at)
    own_server.start()
    with TallyClient(own_server) as client:
        for name in ("c", "d"):
            tally = client.tally(name, "ph").json()
            assert tally["state"] == "closed"
            assert parsed(tally["sealed"]["at"]) >= parsed(closes_at)
            assert parsed(tally["as_of"]) >= parsed(tally["sealed"]["at"])
            assert_problem(client.vote(name, "ph", "p1", "b"), "phase-closed")
        assert client.seal("c", "ph").status == 200

"""Local times in IANA zones, clock changes included, each resolved once to an instant."""

import datetime
import zoneinfo

import pytest

from consultations import definition, support_phase
from problems import assert_problem
from tally_client import TallyClient, consultation_path

#: Zones with rules of many shapes: half an hour, none, the southern half, a change at midnight,
#: one at the edge of the day, more than twelve hours, a "summer time" that is winter's.
ZONES = (
    "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham",
    "America/Santiago", "Asia/Beirut", "America/Nuuk", "Europe/Dublin", "Africa/Casablanca",
    "Pacific/Apia", "Pacific/Kiritimati", "Asia/Gaza", "America/Sao_Paulo", "Antarctica/Troll",
    "Etc/GMT+12", "UTC", "America/Argentina/Buenos_Aires", "Europe/London",
)
YEARS = (2026, 2027, 2037, 2038, 2060, 2099)


def offset(zone, moment):
    return moment.astimezone(zone).utcoffset()


def clock_changes(zone, year):
    """The instants of the year at which the offset of a zone changes."""
    hour = datetime.timedelta(hours=1)
    moment = datetime.datetime(year, 1, 1, tzinfo=datetime.timezone.utc)
    while moment.year == year:
        if offset(zone, moment) != offset(zone, moment + hour):
            low, high = moment, moment + hour
            while high - low > datetime.timedelta(seconds=1):
                middle = (low + (high - low) / 2).replace(microsecond=0)
                if offset(zone, middle) == offset(zone, low):
                    low = middle
                else:
                    high = middle
            yield high
        moment += hour


def local_times_about(zone, change):
    """Local times before, in, and after what a clock change skips or repeats."""
    for before_or_after in (datetime.timedelta(seconds=-1), datetime.timedelta(0)):
        base = (change + datetime.timedelta(seconds=-1)).astimezone(zone).replace(tzinfo=None)
        other = change.astimezone(zone).replace(tzinfo=None)
        for wall in (base, other):
            for seconds in (-5400, -1800, -1, 0, 1, 1799, 1800, 3600, 5400):
                yield wall + before_or_after + datetime.timedelta(seconds=seconds)


def expected_instant(zone, wall):
    """The first occurrence; what is skipped is read with the offset before: Python's `fold=0`."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(datetime.timezone.utc)


def parsed(text):
    assert text.endswith("Z"), text
    return datetime.datetime.fromisoformat(text.removesuffix("Z") + "+00:00")


@pytest.mark.parametrize("zone_name", ZONES)
def test_local_times_about_every_clock_change(client, name, zone_name):
    zone = zoneinfo.ZoneInfo(zone_name)
    walls = {datetime.datetime(year, month, 15, 12, 30) for year in YEARS for month in (1, 7)}
    for year in YEARS:
        for change in clock_changes(zone, year):
            walls.update(local_times_about(zone, change))
    walls = sorted(walls)
    phases = [support_phase(f"at {number}", ["p"], opens_at=wall.isoformat())
              for number, wall in enumerate(walls)]
    assert client.define(name, definition(*phases, time_zone=zone_name)).status == 201
    shown = client.get(consultation_path(name)).json()["phases"]
    for wall, phase in zip(walls, shown, strict=True):
        assert phase["opens_at"] == wall.isoformat(), "as it was put"
        assert parsed(phase["opens_at_instant"]) == expected_instant(zone, wall), wall


def test_the_two_clock_changes_of_paris_by_hand(client, name):
    """31 October 2027: 02:00–03:00 comes twice; 28 March 2027: it does not come at all."""
    told = {
        "2027-10-31T01:59:59": "2027-10-30T23:59:59", "2027-10-31T02:00:00": "2027-10-31T00:00:00",
        "2027-10-31T02:59:59": "2027-10-31T00:59:59", "2027-10-31T03:00:00": "2027-10-31T02:00:00",
        "2027-03-28T01:59:59": "2027-03-28T00:59:59", "2027-03-28T02:00:00": "2027-03-28T01:00:00",
        "2027-03-28T02:30:00": "2027-03-28T01:30:00", "2027-03-28T03:00:00": "2027-03-28T01:00:00",
    }
    phases = [support_phase(f"at {number}", ["p"], closes_at=wall)
              for number, wall in enumerate(told)]
    client.define(name, definition(*phases, time_zone="Europe/Paris"))
    shown = client.get(consultation_path(name)).json()["phases"]
    for (wall, instant), phase in zip(told.items(), shown, strict=True):
        assert phase["closes_at"] == wall
        assert phase["closes_at_instant"].startswith(instant), wall


def test_an_instant_with_an_offset_needs_no_zone(client, name):
    client.define(name, definition(
        support_phase("a", opens_at="2027-10-31T02:30:00+02:00"),
        support_phase("b", opens_at="2027-10-31T02:30:00+01:00"),
        support_phase("c", opens_at="2027-10-31T02:30:00Z"),
        support_phase("d", opens_at="2027-10-31T02:30:00.250-03:30"), time_zone="Europe/Paris"))
    shown = client.get(consultation_path(name)).json()["phases"]
    for phase, instant in zip(shown, ("00:30:00", "01:30:00", "02:30:00", "06:00:00.25")):
        assert phase["opens_at_instant"].startswith(f"2027-10-31T{instant}")


def test_another_zone_moves_a_scheduled_opening_and_not_an_open_one(client, name):
    def put(zone):
        return client.define(name, definition(
            support_phase("later", opens_at="2198-07-01T08:00:00"),
            support_phase("now", opens_at="2020-07-01T08:00:00"), time_zone=zone))

    assert put("Europe/Paris").status == 201
    assert_problem(put("America/New_York"), "rules-locked", "invalid-definition")
    shown = client.get(consultation_path(name)).json()["phases"]
    assert shown[0]["opens_at_instant"].startswith("2198-07-01T06:00:00")
    assert client.define(name, definition(
        support_phase("later", opens_at="2198-07-01T08:00:00"),
        support_phase("now", opens_at="2020-07-01T06:00:00Z"),
        time_zone="America/New_York")).status == 200, "the same instant in another spelling"
    shown = client.get(consultation_path(name)).json()["phases"]
    assert shown[0]["opens_at_instant"].startswith("2198-07-01T12:00:00")


INVALID = {
    "an unknown zone": ("Mars/Olympus", "2027-01-01T00:00:00"),
    "an abbreviation": ("PST", "2027-01-01T00:00:00"),
    "a path": ("../../etc/passwd", "2027-01-01T00:00:00"),
    "an absolute path": ("/etc/localtime", "2027-01-01T00:00:00"),
    "an empty zone": ("", "2027-01-01T00:00:00"),
    "an offset for a zone": ("+02:00", "2027-01-01T00:00:00"),
    "another case": ("europe/paris", "2027-01-01T00:00:00"),
    "30 February": ("Europe/Paris", "2027-02-30T00:00:00"),
    "29 February of no leap year": ("Europe/Paris", "2027-02-29T00:00:00Z"),
    "month 13": ("Europe/Paris", "2027-13-01T00:00:00"),
    "hour 24": ("Europe/Paris", "2027-01-01T24:00:00"),
    "minute 60": ("Europe/Paris", "2027-01-01T00:60:00"),
    "a date alone": ("Europe/Paris", "2027-01-01"),
    "no seconds": ("Europe/Paris", "2027-01-01T00:00"),
    "an offset of a day": ("Europe/Paris", "2027-01-01T00:00:00+24:00"),
    "words": ("Europe/Paris", "tomorrow"),
}


@pytest.mark.parametrize("what", INVALID)
def test_what_is_no_time_or_no_zone(client, name, what):
    zone, time = INVALID[what]
    response = client.define(name, definition(support_phase(opens_at=time), time_zone=zone))
    assert_problem(response, "invalid-definition")


def test_29_february_of_a_leap_year(client, name):
    client.define(name, definition(
        support_phase(opens_at="2096-02-29T12:00:00"), time_zone="Europe/Paris"))
    phase = client.get(consultation_path(name)).json()["phases"][0]
    assert phase["opens_at_instant"].startswith("2096-02-29T11:00:00")


def local(seconds_from_now, zone):
    moment = datetime.datetime.now(zone) + datetime.timedelta(seconds=seconds_from_now)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds")


def test_phases_open_and_close_at_local_times_and_stay_so_over_a_restart(own_server):
    zone = zoneinfo.ZoneInfo("Pacific/Chatham")
    with TallyClient(own_server) as client:
        client.define("c", definition(
            support_phase("past", opens_at=local(-7200, zone), closes_at=local(-3600, zone)),
            support_phase("now", opens_at=local(-3600, zone), closes_at=local(3600, zone)),
            support_phase("later", opens_at=local(3600, zone), closes_at=local(7200, zone)),
            time_zone="Pacific/Chatham"))
    for kill in (True, False):
        with TallyClient(own_server) as client:
            phases = client.get(consultation_path("c")).json()["phases"]
            assert [phase["state"] for phase in phases] == ["closed", "open", "scheduled"]
            for phase in phases:
                wall = datetime.datetime.fromisoformat(phase["opens_at"])
                assert parsed(phase["opens_at_instant"]) == expected_instant(zone, wall)
        own_server.restart(kill=kill)

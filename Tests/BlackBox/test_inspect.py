"""What `tally inspect` shows of a data directory, of one that a server holds, too."""

import re

import pytest

from consultations import choice_phase, definition, support_phase
from tally_client import TallyClient
from tally_server import run_tally


@pytest.fixture
def used(own_server):
    """Two snapshots, and commands of several kinds behind them."""
    with TallyClient(own_server) as client:
        assert client.define("parks", definition(choice_phase(), support_phase())).status == 201
        for number in range(2):
            assert client.vote("parks", "ideas", "p1", f"a{number}").status == 201
            assert client.snapshot().status == 200
        assert client.vote("parks", "opinions", "p2", "ann", choice="mixed").status == 201
        assert client.ballot("parks", "ideas", "bob", {"p1": {}, "p2": {}}).status == 201
        assert client.delete_account("ann").status == 200
        assert client.close_phase("parks", "ideas").status == 200
    return own_server


def inspect(server, *options, code=0):
    finished = run_tally("inspect", "--data", server.data, *options)
    assert finished.returncode == code, finished.stdout + finished.stderr
    said = finished.stdout if code == 0 else finished.stdout + finished.stderr
    assert all(len(line) <= 80 for line in finished.stdout.splitlines()
               if str(server.data) not in line), said
    return said


@pytest.mark.parametrize("end", (None, "terminate", "kill9"))
def test_everything_in_a_directory_is_shown_and_left_as_it_is(used, end):
    if end:
        getattr(used, end)()
    before = {path: path.read_bytes() for path in used.data.iterdir()}
    said = inspect(used)
    assert {path: path.read_bytes() for path in used.data.iterdir()} == before
    assert re.search(r"^  position +7$", said, re.M)
    assert re.search(r"^  last command +20\d\d-\d\d-\d\dT[\d:.]+Z$", said, re.M)
    for path in before:
        number = re.search(r"-0*(\d+)\.(seg|snap)$", path.name)
        row = rf"^ +{number[1]}  " if number else rf"^  {re.escape(path.name)} "
        assert re.search(row, said, re.M), path.name
    snapshots = list(used.data.glob("*.snap"))
    assert len(snapshots) == 2
    for snapshot in snapshots:
        assert f"{snapshot.stat().st_size:,}" in said
    # The last of the segments: from 4 to 7, four records.
    assert re.search(r"^ +4 +7 +4 +", said, re.M), said


def test_the_command_of_a_sequence_in_words(used):
    # 1 to 3 may be gone; the words of the others come with the names in force at the time.
    vote = inspect(used, "--record", 4)
    assert 'votes "mixed" on the proposal "p2"' in " ".join(vote.split())
    assert 'the phase "opinions" of "parks"' in " ".join(vote.split())
    ballot = inspect(used, "--record", 5)
    assert "a whole ballot of 2 votes" in " ".join(ballot.split())
    assert '\n    votes for the proposal "p1"\n    votes for the proposal "p2"\n' in ballot
    account = re.search(r"account ([0-9a-f]{32})", vote)[1]
    assert f"account {account} is deleted" in inspect(used, "--record", 6)
    assert 'closes the phase "ideas" of "parks"' in inspect(used, "--record", 7)
    assert "ann" not in vote and "bob" not in ballot, "nobody has the names"


def test_what_is_not_in_the_journal_is_told(used):
    assert "the journal ends at 7" in inspect(used, "--record", 8, code=1)
    assert "sequences begin at 1" in inspect(used, "--record", 0, code=1)
    gone = inspect(used, "--record", 1, code=1)
    assert "not in the journal any more" in gone


def test_damage_is_named_and_the_rest_is_shown(used):
    used.kill9()
    snapshot = max(used.data.glob("*.snap"))
    content = bytearray(snapshot.read_bytes())
    content[300] ^= 1
    snapshot.write_bytes(content)
    said = inspect(used, code=1)
    assert "DAMAGE" in said and snapshot.name in said
    assert re.search(r"^ +4 +7 +4 +", said, re.M), said


def test_the_help_of_each_command_fits_a_terminal():
    for command in ((), ("backup",), ("inspect",), ("verify",), ("serve",)):
        finished = run_tally(*command, "--help")
        assert finished.returncode == 0
        lines = finished.stdout.splitlines()
        assert all(len(line) <= 80 for line in lines)
        # A line of one word is one that was broken where it was not meant to be.
        text = finished.stdout.partition("USAGE:")[0].splitlines()
        assert not [line for line in text[1:] if len(line.split()) == 1 and line[0] != " "
                    and not line.endswith((":", "."))], text
    assert "tally backup" in run_tally("--help").stdout

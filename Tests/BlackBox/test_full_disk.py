"""A small file system fills up while votes come in, and is given room again: over and over.

Needs the right to mount one (`CAP_SYS_ADMIN`); `test_disk_errors.py` has what can be tested without.
`TALLY_FULL_DISKS` says how many times the disk is full (5).
"""

import os
import subprocess
import time

import pytest

import patience
from consultations import counts_of, definition, phase_of
from faulty_server import FaultyServer
from h2client import StreamOver
from problems import assert_problem
from tally_client import TallyClient, ballot_of
from vote_streams import encode_lines

CYCLES = int(os.environ.get("TALLY_FULL_DISKS", "5"))
#: Room for four segments of 64 MiB and the reserve.
DISK_BYTES = 300 << 20
WIDTH = 1_000
PROPOSALS = [f"p{number}" for number in range(WIDTH)]
PLACE = ("c", "ph")


@pytest.fixture
def small_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", disk], capture_output=True)
    if mount.returncode != 0:
        pytest.skip("no file system may be mounted here")
    server = FaultyServer(disk)
    # The log is no part of what is to be full.
    server.log = tmp_path / "server.log"
    yield server
    server.kill9()
    subprocess.run(["umount", "-l", disk], check=True)


class Filler:
    """A file that takes all the room there is."""

    def __init__(self, server):
        self.path = server.data.parent / "filler"

    def take_all(self):
        with open(self.path, "ab", buffering=0) as file:
            for size in (1 << 20, 4096):
                try:
                    while file.write(bytes(size)):
                        pass
                except OSError:
                    pass

    def give_back(self):
        self.path.unlink()


def fill_journal(server, client):
    """Whole ballots, unchanged ones mostly, until there is no room for the smallest record.

    Many at once first: a record that is refused leaves room for smaller ones.
    """
    ballot = {proposal: {} for proposal in PROPOSALS}
    lines = encode_lines({"account": f"filler-{number}", **ballot_of(ballot)}
                         for number in range(10))
    with TallyClient(server) as streaming:
        stream = streaming.vote_stream(*PLACE)
        try:
            while stream.done is None:
                stream.send_bytes(lines)
                stream.take_answers_at_hand()
        except StreamOver:
            pass
        done = stream.done or stream.read_to_end()
        assert (done["done"], done["error"]) == (False, "storage-unavailable")
    while client.ballot(*PLACE, "filler-0", ballot).status == 200:
        pass
    while client.vote(*PLACE, "p0", "filler-0").status == 200:
        pass


def test_a_full_disk_refuses_votes_answers_reads_and_recovers_by_itself(small_disk):
    server = small_disk
    filler = Filler(server)
    server.start()
    process = server.process.pid
    voted, deleted = 0, []
    with TallyClient(server) as client:
        assert client.define(
            "c", definition(phase_of("support", [*PROPOSALS, "single"], "ph"))).status == 201
        for cycle in range(CYCLES):
            leaver = f"leaver-{cycle}"
            for account in (f"before-{cycle}", leaver):
                assert client.vote(*PLACE, "single", account).status == 201
            voted += 1
            # With these, what the cycle before left is deleted; the spare becomes the open segment.
            assert client.snapshot().status == 200
            filler.take_all()
            fill_journal(server, client)
            began = time.monotonic()
            assert_problem(client.vote(*PLACE, "single", "refused"), "storage-unavailable")
            assert time.monotonic() - began < 1
            assert client.get("/readyz").status == 503
            tally = client.tally(*PLACE).json()
            assert counts_of(tally)["single"]["support"] == voted + 1
            assert client.personal_data(leaver).status == 200
            # There is a reserve for this.
            assert client.delete_account(leaver).status == 200
            deleted.append(leaver)
            filler.give_back()
            wait_for_room(client, f"after-{cycle}")
            voted += 1
            assert client.get("/readyz").status == 200
            assert client.snapshot().status == 200
        check(client, voted, deleted)
    assert server.process.pid == process
    server.restart(kill=True)
    with TallyClient(server) as client:
        check(client, voted, deleted)
    assert server.terminate() == 0, server.log_tail()
    server.assert_sound()


def wait_for_room(client, account):
    """Votes until it is taken."""
    deadline = time.monotonic() + patience.SECONDS
    while (answer := client.vote(*PLACE, "single", account)).status == 503:
        assert time.monotonic() < deadline, "there is room and it is not found"
        time.sleep(0.02)
    assert answer.status == 201, answer


def check(client, voted, deleted):
    assert counts_of(client.tally(*PLACE).json())["single"]["support"] == voted
    for account in deleted:
        assert client.personal_data(account).status == 410
    assert client.personal_data("refused").json()["votes"] == []

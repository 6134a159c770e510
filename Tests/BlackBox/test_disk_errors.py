"""A disk that fails: nothing is acknowledged that it did not take, and nothing is tried again.

`strace` has calls to the kernel fail; where a process must not be traced, and for whatever a
tracer cannot do, the server's own faults do it (`TALLY_FAULT`, see `faulty_server`).

How many of each are tried: `TALLY_SYNC_ERRORS` (10, at most 200), `TALLY_CALL_ERRORS` (12).
"""

import os
import random
import re
import subprocess

import pytest

from acknowledged_load import SERVER_GONE, Load
from consultations import definition, support_phase
from fault_stories import points_of, stories
from faulty_server import make_faulty  # noqa: F401
from problems import assert_problem
from seeds import seeds
from tally_client import TallyClient
from tally_server import run_tally

SYNC_ERRORS = int(os.environ.get("TALLY_SYNC_ERRORS", "10"))
CALL_ERRORS = int(os.environ.get("TALLY_CALL_ERRORS", "12"))
HIGHEST_SYNC = 200
#: What the server exits with when it must not go on.
FAILED = 70
RNG = random.Random(seeds(1)[0])


def can_trace():
    try:
        return subprocess.run(["strace", "-f", "-e", "trace=none", "true"],
                              capture_output=True, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


traced = pytest.mark.skipif(not can_trace(), reason="no process may be traced here")


def strace(output, *injections):
    """The command before the server's: it stays the parent's child, so that its end is seen."""
    return ("strace", "-D", "-f", "-y", "--seccomp-bpf", "-qq", "-o", str(output),
            "-e", "trace=fdatasync,fsync,pwritev,fallocate,renameat",
            *(part for injection in injections for part in ("-e", f"inject={injection}")))


def run_until_it_fails(server):
    """Votes and deletions until the server ends by itself."""
    load = Load("failing", leavers=1_000)
    if server.starts():
        try:
            load.begin(server)
            load.wait_for_votes(10_000)
        except SERVER_GONE:
            pass
        finally:
            load.end()
    assert server.wait() == FAILED, server.log_tail()
    return load


def position(server):
    """The last number in the directory of a server that has ended."""
    result = run_tally("verify", "--data", server.data)
    assert result.returncode == 0, result.stderr
    return int(re.search(r"position +(\d+)", result.stdout).group(1))


def check_afterwards(server, load):
    server.without_faults().start()
    with TallyClient(server) as client:
        load.check(client)
        # It is a server like any other again.
        if load.senders:
            assert client.vote(*load.place, "single", "afterwards").status == 201
    assert server.terminate() == 0, server.log_tail()


def sample(count, of):
    return sorted(RNG.sample(of, min(count, len(of))))


@traced
@pytest.mark.parametrize("number", sample(SYNC_ERRORS, range(1, HIGHEST_SYNC + 1)))
def test_a_sync_that_fails_is_never_tried_again_and_never_acknowledged(
        make_faulty, number):  # noqa: F811
    server = make_faulty("sync")
    calls = server.log.with_name("calls")
    server.tracer = strace(calls, f"fdatasync:error=EIO:when={number}")
    load = run_until_it_fails(server)
    lines = calls.read_text().splitlines()
    failed = [index for index, line in enumerate(lines) if "(INJECTED)" in line]
    assert failed, "no sync failed"
    thread = lines[failed[0]].split()[0]
    after = [line for line in lines[failed[0] + 1:] if line.split()[0] == thread]
    assert not any(re.search(r"(sync|pwritev|fallocate|renameat)", line) for line in after), after
    if ".seg>" in lines[failed[0]] and load.senders:
        # The bytes are there, since it was no real error, but nobody was told so.
        assert load.sequence < position(server)
    check_afterwards(server, load)
    server.discard_data()


@pytest.mark.parametrize("number", sample(SYNC_ERRORS, range(1, HIGHEST_SYNC + 1)))
def test_no_record_is_acknowledged_whose_sync_fails(make_faulty, number):  # noqa: F811
    server = make_faulty("record")
    server.environment = {"TALLY_FAULT": f"sync.segment:EIO:{number}"}
    load = run_until_it_fails(server)
    assert load.sequence < position(server)
    check_afterwards(server, load)
    server.discard_data()


def test_every_call_to_the_disk_that_fails_ends_the_server_and_loses_nothing(
        make_faulty):  # noqa: F811
    where = {point.rpartition(".")[0]: story
             for point, story in points_of(make_faulty, stories(make_faulty)).items()
             if not point.startswith("acknowledge") and "audit-log" not in point}
    for call in sample(CALL_ERRORS, sorted(where)):
        print(f"{call} fails")
        server = make_faulty("call")
        server.environment = {"TALLY_FAULT": f"{call}:EIO"}
        load = where[call].run(server, "failing")
        assert server.process.returncode == FAILED, server.log_tail()
        where[call].check(server, load)
        server.discard_data()


@pytest.mark.parametrize("fault", ("write:SHORT:1+", "write:EINTR:40", "preallocate:EINTR:2"))
def test_short_and_interrupted_calls_go_on_where_they_stopped(make_faulty, fault):  # noqa: F811
    for story in stories(make_faulty):
        server = make_faulty("short")
        server.environment = {"TALLY_FAULT": fault}
        load = story.run(server, "short")
        assert server.process.returncode == 0, server.log_tail()
        story.check(server, load)
        server.discard_data()


@traced
def test_every_other_write_and_preallocation_is_interrupted(make_faulty):  # noqa: F811
    for story in stories(make_faulty):
        server = make_faulty("interrupted")
        calls = server.log.with_name("calls")
        server.tracer = strace(
            calls, "pwritev:error=EINTR:when=1+2", "fallocate:error=EINTR:when=1+2")
        load = story.run(server, "interrupted")
        assert server.process.returncode == 0, server.log_tail()
        assert "pwritev" in calls.read_text()
        story.check(server, load)
        server.discard_data()


def test_a_server_that_starts_without_room_refuses_and_answers(make_faulty):  # noqa: F811
    server = make_faulty("no-room")
    server.environment = {"TALLY_FAULT": "preallocate:ENOSPC:1+"}
    server.start()
    with TallyClient(server) as client:
        assert_problem(client.define("c", definition(support_phase())), "storage-unavailable")
        assert client.get("/v1/consultations").json() == {"consultations": []}
        assert client.get("/livez").status == 200
    assert server.terminate() == 0, server.log_tail()
    server.without_faults().start()
    with TallyClient(server) as client:
        assert client.define("c", definition(support_phase())).status == 201


def test_a_journal_that_cannot_be_copied_for_want_of_room_goes_on_where_it_is(
        make_faulty):  # noqa: F811
    server = make_faulty("no-copy")
    server.start()
    load = Load("before")
    load.begin(server)
    load.wait_for_votes(20)
    load.end()
    server.kill9()
    server.environment = {"TALLY_FAULT": "preallocate.segment-tmp:ENOSPC"}
    server.start()
    with TallyClient(server) as client:
        load.check(client)
        assert client.vote(*load.place, "single", "after").status == 201
    server.kill9()
    server.assert_sound()


@pytest.mark.parametrize("call", ("create.snapshot-tmp", "write.snapshot-tmp", "sync.snapshot-tmp"))
def test_a_snapshot_without_room_is_refused_and_the_next_one_is_written(
        make_faulty, call):  # noqa: F811
    server = make_faulty("snapshot")
    server.environment = {"TALLY_FAULT": f"{call}:ENOSPC:1"}
    server.start()
    load = Load("small")
    load.begin(server)
    with TallyClient(server) as client:
        assert_problem(client.snapshot(), "storage-unavailable")
        assert not list(server.data.glob("*.tmp"))
        assert client.snapshot().status == 200
    load.end()
    assert server.terminate() == 0, server.log_tail()
    server.assert_sound()
    check_afterwards(server, load)


def test_room_that_was_taken_and_is_not_there_ends_the_server(make_faulty):  # noqa: F811
    server = make_faulty("taken")
    server.environment = {"TALLY_FAULT": "write.segment:ENOSPC:30"}
    load = run_until_it_fails(server)
    check_afterwards(server, load)

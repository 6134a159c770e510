"""The process is killed before and after each change that it makes on its disk, and each answer.

One run with a trace finds the names of all points, so that a point which is added later is tried,
too. Then the process is killed at each of them in the midst of votes, deletions, definitions,
snapshots and erasures, or while it starts, started again, and asked for what it had acknowledged.

`TALLY_FAILPOINT_KILLS` says how often at each point; without it, the process is killed once before
or after each call, and `TALLY_SEEDS` varies at which of the two, and when.
"""

import os
import random
import re
import signal

import pytest

from fault_stories import LATEST, points_of, stories
from faulty_server import make_faulty  # noqa: F401
from seeds import seeds
from tally_server import REPOSITORY

KILLS = int(os.environ.get("TALLY_FAILPOINT_KILLS", "0"))
SEED = seeds(1)[0]
SOURCES = REPOSITORY / "Sources"

#: Points that are passed often while votes come in: there the moment of the kill varies.
FREQUENT = {"write.segment", "sync.segment", "acknowledge"}

#: Where a kill must have been tried for the test to mean anything. Others may be added.
EXPECTED = {f"{call}.{moment}" for moment in ("before", "after") for call in (
    "make-directory.directory", "sync-directory.parent", "create.lock",
    "create.key-tmp", "write.key-tmp", "sync.key-tmp", "rename.key-tmp-to-key",
    "create.durable-mark-tmp", "write.durable-mark-tmp", "sync.durable-mark-tmp",
    "rename.durable-mark-tmp-to-durable-mark", "write.durable-mark", "sync.durable-mark",
    "create.reserve", "preallocate.reserve", "sync.reserve",
    "create.spare", "preallocate.spare", "sync.spare", "write.spare", "rename.spare-to-segment",
    "remove.spare", "write.segment", "sync.segment", "remove.segment", "sync-directory.directory",
    "create.segment-tmp", "preallocate.segment-tmp", "write.segment-tmp", "sync.segment-tmp",
    "rename.segment-tmp-to-segment", "create.torn-tail", "write.torn-tail", "sync.torn-tail",
    "remove.torn-tail", "create.snapshot-tmp", "write.snapshot-tmp", "sync.snapshot-tmp",
    "rename.snapshot-tmp-to-snapshot", "remove.snapshot", "remove.snapshot-tmp",
    "rename.snapshot-to-bad-snapshot", "remove.bad-snapshot", "acknowledge")}


@pytest.fixture(scope="module")
def points(make_faulty):  # noqa: F811
    """Each failpoint, and the story in which it is passed first."""
    where = points_of(make_faulty, stories(make_faulty))
    assert EXPECTED <= set(where), f"never passed: {sorted(EXPECTED - set(where))}"
    return where


@pytest.mark.parametrize("round_", range(max(KILLS, 1)))
def test_nothing_acknowledged_is_lost_whichever_point_the_process_dies_at(
        make_faulty, points, round_):  # noqa: F811
    rng = random.Random(f"{SEED} {round_}")
    for point in sorted(points) if KILLS else one_of_two(rng, points):
        if point.rpartition(".")[0] in FREQUENT:
            occurrence = rng.randint(1, LATEST)
        else:
            occurrence = 1 if round_ == 0 else rng.randint(1, 3)
        # Some points are passed once only.
        assert any(kill_at(point, number, points[point], make_faulty("killed"))
                   for number in dict.fromkeys((occurrence, 1))), f"it outlives {point}"


def one_of_two(rng, points):
    calls = sorted({point.rpartition(".")[0] for point in points})
    return [f"{call}.{rng.choice(('before', 'after'))}" for call in calls]


def kill_at(point, occurrence, story, server):
    """Whether the process was killed; what it acknowledged is checked in any case."""
    print(f"kill at {point}, time {occurrence}")
    server.environment = {"TALLY_FAILPOINT": f"{point}:{occurrence}"}
    load = story.run(server, "killed")
    code = server.process.returncode
    assert code in (0, -signal.SIGKILL), server.log_tail()
    story.check(server, load)
    server.discard_data()
    return code != 0


#: The calls that change what a disk holds, as C knows them.
CALLS = re.compile(
    r"(?<![\w.])(?:Glibc\.)?(fdatasync|fsync|syncfs|sync_file_range|msync|rename|renameat2?|unlink"
    r"|unlinkat|link|linkat|pwrite|pwritev2?|writev|posix_fallocate|fallocate|truncate|ftruncate"
    r"|mkdir|mkdirat|rmdir|copy_file_range|sendfile|O_CREAT|O_TRUNC)\b(?=\s*\(|\s*\||\s*,)")


def raw_calls(source):
    """The lines of a Swift file that make such a call; methods of ours by such a name throw."""
    return [line.strip() for line in source.splitlines()
            if CALLS.search(line) and not re.search(r"\b(try|func|case) \w|^\s*//", line)]


def test_no_change_of_the_disk_is_made_outside_the_failpoints():
    calls = SOURCES / "Persistence" / "Storage" / "DiskCall.swift"
    for file in SOURCES.rglob("*.swift"):
        if file.parent.name == "Certificate":
            continue  # What it writes is no server's data, and nothing waits for it.
        found = [line for line in raw_calls(file.read_text())
                 if not line.startswith("case .create: DiskCall.create(")]
        assert file == calls or not found, f"{file} makes calls that DiskCall should: {found}"


def test_each_call_to_the_disk_stands_between_two_failpoints():
    text = (SOURCES / "Persistence" / "Storage" / "DiskCall.swift").read_text()
    functions = re.split(r"(?=\n    static func )", text)[1:]
    assert len(functions) == 11
    for function in functions:
        assert raw_calls(function) and "Failpoint.around(" in function, function
        inside = function[function.index("Failpoint.around("):]
        assert raw_calls(inside) == raw_calls(function), function


def test_the_search_for_calls_finds_them():
    found = ("if fsync(descriptor) != 0 {", "Glibc.rename(old, new)", "let n = pwritev(d, v, 1, 0)",
             "let flags = O_RDWR | O_CREAT | O_CLOEXEC", "_ = posix_fallocate(d, 0, size)")
    for line in found:
        assert raw_calls(line), line
    for line in ("try storage.rename(a, to: b)", "try rename(a, to: b)", "// fsync (all)",
                 "public func rename(_ name: String)", "file.write([bytes], at: 0)",
                 "case rename(String, to: String)"):
        assert not raw_calls(line), line

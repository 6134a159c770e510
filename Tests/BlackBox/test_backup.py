"""A backup of a directory that a server is writing to: consistent, whole, or not there at all.

Backups are taken again and again while votes and deletions stream in and snapshots are forced, so that
segments begin and go, and snapshots replace each other, in the midst of the copying. What was
acknowledged before a backup began must be in it, and what is in it must be a prefix of what was sent.
"""

import os
import signal
import subprocess
import threading

import pytest

import patience
from acknowledged_load import LEAVERS, Load
from consultations import counts_of, definition, support_phase
from tally_client import TallyClient
from tally_server import TALLY, TallyServer, run_tally

BACKUPS = int(os.environ.get("TALLY_BACKUPS", "8"))


def backup(data, target, **environment):
    return subprocess.run(
        [str(TALLY), "backup", "--data", str(data), "--to", str(target)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=patience.SECONDS,
        env={**os.environ, **environment})


def assert_backed_up(data, target):
    finished = backup(data, target)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert not finished.stderr
    return finished.stdout


def position_in(printed):
    line = next(line for line in printed.splitlines() if "position" in line)
    return int(line.split()[1].replace(",", ""))


class Snapshots(threading.Thread):
    """Forces one snapshot after the other, so that every file is superseded before long."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.client = TallyClient(server)
        self.stopped = threading.Event()
        self.taken = 0
        self.failed = None

    def run(self):
        while not self.stopped.is_set():
            answer = self.client.snapshot()
            if answer.status != 200:
                self.failed = answer
                return
            self.taken += 1

    def end(self):
        self.stopped.set()
        self.join()
        self.client.close()
        assert self.failed is None, self.failed


class Acknowledged:
    """What the senders of a load had been told before a moment."""

    def __init__(self, load):
        self.counts = {sender.proposal: sender.acknowledged for sender in load.senders}
        self.sequence = load.sequence


def check(directory, load, before, after):
    """A real server on the backup: between what was acknowledged before and what was sent after."""
    server = TallyServer(directory.parent / "opened")
    server.data = directory
    server.log = directory.with_name(directory.name + ".log")
    server.start()
    try:
        with TallyClient(server) as client:
            tally = client.tally(*load.place).json()
            assert tally["sequence"] >= before.sequence
            shown = {name: counts["support"] for name, counts in counts_of(tally).items()}
            assert tally["voters"] == sum(shown.values())
            for sender in load.senders:
                count = shown[sender.proposal]
                if sender.proposal == LEAVERS:
                    count = load.leavers - count
                assert before.counts[sender.proposal] <= count <= after[sender.proposal], (
                    sender.proposal)
                for number in {0, count - 1, count} & set(range(after[sender.proposal])):
                    answer = client.personal_data(sender.account(number))
                    if sender.proposal == LEAVERS:
                        assert answer.status == (410 if number < count else 200)
                    else:
                        assert len(answer.json()["votes"]) == (number < count)
            # It goes on from there.
            assert client.vote(*load.place, "single", "of the copy").status == 201
    finally:
        assert server.terminate() == 0, server.log_tail()
    return tally["sequence"]


def test_backups_beside_votes_deletions_and_snapshots(own_server, tmp_path):
    load = Load("load", leavers=3_000)
    load.begin(own_server)
    snapshots = Snapshots(own_server)
    snapshots.start()
    backups = []
    try:
        load.wait_for_votes(20)
        for number in range(BACKUPS):
            target = tmp_path / f"backup{number}"
            before = Acknowledged(load)
            printed = assert_backed_up(own_server.data, target)
            # What is sent may take effect before it is noted here; what was noted was sent.
            sent = {sender.proposal: sender.sent for sender in load.senders}
            backups.append((target, before, sent, position_in(printed)))
            load.wait_for_votes(load.senders[1].acknowledged + 20)
        assert snapshots.taken >= BACKUPS, "the files hardly changed"
    finally:
        snapshots.end()
        load.end()
    for target, before, sent, position in backups:
        assert (target / "key").stat().st_mode & 0o777 == 0o600
        assert target.stat().st_mode & 0o077 == 0
        # Before it is opened: a server changes it.
        verified = run_tally("verify", "--data", target)
        assert verified.returncode == 0, verified.stderr
        assert position_in(verified.stdout) == position >= before.sequence
        assert check(target, load, before, sent) == position
        assert run_tally("verify", "--data", target).returncode == 0
    with TallyClient(own_server) as client:
        load.check(client)


@pytest.fixture
def used(own_server):
    """A server with some votes, and two snapshots behind it."""
    with TallyClient(own_server) as client:
        assert client.define("c", definition(support_phase())).status == 201
        for number in range(6):
            assert client.vote("c", "ideas", "p1", f"a{number}").status == 201
            if number % 2:
                assert client.snapshot().status == 200
        assert client.delete_account("a0").status == 200
    return own_server


def voters_in(directory):
    server = TallyServer(directory.parent / "opened")
    server.data = directory
    server.log = directory.with_name(directory.name + ".log")
    server.start()
    with TallyClient(server) as client:
        voters = client.tally("c", "ideas").json()["voters"]
        assert client.personal_data("a0").status == 410
    assert server.terminate() == 0
    return voters


@pytest.mark.parametrize("end", (None, "terminate", "kill9"))
def test_a_backup_of_a_directory_whatever_its_server_does(used, tmp_path, end):
    if end:
        getattr(used, end)()
    before = {path: path.read_bytes() for path in used.data.iterdir()}
    assert_backed_up(used.data, tmp_path / "copy")
    if end:
        assert {path: path.read_bytes() for path in used.data.iterdir()} == before
    assert run_tally("verify", "--data", tmp_path / "copy").returncode == 0
    assert voters_in(tmp_path / "copy") == 5
    size = sum(path.stat().st_size for path in before if path.name not in ("spare", "reserve"))
    assert size > 10 << 20, "what is taken ahead is large"


def test_a_backup_has_no_room_that_is_only_taken_ahead(used, tmp_path):
    assert_backed_up(used.data, tmp_path / "copy")
    assert sum(path.stat().st_size for path in (tmp_path / "copy").iterdir()) < 1 << 20


def test_a_backup_of_a_backup_and_of_a_directory_without_a_command(make_server, used, tmp_path):
    assert_backed_up(used.data, tmp_path / "copy")
    assert_backed_up(tmp_path / "copy", tmp_path / "second")
    assert voters_in(tmp_path / "second") == 5
    empty = make_server().start()
    assert position_in(assert_backed_up(empty.data, tmp_path / "empty")) == 0
    assert run_tally("verify", "--data", tmp_path / "empty").returncode == 0


def test_a_torn_tail_is_not_copied_and_damage_is_refused(used, tmp_path):
    used.kill9()
    segment = max(used.data.glob("journal-*.seg"))
    good = segment.read_bytes()
    end = (len(good.rstrip(b"\0")) + 7) // 8 * 8
    segment.write_bytes(good[:end] + b"cut off" + good[end + 7:])
    assert_backed_up(used.data, tmp_path / "torn")
    assert run_tally("verify", "--data", tmp_path / "torn").returncode == 0
    assert voters_in(tmp_path / "torn") == 5
    content = bytearray(good)
    content[130] ^= 1
    segment.write_bytes(content)
    finished = backup(used.data, tmp_path / "damaged")
    assert finished.returncode == 1
    assert segment.name in finished.stderr
    assert nothing_at(tmp_path / "damaged")


def nothing_at(target):
    return not list(target.parent.glob(target.name + "*"))


def test_configuration_files_are_copied_and_others_are_not(used, tmp_path):
    (used.data / "tokens.json").write_text('{"tokens": []}')
    (used.data / "notes.txt").write_text("mine")
    assert "tokens.json" in assert_backed_up(used.data, tmp_path / "copy")
    assert (tmp_path / "copy" / "tokens.json").read_text() == '{"tokens": []}'
    assert (tmp_path / "copy" / "tokens.json").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "copy" / "notes.txt").exists()


def test_only_an_empty_or_no_directory_is_a_target(used, tmp_path):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for target in ("taken", "file"):
        finished = backup(used.data, tmp_path / target)
        assert finished.returncode == 1
        assert "not an empty directory" in finished.stderr
    assert (tmp_path / "file").read_text() == (tmp_path / "taken" / "file").read_text() == "mine"
    finished = backup(used.data, tmp_path / "no" / "parent")
    assert finished.returncode == 1 and str(tmp_path / "no") in finished.stderr
    (tmp_path / "empty").mkdir()
    assert_backed_up(used.data, f"{tmp_path / 'empty'}/")
    assert voters_in(tmp_path / "empty") == 5
    assert not list(tmp_path.glob("*.partial"))


def points_of(used, tmp_path):
    trace = tmp_path / "trace"
    finished = backup(used.data, tmp_path / "traced", TALLY_FAILPOINT_TRACE=str(trace))
    assert finished.returncode == 0, finished.stderr
    points = trace.read_text().split()
    assert {"sync.segment.after", "sync.snapshot.before", "rename.key-tmp-to-key.before",
            "rename.partial-to-backup.before", "sync-directory.parent.after"} <= set(points)
    return points


def test_a_backup_that_is_killed_anywhere_is_not_taken_for_good(used, tmp_path):
    for point in points_of(used, tmp_path):
        target = tmp_path / "target"
        finished = backup(used.data, target, TALLY_FAILPOINT=point)
        assert finished.returncode == -signal.SIGKILL, point
        partial = target.with_name("target.partial")
        if target.exists():
            # From the renaming on it is whole, if not yet known to be durable.
            assert not partial.exists()
            assert run_tally("verify", "--data", target).returncode == 0, point
            for path in target.iterdir():
                path.unlink()
        elif partial.exists() and not (partial / "key").exists():
            assert run_tally("verify", "--data", partial).returncode == 1, point
        # The next one clears away what was left.
        assert_backed_up(used.data, target)
        assert not partial.exists()
        assert run_tally("verify", "--data", target).returncode == 0, point
        for path in target.iterdir():
            path.unlink()
        target.rmdir()


def test_a_disk_that_fails_or_is_full_leaves_nothing(used, tmp_path):
    calls = sorted({point.rpartition(".")[0] for point in points_of(used, tmp_path)})
    for call in calls:
        # Once it has its name it stays, whatever becomes of the syncing of its parent.
        occurrences = (1,) if call != "sync-directory.parent" else (1, 2)
        for fault, words in (("ENOSPC", "no room left"), ("EIO", "errno 5")):
            if call.startswith("remove."):
                continue
            for occurrence in occurrences:
                target = tmp_path / "target"
                finished = backup(used.data, target, TALLY_FAULT=f"{call}:{fault}:{occurrence}")
                assert finished.returncode == 1, (call, fault, finished.stdout)
                assert words in finished.stderr, (call, finished.stderr)
                assert "was not backed up" in finished.stderr
                assert finished.stderr.count("\n") == 1
                assert nothing_at(target), (call, fault, occurrence)
    assert_backed_up(used.data, tmp_path / "target")


def test_a_left_over_of_somebody_else_is_left_alone(used, tmp_path):
    partial = tmp_path / "copy.partial"
    partial.mkdir()
    (partial / "thesis.tex").write_text("mine")
    finished = backup(used.data, tmp_path / "copy")
    assert finished.returncode == 1
    assert "thesis.tex" in finished.stderr
    assert (partial / "thesis.tex").read_text() == "mine"


def test_two_backups_to_one_target_do_not_mix(used, tmp_path):
    target = tmp_path / "copy"
    running = [
        subprocess.Popen([str(TALLY), "backup", "--data", str(used.data), "--to", str(target)],
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(4)]
    said = [process.communicate(timeout=patience.SECONDS)[1] for process in running]
    codes = [process.returncode for process in running]
    assert codes.count(0) == 1 and codes.count(1) == 3, said
    assert run_tally("verify", "--data", target).returncode == 0


@pytest.mark.parametrize("command", ("backup", "verify", "inspect"))
def test_what_is_no_data_directory_is_told_as_what_it_is(tmp_path, command):
    (tmp_path / "file").write_text("text")
    (tmp_path / "empty").mkdir()
    for name, words in (("nowhere", "no such directory"), ("file", "not a directory"),
                        ("empty", "nothing of Tally in it")):
        target = ("--to", tmp_path / "copy") if command == "backup" else ()
        finished = run_tally(command, "--data", tmp_path / name, *target)
        assert finished.returncode == 1, (name, finished.stdout)
        assert words in finished.stderr and str(tmp_path / name) in finished.stderr
    assert nothing_at(tmp_path / "copy")
    assert list((tmp_path / "empty").iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("command", ("backup", "verify", "inspect"))
def test_a_directory_that_may_not_be_read(used, command):
    """The executable is opened before the user changes: nobody may be allowed to reach it."""
    used.data.parent.chmod(0o755)
    used.data.chmod(0o700)
    target = ["--to", "copy"] if command == "backup" else []
    with open(TALLY, "rb") as executable:
        finished = subprocess.run(
            [f"/proc/self/fd/{executable.fileno()}", command, "--data", ".", *target],
            cwd=used.data, pass_fds=[executable.fileno()], user=65534, extra_groups=[], umask=0o77,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=patience.SECONDS)
    assert finished.returncode == 1, finished
    assert "may not be read by this user" in finished.stderr


def test_verify_of_a_held_directory_says_that_it_is_held(used):
    finished = run_tally("verify", "--data", used.data)
    assert finished.returncode == 1
    assert "holds it" in finished.stderr and "not sound" not in finished.stderr

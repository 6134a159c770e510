"""The data directory: one holder at a time, and damage is seen, never served."""

import random

import pytest

from consultations import choice_phase, definition, support_phase
from tally_client import TallyClient
from tally_server import ServerDidNotStart, TallyServer, run_tally


@pytest.fixture
def used_server(own_server):
    """A server with some history, still running."""
    with TallyClient(own_server) as client:
        client.define("c", definition(choice_phase(), support_phase()))
        for turn in range(20):
            stream = client.vote_stream("c", "opinions")
            stream.send(*({"proposal": "p1", "account": f"a{turn}-{number}", "choice": "agree"}
                          for number in range(50)))
            stream.finish()
            client.delete_account(f"a{turn}-0")
    return own_server


def second_server(tmp_path, data):
    directory = tmp_path / "second"
    directory.mkdir()
    server = TallyServer(directory)
    server.data = data
    return server


def test_a_second_server_on_the_same_directory_is_refused(used_server, tmp_path):
    second = second_server(tmp_path, used_server.data)
    with pytest.raises(ServerDidNotStart):
        second.start()
    assert second.process.returncode != 0
    assert str(used_server.data) in second.log.read_text(), "it says which directory is held"
    with TallyClient(used_server) as client:
        assert client.vote("c", "ideas", "p1", "still-here").status == 201


def test_the_lock_dies_with_its_holder(used_server, tmp_path):
    used_server.kill9()
    second = second_server(tmp_path, used_server.data)
    try:
        second.start()
        with TallyClient(second) as client:
            assert client.tally("c", "opinions").json()["voters"] == 20 * 49
    finally:
        second.kill9()


@pytest.mark.parametrize("kill", (False, True), ids=("after SIGTERM", "after kill -9"))
def test_verify_finds_a_good_directory_good_and_leaves_it_alone(used_server, kill):
    if kill:
        used_server.kill9()
    else:
        assert used_server.terminate() == 0

    def contents():
        return {file: file.read_bytes() for file in used_server.data.rglob("*") if file.is_file()}

    before = contents()
    finished = run_tally("verify", "--data", used_server.data)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert contents() == before
    used_server.start()
    with TallyClient(used_server) as client:
        assert client.tally("c", "opinions").json()["voters"] == 20 * 49


def test_verify_refuses_a_directory_that_a_server_holds(used_server):
    finished = run_tally("verify", "--data", used_server.data)
    assert finished.returncode != 0
    assert str(used_server.data) in finished.stdout + finished.stderr, "it says what is held"


def test_verify_of_a_directory_that_is_not_there(tmp_path):
    finished = run_tally("verify", "--data", tmp_path / "nowhere")
    assert finished.returncode != 0
    assert not (tmp_path / "nowhere").exists(), "verify makes nothing"


def flipped(data, offset):
    changed = bytearray(data)
    changed[offset] ^= 0x10
    return bytes(changed)


@pytest.mark.parametrize("kill", (False, True), ids=("after SIGTERM", "after kill -9"))
def test_a_flipped_byte_in_any_file_is_found_and_named(used_server, kill):
    """One byte in the midst of what each file holds; preallocated zeros hold nothing.

    The durable mark is written in place, in two slots by turns, and a slot that was torn by the
    death of the process looks like one with a flipped byte: of this file both must be hit.
    """
    if kill:
        used_server.kill9()
    else:
        assert used_server.terminate() == 0
    damaged = 0
    for file in sorted(used_server.data.rglob("*")):
        good = file.read_bytes() if file.is_file() else b""
        written = len(good.rstrip(b"\0"))
        # The audit log is text for people, which no result depends on.
        if not written or "lock" in file.name.lower() or file.name == "audit.log":
            continue
        damaged += 1
        for offset in {0, written // 4, written // 2}:
            file.write_bytes(
                flipped(flipped(good, 0), written - 1) if file.name == "durable-mark"
                else flipped(good, offset))
            finished = run_tally("verify", "--data", used_server.data)
            said = finished.stdout + finished.stderr
            assert finished.returncode == 1, f"{file.name} at {offset}: {said}"
            assert file.name in said or "key" in said, said
        file.write_bytes(good)
    assert damaged >= 2, "a key and a journal at least"
    finished = run_tally("verify", "--data", used_server.data)
    assert finished.returncode == 0, finished.stdout + finished.stderr


def journal_file(server):
    """The file that the server's history is in: the one with the most bytes written."""
    files = [file for file in server.data.rglob("*") if file.is_file()]
    return max(files, key=lambda file: len(file.read_bytes().rstrip(b"\0")))


def test_a_server_refuses_to_start_on_a_damaged_journal(used_server):
    used_server.kill9()
    file = journal_file(used_server)
    good = file.read_bytes()
    file.write_bytes(flipped(good, len(good.rstrip(b"\0")) // 2))
    with pytest.raises(ServerDidNotStart):
        used_server.start()
    assert used_server.process.returncode not in (0, -11, -4, -6), "no crash, but a refusal"
    assert file.name in used_server.log.read_text(), "it names the file"
    file.write_bytes(good)
    used_server.start()


@pytest.mark.parametrize("gap", (64, 700, 5_000), ids=lambda gap: f"{gap} bytes on")
def test_what_a_torn_write_leaves_behind_is_cut_off(used_server, gap):
    """Bytes after the last whole record were never acknowledged: they must not stop a start.

    The record itself may end with some zeros, so the torn bytes keep a distance from it.
    """
    used_server.kill9()
    file = journal_file(used_server)
    good = file.read_bytes()
    end = len(good.rstrip(b"\0")) + gap
    torn = random.Random(gap).randbytes(300)
    file.write_bytes(good[:end].ljust(end, b"\0") + torn + good[end + len(torn):])
    used_server.start()
    with TallyClient(used_server) as client:
        assert client.tally("c", "opinions").json()["voters"] == 20 * 49
        assert client.vote("c", "ideas", "p1", "afterwards").status == 201
    used_server.restart(kill=True)
    with TallyClient(used_server) as client:
        assert client.tally("c", "ideas").json()["voters"] == 1
    assert used_server.terminate() == 0
    assert run_tally("verify", "--data", used_server.data).returncode == 0


def test_a_server_refuses_to_start_with_the_key_of_another_directory(used_server, make_server):
    other = make_server().start()
    assert other.terminate() == 0 and used_server.terminate() == 0
    keys = [file for file in used_server.data.rglob("*") if "key" in file.name.lower()]
    assert keys, "the directory has a key"
    for key in keys:
        assert key.stat().st_mode & 0o077 == 0, "the key is its owner's only"
        key.write_bytes((other.data / key.relative_to(used_server.data)).read_bytes())
    with pytest.raises(ServerDidNotStart):
        used_server.start()

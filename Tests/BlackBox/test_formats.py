"""Directories of every format that there was open for ever; one of an unknown format never.

Each directory of `formats/` holds all that the files can hold, and beside it lies what a server said
of it on the day on which it was made.
"""

import hashlib
import json
import shutil

import pytest

from faulty_server import make_faulty  # noqa: F401
from format_story import REFUSED, observe
from make_format_fixture import FORMATS
from tally_client import TallyClient
from tally_server import ServerDidNotStart, run_tally

DIRECTORIES = sorted(path for path in FORMATS.glob("*/*") if path.is_dir())


def test_there_are_directories_of_both_shapes():
    assert {path.name for path in DIRECTORIES} == {"journal", "snapshots"}
    for path in DIRECTORIES:
        assert list(path.glob("journal-*.seg")), "a journal"
        assert bool(list(path.glob("snapshot-*.snap"))) == (path.name == "snapshots")


@pytest.fixture(params=DIRECTORIES, ids=lambda path: f"{path.parent.name} {path.name}")
def old(request, make_server):
    """A server, not yet started, on a copy of such a directory, and what it must say."""
    server = make_server()
    shutil.copytree(request.param, server.data)
    (server.data / "key").chmod(0o600)
    return server, json.loads(request.param.with_suffix(".json").read_text(encoding="utf-8"))


def test_a_directory_of_an_old_format_is_what_it_was(old):
    server, expected = old
    verified = run_tally("verify", "--data", server.data)
    assert verified.returncode == 0, verified.stderr
    # Once from the old files, once from what the server makes of them.
    for start in (server.start, lambda: server.restart(kill=False)):
        start()
        with TallyClient(server) as client:
            assert observe(client) == expected
    assert server.terminate() == 0
    verified = run_tally("verify", "--data", server.data)
    assert verified.returncode == 0, verified.stderr


def test_what_an_old_directory_refuses_is_refused(old):
    server, expected = old
    server.start()
    with TallyClient(server) as client:
        for what, (ask, status, code) in REFUSED.items():
            answer = ask(client)
            assert answer.status == status, (what, answer)
            assert answer.json()["type"] == f"/problems/{code}", what
        # Refusals have numbers, too; nothing else may be another one.
        after = observe(client)
        for observed in (after, expected):
            for tally in observed["tallies"].values():
                del tally["sequence"], tally["as_of"]
        assert after == expected


def test_an_old_directory_goes_on(old):
    """A snapshot of this version, its journal behind, and all of it once more from the files."""
    server, expected = old
    server.start()
    with TallyClient(server) as client:
        for number in range(3):
            assert client.vote("open", "choice", "p2", f"new{number}", choice="no").status == 201
            assert client.snapshot().status == 200
    server.restart(kill=True)
    with TallyClient(server) as client:
        seen = observe(client)
        assert seen["seals"] == expected["seals"]
        assert seen["tallies"]["closed"]["phases"] == expected["tallies"]["closed"]["phases"]
        assert seen["personal data"] == expected["personal data"]
    assert server.terminate() == 0
    assert run_tally("verify", "--data", server.data).returncode == 0


def sealed(content, at, length):
    """With the checksum that Tally's small headers end with: the head of SHA-256 over the rest."""
    digest = hashlib.sha256(content[at - length:at]).digest()[:16]
    content[at:at + 16] = digest


def with_version(file, place, version):
    """Puts another version into a file's header, which is whole then all the same."""
    content = bytearray(file.read_bytes())
    if file.name == "durable-mark":
        for slot in (0, 4096):
            content[slot + place:slot + place + 4] = version.to_bytes(4, "little")
            sealed(content, slot + 48, 48)
    else:
        content[place:place + 4] = version.to_bytes(4, "little")
        end = 32 if file.name == "key" else 80
        sealed(content, end, end)
    file.write_bytes(content)


#: The file, where its version stands, what it is called, and the version that is known.
VERSIONS = (
    ("key", 8, "format", 1),
    ("durable-mark", 4, "format", 1),
    ("durable-mark", 8, "rules", 2),
    ("journal-*.seg", 8, "format", 1),
    ("journal-*.seg", 12, "rules", 2),
    ("snapshot-*.snap", 8, "format", 1),
    ("snapshot-*.snap", 12, "rules", 2),
)


@pytest.mark.parametrize("pattern, place, kind, known", VERSIONS,
                         ids=lambda value: str(value).split("-")[0])
def test_a_newer_version_of_any_file_is_refused_by_name(
        make_server, pattern, place, kind, known):
    server = make_server()
    shutil.copytree(max(path for path in DIRECTORIES if path.name == "snapshots"), server.data)
    file = max(server.data.glob(pattern))
    before = {path: path.read_bytes() for path in server.data.iterdir()}
    with_version(file, place, known)
    assert file.read_bytes() == before[file], "the checksum is made as Tally makes it"
    with_version(file, place, 900)
    says = f"'{file.name}' has {kind} version 900; this version of Tally knows {known} only"

    with pytest.raises(ServerDidNotStart):
        server.start()
    assert server.process.returncode == 70
    assert says in server.log.read_text()
    for command in ("verify", "inspect"):
        finished = run_tally(command, "--data", server.data)
        assert finished.returncode == 1, finished.stdout
        assert says in finished.stderr, finished.stderr
    target = server.data.with_name("copy")
    finished = run_tally("backup", "--data", server.data, "--to", target)
    assert finished.returncode == 1 and says in finished.stderr
    assert not list(target.parent.glob("copy*"))
    assert {path: path.read_bytes() for path in before} == {
        **before, file: file.read_bytes()}, "nothing was changed"


def test_a_key_of_a_newer_format_may_have_another_length(make_server):
    server = make_server()
    shutil.copytree(DIRECTORIES[0], server.data)
    key = server.data / "key"
    key.write_bytes(b"TALLYKEY" + (2).to_bytes(4, "little") + bytes(88))
    finished = run_tally("verify", "--data", server.data)
    assert finished.returncode == 1
    assert "'key' has format version 2" in finished.stderr

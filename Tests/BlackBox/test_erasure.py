"""A deletion becomes physical: no byte of the account stays, in files, logs or metrics.

The files are searched byte by byte, for the identifier and for the hash that stands for it in
files. Only the remembered refusal may be left: in a snapshot, an account with no votes.
"""

import datetime
import os
import struct
import threading
import time

import pytest

from consultations import choice_phase, counts_of, definition, support_phase
from curl import HTTP1, curl
from problems import assert_problem
from siphash import account_hash, siphash128
from tally_client import TallyClient
from tally_server import ServerDidNotStart, run_tally

ERASURE = "/v1/admin/erasure"
DAY = datetime.timedelta(days=1)
GONE = "Gone-Ünïque-5f0c/91@example.org"
KEPT = "kept-unique-77aa"

_SNAPSHOT_HEADER, _CHUNK_HEADER = 96, 48
_ACCOUNTS = 4


@pytest.mark.parametrize("size, expected", (
    (0, "a3817f04ba25a8e66df67214c7550293"), (1, "da87c1d86b99af44347659119b22fc45"),
    (3, "9c70b60c5267a94e5f33b6b02985ed51"), (15, "5493e99933b0a8117e08ec0f97cfc3d9"),
    (63, "5150d1772f50834a503e069a973fbd7c"),
))
def test_the_hash_of_these_tests_is_the_published_one(size, expected):
    """Vectors of the reference implementation, `vectors_sip128`."""
    assert siphash128(bytes(range(16)), bytes(range(size))).hex() == expected


# What stands in files.

def written(path):
    """What was ever written to a file; that is little of one that is preallocated."""
    with open(path, "rb") as file:
        parts, end = [], 0
        while end < os.fstat(file.fileno()).st_size:
            try:
                start = os.lseek(file.fileno(), end, os.SEEK_DATA)
            except OSError:
                break  # nothing but a hole is left
            end = os.lseek(file.fileno(), start, os.SEEK_HOLE)
            parts.append(os.pread(file.fileno(), end - start, start))
        return b"".join(parts)


def data_files(server):
    """What stands in each file of the data directory, by name; the server may be running."""
    contents = {}
    for file in sorted(server.data.rglob("*")):
        try:
            contents[file.name] = written(file) if file.is_file() else b""
        except FileNotFoundError:
            pass  # superseded meanwhile
    return contents


def places(server, needle):
    """The files in which the bytes stand."""
    return places_in(data_files(server), needle)


def places_in(files, needle):
    return [name for name, content in files.items() if needle in content]


def accounts_of_snapshot(content):
    """Hash and number of votes of every entry; format as in the comments of `SnapshotWriter`."""
    offset = _SNAPSHOT_HEADER
    entries = []
    while content[offset:offset + 4] == b"TCHK":
        size, kind = struct.unpack_from("<IB", content, offset + 4)
        offset += _CHUNK_HEADER
        end = offset + size
        while kind == _ACCOUNTS and offset < end:
            key, votes = struct.unpack_from("<16sI", content, offset)
            entries.append((key, votes))
            offset += 24 + 8 * votes
        offset = end + -size % 8
    assert content[offset:offset + 4] == b"TEND"
    return entries


def assert_identifier_nowhere(server, account, *texts):
    """Neither the identifier, nor its hash as people would print it, is written anywhere."""
    log, files = server.log.read_bytes(), data_files(server)
    for needle in (account.encode(), account_hash(server.data, account).hex().encode()):
        assert not places_in(files, needle)
        assert needle not in log.lower() and needle not in log
        assert not any(needle in text for text in texts)


def assert_only_the_refusal_is_left(server, *accounts, texts=()):
    """Neither the accounts' identifiers nor their hashes are anywhere but in tombstones."""
    files = data_files(server)
    snapshots = {name: accounts_of_snapshot(content) for name, content in files.items()
                 if name.endswith(".snap")}
    searched = [*files.items(), ("the log", server.log.read_bytes()),
                *(("a text", text) for text in texts)]
    for account in accounts:
        key = account_hash(server.data, account)
        remembered = 0
        for name, content in searched:
            assert account.encode() not in content, f"the identifier stands in {name}"
            assert key.hex().encode() not in content.lower(), f"the hash stands in {name}"
            entries = [votes for found, votes in snapshots.get(name, ()) if found == key]
            assert entries in ([], [0]), f"{name} has votes of a deleted account: {entries}"
            assert content.count(key) == len(entries), f"the hash stands in {name}"
            remembered += len(entries)
        assert remembered, "the refusal is forgotten"


# The route.

def status(client):
    response = client.get(ERASURE)
    assert response.status == 200, response
    return checked(response)


def checked(response):
    erasure = response.json()
    assert set(erasure) == {"pending", "until"}, erasure
    assert (erasure["pending"] == 0) == (erasure["until"] is None), erasure
    return erasure


def erase(client):
    response = client.request("POST", ERASURE)
    assert response.status == 200, response
    return checked(response)


def instant(text):
    return datetime.datetime.fromisoformat(text)


def now():
    return datetime.datetime.now(datetime.timezone.utc)


@pytest.fixture
def erasing(own_server):
    """A server of its own with the consultation `c`."""
    with TallyClient(own_server) as client:
        defined = client.define("c", definition(
            choice_phase(), support_phase(), support_phase("closing")))
        assert defined.status == 201, defined
        yield own_server, client


def vote_much(client, account):
    """Votes in every phase, some of them changed and withdrawn."""
    for choice in ("agree", "disagree"):
        client.vote("c", "opinions", "p1", account, choice=choice)
    client.vote("c", "opinions", "p2", account, choice="mixed")
    client.vote("c", "ideas", "p1", account)
    client.vote("c", "ideas", "p2", account)
    client.withdraw("c", "ideas", "p2", account)
    client.ballot("c", "closing", account, {"p1": {}, "p2": {}})


def name_again(client, account):
    """Everything that is refused of a deleted account and deletes it again; how many."""
    client.delete_account(account)
    assert_problem(client.vote("c", "opinions", "p2", account, choice="agree"), "account-deleted")
    assert_problem(client.ballot("c", "ideas", account, {"p1": {}}), "account-deleted")
    assert_problem(client.withdraw("c", "ideas", "p1", account), "account-deleted")
    stream = client.vote_stream("c", "ideas")
    stream.send({"proposal": "p1", "account": account}, {"proposal": "p2", "account": account})
    stream.finish()
    assert stream.refused == {1: "account-deleted", 2: "account-deleted"}
    deletions = client.deletion_stream()
    deletions.send({"account": account})
    assert deletions.finish()["already_deleted"] == 1
    return 7


def test_a_fresh_server_has_nothing_to_erase(own_server):
    with TallyClient(own_server) as client:
        assert status(client) == {"pending": 0, "until": None}
        assert erase(client) == {"pending": 0, "until": None}
        assert client.metrics().get("tally_erasure_pending") == 0
        assert client.metrics().get("tally_erasure_until_seconds") is None


def test_votes_of_accounts_that_are_not_deleted_do_not_count(erasing):
    _, client = erasing
    vote_much(client, KEPT)
    assert status(client) == {"pending": 0, "until": None}


@pytest.mark.parametrize("death", (
    "none", "after all", "between snapshot and deletion", "after a snapshot", "after two"))
def test_a_deletion_becomes_physical(erasing, death):
    """Also when the server dies before, wherever the newest snapshots stand."""
    server, client = erasing
    for account in (GONE, KEPT):
        vote_much(client, account)
    client.close_phase("c", "closing")
    if death in ("between snapshot and deletion", "after two"):
        client.snapshot()
    if death == "between snapshot and deletion":
        server.restart(kill=True)
        client = TallyClient(server)
    before = now()
    deleted = client.delete_account(GONE).json()
    assert (deleted["retracted"], deleted["frozen"]) == (3, 2)
    pending = 1 + name_again(client, GONE)
    erasure = status(client)
    assert erasure["pending"] == pending
    # Times of the contract are in milliseconds, rounded down.
    assert before - datetime.timedelta(milliseconds=1) <= instant(erasure["until"]) - DAY <= now()
    assert client.metrics().get("tally_erasure_pending") == pending
    assert client.metrics().get("tally_erasure_until_seconds") == int(
        instant(erasure["until"]).timestamp())
    if death in ("after a snapshot", "after two"):
        client.snapshot()
        assert status(client) == erasure, "one snapshot alone erases nothing"
    if death != "none":
        server.restart(kill=True)
        client = TallyClient(server)
        again = status(client)
        assert again["pending"] == pending
        assert instant(again["until"]) <= instant(erasure["until"]), "never later than promised"

    assert_identifier_nowhere(server, GONE, client.get("/metrics").body)
    key = account_hash(server.data, GONE)
    found = places(server, key)
    assert any(name.startswith("journal-") for name in found), "else this test could not fail"
    tally = client.tally("c").json()["phases"]

    assert erase(client) == {"pending": 0, "until": None}
    assert_only_the_refusal_is_left(server, GONE, texts=[client.get("/metrics").body])
    assert status(client) == {"pending": 0, "until": None}
    assert client.metrics().get("tally_erasure_pending") == 0
    kept = account_hash(server.data, KEPT)
    assert {4 + 1} == {votes for name, content in data_files(server).items()
                       if name.endswith(".snap")
                       for entry, votes in accounts_of_snapshot(content) if entry == kept}
    assert client.tally("c").json()["phases"] == tally
    assert_problem(client.personal_data(GONE), "account-deleted")

    server.restart(kill=death != "none")
    with TallyClient(server) as client:
        assert status(client) == {"pending": 0, "until": None}
        assert client.tally("c").json()["phases"] == tally
        assert_problem(client.vote("c", "ideas", "p1", GONE), "account-deleted")
        assert status(client)["pending"] == 1, "this refusal stands in the journal now"
        assert places(server, key)
        assert erase(client)["pending"] == 0
        assert_only_the_refusal_is_left(server, GONE)
    assert server.terminate() == 0
    assert run_tally("verify", "--data", server.data).returncode == 0
    assert_only_the_refusal_is_left(server, GONE)


def test_the_first_of_several_deletions_sets_the_time(erasing):
    _, client = erasing
    client.delete_account("a0")
    first = status(client)
    client.snapshot()
    client.delete_account("a1")
    second = status(client)
    assert second == {"pending": 2, "until": first["until"]}
    client.snapshot()
    third = status(client)
    assert third["pending"] == 1, "two snapshots began after the first deletion"
    assert instant(third["until"]) >= instant(first["until"])
    client.vote("c", "ideas", "p1", KEPT)
    client.snapshot()
    assert status(client) == {"pending": 0, "until": None}


def test_many_ask_for_erasures_and_snapshots_at_once(erasing):
    server, client = erasing
    accounts = [f"at-once-{number}" for number in range(20)]
    for account in accounts:
        client.vote("c", "ideas", "p1", account)
        client.delete_account(account)
    asked = [client.connection.start("POST", path)
             for _ in range(8) for path in (ERASURE, "/v1/admin/snapshot")]
    for stream in asked:
        assert stream.response().status == 200
    assert status(client) == {"pending": 0, "until": None}
    assert_only_the_refusal_is_left(server, *accounts)


class Flow:
    """Does something over and over on a connection of its own until the block ends."""

    def __init__(self, server, work):
        self._server, self._work = server, work
        self._stopped = threading.Event()
        self._begun = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._failure = None
        self.turns = 0

    def _run(self):
        try:
            with TallyClient(self._server) as client:
                while not self._stopped.is_set():
                    self._work(client, self.turns)
                    self.turns += 1
                    self._begun.set()
        except BaseException as error:
            self._failure = error
            self._begun.set()

    def __enter__(self):
        self._thread.start()
        self._begun.wait()
        return self

    def __exit__(self, *_):
        self._stopped.set()
        self._thread.join()
        if self._failure is not None:
            raise self._failure


def test_erasures_while_votes_flow(erasing):
    server, client = erasing

    def send(client, turn):
        stream = client.vote_stream("c", "ideas")
        stream.send(*({"proposal": "p1", "account": f"flow-{turn}-{number}"}
                      for number in range(500)))
        assert stream.finish()["counted"] == 500

    gone = [f"gone-in-the-flow-{turn}" for turn in range(4)]
    with Flow(server, send) as flow:
        for account in gone:
            vote_much(client, account)
            client.delete_account(account)
            assert places(server, account_hash(server.data, account))
            assert erase(client)["pending"] == 0
            assert_only_the_refusal_is_left(server, account)
    tally = counts_of(client.tally("c", "ideas").json())
    assert tally["p1"] == {"support": 500 * flow.turns}
    server.restart(kill=True)
    with TallyClient(server) as client:
        assert counts_of(client.tally("c", "ideas").json()) == tally
        assert_only_the_refusal_is_left(server, *gone)


def test_an_erasure_ends_though_votes_of_deleted_accounts_flow(erasing):
    """It makes physical what was named before it was asked for, and waits for nothing else."""
    server, client = erasing

    def refuse(client, _):
        assert_problem(client.vote("c", "ideas", "p1", "stubborn"), "account-deleted")

    client.delete_account("stubborn")
    vote_much(client, GONE)
    client.delete_account(GONE)
    with Flow(server, refuse):
        for _ in range(3):
            assert client.request("POST", ERASURE).status == 200
            assert_only_the_refusal_is_left(server, GONE)
    assert erase(client) == {"pending": 0, "until": None}
    assert_only_the_refusal_is_left(server, "stubborn")


@pytest.mark.parametrize("delay", (0, 1, 3, 6, 10, 15), ids=lambda delay: f"after {delay} ms")
def test_a_kill_during_an_erasure_never_makes_it_seem_done(erasing, delay):
    server, client = erasing
    vote_much(client, GONE)
    client.delete_account(GONE)
    asked = client.connection.start("POST", ERASURE)
    time.sleep(delay / 1000)
    server.kill9()
    was_answered = asked.status == 200
    server.start()
    with TallyClient(server) as client:
        if status(client)["pending"] == 0:
            assert_only_the_refusal_is_left(server, GONE)
        else:
            assert not was_answered
        assert erase(client) == {"pending": 0, "until": None}
        assert_only_the_refusal_is_left(server, GONE)


# What recovery puts aside.

def append_to_journal(server, torn):
    """What a record looks like whose write was never finished."""
    file = max(server.data.glob("journal-*.seg"))
    good = file.read_bytes()
    end = len(good.rstrip(b"\0")) + 64
    file.write_bytes(good[:end].ljust(end, b"\0") + torn + good[end + len(torn):])


@pytest.mark.parametrize("is_physical", (False, True), ids=("pending", "nothing pending"))
def test_a_torn_tail_kept_aside_goes_with_the_next_erasure(erasing, is_physical):
    """The torn record may have named an account that is deleted for long."""
    server, client = erasing
    vote_much(client, GONE)
    client.delete_account(GONE)
    key = account_hash(server.data, GONE)
    if is_physical:
        assert erase(client)["pending"] == 0
    server.kill9()
    append_to_journal(server, b"torn" + key)
    server.start()
    with TallyClient(server) as client:
        assert any(name.endswith(".tail") for name in places(server, key)), "it was kept"
        if is_physical:
            assert_erased_within_a_day(client)
        assert erase(client) == {"pending": 0, "until": None}
        assert not list(server.data.glob("*.tail"))
        assert_only_the_refusal_is_left(server, GONE)


def assert_erased_within_a_day(client):
    erasure = status(client)
    assert erasure["pending"] > 0, "what was put aside waits to be erased"
    assert instant(erasure["until"]) <= now() + DAY


def test_a_bad_snapshot_kept_aside_goes_with_the_next_erasure(erasing):
    server, client = erasing
    for _ in range(2):
        vote_much(client, GONE)
        assert client.snapshot().status == 200
    server.kill9()
    newest = max(server.data.glob("snapshot-*.snap"))
    content = bytearray(newest.read_bytes())
    content[-1] ^= 1
    newest.write_bytes(content)
    server.start()
    with TallyClient(server) as client:
        assert len(list(server.data.glob("*.bad"))) == 1
        client.delete_account(GONE)
        assert erase(client) == {"pending": 0, "until": None}
        assert not list(server.data.glob("*.bad"))
        assert_only_the_refusal_is_left(server, GONE)


def test_files_that_a_kill_kept_from_being_removed_do_not_stay(erasing):
    """The process dies when the second snapshot is durable and the older files still stand."""
    server, client = erasing
    vote_much(client, GONE)
    client.delete_account(GONE)
    key = account_hash(server.data, GONE)
    older = {name: (server.data / name).read_bytes() for name in places(server, key)}
    assert erase(client)["pending"] == 0
    server.kill9()
    for name, content in older.items():
        assert not (server.data / name).exists()
        (server.data / name).write_bytes(content)
    server.start()
    with TallyClient(server) as client:
        if any(not name.endswith(".snap") for name in places(server, key)):
            assert_erased_within_a_day(client)
        assert erase(client) == {"pending": 0, "until": None}
        assert_only_the_refusal_is_left(server, GONE)


# The key.

def refusal_to_start(server):
    """What the log says when the server refuses its directory."""
    length = server.log.stat().st_size
    with pytest.raises(ServerDidNotStart):
        server.start()
    assert server.process.returncode > 0, "no crash, but a refusal"
    return server.log.read_text()[length:]


def test_the_key_is_its_owners_only_and_losing_it_is_told_as_what_it_is(erasing, make_server):
    server, client = erasing
    vote_much(client, GONE)
    server.kill9()
    key = server.data / "key"
    assert key.stat().st_mode & 0o777 == 0o600
    good = key.read_bytes()
    files = set(data_files(server))

    key.unlink()
    said = refusal_to_start(server)
    assert "no 'key' file" in said and "accounts cannot be recognized" in said, said
    assert set(data_files(server)) == files - {"key"}, "no other key takes its place"

    other = make_server().start()
    assert other.terminate() == 0
    key.write_bytes((other.data / "key").read_bytes())
    said = refusal_to_start(server)
    assert "written under another key" in said and "'key'" in said, said

    for changed in (good[:-1], bytes(len(good)), good[:20] + b"\xff" + good[21:]):
        key.write_bytes(changed)
        said = refusal_to_start(server)
        assert "key" in said and "not a whole key file" in said, said

    key.write_bytes(good)
    server.start()
    with TallyClient(server) as client:
        assert client.get_vote("c", "ideas", "p1", GONE).status == 200


# The other protocol.

def test_erasure_over_http1(erasing):
    server, client = erasing
    client.delete_account(GONE)
    for arguments, pending in (((), 1), (("-X", "POST"), 0)):
        response = curl(server.url + ERASURE, *arguments, protocol=HTTP1)
        assert response.status == 200 and checked(response)["pending"] == pending
        assert response.headers["content-type"].startswith("application/json")

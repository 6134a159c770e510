"""A server that is still recovering listens already, says how far it is, and refuses the rest.

Recovery of the small directories of tests is over at once. So most of these tests hold it up: a
lease on a journal file lets the server wait in opening it for as long as they like (Linux).
"""

import contextlib
import fcntl
import http.client
import os
import re
import signal
import socket
import subprocess
import time

import pytest

import patience
from consultations import choice_phase, counts_of, definition, support_phase
from h2client import ConnectionLost, Response, StreamOver
from problems import assert_problem
from tally_client import JSON, TallyClient, vote_path
from tally_server import TALLY, ServerDidNotStart, run_tally
from vote_streams import encode_lines

_PROGRESS = re.compile(r"recovery: (\d+) % of at most (\d+) bytes, position (\d+)\n")
VOTERS = 2_000


@pytest.fixture
def make_recovering(make_server):
    """Makes servers whose port is known before they print it."""
    def make():
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
        server = make_server("--listen", f"127.0.0.1:{port}")
        server.port = port
        return server
    return make


@pytest.fixture
def killed(make_recovering):
    """A server with a snapshot and a journal behind it, killed."""
    server = make_recovering().start()
    with TallyClient(server) as client:
        client.define("c", definition(choice_phase(), support_phase()))
        for phase, carried in (("opinions", {"choice": "agree"}), ("ideas", {})):
            stream = client.vote_stream("c", phase)
            stream.send(*({"proposal": "p1", "account": f"a{number}", **carried}
                          for number in range(VOTERS)))
            assert stream.finish()["counted"] == VOTERS
            if phase == "opinions":
                client.snapshot()
        client.delete_account("a0")
    server.kill9()
    return server


def assert_everything_is_there(client):
    for phase, count in (("opinions", "agree"), ("ideas", "support")):
        tally = client.tally("c", phase).json()
        assert tally["voters"] == counts_of(tally)["p1"][count] == VOTERS - 1
    assert_problem(client.vote("c", "ideas", "p1", "a0"), "account-deleted")


@contextlib.contextmanager
def held_up(server):
    """The server is launched, and does not get past its newest journal file in the block."""
    # The kernel tells the holder of a lease when somebody wants the file.
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    descriptor = os.open(max(server.data.glob("journal-*.seg")), os.O_RDWR)
    try:
        try:
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        except OSError as error:
            pytest.skip(f"no leases on this file system: {error}")
        server.launch()
        wait_until_listening(server)
        yield
    finally:
        os.close(descriptor)
        signal.signal(signal.SIGIO, before)


def wait_until_listening(server):
    deadline = time.monotonic() + patience.SECONDS
    while True:
        try:
            return socket.create_connection((server.host, server.port)).close()
        except ConnectionRefusedError:
            assert server.is_running, server.log_tail()
            assert time.monotonic() < deadline, "it does not listen"
            time.sleep(0.005)


class KeptAlive:
    """One connection of HTTP/1.1, never made anew, asked as a `TallyClient` is."""

    def __init__(self, server):
        self._connection = http.client.HTTPConnection(
            server.host, server.port, timeout=patience.SECONDS)
        self._connection.connect()
        self._connection.auto_open = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._connection.close()

    def request(self, method, path, headers=(), *, body=None):
        self._connection.request(method, path, body=body, headers=dict(headers))
        answer = self._connection.getresponse()
        return Response(
            answer.status, {name.lower(): value for name, value in answer.getheaders()},
            answer.read())


def assert_starting(connection):
    """What a server answers that is not ready yet."""
    assert connection.request("GET", "/livez").status == 200
    assert connection.request("GET", "/version").json()["version"]
    assert_not_ready(connection.request("GET", "/readyz"))
    verbose = assert_not_ready(connection.request("GET", "/readyz?verbose"))
    assert _PROGRESS.fullmatch(verbose) or verbose == "recovery: starting\n", verbose
    assert connection.request("HEAD", "/readyz").status == 503
    line = encode_lines([{"consultation": "c", "phase": "ideas", "proposal": "p1",
                          "account": "early"}])
    for method, path, body in (
        ("PUT", vote_path("c", "ideas", "p1", "early"), b"{}"),
        ("DELETE", vote_path("c", "ideas", "p1", "a1"), None),
        ("GET", "/v1/consultations/c/tally", None), ("GET", "/v1/consultations", None),
        ("DELETE", "/v1/accounts/a1", None), ("POST", "/v1/votes", line),
        ("POST", "/v1/admin/erasure", None), ("GET", "/v1/admin/audit", None),
        ("GET", "/v1/accounts/a1/votes", None),
    ):
        refused = connection.request(method, path, [JSON] if body == b"{}" else [], body=body)
        assert_problem(refused, "starting")
        assert int(refused.headers["retry-after"]) > 0
    assert_problem(connection.request("GET", "/nonsense"), "not-found")
    assert_problem(connection.request("POST", "/livez"), "method-not-allowed")
    assert_problem(
        connection.request("GET", "/livez", [("origin", "https://foreign.example")]), "forbidden")


def assert_not_ready(response):
    assert response.status == 503, response
    assert response.headers["content-type"].startswith("text/plain")
    return response.body.decode()


def test_it_says_how_far_it_is_and_then_serves_on_the_same_connections(killed):
    with contextlib.ExitStack() as stack:
        with held_up(killed):
            client = stack.enter_context(TallyClient(killed))
            http1 = stack.enter_context(KeptAlive(killed))
            for connection in (client, http1):
                assert_starting(connection)
        killed.wait_until_ready()
        for connection in (client, http1):
            ready = connection.request("GET", "/readyz?verbose")
            assert ready.status == 200 and b"storage: ok" in ready.body
            account = f"late-{type(connection).__name__}"
            voted = connection.request(
                "PUT", vote_path("c", "ideas", "p2", account), [JSON], body=b"{}")
            assert voted.status == 201 and voted.json()["outcome"] == "counted"
            tally = connection.request("GET", "/v1/consultations/c/phases/opinions/tally").json()
            assert tally["voters"] == VOTERS - 1
        stream = client.vote_stream("c", "ideas")
        stream.send({"proposal": "p2", "account": "late"})
        assert stream.finish()["counted"] == 1
        assert counts_of(client.tally("c", "ideas").json()) == {
            "p1": {"support": VOTERS - 1}, "p2": {"support": 3}}
        assert_problem(client.get_vote("c", "ideas", "p1", "early"), "no-vote")


def test_nothing_is_printed_before_it_is_ready(killed):
    with held_up(killed):
        with TallyClient(killed) as client:
            assert_not_ready(client.get("/readyz"))
            os.set_blocking(killed.process.stdout.fileno(), False)
            assert killed.process.stdout.read() in (None, b"")
            os.set_blocking(killed.process.stdout.fileno(), True)
    killed.wait_until_ready()
    assert killed.printed == [f"listening on {killed.url}"]


def test_what_was_refused_during_the_start_may_still_be_sent_to_its_end(killed):
    """The rest of a request that began too early comes when the server serves already."""
    line = encode_lines([{"consultation": "c", "phase": "ideas", "proposal": "p2",
                          "account": "early"}])
    with contextlib.ExitStack() as stack:
        with held_up(killed):
            client = stack.enter_context(TallyClient(killed))
            early = client.vote_stream()
            assert early.stream.wait_head() == 503
            raw = stack.enter_context(socket.create_connection((killed.host, killed.port)))
            raw.sendall(b"POST /v1/votes HTTP/1.1\r\nhost: localhost\r\n"
                        b"transfer-encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(line), line))
            assert raw.recv(4096).startswith(b"HTTP/1.1 503 ")
        killed.wait_until_ready()
        assert client.get("/readyz").status == 200
        with contextlib.suppress(StreamOver, ConnectionLost):
            early.send_bytes(line * 100)
            early.stream.end()
        with contextlib.suppress(ConnectionError):
            raw.sendall(b"%x\r\n%s\r\n0\r\n\r\nGET /readyz HTTP/1.1\r\nhost: localhost\r\n"
                        b"connection: close\r\n\r\n" % (len(line), line))
            while raw.recv(4096):
                pass
        with TallyClient(killed) as other:
            assert_everything_is_there(other)
            assert_problem(other.get_vote("c", "ideas", "p2", "early"), "no-vote")


def test_sigterm_during_the_start_ends_it_and_loses_nothing(killed):
    with held_up(killed):
        with TallyClient(killed) as client, KeptAlive(killed) as http1:
            assert_starting(client)
            assert_starting(http1)
            assert killed.terminate() == 0
    assert killed.process.stdout.read() == b"", "it never said that it is ready"
    killed.start()
    with TallyClient(killed) as client:
        assert_everything_is_there(client)
    assert killed.terminate() == 0
    assert run_tally("verify", "--data", killed.data).returncode == 0


def test_damage_that_recovery_meets_ends_the_server_and_is_named(killed):
    """It listens already when it finds out."""
    file = max(killed.data.glob("journal-*.seg"))
    good = file.read_bytes()
    offset = len(good.rstrip(b"\0")) // 2
    file.write_bytes(good[:offset] + bytes([good[offset] ^ 0x10]) + good[offset + 1:])
    length = killed.log.stat().st_size
    with held_up(killed):
        with TallyClient(killed) as client:
            assert_not_ready(client.get("/readyz"))
    with pytest.raises(ServerDidNotStart):
        killed.wait_until_ready()
    assert killed.process.returncode > 0, "no crash, but a refusal"
    said = re.search(rf"'{file.name}' is damaged at byte (\d+)", killed.log.read_text()[length:])
    assert said, killed.log_tail()
    assert 0 < int(said.group(1)) <= offset, "where the record begins that has the damage"
    file.write_bytes(good)
    killed.start()
    with TallyClient(killed) as client:
        assert_everything_is_there(client)


def told_while_starting(server, is_enough=lambda told: False):
    """Launches the server; what `/readyz?verbose` says, over and over, until it is ready."""
    server.launch()
    wait_until_listening(server)
    told = []
    with KeptAlive(server) as connection:
        while (answer := connection.request("GET", "/readyz?verbose")).status != 200:
            told.append(assert_not_ready(answer))
            if is_enough(told):
                break
    return told


def steps_of(told):
    """Per cent and position of each answer that has them."""
    found = [_PROGRESS.fullmatch(text) for text in told if text != "recovery: starting\n"]
    assert all(found), told
    return [(int(step[1]), int(step[3])) for step in found]


def test_progress_grows_and_a_start_that_is_broken_off_is_begun_anew(make_recovering):
    """A million votes, and nothing that holds the server up."""
    server = make_recovering().start()
    finished = subprocess.run(
        [str(TALLY), "load", server.url, "--votes", "1000000", "--proposals", "10",
         "--consultation", "c"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=4 * patience.SECONDS)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    with TallyClient(server) as client:
        before = client.tally("c").json()
    server.kill9()

    # A start that was over before anybody asked shows nothing: try again.
    for _ in range(10):
        told = told_while_starting(
            server, lambda told: any(position > 0 for _, position in steps_of(told)))
        assert server.terminate() == 0
        if any(position > 0 for _, position in steps_of(told)):
            break
    else:
        pytest.fail("no start said how far it was")

    steps = steps_of(told_while_starting(server))
    server.wait_until_ready()
    for column in zip(*steps):
        assert list(column) == sorted(column), "never backwards"
    assert all(percent <= 100 and position <= before["sequence"] for percent, position in steps)
    with TallyClient(server) as client:
        after = client.tally("c").json()
    assert (after["sequence"], after["phases"]) == (before["sequence"], before["phases"])

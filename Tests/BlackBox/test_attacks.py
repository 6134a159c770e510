"""Attacks from raw frames and bytes, while an honest client works beside them.

Of each: the attacker is stopped by the limit that is there for it, which the metric tells by name;
everything that the honest client does succeeds; memory does not grow. Shares and times are
measured by the soak.
"""

import itertools
import shutil
import subprocess
import time

import pytest

from consultations import definition, support_phase
from honest_work import HonestWork
from hostile_client import HostileClient
from http2_frames import (
    DEFAULT_FRAME, END_STREAM, LARGEST_WINDOW, Code, Kind, Setting, continuation, data, frame,
    headers, ping, priority, reset, settings, window_update)
from tally_client import TallyClient
from tally_server import TallyServer

#: Growth of memory that an attack may cause.
MEMORY = 64 << 20
#: Short, so that those who dawdle are found out in a test's time.
IMPATIENT = [f"--limit={limit}" for limit in (
    "handshake-time=1", "head-time=1", "idle-time=1", "body-grace=1", "stall-time=1")]


def hits(server):
    """How often each limit was run into."""
    with TallyClient(server) as client:
        return {series.split('"')[1]: value for series, value in client.metrics().items()
                if series.startswith("tally_limit_hits_total{")}


class Attack:
    """Watches a server during an attack that one limit, of those named, is to stop. Connections of
    tests before may run into `idle-time` meanwhile."""

    def __init__(self, server, name, *limits):
        self.server, self.stopping, self.limits = server, {*limits}, {*limits, "idle-time"}
        self.work = HonestWork(server, name)

    def __enter__(self):
        self.work.__enter__()
        self.before = hits(self.server)
        self.memory = self.server.resident_bytes()
        return self

    def __exit__(self, kind, *rest):
        if kind is None:
            growth = self.server.resident_bytes() - self.memory
        self.work.__exit__(kind, *rest)
        if kind is not None:
            return
        now = hits(self.server)
        risen = {limit for limit in now if now[limit] > self.before[limit]}
        assert risen & self.stopping and risen <= self.limits, risen
        assert growth < MEMORY, f"memory grew by {growth >> 20} MiB"


@pytest.fixture(scope="module")
def impatient(tmp_path_factory):
    server = TallyServer(tmp_path_factory.mktemp("impatient"), *IMPATIENT).start()
    yield server
    server.kill9()
    shutil.rmtree(server.data, ignore_errors=True)


# Floods: the connection ends with a word why.


def resets(client):
    stream, head = client.head("GET", "/v1/consultations")
    return head + reset(stream)


def resets_without_an_error(client):
    stream, head = client.head("GET", "/v1/consultations")
    return head + reset(stream, Code.NO_ERROR)


def zero_windows(client):
    """The server must reset the stream (CVE-2025-8671)."""
    stream, head = client.head("POST", "/v1/votes", end=False)
    return head + window_update(stream, 0)


def overflowing_windows(client):
    stream, head = client.head("POST", "/v1/votes", end=False)
    return head + window_update(stream, LARGEST_WINDOW)


def bodies_beyond_their_length(client):
    stream, head = client.head("POST", "/v1/votes", ("content-length", "1"), end=False)
    return head + data(stream, b"{}", END_STREAM)


def heads_without_a_method(client):
    stream, _ = client.head("GET", "/")
    block = client.encoder.encode([(":scheme", "http"), (":path", "/")])
    return headers(stream, block)


def header_bombs(client):
    """One field of 4,000 bytes is put into the table, and then named 16,000 times by one byte each."""
    stream, client.next_stream = client.next_stream, client.next_stream + 2
    first = client.encoder.encode([
        (":method", "GET"), (":scheme", "http"), (":authority", client.authority),
        (":path", "/livez"), ("x", "a" * 4_000)])
    block = first + b"\xbe" * (DEFAULT_FRAME - len(first))
    return headers(stream, block)


def too_many_streams(client):
    return b"".join(client.head("POST", "/v1/votes", end=False)[1] for _ in range(100))


def pings(client):
    return ping() * 100


def settings_again(client):
    return settings((Setting.INITIAL_WINDOW_SIZE, 65_535)) * 100


def empty_bodies(client):
    if client.next_stream == 1:
        return client.head("POST", "/v1/votes", end=False)[1]
    return data(1) * 100


def priorities(client):
    return priority(1) * 100


def windows(client):
    return window_update(0, 1) * 100


def unknown_frames(client):
    return frame(0xFA, 0, b"x") * 100


@pytest.mark.parametrize("limit, attack", [
    ("stream-errors", resets),
    ("stream-errors", resets_without_an_error),
    ("protocol-errors", zero_windows),
    ("protocol-errors", overflowing_windows),
    ("stream-errors", bodies_beyond_their_length),
    ("stream-errors", heads_without_a_method),
    ("stream-errors", header_bombs),
    ("stream-errors", too_many_streams),
    ("control-frames", pings),
    ("control-frames", settings_again),
    ("control-frames", empty_bodies),
    ("control-frames", priorities),
    ("control-frames", windows),
    ("control-frames", unknown_frames),
], ids=lambda value: getattr(value, "__name__", None))
def test_a_flood_ends_the_connection(server, name, limit, attack):
    allowed = {limit, "header-bytes"} if attack is header_bombs else {limit}
    with Attack(server, name, *allowed):
        for _ in range(3):
            with HostileClient(server) as client:
                client.flood(lambda: attack(client))
                client.wait_closed()
                if client.frames():
                    expected = ((Code.PROTOCOL_ERROR, Code.FLOW_CONTROL_ERROR)
                                if limit == "protocol-errors" else (Code.ENHANCE_YOUR_CALM,))
                    assert client.goaway_code() in (*expected, None)


def test_a_flood_of_continuations_ends_the_connection(server, name):
    with Attack(server, name, "continuation-frames"):
        with HostileClient(server) as client:
            block = client.encoder.encode([
                (":method", "GET"), (":scheme", "http"), (":path", "/livez")])
            client.send(headers(1, block, 0))
            client.flood(continuation(1, flags=0))
            client.wait_closed()


def test_windows_opened_by_one_byte_each_time_end_the_connection(server, name):
    """Every answer would be sent in frames of one byte (CVE-2019-9511)."""
    with Attack(server, name, "control-frames"):
        with HostileClient(server, window=1) as client:
            client.send(b"".join(client.head("GET", "/metrics")[1] for _ in range(100)))
            streams = itertools.cycle(range(1, 200, 2))
            client.flood(lambda: b"".join(
                window_update(next(streams), 1) for _ in range(100)))
            client.wait_closed()


# Dawdling: each has its time.


@pytest.mark.parametrize("first", [b"", b"P", b"PRI * HTTP/2.0\r"], ids=repr)
def test_a_slow_preface_has_its_time(impatient, name, first):
    with Attack(impatient, name, "handshake-time"):
        with HostileClient(impatient, preface=False) as client:
            client.send(first)
            client.wait_closed()


def test_the_rest_of_a_preface_has_its_time(impatient, name):
    with Attack(impatient, name, "head-time"):
        with HostileClient(impatient, preface=False) as client:
            client.drip([b"PRI * HTTP/2.0\r\n\r\n"] + [b"S", b"M", b"\r", b"\n", b"\r"] + [b""] * 99)
            client.wait_closed()


def http1_head():
    yield b"GET /livez HTTP/1.1\r\nx: "
    yield from [b"y"] * 1_000


def partial_head(client):
    _, head = client.head("GET", "/livez")
    return [head[:12], *(head[index:index + 1] for index in range(12, len(head) - 1))] + [b""] * 99


def partial_block(client):
    block = client.encoder.encode([
        (":method", "GET"), (":scheme", "http"), (":path", "/livez")])
    yield headers(1, block, 0)
    for _ in range(8):
        for _ in range(4):
            yield b""
        yield continuation(1, flags=0)
    yield from [b""] * 99


@pytest.mark.parametrize("pieces", [partial_head, partial_block],
                         ids=lambda pieces: pieces.__name__)
def test_a_slow_head_has_its_time(impatient, name, pieces):
    with Attack(impatient, name, "head-time"):
        with HostileClient(impatient) as client:
            client.drip(pieces(client))
            client.wait_closed()


def test_a_slow_head_over_http1_has_its_time(impatient, name):
    with Attack(impatient, name, "head-time"):
        with HostileClient(impatient, preface=False) as client:
            client.drip(http1_head())
            client.wait_closed()
        # Also behind a whole request.
        with HostileClient(impatient, preface=False) as client:
            client.drip(itertools.chain([b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n"],
                                        http1_head()))
            client.wait_closed()
            assert client.received.startswith(b"HTTP/1.1 200")


def test_a_connection_without_a_request_has_its_time(impatient, name):
    with Attack(impatient, name, "idle-time"):
        with HostileClient(impatient) as client, HostileClient(impatient, preface=False) as other:
            client.send(client.head("GET", "/livez")[1])
            other.send(b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n")
            client.wait_closed()
            other.wait_closed()
            assert client.goaway_code() == 0
            assert other.received.startswith(b"HTTP/1.1 200")


def test_a_slow_body_has_its_time(impatient, name):
    """Each of many requests is reset; the connection lives while it is used."""
    path = f"/v1/consultations/{name}/phases/ideas/proposals/p1/votes/a"
    with Attack(impatient, name, "body-rate"):
        with HostileClient(impatient) as client:
            streams = []
            for _ in range(50):
                stream, head = client.head("PUT", path, end=False)
                streams.append(stream)
                client.send(head)
            client.drip(b"".join(data(stream, b" ") for stream in streams)
                        for _ in range(12))
            over = {stream for kind, _, stream, _ in client.frames() if kind == Kind.RST_STREAM}
            assert over == set(streams)


def test_a_slow_body_over_http1_has_its_time(impatient, name):
    path = f"/v1/consultations/{name}/phases/ideas/proposals/p1/votes/a"
    with Attack(impatient, name, "body-rate"):
        with HostileClient(impatient, preface=False) as client:
            head = f"PUT {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n"
            client.drip([head.encode()] + [b" "] * 999)
            client.wait_closed()


def test_streams_opened_and_abandoned_are_reset(impatient, name):
    with Attack(impatient, name, "body-rate"):
        for _ in range(4):
            with HostileClient(impatient) as client:
                path = f"/v1/consultations/{name}"
                heads = [client.head("PUT", path, end=False) for _ in range(256)]
                client.send(b"".join(head for _, head in heads))
                client.wait_closed()
                over = {stream for kind, _, stream, _ in client.frames() if kind == Kind.RST_STREAM}
                assert over == {stream for stream, _ in heads}


# Answers that nobody takes.


def test_answers_behind_a_closed_window_have_their_time(impatient, name):
    with Attack(impatient, name, "read-rate", "stall-time"):
        with HostileClient(impatient, window=0) as client:
            client.send(b"".join(client.head("GET", "/metrics")[1] for _ in range(256)))
            client.wait_closed()


def test_one_answer_behind_a_closed_window_does_not_end_the_others(impatient, name):
    """The connection takes what it asks for, but for one stream."""
    with Attack(impatient, name, "stall-time"):
        with HostileClient(impatient, window=0) as client:
            blocked, head = client.head("GET", "/metrics")
            client.send(head)
            for _ in range(12):
                stream, head = client.head("GET", "/metrics")
                client.send(head + window_update(stream, 1 << 20))
                time.sleep(0.2)
            seen = {(kind, stream) for kind, _, stream, _ in client.frames()}
            assert (Kind.RST_STREAM, blocked) in seen
            assert client.goaway_code() is None


@pytest.mark.parametrize("protocol", ["HTTP/2", "HTTP/1.1"])
def test_answers_that_are_not_read_have_their_time(impatient, name, protocol):
    """The attacker asks for megabytes and reads none: the kernel's buffers fill, then the server's."""
    with TallyClient(impatient) as client:
        proposals = [f"p{number}" for number in range(5_000)]
        client.define(f"{name}-wide", definition(support_phase(proposals=proposals)))
    path = f"/v1/consultations/{name}-wide/tally"
    with Attack(impatient, name, "read-rate", "stall-time"):
        is_http2 = protocol == "HTTP/2"
        with HostileClient(impatient, reads=False, preface=is_http2, receive_buffer=4096,
                           window=LARGEST_WINDOW) as client:
            if is_http2:
                client.send(window_update(0, 0x7F000000))
                client.send(b"".join(client.head("GET", path)[1] for _ in range(250)))
            else:
                client.send(f"GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode() * 250)
            client.wait_closed_unread()


# Too much of one thing.


def test_an_endless_body_is_refused_and_not_kept(server, name):
    path = f"/v1/consultations/{name}/phases/ideas/proposals/p1/votes/a"
    with Attack(server, name, "body-bytes", "stream-errors", "protocol-errors"):
        with HostileClient(server) as client:
            stream, head = client.head("PUT", path, end=False)
            client.send(head)
            client.flood(data(stream, b" " * DEFAULT_FRAME), seconds=2)
            assert client.frames()


def test_an_endless_line_is_refused_and_not_kept(server, name):
    with HonestWork(server, name):
        memory = server.resident_bytes()
        with TallyClient(server) as client:
            stream = client.vote_stream(name, "ideas")
            for _ in range(64):
                stream.send_bytes(b"x" * (1 << 20))
            stream.send_bytes(b"\n")
            done = stream.finish()
            assert (done["lines"], done["refused"]) == (1, 1)
            assert stream.refused == {1: "too-large"}
        assert server.resident_bytes() - memory < MEMORY


@pytest.mark.parametrize("body", [
    b'{"title":' + b"[" * (8 << 20), b'{"title":' * (1 << 19), b'{"phases":[' + b"{}," * (2 << 20),
    b'{"title":"' + b"\\u00e9" * (1 << 20) + b'"}',
], ids=["arrays", "objects", "elements", "escapes"])
def test_deep_and_huge_json_is_refused(server, name, body):
    with HonestWork(server, name):
        memory = server.resident_bytes()
        with TallyClient(server) as client:
            for _ in range(4):
                answer = client.request("PUT", f"/v1/consultations/{name}-x",
                                        [("content-type", "application/json")], body=body)
                assert answer.status in (400, 413, 422), answer
        assert server.resident_bytes() - memory < MEMORY


def test_one_address_has_its_share_of_connections(make_server):
    server = make_server("--limit=connections-per-address=8", "--limit=idle-time=1").start()
    clients = [HostileClient(server) for _ in range(8)]
    for client in clients:
        client.send(client.head("GET", "/livez")[1])
    with HostileClient(server) as late:
        late.wait_closed()
    for client in clients:
        client.wait_closed()
        client.socket.close()
    assert hits(server)["connections-per-address"] == 1


# What is no attack.


def test_limits_leave_heavy_use_alone(server, name):
    """100 connections with 100 requests at once, a connection for each request, and careful readers."""
    before = hits(server)
    with HonestWork(server, name):
        for options in (["-c100", "-m100", "-n50000"], ["-c200", "-m1", "-n2000"],
                        ["-c10", "-m100", "-n20000", "-w16", "-W16"]):
            result = subprocess.run(
                ["h2load", *options, f"{server.url}/v1/consultations/{name}/tally"],
                capture_output=True, text=True)
            count = options[2][2:]
            assert f"{count} total, {count} started, {count} done, {count} succeeded" in (
                result.stdout), result.stdout
    assert hits(server) == before

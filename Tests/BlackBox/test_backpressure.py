"""Slow readers, small windows and abandoned requests: nothing piles up and nothing is lost."""

import socket
import threading
import time

import patience
from tally_client import NDJSON, TallyClient, consultation_path
from vote_streams import encode_lines


def test_a_reader_that_stops_is_not_read_from_and_loses_no_refusal(server, client, consultation):
    """The window of the request closes when too many answers are left unread.

    The client sends refused lines and acknowledges nothing, until the server takes no more. That
    it stops is seen by its silence: a slow machine may be taken for one that stopped, and then
    the reading starts earlier, which harms nothing.
    """
    limit = 64 << 20
    batch = encode_lines([{"proposal": "p1", "account": f"{consultation}-a", "choice": "x"}]) * 500
    with TallyClient(server, window=65_535) as slow:
        stream = slow.vote_stream(consultation, "ideas")
        stream.stream.wait_head()
        stream.stream.holds_window = True
        sent, unsent = 0, b""
        last_progress = time.monotonic()
        while time.monotonic() - last_progress < 3:
            unsent = unsent or batch
            size = stream.stream.write_some(unsent)
            unsent = unsent[size:]
            sent += size
            if size:
                last_progress = time.monotonic()
            else:
                time.sleep(0.01)
            assert sent < limit, "the server reads on though its answers are left unread"
        stream.stream.release_window()
        stream.send_bytes(unsent)
        done = stream.finish()
        lines = done["lines"]
        assert done["refused"] == lines and lines * len(batch) == (sent + len(unsent)) * 500
        assert stream.refused == dict.fromkeys(range(1, lines + 1), "invalid-vote")
    assert client.get("/livez").status == 200


def test_a_slow_reader_does_not_slow_its_neighbours_on_the_connection(client, consultation):
    slow = client.vote_stream(consultation, "ideas")
    slow.stream.wait_head()
    slow.stream.holds_window = True
    slow.send(*({"proposal": "p1", "account": f"{consultation}-s{number}"}
                for number in range(2_000)))
    busy = client.vote_stream(consultation, "ideas")
    busy.send(*({"proposal": "p1", "account": f"{consultation}-b{number}"}
                for number in range(2_000)))
    assert busy.finish()["counted"] == 2_000
    slow.stream.release_window()
    assert slow.finish()["counted"] == 2_000


def test_a_stream_whose_answers_fit_a_tiny_window_only_piece_by_piece(server, consultation):
    with TallyClient(server, window=64) as tiny:
        stream = tiny.vote_stream(consultation, "opinions")
        stream.send(*({"proposal": "p1", "account": f"{consultation}-{number}",
                       "choice": ("agree", "wrong")[number % 2]} for number in range(3_000)))
        done = stream.finish()
        assert (done["counted"], done["refused"]) == (1_500, 1_500)
        assert set(stream.refused) == set(range(2, 3_001, 2))


def test_a_reader_over_http1_that_stops_loses_no_refusal(server, consultation):
    """The socket itself is the window there: both sides fill up, and then all is read."""
    path = consultation_path(consultation, "ideas") + "/votes"
    lines = 60_000
    body = encode_lines([{"proposal": "p1", "account": "a", "choice": "x"}]) * lines
    with socket.create_connection((server.host, server.port), timeout=patience.SECONDS) as raw:
        def send():
            raw.sendall(
                f"POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
                f"content-length: {len(body)}\r\n\r\n".encode() + body)

        sending = threading.Thread(target=send)
        sending.start()
        sending.join(2)  # nothing is read meanwhile
        received = bytearray()
        while chunk := raw.recv(1 << 16):
            received += chunk
        sending.join()
    assert received.count(b'"error":"invalid-vote"') == lines
    assert b'"done":true,"lines":%d,' % lines in received


def test_a_hundred_streams_on_one_connection_at_once(client, consultation):
    streams = [client.vote_stream(consultation, "ideas") for _ in range(100)]
    for turn in range(10):
        for number, stream in enumerate(streams):
            stream.send(*({"proposal": "p1", "account": f"{consultation}-{number}-{turn}-{n}"}
                          for n in range(10)))
    for stream in streams:
        assert stream.finish()["counted"] == 100
    assert client.tally(consultation, "ideas").json()["voters"] == 10_000


def test_many_streams_and_requests_that_are_abandoned(server, client, consultation):
    path = consultation_path(consultation, "ideas") + "/votes"
    for _ in range(5):
        with TallyClient(server) as careless:
            streams = [careless.connection.start("POST", path, [NDJSON], end=False)
                       for _ in range(50)]
            for number, stream in enumerate(streams):
                stream.write(b'{"proposal":"p1","account":"half')
                if number % 2:
                    stream.reset()
    with TallyClient(server) as careless:
        for _ in range(20):
            careless.start_tally(consultation).reset()
    assert client.tally(consultation, "ideas").json()["voters"] == 0


def test_connections_that_say_nothing_do_not_keep_others_out(server, client):
    silent = [socket.create_connection((server.host, server.port), timeout=patience.SECONDS)
              for _ in range(100)]
    try:
        assert client.get("/version").status == 200
        with TallyClient(server) as another:
            assert another.get("/version").status == 200
    finally:
        for connection in silent:
            connection.close()


def test_a_long_line_in_small_pieces_holds_no_window_back(client, consultation):
    """Flow control goes by bytes taken, not by lines finished: one line can be larger than any
    window that is left."""
    stream = client.vote_stream(consultation, "ideas")
    line = encode_lines([{"proposal": "p1", "account": f"{consultation}-a"}]).rstrip(b"\n")
    for _ in range(64):
        stream.send_bytes(line + b" " * (64_000 - len(line)) + b"\n")
    done = stream.finish()
    assert (done["lines"], done["counted"], done["unchanged"]) == (64, 1, 63)

"""SIGTERM drains, a restart brings everything back, kill -9 takes nothing acknowledged."""

import signal
import socket

import pytest

import patience
from consultations import choice_phase, counts_of, definition, support_phase
from h2client import ConnectionLost, StreamOver
from problems import assert_problem
from tally_client import TallyClient, consultation_path
from tally_server import ServerDidNotStart
from vote_streams import encode_lines


def test_sigterm_of_an_idle_server_exits_0_though_connections_are_open(own_server):
    with TallyClient(own_server) as client:
        assert client.get("/livez").status == 200
        assert own_server.terminate() == 0


def test_a_stream_gets_its_last_line_on_sigterm(own_server):
    """What it says was taken is there after the restart, and nothing else is."""
    with TallyClient(own_server) as client:
        client.define("c", definition(support_phase()))
        stream = client.vote_stream("c", "ideas")
        deletions = client.deletion_stream()
        stream.send(*({"proposal": "p1", "account": f"a{number}"} for number in range(500)))
        stream.wait_through(500)
        deletions.send({"account": "a0"})
        deletions.wait_through(1)
        own_server.process.send_signal(signal.SIGTERM)
        done = stream.read_to_end()
        assert done["done"] is False and done["error"] == "draining"
        assert done["through"] == 500
        assert deletions.read_to_end()["through"] == 1
        assert own_server.process.wait(patience.SECONDS) == 0
        assert client.connection.going_away, "GOAWAY was sent"
    own_server.start()
    with TallyClient(own_server) as client:
        assert client.tally("c", "ideas").json()["voters"] == 499


def test_streams_and_idle_connections_over_http1_drain_too(own_server):
    with TallyClient(own_server) as client:
        client.define("c", definition(support_phase()))
    address = (own_server.host, own_server.port)
    with socket.create_connection(address, timeout=patience.SECONDS) as idle, \
            socket.create_connection(address, timeout=patience.SECONDS) as raw:
        idle.sendall(b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n")
        assert idle.recv(4096).startswith(b"HTTP/1.1 200 ")
        line = encode_lines([{"consultation": "c", "phase": "ideas", "proposal": "p1",
                              "account": "a"}])
        raw.sendall(b"POST /v1/votes HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked"
                    b"\r\n\r\n%x\r\n%s\r\n" % (len(line), line))
        received = b""
        while b'"through":1,' not in received:
            received += raw.recv(4096)
        own_server.process.send_signal(signal.SIGTERM)
        while chunk := raw.recv(4096):
            received += chunk
        assert b'{"done":false,"error":"draining","through":1,' in received
        assert received.endswith(b"0\r\n\r\n"), "the response is whole"
        assert own_server.process.wait(patience.SECONDS) == 0


def test_sending_again_from_the_line_after_a_drain_is_exact(own_server):
    """The drain comes in the middle of a stream; the client goes on where it was told to."""
    lines = [{"proposal": "p1", "account": f"a{number}"} for number in range(100_000)]
    with TallyClient(own_server) as client:
        client.define("c", definition(support_phase()))
        stream = client.vote_stream("c", "ideas")
        sent = 0
        try:
            while sent < len(lines):
                stream.send(*lines[sent:sent + 500])
                sent += 500
                stream.take_answers_at_hand()
                if sent == 20_000:
                    own_server.process.send_signal(signal.SIGTERM)
        except (StreamOver, ConnectionLost):
            pass
        done = stream.done or stream.read_to_end()
        assert done["done"] is False, done
        assert own_server.process.wait(patience.SECONDS) == 0
    own_server.start()
    with TallyClient(own_server) as client:
        assert client.tally("c", "ideas").json()["voters"] == done["through"]
        again = client.vote_stream("c", "ideas")
        again.send(*lines[done["through"]:])
        summary = again.finish()
        assert summary["counted"] == len(lines) - done["through"], "none was taken before"
        assert client.tally("c", "ideas").json()["voters"] == len(lines)


@pytest.mark.parametrize("kill", (False, True), ids=("SIGTERM", "kill -9"))
def test_everything_is_there_after_a_restart(own_server, kill):
    def everything(client):
        shown = [client.get("/v1/consultations").json()]
        for consultation in ("c", "d"):
            response = client.get(consultation_path(consultation))
            shown += [response.json(), response.headers["etag"]]
            tally = client.tally(consultation).json()
            shown.append(tally["phases"])
        for number in range(12):
            data = client.personal_data(f"a{number}").json()
            shown.append(data.get("votes", data.get("type")))
        return shown

    with TallyClient(own_server) as client:
        client.define("c", definition(
            choice_phase(title={"fr": "Avis"}), support_phase(opens_at="2198-01-01T08:00:00"),
            time_zone="Europe/Paris", title="Un café ☕"))
        client.define("d", definition(choice_phase("x/y"), support_phase()))
        client.add_proposal("c", "opinions", "p3", title="Three")
        for number in range(12):
            client.vote("c", "opinions", f"p{1 + number % 3}", f"a{number}", choice="agree")
            client.vote("d", "x/y", f"p{1 + number % 2}", f"a{number}", choice="mixed")
            client.vote("d", "ideas", "p1", f"a{number}")
        client.vote("c", "opinions", "p1", "a0", choice="disagree")
        client.withdraw("c", "opinions", "p2", "a1")
        client.close_phase("d", "x/y")
        client.delete_account("a3")
        client.delete_account("a11")
        last = client.vote("c", "opinions", "p2", "a4", choice="mixed").json()["sequence"]
        before = everything(client)
    for _ in range(3):
        own_server.restart(kill=kill)
        with TallyClient(own_server) as client:
            assert everything(client) == before
            assert client.tally("c").json()["sequence"] >= last
    with TallyClient(own_server) as client:
        more = client.vote("c", "opinions", "p2", "a4", choice="agree").json()
        assert more["outcome"] == "replaced" and more["sequence"] > last
        assert_problem(
            client.define("c", definition(choice_phase(proposals=["p2"]), support_phase())),
            "rules-locked")


def test_numbers_go_on_without_a_gap_after_kill9(own_server):
    with TallyClient(own_server) as client:
        client.define("c", definition(support_phase()))
        last = client.vote("c", "ideas", "p1", "a").json()["sequence"]
    own_server.restart(kill=True)
    with TallyClient(own_server) as client:
        assert client.tally("c").json()["sequence"] == last
        assert client.vote("c", "ideas", "p1", "b").json()["sequence"] == last + 1


def test_a_server_killed_while_it_starts_starts_again(own_server):
    with TallyClient(own_server) as client:
        client.define("c", definition(support_phase()))
        stream = client.vote_stream("c", "ideas")
        stream.send(*({"proposal": "p1", "account": f"a{number}"} for number in range(20_000)))
        stream.finish()
    own_server.kill9()
    for _ in range(5):
        own_server.launch()
        own_server.kill9()
    own_server.start()
    with TallyClient(own_server) as client:
        assert counts_of(client.tally("c", "ideas").json())["p1"]["support"] == 20_000


def test_an_empty_directory_restarts(make_server):
    server = make_server().start()
    for kill in (True, False):
        server.restart(kill=kill)
    with TallyClient(server) as client:
        assert client.get("/v1/consultations").json() == {"consultations": []}


def test_a_data_directory_that_is_a_file_is_refused(make_server):
    server = make_server()
    server.data.write_text("not a directory")
    with pytest.raises(ServerDidNotStart):
        server.start()
    assert server.log.read_text().strip(), "the log says why"

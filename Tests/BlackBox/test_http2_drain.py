"""The end of an HTTP/2 connection on SIGTERM, frame by frame (RFC 9113, 6.8)."""

import signal

import pytest

import patience
from endpoints import Endpoint, make_secure_server
from h2.errors import ErrorCodes as Code
from http2_frames import END_HEADERS, LARGEST_WINDOW, data, headers, request


@pytest.fixture(params=("cleartext", "TLS"))
def own_endpoint(request, make_server, tmp_path):
    """A server that no other test sees, through one of the two transports."""
    if request.param == "cleartext":
        return Endpoint(make_server().start())
    server, certificate = make_secure_server(tmp_path)
    request.addfinalizer(server.kill9)
    return Endpoint(server.start(), certificate)


def test_clients_are_warned_then_told_what_was_taken_and_then_left(own_endpoint):
    with own_endpoint.raw().greet() as connection, own_endpoint.raw().greet() as idle:
        connection.send(headers(1, request("POST", "/v1/votes"), END_HEADERS))
        connection.wait(lambda: connection.message(1).status == 200)
        own_endpoint.server.process.send_signal(signal.SIGTERM)
        connection.wait(lambda: connection.goaways)
        # This one was on its way: it is answered, or its client is told to ask somewhere else.
        connection.send(headers(3))
        connection.read_to_end()
        (warned, bound), (told, last) = connection.goaways
        assert (warned, bound) == (Code.NO_ERROR, LARGEST_WINDOW)
        assert told == Code.NO_ERROR and last in (1, 3)
        assert connection.messages[1].ended
        assert b'{"done":false,"error":"draining","through":0,' in connection.messages[1].body
        if last == 3:
            assert connection.messages[3].status == 200
        else:
            assert 3 not in connection.messages
        idle.read_to_end()
        assert [code for code, _ in idle.goaways] == [Code.NO_ERROR] * 2
    assert own_endpoint.server.process.wait(patience.SECONDS) == 0


def test_what_comes_for_a_stream_after_its_last_line_is_not_held_against_it(own_endpoint):
    """The client cannot know yet that the server has ended the stream."""
    with own_endpoint.raw().greet() as connection:
        connection.send(headers(1, request("POST", "/v1/votes"), END_HEADERS))
        connection.wait(lambda: connection.message(1).status == 200)
        own_endpoint.server.process.send_signal(signal.SIGTERM)
        while not connection.is_closed:
            connection.send(data(1, b"\n"))
            connection.read()
        assert {code for code, _ in connection.goaways} == {Code.NO_ERROR}
        assert connection.messages[1].ended
    assert own_endpoint.server.process.wait(patience.SECONDS) == 0

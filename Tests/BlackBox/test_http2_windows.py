"""Flow control (RFC 9113, 5.2 and 6.9), byte by byte: what the server may send, and what it takes.

Every frame of the server is checked against the windows that it was given (`http2_frames.py`).
"""

import pytest

from h2.errors import ErrorCodes as Code
from http2_cases import closes, serves
from http2_frames import (
    DEFAULT_WINDOW, END_HEADERS, END_STREAM, LARGEST_WINDOW, Setting, data, headers, opened,
    request, settings)

INITIAL = Setting.INITIAL_WINDOW_SIZE


def test_6_9_1_a_window_of_one_byte_gets_one_byte(endpoint, large_answer):
    with endpoint.raw().greet((INITIAL, 1)) as connection:
        connection.send(headers(1, large_answer.fields))
        connection.settle()
        for count in range(1, 20):
            assert connection.message(1).body == large_answer.body[:count]
            connection.open_window(1, 1)
            connection.settle()


def test_6_9_1_without_a_window_there_is_a_head_and_no_body(endpoint, large_answer):
    with endpoint.raw().greet((INITIAL, 0)) as connection:
        connection.send(headers(1, large_answer.fields))
        connection.settle()
        assert connection.message(1).status == 200 and not connection.message(1).body
        head = connection.ask(request("HEAD"))
        assert head.status == 200 and head.ended, "what has no body needs no window"
        connection.open_window(0, 2 << 20)
        connection.open_window(1, 2 << 20)
        assert connection.over(1).body == large_answer.body


def test_6_9_2_a_setting_opens_the_windows_of_open_streams(endpoint, large_answer):
    with endpoint.raw().greet((INITIAL, 0)) as connection:
        connection.send(headers(1, large_answer.fields), headers(3, large_answer.fields))
        connection.settle()
        connection.change((INITIAL, 10))
        connection.settle()
        connection.change((INITIAL, 25))
        connection.settle()
        for stream in (1, 3):
            assert connection.message(stream).body == large_answer.body[:25]


def test_6_9_2_a_window_can_be_negative(endpoint, large_answer):
    with endpoint.raw().greet() as connection:
        connection.open_window(0, 1 << 20)
        connection.send(headers(1, large_answer.fields))
        connection.settle()
        assert len(connection.message(1).body) == DEFAULT_WINDOW
        connection.change((INITIAL, 100))
        connection.settle()
        connection.open_window(1, DEFAULT_WINDOW - 100)
        connection.settle()
        assert connection.message(1).window == 0
        assert len(connection.message(1).body) == DEFAULT_WINDOW, "it is at nought, not above"
        connection.open_window(1, 50)
        connection.settle()
        assert len(connection.message(1).body) == DEFAULT_WINDOW + 50


def test_6_5_3_settings_take_effect_in_their_order(endpoint, large_answer):
    with endpoint.raw().greet((INITIAL, 0)) as connection:
        connection.send(headers(1, large_answer.fields))
        connection.settle()
        connection.change((INITIAL, 1_000), (INITIAL, 7))
        connection.settle()
        assert connection.message(1).body == large_answer.body[:7]
        connection.send(settings((INITIAL, 1)), settings((INITIAL, 9)))
        connection.tell(((INITIAL, 9),))
        connection.settle()
        assert connection.message(1).body == large_answer.body[:9]


def test_6_9_one_stream_that_is_not_read_holds_up_no_other(endpoint, large_answer):
    with endpoint.raw().greet() as connection:
        connection.open_window(0, 8 << 20)
        connection.send(headers(1, large_answer.fields))
        connection.settle()
        connection.send(headers(3, large_answer.fields))
        connection.open_window(3, 2 << 20)
        assert connection.over(3).body == large_answer.body
        assert len(connection.message(1).body) == DEFAULT_WINDOW
        connection.open_window(1, 2 << 20)
        assert connection.over(1).body == large_answer.body


def test_6_9_the_window_of_the_connection_is_for_all_streams(endpoint, large_answer):
    streams = (1, 3, 5)
    with endpoint.raw().greet((INITIAL, LARGEST_WINDOW)) as connection:
        connection.send(*(headers(stream, large_answer.fields) for stream in streams))
        connection.settle()
        assert connection.window == 0
        assert connection.ask(request("HEAD")).status == 200
        while not all(connection.message(stream).is_over for stream in streams):
            connection.open_window(0, 30_000)
            connection.settle()
        for stream in streams:
            assert connection.messages[stream].body == large_answer.body


@pytest.mark.parametrize("opening", (
    opened(1), headers(1, request("POST", "/v1/votes"), END_HEADERS)),
    ids=("a body that is kept", "a body that is read"))
def test_5_2_padding_is_given_back(endpoint, opening):
    """Four megabytes of nothing, where the stream's window is one."""
    with endpoint.raw().greet() as connection:
        connection.send(opening)
        connection.pour(1, 4 << 20, as_padding=True)
        connection.send(data(1, b"{}", END_STREAM))
        assert connection.over(1).status in (200, 404)
        serves(connection)


def test_5_2_a_body_is_given_back(endpoint):
    """Forty megabytes, where the connection's window is sixteen and the stream's is one."""
    with endpoint.raw().greet() as connection:
        connection.send(headers(1, request("POST", "/v1/votes"), END_HEADERS))
        connection.pour(1, 40 << 20)
        connection.send(data(1, b"", END_STREAM))
        assert b'"refused":1' in connection.over(1).body, "it was all one line"
        serves(connection)


def test_5_2_what_comes_for_refused_streams_is_given_back(endpoint):
    """Forty megabytes that nobody wants, where the connection's window is sixteen."""
    with endpoint.raw().greet() as connection:
        for stream in range(1, 81, 2):
            connection.send(
                headers(stream, request("PUT", "/livez", ("Upper", "case")), END_HEADERS))
            assert connection.over(stream).reset_code == Code.PROTOCOL_ERROR
            connection.pour(stream, 1 << 20)
        serves(connection)


def test_6_9_1_a_client_that_sends_more_than_a_window_is_ended(endpoint):
    """A request that is answered is not read on, so that its window does not reopen.

    Its stream is reset after a second; on a machine so slow that this comes first, the client
    tries again.
    """
    with endpoint.raw().greet() as connection:
        window = connection.settings[INITIAL]
        for stream in range(1, 201, 2):
            connection.send(headers(stream, request("POST", "/nonsense"), END_HEADERS))
            message = connection.over(stream)
            connection.pour(stream, window)
            connection.send(data(stream, b"x"))
            while message.reset_code is None and not connection.is_closed:
                connection.read()
            if message.reset_code != Code.NO_ERROR:
                return closes(Code.FLOW_CONTROL_ERROR)(connection)
        pytest.fail("the window was never held to")

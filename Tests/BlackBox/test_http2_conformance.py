"""What RFC 9113 says of frames, streams, settings and windows, case by case.

The number before a case is the section; 5.3 is of RFC 7540, whose priorities old clients still
send.
"""

import struct

import pytest

from h2.errors import ErrorCodes as Code
from http2_cases import (
    Case, answered, answers, check, closes, has, ignores, in_two, opens_window, pongs, resets,
    serves, settled)
from http2_frames import (
    ACK, DEFAULT_FRAME, END_HEADERS, END_STREAM, LARGEST_WINDOW, PADDED, PREFACE, PRIORITISED,
    WITH_BODY, Kind, Setting, block, continuation, data, dependency, frame, goaway, headers, opened,
    ping, priority, request, reset, settings, window_update)

UNKNOWN_KIND = 0xBA

FRAMES = (
    Case("4.1 an unknown kind of frame is ignored",
         [frame(UNKNOWN_KIND, 0, b"12345678", 0xFF)], serves),
    Case("4.1 an unknown kind of frame on an idle stream is ignored",
         [frame(UNKNOWN_KIND, 1, b"12345678", 0xFF)], ignores(1)),
    Case("4.1 an unknown kind of frame without a payload is ignored",
         [frame(UNKNOWN_KIND)], serves),
    Case("4.1 unknown kinds of frames between the frames of a request",
         [opened(1), frame(UNKNOWN_KIND, 1), data(1, b"{}"), frame(0xFF, 1, bytes(100)),
          data(1, b"", END_STREAM)], answers(404)),
    Case("4.1 unknown flags of PING are ignored",
         [ping(b"with all", 0xFE)], pongs(b"with all")),
    Case("4.1 unknown flags of HEADERS and DATA are ignored",
         [headers(1, WITH_BODY, END_HEADERS | 0x82), data(1, b"{}", END_STREAM | 0xF6)],
         answers(404)),
    Case("4.1 the reserved bit of a stream's number is ignored",
         [headers(1 | 1 << 31)], answers(200)),
    Case("4.1 the reserved bit of PING is ignored",
         [ping(b"reserved", 0, 1 << 31)], pongs(b"reserved")),
    Case("4.1 the reserved bit of an increment is ignored",
         [window_update(0, 1 << 31 | 1)], serves),
    Case("4.2 DATA of the largest size",
         [opened(1), data(1, bytes(DEFAULT_FRAME)), data(1, b"", END_STREAM)], answers(400)),
    Case("4.2 DATA larger than allowed",
         [opened(1), data(1, bytes(DEFAULT_FRAME + 1))], closes(Code.FRAME_SIZE_ERROR)),
    Case("4.2 HEADERS larger than allowed",
         [headers(1, request("GET", "/livez", ("x", "y" * DEFAULT_FRAME)))],
         closes(Code.FRAME_SIZE_ERROR)),
    Case("4.2 an unknown frame larger than allowed",
         [frame(UNKNOWN_KIND, 0, bytes(DEFAULT_FRAME + 1))], closes(Code.FRAME_SIZE_ERROR)),
    Case("4.2 an unknown frame far larger than allowed",
         [frame(UNKNOWN_KIND, length=(1 << 24) - 1)], closes(Code.FRAME_SIZE_ERROR)),
    Case("4.2 SETTINGS larger than allowed",
         [settings(*[(0xF000, 1)] * (DEFAULT_FRAME // 6 + 1))], closes(Code.FRAME_SIZE_ERROR)),
    Case("4.3 a field block that cannot be decoded",
         [headers(1, b"\x40\x01")], closes(Code.COMPRESSION_ERROR)),
    Case("4.3 the block of a refused stream is decoded all the same",
         [headers(1, request("GET", "/livez", ("Upper", "case"))),
          headers(3, block(*request()) + b"\x40\x01a\x01b"),
          headers(5, block(*request()) + b"\xbe")],
         answers(200, 5)),
    Case("4.3 PRIORITY within a field block",
         [*in_two(1)[:1], priority(1), *in_two(1)[1:]], closes(Code.PROTOCOL_ERROR)),
    Case("4.3 HEADERS of another stream within a field block",
         [*in_two(1)[:1], headers(3), *in_two(1)[1:]], closes(Code.PROTOCOL_ERROR)),
    Case("5.5 an unknown frame within a field block",
         [*in_two(1)[:1], frame(UNKNOWN_KIND, 1, b"12345678"), *in_two(1)[1:]],
         closes(Code.PROTOCOL_ERROR)),
)

STREAMS = (
    *(Case(f"5.1 {sent} on an idle stream", [given], closes(Code.PROTOCOL_ERROR))
      for sent, given in (("DATA", data(1, b"test", END_STREAM)), ("RST_STREAM", reset(1)),
                          ("WINDOW_UPDATE", window_update(1, 100)),
                          ("CONTINUATION", continuation(1, block(*request()))))),
    Case("5.1 PRIORITY on an idle stream, which then is opened",
         [priority(1), headers(1)], answers(200)),
    Case("5.1 WINDOW_UPDATE on a half-closed stream",
         [opened(1), data(1, b"{}", END_STREAM), opens_window(1, 1)], answers(404)),
    Case("5.1 PRIORITY on a half-closed stream",
         [headers(1), priority(1)], answers(200)),
    Case("5.1 RST_STREAM on a half-closed stream",
         [headers(1), reset(1)], serves),
    Case("5.1 DATA on a half-closed stream",
         [headers(1), data(1, b"test", END_STREAM)], closes(Code.STREAM_CLOSED)),
    Case("5.1 HEADERS on a half-closed stream",
         [headers(1), headers(1)], closes(Code.STREAM_CLOSED)),
    Case("5.1 CONTINUATION on a half-closed stream",
         [headers(1), continuation(1, block(*request()))], closes(Code.PROTOCOL_ERROR)),
    Case("5.1 DATA after the client's RST_STREAM",
         [opened(1), reset(1), data(1, b"test", END_STREAM)], closes(Code.STREAM_CLOSED)),
    Case("5.1 HEADERS after the client's RST_STREAM",
         [opened(1), reset(1), headers(1)], closes(Code.STREAM_CLOSED)),
    Case("5.1 CONTINUATION after the client's RST_STREAM",
         [opened(1), reset(1), continuation(1, block(*request()))], closes(Code.PROTOCOL_ERROR)),
    Case("5.1 DATA on a closed stream",
         [headers(1), answered(1), data(1, b"test", END_STREAM)], closes(Code.STREAM_CLOSED)),
    Case("5.1 HEADERS on a closed stream",
         [headers(1), answered(1), headers(1)], closes(Code.STREAM_CLOSED)),
    Case("5.1 CONTINUATION on a closed stream",
         [headers(1), answered(1), continuation(1, block(*request()))],
         closes(Code.PROTOCOL_ERROR)),
    Case("5.1 HEADERS on a stream that was closed long ago",
         [headers(1), *(headers(number) for number in range(3, 401, 2)), answered(399),
          headers(1)], closes(Code.STREAM_CLOSED)),
    Case("5.1 PRIORITY on a closed stream",
         [headers(1), answered(1), priority(1)], serves),
    Case("5.1 RST_STREAM on a closed stream",
         [headers(1), answered(1), reset(1)], serves),
    Case("5.1 WINDOW_UPDATE on a closed stream",
         [headers(1), answered(1), window_update(1, 100)], serves),
    Case("5.1 DATA on its way when the server reset the stream",
         [headers(1, request("PUT", "/livez", ("Upper", "case")), END_HEADERS), answered(1),
          data(1, b"on its way"), data(1, b"", END_STREAM)], resets(Code.PROTOCOL_ERROR)),
    Case("5.1 trailers on their way when the server reset the stream",
         [headers(1, request("PUT", "/livez", ("Upper", "case")), END_HEADERS), answered(1),
          data(1, b"on its way"), headers(1, (("checksum", "1"),))], resets(Code.PROTOCOL_ERROR)),
    Case("5.1.1 a stream with an even number",
         [headers(2)], closes(Code.PROTOCOL_ERROR)),
    Case("5.1.1 a stream with a smaller number than one before",
         [headers(5), answered(5), headers(3)], closes(Code.PROTOCOL_ERROR)),
    Case("5.1.1 a stream with a smaller number, of the middle",
         [headers(1), headers(7), headers(21), answered(21), headers(11)],
         closes(Code.PROTOCOL_ERROR)),
    Case("5.1.1 DATA on a stream that was left out",
         [headers(5), answered(5), data(3, b"test")], closes(Code.STREAM_CLOSED)),
    Case("5.1.1 the largest number, after which there is none",
         [headers(LARGEST_WINDOW), answered(LARGEST_WINDOW)],
         has(lambda connection: connection.settle() or not connection.goaways)),
    Case("5.3.1 a stream that depends on itself, by HEADERS",
         [headers(1, priority=dependency(1))], closes(Code.PROTOCOL_ERROR)),
    Case("5.3.1 a stream that depends on itself, by PRIORITY",
         [headers(1), priority(1, 1)], closes(Code.PROTOCOL_ERROR)),
    Case("5.3.1 a stream that depends on another",
         [headers(1, priority=dependency(99, 255)), headers(3, priority=dependency(1 << 31 | 1))],
         answers(200, 3)),
    Case("5.4.1 the connection closes after GOAWAY",
         [ping(stream=1)], closes(Code.PROTOCOL_ERROR)),
)

DATA_AND_HEADERS = (
    Case("6.1 DATA on stream 0", [data(0, b"test")], closes(Code.PROTOCOL_ERROR)),
    Case("6.1 DATA with padding",
         [opened(1), data(1, b"{}", END_STREAM, padding=255)], answers(404)),
    Case("6.1 DATA with nothing but padding",
         [opened(1), data(1, padding=10), data(1, b"{}", padding=0),
          data(1, b"", END_STREAM, padding=1)], answers(404)),
    Case("6.1 DATA whose padding is as long as its payload",
         [opened(1), frame(Kind.DATA, 1, b"\x05test", PADDED | END_STREAM)],
         closes(Code.PROTOCOL_ERROR)),
    Case("6.1 DATA whose padding is longer than its payload",
         [opened(1), frame(Kind.DATA, 1, b"\xfftest", PADDED | END_STREAM)],
         closes(Code.PROTOCOL_ERROR)),
    Case("6.1 DATA that is padded and has no length of padding",
         [opened(1), frame(Kind.DATA, 1, b"", PADDED | END_STREAM)],
         closes(Code.PROTOCOL_ERROR, Code.FRAME_SIZE_ERROR)),
    Case("6.2 HEADERS on stream 0", [headers(0)], closes(Code.PROTOCOL_ERROR)),
    Case("6.2 HEADERS with padding and priority",
         [headers(1, padding=200, priority=dependency(0))], answers(200)),
    Case("6.2 HEADERS whose padding is longer than its payload",
         [frame(Kind.HEADERS, 1, b"\xff" + block(*request()), PADDED | END_STREAM | END_HEADERS)],
         closes(Code.PROTOCOL_ERROR)),
    Case("6.2 HEADERS whose padding reaches into the priority",
         [frame(Kind.HEADERS, 1, b"\x06" + dependency(0), PADDED | PRIORITISED | END_HEADERS)],
         closes(Code.PROTOCOL_ERROR)),
    Case("6.2 HEADERS too short for their priority",
         [frame(Kind.HEADERS, 1, b"\x00\x00\x00\x00", PRIORITISED | END_STREAM | END_HEADERS)],
         closes(Code.PROTOCOL_ERROR, Code.FRAME_SIZE_ERROR)),
    Case("6.3 PRIORITY on stream 0", [priority(0)], closes(Code.PROTOCOL_ERROR)),
    *(Case(f"6.3 PRIORITY of {size} bytes", [headers(1), frame(Kind.PRIORITY, 1, bytes(size))],
           closes(Code.FRAME_SIZE_ERROR)) for size in (0, 4, 6)),
    Case("6.4 RST_STREAM on stream 0", [reset(0)], closes(Code.PROTOCOL_ERROR)),
    *(Case(f"6.4 RST_STREAM of {size} bytes",
           [opened(1), frame(Kind.RST_STREAM, 1, bytes(size))], closes(Code.FRAME_SIZE_ERROR))
      for size in (0, 3, 5)),
    Case("6.6 PUSH_PROMISE of a client",
         [opened(1), frame(Kind.PUSH_PROMISE, 1, struct.pack(">I", 3) + block(*request()),
                           END_HEADERS)], closes(Code.PROTOCOL_ERROR)),
    Case("6.10 a field block in many frames",
         [headers(1, block(*request())[:1], END_STREAM),
          *(continuation(1, block(*request())[at:at + 10], 0) for at in range(1, 61, 10)),
          continuation(1, b"", 0), continuation(1, block(*request())[61:])], answers(200)),
    Case("6.10 a field block in frames without number",
         [headers(1, b"", END_STREAM), *[continuation(1, b"", 0)] * 1_000],
         closes(Code.ENHANCE_YOUR_CALM)),
    Case("6.10 END_STREAM without END_HEADERS",
         [*in_two(1)], answers(200)),
    Case("6.10 CONTINUATION on stream 0",
         [*in_two(1)[:1], continuation(0, block(("a", "b")))], closes(Code.PROTOCOL_ERROR)),
    Case("6.10 CONTINUATION of another stream",
         [*in_two(1)[:1], continuation(3, block(("a", "b")))], closes(Code.PROTOCOL_ERROR)),
    Case("6.10 DATA within a field block",
         [*in_two(1, flags=0)[:1], data(1, b"test")], closes(Code.PROTOCOL_ERROR)),
    Case("6.10 CONTINUATION after HEADERS that ended the block",
         [opened(1), continuation(1, block(("a", "b")))], closes(Code.PROTOCOL_ERROR)),
    Case("6.10 CONTINUATION after CONTINUATION that ended the block",
         [*in_two(1, WITH_BODY, 0), continuation(1, block(("a", "b")))],
         closes(Code.PROTOCOL_ERROR)),
    Case("6.10 CONTINUATION after DATA",
         [opened(1), data(1, b"test"), continuation(1, block(("a", "b")))],
         closes(Code.PROTOCOL_ERROR)),
)

CONTROL = (
    Case("6.5 SETTINGS are acknowledged, one by one",
         [settings(), settings((Setting.INITIAL_WINDOW_SIZE, 1_000)), settings(), settled],
         has(lambda connection: connection.acknowledged_settings == 4)),
    Case("6.5 an acknowledgement with a payload",
         [settings((Setting.ENABLE_PUSH, 0), flags=ACK)], closes(Code.FRAME_SIZE_ERROR)),
    Case("6.5 SETTINGS on a stream", [settings(stream=1)], closes(Code.PROTOCOL_ERROR)),
    *(Case(f"6.5 SETTINGS of {size} bytes", [frame(Kind.SETTINGS, 0, bytes(size))],
           closes(Code.FRAME_SIZE_ERROR)) for size in (1, 3, 7)),
    *(Case(f"6.5.2 {name.name} of {value}", [settings((name, value))], reaction)
      for name, value, reaction in (
          (Setting.ENABLE_PUSH, 0, serves),
          (Setting.ENABLE_PUSH, 1, serves),
          (Setting.ENABLE_PUSH, 2, closes(Code.PROTOCOL_ERROR)),
          (Setting.INITIAL_WINDOW_SIZE, LARGEST_WINDOW, serves),
          (Setting.INITIAL_WINDOW_SIZE, LARGEST_WINDOW + 1, closes(Code.FLOW_CONTROL_ERROR)),
          (Setting.INITIAL_WINDOW_SIZE, (1 << 32) - 1, closes(Code.FLOW_CONTROL_ERROR)),
          (Setting.MAX_FRAME_SIZE, DEFAULT_FRAME, serves),
          (Setting.MAX_FRAME_SIZE, (1 << 24) - 1, serves),
          (Setting.MAX_FRAME_SIZE, DEFAULT_FRAME - 1, closes(Code.PROTOCOL_ERROR)),
          (Setting.MAX_FRAME_SIZE, 1 << 24, closes(Code.PROTOCOL_ERROR)),
          (Setting.MAX_CONCURRENT_STREAMS, 0, serves),
          (Setting.ENABLE_CONNECT_PROTOCOL, 2, closes(Code.PROTOCOL_ERROR)))),
    Case("6.5.2 unknown settings are ignored",
         [settings((0xFF, 1), (0, 0), (0xFFFF, (1 << 32) - 1))], serves),
    Case("6.7 PING is acknowledged with its payload",
         [ping(b"\x00\xff\x80 ping"), ping(bytes(8))], pongs(b"\x00\xff\x80 ping", bytes(8))),
    Case("6.7 an acknowledgement is not answered", [ping(b"surprise", ACK)], pongs()),
    Case("6.7 PING on a stream", [ping(stream=1)], closes(Code.PROTOCOL_ERROR)),
    *(Case(f"6.7 PING of {size} bytes", [ping(bytes(size))], closes(Code.FRAME_SIZE_ERROR))
      for size in (0, 6, 9)),
    Case("6.8 GOAWAY on a stream", [goaway(stream=1)], closes(Code.PROTOCOL_ERROR)),
    Case("6.8 GOAWAY that is too short",
         [frame(Kind.GOAWAY, 0, bytes(7))], closes(Code.FRAME_SIZE_ERROR)),
    Case("6.8 what is open is answered after the client's GOAWAY",
         [opened(1), goaway(debug=b"good bye"), data(1, b"{}", END_STREAM)],
         has(lambda connection: connection.over(1).status == 404)),
    Case("7 an unknown code in GOAWAY",
         [opened(1), goaway(0xFFFFFFFF), data(1, b"{}", END_STREAM)],
         has(lambda connection: connection.over(1).status == 404)),
    Case("7 an unknown code in RST_STREAM", [opened(1), reset(1, 0xABCD)], serves),
)

WINDOWS = (
    *(Case(f"6.9 WINDOW_UPDATE of {size} bytes", [frame(Kind.WINDOW_UPDATE, 0, bytes(size))],
           closes(Code.FRAME_SIZE_ERROR)) for size in (0, 3, 5)),
    Case("6.9 an increment of 0 for the connection",
         [window_update(0, 0)], closes(Code.PROTOCOL_ERROR)),
    Case("6.9 an increment of 0 for a stream",
         [opened(1), window_update(1, 0)], closes(Code.PROTOCOL_ERROR)),
    Case("6.9.1 the connection's window at its largest",
         [opens_window(0, LARGEST_WINDOW - 65_535)], serves),
    Case("6.9.1 the connection's window beyond its largest",
         [window_update(0, LARGEST_WINDOW - 65_535), window_update(0, 1)],
         closes(Code.FLOW_CONTROL_ERROR)),
    Case("6.9.1 the connection's window far beyond its largest",
         [window_update(0, LARGEST_WINDOW)] * 2, closes(Code.FLOW_CONTROL_ERROR)),
    Case("6.9.1 a stream's window at its largest",
         [opened(1), opens_window(1, LARGEST_WINDOW - 65_535), data(1, b"{}", END_STREAM)],
         answers(404)),
    Case("6.9.1 a stream's window beyond its largest",
         [opened(1), window_update(1, LARGEST_WINDOW - 65_535), window_update(1, 1)],
         closes(Code.FLOW_CONTROL_ERROR)),
    Case("6.9.2 a setting that makes a stream's window too large",
         [opened(1), window_update(1, 1), settings((Setting.INITIAL_WINDOW_SIZE, LARGEST_WINDOW))],
         closes(Code.FLOW_CONTROL_ERROR)),
)


@pytest.mark.parametrize(
    "case", (*FRAMES, *STREAMS, *DATA_AND_HEADERS, *CONTROL, *WINDOWS), ids=lambda case: case.name)
def test_case(endpoint, case):
    check(endpoint, case)


# MARK: The beginning

@pytest.mark.parametrize("said", (
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\n\n" + settings(),
    b"PRI * HTTP/2.0\r\n\r\n" + settings() + b"GET / HTTP/1.1\r\n\r\n",
    PREFACE + ping(),
    PREFACE + headers(1),
    PREFACE + settings(flags=ACK) + settings(),
    PREFACE + settings((Setting.INITIAL_WINDOW_SIZE, 1 << 31)),
    PREFACE + b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
), ids=("a preface that ends otherwise", "a preface without its end", "PING before SETTINGS",
        "HEADERS before SETTINGS", "an acknowledgement before SETTINGS",
        "SETTINGS with a wrong value", "HTTP/1.1 after the preface"))
def test_3_4_a_connection_that_begins_wrongly_is_closed(endpoint, said):
    with endpoint.raw() as connection:
        connection.send(said)
        connection.read_to_end()
        assert connection.goaways and not connection.messages
        assert connection.goaways[-1][0] in (
            Code.PROTOCOL_ERROR, Code.FLOW_CONTROL_ERROR, Code.FRAME_SIZE_ERROR)


def test_3_4_the_server_begins_with_its_settings(endpoint):
    with endpoint.raw() as connection:
        connection.send(PREFACE, settings())
        connection.read()
        assert connection.settings[Setting.MAX_CONCURRENT_STREAMS] == 256
        assert connection.settings[Setting.MAX_HEADER_LIST_SIZE] == 16_384
        assert Setting.ENABLE_PUSH not in connection.settings


def test_3_4_requests_may_follow_the_preface_at_once_and_byte_by_byte(endpoint):
    with endpoint.raw() as connection:
        for byte in PREFACE + settings() + headers(1):
            connection.send(bytes([byte]))
        assert connection.over(1).status == 200


# MARK: Many streams

def test_5_1_2_streams_beyond_the_limit_end_the_connection(endpoint):
    with endpoint.raw().greet() as connection:
        limit = connection.settings[Setting.MAX_CONCURRENT_STREAMS]
        streams = range(1, 2 * limit + 1, 2)
        connection.send(*(opened(stream) for stream in streams))
        connection.settle()
        assert not connection.messages, "all are open"
        connection.send(*(data(stream, b"{}", END_STREAM) for stream in streams))
        for stream in streams:
            assert connection.over(stream).status == 404
        serves(connection)
        connection.send(*(opened(stream) for stream in range(2_001, 2_001 + 2 * limit + 1, 2)))
        closes(Code.PROTOCOL_ERROR)(connection)


def test_5_1_2_streams_beyond_the_limit_are_refused_before_the_client_can_know_it(endpoint):
    with endpoint.raw() as connection:
        connection.send(PREFACE, settings())
        connection.wait(lambda: connection.settings and connection.acknowledged_settings)
        limit = connection.settings[Setting.MAX_CONCURRENT_STREAMS]
        connection.send(*(opened(stream) for stream in range(1, 2 * limit + 1, 2)))
        refused = 2 * limit + 1
        # The body of the refused one is on its way, too.
        connection.send(opened(refused), data(refused, b"{}"))
        assert connection.over(refused).reset_code == Code.REFUSED_STREAM
        connection.send(data(refused, b"late", END_STREAM), reset(1))
        connection.send(settings(flags=ACK))
        serves(connection)


def test_5_1_streams_that_clients_reset_are_free_for_others(endpoint):
    with endpoint.raw().greet() as connection:
        for stream in range(1, 801, 2):
            connection.send(opened(stream), reset(stream))
        serves(connection)


# MARK: The end

def test_6_8_a_client_that_goes_away_is_let_go(endpoint):
    with endpoint.raw().greet() as connection:
        connection.send(opened(1), goaway(), data(1, b"{}", END_STREAM))
        assert connection.over(1).status == 404
        connection.read_to_end()


def test_5_4_1_goaway_says_which_streams_were_taken(endpoint):
    with endpoint.raw().greet() as connection:
        connection.send(headers(1), opened(7), ping(stream=1), headers(9))
        closes(Code.PROTOCOL_ERROR)(connection)
        assert connection.goaways[-1][1] == 7
        assert 9 not in connection.messages


def test_4_2_frames_of_the_server_keep_to_the_size_that_they_may_have(endpoint, large_answer):
    for limit in (DEFAULT_FRAME, 20_000, 1 << 20):
        with endpoint.raw().greet(
                (Setting.MAX_FRAME_SIZE, limit),
                (Setting.INITIAL_WINDOW_SIZE, LARGEST_WINDOW)) as connection:
            connection.open_window(0, 1 << 30)
            assert connection.ask(large_answer.fields).body == large_answer.body

"""What RFC 7541 (HPACK) says, case by case; the number before a case is its section there.

Whatever cannot be decoded ends the connection with COMPRESSION_ERROR (RFC 9113, 4.3): the two
sides' tables no longer agree.
"""

import pytest
from hpack.huffman import HuffmanEncoder
from hpack.huffman_constants import REQUEST_CODES, REQUEST_CODES_LENGTH

from h2.errors import ErrorCodes as Code
from http2_cases import Case, answers, check, closes, serves
from http2_frames import (
    END_STREAM, Setting, block, continuation, data, headers,
    integer, opened, request, settings, string)

#: The first index of the dynamic table.
FIRST = 62
GOOD = block(*request())
undecodable = closes(Code.COMPRESSION_ERROR)


def indexed(index):
    return integer(index, 7, 0x80)


def kept(name, value):
    """A literal that enters the dynamic table."""
    return b"\x40" + string(name) + string(value)


def resized(size):
    return integer(size, 5, 0x20)


def huffman(text):
    return string(HuffmanEncoder(REQUEST_CODES, REQUEST_CODES_LENGTH).encode(text), huffman=True)


def wrong(name, *blocks):
    """Good requests, but for the last one, which cannot be decoded."""
    return Case(name, [headers(2 * number + 1, each) for number, each in enumerate(blocks)],
                undecodable)


def right(name, *blocks, status=200):
    return Case(name, [headers(2 * number + 1, each) for number, each in enumerate(blocks)],
                answers(status, 2 * len(blocks) - 1))


CASES = (
    right("2.3.1 fields of the static table",
          indexed(2) + indexed(6) + block((":path", "/livez"), (":authority", "localhost"))),
    right("2.3.2 fields of the dynamic table, the newest first",
          kept(b":path", b"/livez") + indexed(2) + indexed(6) + kept(b":authority", b"localhost"),
          indexed(2) + indexed(6) + indexed(FIRST) + indexed(FIRST + 1)),
    right("2.3.2 a field of the dynamic table within the block that put it there",
          GOOD + kept(b"a", b"b") + indexed(FIRST)),
    wrong("2.3.3 an index beyond both tables", GOOD + indexed(FIRST)),
    wrong("2.3.3 an index beyond what the dynamic table holds",
          GOOD + kept(b"a", b"b"), GOOD + indexed(FIRST + 1)),
    wrong("2.3.3 an index far beyond", GOOD + indexed(1 << 30)),
    *(wrong(f"2.3.3 the name of a literal {what} at an index beyond both tables",
            GOOD + integer(FIRST, bits, pattern) + string(b"x"))
      for what, bits, pattern in (("that is kept", 6, 0x40), ("that is not kept", 4, 0x00),
                                  ("that is never kept", 4, 0x10))),
    right("4.1 as many entries as fit",
          GOOD + b"".join(kept(b"a", bytes([65 + number]) * 95) for number in range(32)),
          GOOD + indexed(FIRST) + indexed(FIRST + 31)),
    wrong("4.1 the entry that had to make room",
          GOOD + b"".join(kept(b"a", bytes([65 + number]) * 95) for number in range(33)),
          GOOD + indexed(FIRST + 32)),
    wrong("4.2 a change of the size at the end of a block", GOOD + resized(100)),
    wrong("4.2 a change of the size within a block",
          block(*request()[:2]) + resized(100) + block(*request()[2:])),
    right("4.2 a change of the size at the beginning of a block", resized(100) + GOOD),
    right("4.2 two changes at the beginning of a block", resized(0) + resized(4_096) + GOOD),
    Case("4.2 a change at the beginning of trailers",
         [opened(1), data(1, b"{}"), headers(1, resized(0) + block(("checksum", "1")))],
         answers(404)),
    wrong("4.3 an entry of a table that was emptied",
          GOOD + kept(b"a", b"b"), resized(0) + resized(4_096) + GOOD + indexed(FIRST)),
    right("4.4 an entry that is larger than the table", GOOD + kept(b"a", b"b" * 5_000)),
    wrong("4.4 an entry that is larger than the table empties it",
          GOOD + kept(b"a", b"b"), GOOD + kept(b"a", b"b" * 5_000), GOOD + indexed(FIRST)),
    wrong("5.1 an integer that is too large", GOOD + b"\xff" + b"\xff" * 9 + b"\x01"),
    wrong("5.1 an integer without an end", GOOD + b"\xff" + b"\x80" * 200 + b"\x01"),
    wrong("5.1 an integer that is cut off", GOOD + b"\xff"),
    wrong("5.1 an integer that is cut off in its middle", GOOD + b"\xff\x80"),
    wrong("5.2 a name that is cut off", GOOD + b"\x00\x05abc"),
    wrong("5.2 a value that is cut off", GOOD + b"\x00\x01a\x05abc"),
    wrong("5.2 a literal without a value", GOOD + b"\x00\x01a"),
    wrong("5.2 a length that is too large", GOOD + b"\x00\x01a\x7f\xff\xff\xff\xff\x0f"),
    right("5.2 strings in Huffman's code",
          b"".join(b"\x00" + huffman(name.encode()) + huffman(value.encode())
                   for name, value in request())),
    right("5.2 every character in Huffman's code",
          GOOD + b"\x00\x01a" + huffman(bytes(range(0x21, 0x7F)) + bytes(range(0x80, 0x100)))),
    # 'a' is 00011.
    right("5.2 padding of Huffman's code with ones", GOOD + b"\x00\x01x\x81\x1f"),
    wrong("5.2 padding of Huffman's code with zeros", GOOD + b"\x00\x01x\x81\x18"),
    wrong("5.2 padding of Huffman's code of more than seven bits", GOOD + b"\x00\x01x\x82\x1f\xff"),
    wrong("5.2 padding of Huffman's code of a whole byte", GOOD + b"\x00\x01x\x81\xff"),
    wrong("5.2 the end of string within Huffman's code",
          GOOD + b"\x00\x01x\x85\x1f\xff\xff\xff\xff"),
    wrong("6.1 the index 0", GOOD + indexed(0)),
    *(wrong(f"6.2 a literal {what} enters no table",
            GOOD + pattern + string(b"a") + string(b"b"), GOOD + indexed(FIRST))
      for what, pattern in (("that is not kept", b"\x00"), ("that is never kept", b"\x10"))),
    wrong("6.3 a size above the limit", resized(4_097) + GOOD),
    wrong("6.3 a size far above the limit", resized((1 << 32) - 1) + GOOD),
    Case("6.3 a size above the limit in a block of two frames",
         [headers(1, resized(4_097), END_STREAM), continuation(1, GOOD)], undecodable),
    right("the tables go on after a field section that is too large",
          GOOD + kept(b"a", b"b" * 4_000) + indexed(FIRST) * 10, GOOD + indexed(FIRST)),
    right("a field section that is too large",
          GOOD + kept(b"a", b"b" * 4_000) + indexed(FIRST) * 10, status=431),
    right("as many fields as are allowed", GOOD + b"\x00\x01a\x01b" * 60),
    right("more fields than are allowed", GOOD + b"\x00\x01a\x01b" * 61, status=431),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(endpoint, case):
    check(endpoint, case)


@pytest.mark.parametrize("size", (0, 100, 4_096, 65_536))
def test_4_2_the_server_keeps_to_the_table_that_it_is_allowed(endpoint, size):
    """The decoder refuses a block that does not begin with the change that it has to make."""
    with endpoint.raw().greet() as connection:
        serves(connection)
        connection.change((Setting.HEADER_TABLE_SIZE, size))
        for _ in range(3):
            serves(connection)
        assert connection.decoder.header_table_size <= size


def test_4_2_the_smallest_table_of_several_changes_is_told(endpoint):
    with endpoint.raw().greet() as connection:
        serves(connection)
        connection.send(settings((Setting.HEADER_TABLE_SIZE, 0)),
                        settings((Setting.HEADER_TABLE_SIZE, 4_096)))
        connection.wait(lambda: connection.acknowledged_settings == 3)
        connection.decoder.header_table_size = 0
        serves(connection)

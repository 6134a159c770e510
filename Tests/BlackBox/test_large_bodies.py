"""Bodies larger than any window, both ways at once, over one stream and over many: none stalls.

`TALLY_SOAK` makes them a gibibyte each way.
"""

import json
import os
import threading

import pytest

from consultations import definition, support_phase
from tally_client import TallyClient

SIZE = 1 << 30 if "TALLY_SOAK" in os.environ else 16 << 20
#: A line that counts, as long as a line may nearly be, and one whose refusal is longer than it is.
LONG = b'{"proposal":"p1","account":"a"}' + b" " * 60_000 + b"\n"
SHORT = b"x\n"
REFUSAL = len(b'{"line":100000,"error":"malformed"}\n')
WINDOWS = pytest.mark.parametrize("window, connection_window", (
    (16_384, 65_535), (65_535, 65_535), (1 << 20, 16 << 20), (64 << 20, 65_535),
    ((1 << 31) - 1, (1 << 31) - 1)), ids=("small", "as at first", "large", "narrow", "unlimited"))


def lines(up, down):
    """Pieces of a body that is about `up` bytes long and is answered by about `down`."""
    pieces = max(1, up // (1 << 20))
    long, short = up // len(LONG) // pieces, down // REFUSAL // pieces
    for _ in range(pieces):
        yield LONG * long + SHORT * short, long, short


class Exchange:
    """One stream of votes, sent by a thread of its own."""

    def __init__(self, client, name, up, down):
        self.stream = client.vote_stream(name, "ideas").stream
        self.size = self.taken = self.refused = 0
        self._thread = threading.Thread(target=self._send, args=(up, down))
        self._thread.start()

    def _send(self, up, down):
        for piece, taken, refused in lines(up, down):
            self.size += len(piece)
            self.taken += taken
            self.refused += refused
            self.stream.write(piece)
        self.stream.end()

    def finish(self):
        """Reads the whole answer, and how long it was."""
        size, refusals, tail = 0, 0, b""
        while received := self.stream.next_bytes():
            size += len(received)
            received = tail + received
            end = received.rfind(b"\n", 0, len(received) - 1) + 1
            refusals += received.count(b'"error":"malformed"', 0, end)
            tail = received[end:]
        self._thread.join()
        done = json.loads(tail)
        assert done["done"] is True and done["lines"] == self.taken + self.refused
        assert done["counted"] + done["unchanged"] == self.taken
        assert done["refused"] == refusals == self.refused
        return size


@pytest.fixture
def connect(endpoint, name):
    """Connects with windows of such sizes, in a `with` statement; there is a consultation."""
    with endpoint.relayed() as address, TallyClient(address) as client:
        assert client.define(name, definition(support_phase())).status == 201
    with endpoint.relayed() as address:
        yield lambda **windows: TallyClient(address, **windows)


@WINDOWS
def test_one_stream(connect, name, window, connection_window):
    with connect(window=window, connection_window=connection_window) as client:
        exchange = Exchange(client, name, SIZE, SIZE)
        size = exchange.finish()
        assert min(exchange.size, size) > SIZE * 9 // 10


@WINDOWS
def test_many_streams(connect, name, window, connection_window):
    """Each stream has another share of the way up and of the way down."""
    count = 32
    with connect(window=window, connection_window=connection_window) as client:
        exchanges = [Exchange(client, name, 2 * SIZE * number // count**2,
                              2 * SIZE * (count - 1 - number) // count**2)
                     for number in range(count)]
        sizes = [exchange.finish() for exchange in exchanges]
        assert sum(sizes) > SIZE * 8 // 10
        assert sum(exchange.size for exchange in exchanges) > SIZE * 8 // 10

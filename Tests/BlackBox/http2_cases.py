"""Cases of conformance: what a client sends, and the one reaction that is right.

Where the RFC lets a server choose, a case holds it to what it chose: most often to end the
connection where it could end the stream (RFC 9113, 5.4.1), because a client that is so wrong cannot
be trusted with the rest.
"""

import collections

from http2_frames import END_STREAM, block, continuation, headers, request

#: `steps` are frames, and functions that are given the connection.
Case = collections.namedtuple("Case", "name steps reaction")


# MARK: Reactions

def closes(*codes):
    """The connection ends with GOAWAY and one of the codes."""
    def check(connection):
        connection.read_to_end()
        assert connection.goaways, "closed without GOAWAY"
        code, _ = connection.goaways[-1]
        assert code in codes, code
    return check


def resets(code, stream=1):
    """The stream is reset with the code; others are served."""
    def check(connection):
        assert connection.over(stream).reset_code == code
        serves(connection)
    return check


def answers(status, stream=1):
    """The stream is answered; others are served."""
    def check(connection):
        message = connection.over(stream)
        assert (message.status, message.reset_code) == (status, None)
        serves(connection)
    return check


def serves(connection):
    """Nothing is wrong with the connection."""
    message = connection.ask()
    assert (message.status, message.reset_code) == (200, None)
    connection.settle()
    assert not connection.goaways and not connection.is_closed


def ignores(*streams):
    """Nothing is said on the streams; others are served."""
    def check(connection):
        serves(connection)
        for stream in streams:
            assert stream not in connection.messages
    return check


def pongs(*payloads):
    def check(connection):
        serves(connection)
        assert tuple(connection.pongs[:len(payloads)]) == payloads
        assert len(connection.pongs) == len(payloads) + 2
    return check


def has(what):
    """`what` of the connection is true."""
    def check(connection):
        assert what(connection)
    return check


# MARK: Steps that are no frames

def answered(stream):
    """Waits for the answer; the stream is then closed."""
    return lambda connection: connection.over(stream)


def settled(connection):
    connection.settle()


def opens_window(stream, increment):
    return lambda connection: connection.open_window(stream, increment)


def run(connection, steps):
    """Sends what follows on each other in one piece, so that what happens does not depend on
    when it arrives."""
    together = []
    for step in steps:
        if isinstance(step, bytes):
            together.append(step)
        else:
            connection.send(*together)
            together.clear()
            step(connection)
    connection.send(*together)


def check(endpoint, case):
    """Runs a case on a connection of its own."""
    with endpoint.raw().greet() as connection:
        run(connection, case.steps)
        case.reaction(connection)


# MARK: Pieces of cases

def in_two(stream, fields=request(), flags=END_STREAM):
    """A field block in HEADERS and one CONTINUATION: the two frames."""
    whole = block(*fields)
    return (headers(stream, whole[:10], flags), continuation(stream, whole[10:]))

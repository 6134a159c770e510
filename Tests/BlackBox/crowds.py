"""Very many commands at once: several connections, each with a stream."""

import threading

from tally_client import TallyClient


def send_all(server, where, lines_of_streams):
    """Sends the lines of each stream on a connection of its own; the summaries."""
    summaries, failures = [], []

    def send(lines):
        try:
            with TallyClient(server) as client:
                stream = client.vote_stream(*where)
                for first in range(0, len(lines), 1_000):
                    stream.send(*lines[first:first + 1_000])
                    stream.take_answers_at_hand()
                summaries.append(stream.finish())
                assert stream.refused == {}
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=send, args=(lines,)) for lines in lines_of_streams]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return summaries


def delete_all(server, accounts):
    """Deletes them by one stream; its summary."""
    with TallyClient(server) as client:
        stream = client.deletion_stream()
        stream.send(*({"account": account} for account in accounts))
        return stream.finish()

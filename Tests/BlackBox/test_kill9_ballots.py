"""kill -9 in the midst of whole ballots and of pending votes: none comes back in part.

One stream sends ballots of three ranks, another completes ballots vote by vote to the minimum.
After the restart each phase must be the state after some prefix of its lines, which holds every
line that was covered; every number of the tally follows from the length of that prefix.
"""

import threading

from consultations import counts_of, definition, phase_of, ranks
from h2client import ConnectionLost, StreamOver
from seals import check_seal
from tally_client import TallyClient, ballot_of

PHASES = (phase_of("ranking", phase="ballots", max_votes=3),
          phase_of("support", phase="pending", min_votes=3, max_votes=3))
MOST_LINES = 60_000


def ballot_line(number):
    """Of three lines the last changes the ballot of the first."""
    changed = number % 3 == 2
    votes = ranks("p3", "p1", "p2") if changed else ranks("p1", "p2", "p3")
    return {"account": f"a{number - 2 * changed}", **ballot_of(votes)}


def single_line(number):
    """Three lines make a ballot that counts."""
    return {"account": f"a{number // 3}", "proposal": f"p{number % 3 + 1}"}


class Sending(threading.Thread):
    def __init__(self, server, phase, line, kill_at, reached):
        super().__init__()
        self.client = TallyClient(server)
        self.stream = self.client.vote_stream("c", phase)
        self.line, self.kill_at, self.reached = line, kill_at, reached
        self.sent, self.unexpected = 0, None

    def run(self):
        try:
            while self.sent < MOST_LINES:
                first, self.sent = self.sent, self.sent + 100
                self.stream.send(*map(self.line, range(first, self.sent)))
                self.stream.take_answers_at_hand()
                if self.stream.through >= self.kill_at:
                    self.reached.set()
            while self.stream.read_answer() is not None:
                if self.stream.through >= self.kill_at:
                    self.reached.set()
        except (ConnectionLost, StreamOver):
            pass
        except BaseException as error:
            self.unexpected = error
            self.reached.set()

    def read_what_was_said(self):
        try:
            while self.stream.read_answer() is not None:
                pass
        except (ConnectionLost, StreamOver):
            pass
        self.client.close()
        if self.unexpected is not None:
            raise self.unexpected
        assert self.stream.refused == {}


def expected_ballots(lines):
    """Voters, and votes and points of p1 to p3."""
    voters, changed = lines - lines // 3, lines // 3
    points = (3 * (voters - changed) + 2 * changed, 2 * (voters - changed) + changed,
              (voters - changed) + 3 * changed)
    return voters, [{"votes": voters, "points": worth} for worth in points]


def expected_singles(lines):
    return lines // 3, [{"support": lines // 3}] * 3


def check_prefix(tally, expected, sending):
    """The lines that took effect; one of the few numbers that fit the counts, if any does."""
    shown = tally["voters"], list(counts_of(tally).values())
    fitting = [lines for lines in range(sending.stream.through, sending.sent + 1)
               if expected(lines) == shown]
    assert fitting, (shown, sending.stream.through, sending.sent)
    return fitting


def test_ballots_and_pending_votes_come_back_whole_or_not_at_all(own_server):
    for kill_at in (1, 2_000, 20_000):
        with TallyClient(own_server) as client:
            assert client.define("c", definition(*PHASES)).status == 201
        reached = threading.Event()
        sendings = [Sending(own_server, "ballots", ballot_line, kill_at, reached),
                    Sending(own_server, "pending", single_line, kill_at, reached)]
        for sending in sendings:
            sending.start()
        while not reached.wait(0.05):
            assert own_server.is_running and any(sending.is_alive() for sending in sendings)
        own_server.kill9()
        for sending in sendings:
            sending.join()
            sending.read_what_was_said()
        own_server.start()
        with TallyClient(own_server) as client:
            ballots, pending = client.tally("c").json()["phases"]
            check_prefix(ballots, expected_ballots, sendings[0])
            fitting = check_prefix(pending, expected_singles, sendings[1])
            # The votes of the ballot that was being completed are there, and do not count.
            voters = pending["voters"]
            held = client.held(f"a{voters}", "c", "pending")
            assert 3 * voters + len(held) in fitting
            assert list(held) == ["p1", "p2"][:len(held)]
            for phase, kind in (("ballots", "ranking"), ("pending", "support")):
                client.close_phase("c", phase)
                check_seal(client, "c", kind, phase)
            assert client.remove("c").status == 200
    assert own_server.terminate() == 0

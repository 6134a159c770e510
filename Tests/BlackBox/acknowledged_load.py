"""Votes and deletions on a server that may end at any instant, and what must be there afterwards.

Each kind of sender has a proposal or accounts of its own, sends in an order that is known, and notes
what was acknowledged. After a restart the votes on its proposal must be those of a prefix of what it
sent, and the prefix must hold all that was acknowledged: then nothing is lost, and nothing is
counted twice.
"""

import threading
import time

from consultations import counts_of, definition, support_phase
from h2client import ConnectionLost, StreamOver
from tally_client import TallyClient
from vote_streams import encode_lines

#: How the death of the server looks from here.
SERVER_GONE = (ConnectionLost, StreamOver, OSError)
#: What accounts that are deleted later vote for.
LEAVERS = "leavers"


class Sender(threading.Thread):
    """Sends until the server is gone, is told to stop, or all is sent."""

    def __init__(self, server, load):
        super().__init__()
        self.load = load
        self.client = TallyClient(server)
        self.stopped = threading.Event()
        #: How many commands may have had an effect, and how many had one for sure.
        self.sent = self.acknowledged = 0
        #: The highest position of an acknowledgement.
        self.sequence = 0
        self.unexpected = None

    def run(self):
        try:
            self.send_all()
        except SERVER_GONE:
            pass
        except BaseException as error:
            self.unexpected = error
        self.client.close()

    def is_drained(self, answer):
        return answer.status == 503 and answer.json()["type"] == "/problems/draining"

    def account(self, number):
        return f"{self.load.name}-{self.proposal}-{number}"


class StreamSender(Sender):
    """One vote stream: block after block of lines, some of them in flight."""

    proposal = "streamed"
    MOST_LINES = 200_000

    def send_all(self):
        stream = self.client.vote_stream(*self.load.place)
        while self.sent < self.MOST_LINES and not self.stopped.is_set():
            numbers = range(self.sent, self.sent + 100)
            # Sent or not, they may have an effect as soon as the sending begins.
            self.sent = numbers.stop
            try:
                stream.send_bytes(encode_lines(
                    {"proposal": self.proposal, "account": self.account(number)}
                    for number in numbers))
                while stream.through < self.sent - 300:
                    stream.read_answer()
                stream.take_answers_at_hand()
            finally:
                self._note(stream)
            # Small records and many of them, and time for the other senders.
            time.sleep(0.002)
        try:
            stream.finish()
        finally:
            self._note(stream)

    def _note(self, stream):
        assert not stream.refused, stream.refused
        self.acknowledged, self.sequence = stream.through, stream.sequence


class UnarySender(Sender):
    """Single votes, each sent when the one before was acknowledged."""

    proposal = "single"

    def send_all(self):
        while not self.stopped.is_set():
            number = self.sent
            self.sent += 1
            answer = self.client.vote(*self.load.place, self.proposal, self.account(number))
            if self.is_drained(answer):
                return
            assert answer.status == 201, answer
            self.sequence = answer.json()["sequence"]
            self.acknowledged = self.sent


class DeletionSender(Sender):
    """Deletions, one by one, of accounts that voted before."""

    proposal = LEAVERS

    def send_all(self):
        for number in range(self.load.leavers):
            if self.stopped.is_set():
                return
            self.sent += 1
            answer = self.client.delete_account(self.account(number))
            if self.is_drained(answer):
                return
            assert answer.status == 200, answer
            self.sequence = answer.json()["sequence"]
            self.acknowledged = self.sent


class Load:
    """All senders at once, on a consultation of their own."""

    def __init__(self, name, leavers=300):
        self.name = name
        self.place = (name, "ideas")
        self.leavers = leavers
        self.voted_leavers = False
        self.senders = []

    def begin(self, server):
        """Makes the consultation and starts the senders.

        Throws one of `SERVER_GONE` when the server ends before they run.
        """
        with TallyClient(server) as client:
            proposals = (StreamSender.proposal, UnarySender.proposal, LEAVERS)
            answer = client.define(self.name, definition(support_phase(proposals=proposals)))
            assert answer.status == 201, answer
            stream = client.vote_stream(*self.place)
            stream.send(*({"proposal": LEAVERS, "account": f"{self.name}-{LEAVERS}-{number}"}
                          for number in range(self.leavers)))
            assert stream.finish()["counted"] == self.leavers
            self.voted_leavers = True
        self.senders = [sender(server, self)
                        for sender in (StreamSender, UnarySender, DeletionSender)]
        for sender in self.senders:
            sender.start()

    def wait_for_votes(self, count):
        """Until so many single votes are acknowledged, or the server is gone."""
        unary = self.senders[1]
        while unary.is_alive() and unary.acknowledged < count:
            unary.join(0.005)

    def end(self):
        """Waits until all senders have stopped, by themselves or because the server is gone."""
        for sender in self.senders:
            sender.stopped.set()
        for sender in self.senders:
            sender.join()
            if sender.unexpected is not None:
                raise sender.unexpected

    @property
    def sequence(self):
        return max((sender.sequence for sender in self.senders), default=0)

    def check(self, client):
        """Everything acknowledged is there, and nothing twice. The load has ended before."""
        if not self.voted_leavers:
            return
        tally = client.tally(*self.place).json()
        assert tally["sequence"] >= self.sequence, (tally["sequence"], self.sequence)
        shown = {name: counts["support"] for name, counts in counts_of(tally).items()}
        gone = 0
        for sender in self.senders:
            count = shown[sender.proposal]
            if sender.proposal == LEAVERS:
                count = gone = self.leavers - count
            assert sender.acknowledged <= count <= sender.sent, (
                f"{sender.proposal}: {count} took effect, {sender.acknowledged} of "
                f"{sender.sent} were acknowledged")
            self._check_prefix(client, sender, count)
        if not self.senders:
            assert shown[LEAVERS] == self.leavers
        assert tally["voters"] == sum(shown.values()), tally

    def _check_prefix(self, client, sender, count):
        """The first `count` commands took effect and no other."""
        near = range(max(count - 5, 0), min(count + 5, sender.sent))
        for number in {0, count // 2, *near} & set(range(sender.sent)):
            answer = client.personal_data(sender.account(number))
            if sender.proposal == LEAVERS:
                assert answer.status == (410 if number < count else 200), (number, count)
            else:
                assert len(answer.json()["votes"]) == (number < count), (number, count)

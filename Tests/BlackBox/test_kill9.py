"""kill -9 in the midst of streams: nothing acknowledged is lost, nothing is counted twice.

Each connection votes by one stream for accounts of its own and on a proposal of its own. Its lines
take effect in their order, so after the restart the state must be that after some prefix of what
was sent, and the prefix must hold every line that a `through` covered. Which prefix it is, is found
from the accounts; then every number must fit it.

The moment of the kill is drawn by progress and not by time, so that a slow machine is killed in the
midst as a fast one is. `TALLY_KILLS` says how often (5).
"""

import os
import random
import threading

from consultations import CHOICES, choice_phase, counts_of, definition
from h2client import ConnectionLost, StreamOver
from naive_model import NaiveModel
from tally_client import TallyClient
from vote_streams import encode_lines

KILLS = int(os.environ.get("TALLY_KILLS", "5"))
CONNECTIONS = 4
MOST_LINES = 60_000


def command(round_, connection, number):
    """The line at `number` (from 0) of a connection: account and choice, None withdraws.

    Of ten lines the fifth changes the vote of the second, the ninth withdraws that of the sixth,
    and the others are plain: the first and only vote of a new account.
    """
    def account(of):
        return f"k{round_}-{connection}-{of:06}"

    if number % 10 == 4:
        return account(number - 3), "disagree"
    if number % 10 == 8:
        return account(number - 3), None
    return account(number), CHOICES[number % 2]


def is_plain(number):
    return number % 10 in (0, 2, 3, 6, 7, 9)


class StreamingConnection(threading.Thread):
    """Votes until the server is gone."""

    def __init__(self, server, round_, number, progressed):
        super().__init__()
        self.place = (f"round{round_}", "opinions", f"p{number}")
        self.round, self.number = round_, number
        self.progressed = progressed
        self.client = TallyClient(server)
        self.stream = self.client.vote_stream(*self.place[:2])
        self.sent = 0
        self.unexpected = None

    def line(self, number):
        account, choice = command(self.round, self.number, number)
        carried = {"withdraw": True} if choice is None else {"choice": choice}
        return {"proposal": self.place[2], "account": account, **carried}

    def run(self):
        try:
            while self.sent < MOST_LINES:
                lines = [self.line(number) for number in range(self.sent, self.sent + 100)]
                # Sent or not, they may have an effect as soon as the sending begins.
                self.sent += len(lines)
                self.stream.send_bytes(encode_lines(lines))
                self.stream.take_answers_at_hand()
                self.progressed(self)
            while self.stream.read_answer() is not None:
                self.progressed(self)
        except (ConnectionLost, StreamOver):
            pass
        except BaseException as error:
            self.unexpected = error

    def read_what_was_said(self):
        """Every answer that reached this side before the end counts as an acknowledgement."""
        try:
            while self.stream.read_answer() is not None:
                pass
        except (ConnectionLost, StreamOver):
            pass
        self.client.close()


class DeletingConnection(threading.Thread):
    """Deletes, one by one, accounts that voted before, until the server is gone."""

    def __init__(self, server, accounts):
        super().__init__()
        self.client = TallyClient(server)
        self.accounts = accounts
        #: Deleted for sure, and the one whose deletion was never answered.
        self.acknowledged, self.in_flight = [], None
        self.unexpected = None

    def run(self):
        try:
            for account in self.accounts:
                self.in_flight = account
                assert self.client.delete_account(account).status == 200
                self.acknowledged.append(account)
            self.in_flight = None
        except (ConnectionLost, StreamOver):
            pass
        except BaseException as error:
            self.unexpected = error
        self.client.close()


def state_after(connection, lines):
    """The model after that many lines of a connection."""
    model = NaiveModel()
    consultation, phase, proposal = connection.place
    model.add_phase(consultation, choice_phase(phase, [proposal]))
    for number in range(lines):
        account, choice = command(connection.round, connection.number, number)
        if choice is None:
            model.withdraw(account, *connection.place)
        else:
            model.cast(account, *connection.place, {"choice": choice})
    return model


def applied_lines(client, connection):
    """How many lines took effect: where the votes of new accounts cease, and a bit about it.

    Found by bisection between what was covered and what was sent; the caller then checks the
    accounts on both sides of it and all counts.
    """
    def took_effect(number):
        account, choice = command(connection.round, connection.number, number)
        votes = client.personal_data(account).json()["votes"]
        return [vote["choice"] for vote in votes] == [choice]

    plain = [number for number in range(connection.stream.through, connection.sent)
             if is_plain(number)]
    low, high = 0, len(plain)
    while low < high:
        middle = (low + high) // 2
        if took_effect(plain[middle]):
            low = middle + 1
        else:
            high = middle
    first = plain[low - 1] + 1 if low else connection.stream.through
    last = plain[low] if low < len(plain) else connection.sent
    return range(first, last + 1)


def check_connection(client, connection, tally, rng):
    """The state is that after one of the prefixes that end between two plain votes."""
    proposal = connection.place[2]
    shown = counts_of(tally)[proposal]
    fitting = []
    for lines in applied_lines(client, connection):
        model = state_after(connection, lines)
        expected = model.tally(*connection.place[:2])["proposals"][0]["counts"]
        if expected == shown and all(
                data_agrees(client, model, account)
                for account in accounts_about(connection, lines)):
            fitting.append(model)
    assert fitting, (
        f"{proposal}: {shown} is no prefix of {connection.sent} lines, "
        f"{connection.stream.through} of them acknowledged")
    model = fitting[0]
    everyone = sorted({command(connection.round, connection.number, number)[0]
                       for number in range(connection.sent)})
    for account in rng.sample(everyone, min(50, len(everyone))):
        assert data_agrees(client, model, account), account
    return model.tally(*connection.place[:2])["voters"]


def accounts_about(connection, lines):
    return {command(connection.round, connection.number, number)[0]
            for number in range(max(lines - 20, 0), min(lines + 20, connection.sent))}


def data_agrees(client, model, account):
    shown = client.personal_data(account).json()["votes"]
    return shown == model.personal_data(account)


def begin_round(client, round_, deletable):
    """A consultation for the round, and votes of accounts that will be deleted meanwhile."""
    name = f"round{round_}"
    proposals = [f"p{number}" for number in range(CONNECTIONS)] + ["leavers"]
    assert client.define(name, definition(choice_phase(proposals=proposals))).status == 201
    stream = client.vote_stream(name, "opinions")
    stream.send(*({"proposal": "leavers", "account": account, "choice": "agree"}
                  for account in deletable))
    assert stream.finish()["counted"] == len(deletable)


def run_round(server, round_, kill_at):
    """Streams and deletions until `kill_at` lines are acknowledged, then the kill."""
    deletable = [f"leaver{round_}-{number}" for number in range(2_000)]
    with TallyClient(server) as client:
        begin_round(client, round_, deletable)
    reached = threading.Event()
    covered = {}

    def progressed(connection):
        covered[connection.number] = connection.stream.through
        if sum(list(covered.values())) >= kill_at:
            reached.set()

    connections = [StreamingConnection(server, round_, number, progressed)
                   for number in range(CONNECTIONS)]
    deleting = DeletingConnection(server, deletable)
    workers = [*connections, deleting]
    for worker in workers:
        worker.start()
    while not reached.wait(0.05):
        assert server.is_running, server.log_tail()
        assert any(worker.is_alive() for worker in connections), "all is sent and not covered"
    server.kill9()
    for worker in workers:
        worker.join()
        if worker.unexpected is not None:
            raise worker.unexpected
    for connection in connections:
        connection.read_what_was_said()
        assert connection.stream.refused == {}
    return connections, deleting


def check_deletions(client, deleting, tally):
    for account in deleting.acknowledged[-20:]:
        assert client.personal_data(account).status == 410, f"the deletion of {account} is lost"
    left = len(deleting.accounts) - len(deleting.acknowledged)
    possible = {left, left - 1} if deleting.in_flight else {left}
    shown = counts_of(tally)["leavers"]["agree"]
    assert shown in possible, (shown, possible)
    return shown


def test_nothing_acknowledged_is_lost_and_nothing_is_counted_twice(own_server):
    rng = random.Random(9)
    remembered = {}
    for round_ in range(KILLS):
        kill_at = rng.choice((1, rng.randint(1_000, 10_000), rng.randint(10_000, 60_000)))
        print(f"round {round_}: kill after {kill_at} acknowledged lines")
        connections, deleting = run_round(own_server, round_, kill_at)
        own_server.start()
        with TallyClient(own_server) as client:
            tally = client.tally(f"round{round_}", "opinions").json()
            highest = max(connection.stream.sequence for connection in connections)
            assert tally["sequence"] >= highest
            voters = sum(check_connection(client, connection, tally, rng)
                         for connection in connections)
            assert tally["voters"] == voters + check_deletions(client, deleting, tally)
            # What earlier rounds left must not have moved by a single vote.
            for name, earlier in remembered.items():
                now = client.tally(name, "opinions").json()
                assert (now["voters"], now["proposals"]) == earlier, name
            remembered[f"round{round_}"] = (tally["voters"], tally["proposals"])
    assert own_server.terminate() == 0


def test_the_pattern_of_the_lines_has_an_effect_at_each():
    """A withdrawal or a change always finds the vote that it is meant for."""
    model = NaiveModel()
    place = ("c", "ph", "p")
    model.add_phase("c", choice_phase("ph", ["p"]))
    for number in range(100):
        account, choice = command(0, 1, number)
        outcome = (model.withdraw(account, *place) if choice is None
                   else model.cast(account, *place, {"choice": choice}))
        expected = {4: "replaced", 8: "withdrawn"}.get(number % 10, "counted")
        assert outcome == expected, number

"""Races: several connections vote for the same accounts while others delete them.

Nobody waits for anybody, so only the server knows the order; and it tells: each acknowledged
command has its number. Replayed in the order of these numbers, the naive model must come to the
same outcome for every single command, to the same tally at the end, and to the same figures as each
tally that was read meanwhile, at the position which that tally names.
"""

import random
import threading

import pytest

from consultations import CHOICES, choice_phase, definition, phase_of, support_phase
from naive_model import NaiveModel, sorted_votes
from problems import code_of
from seals import unsealed
from seeds import seeds
from tally_client import TallyClient

ACCOUNTS = 24
VOTERS = 4
VOTES_EACH = 500
IN_FLIGHT = 25
PROPOSALS = ("p1", "p2", "p3")
PHASES = {phase["id"]: phase for phase in (
    choice_phase("opinions", PROPOSALS), support_phase("ideas", PROPOSALS),
    choice_phase("closing", PROPOSALS),
    phase_of("choice", PROPOSALS, "pending", choices=list(CHOICES), min_votes=2, max_votes=2),
    phase_of("budget", dict(zip(PROPOSALS, (40, 60, 1))), "budget", budget=100),
    phase_of("ranking", PROPOSALS, "ranking", max_votes=2),
    phase_of("points", PROPOSALS, "points", max_points=4))}


def carried_in(phase, rng):
    """What some vote of a phase carries."""
    return {"choice": {"choice": rng.choice(CHOICES)}, "ranking": {"rank": rng.randint(1, 2)},
            "points": {"points": rng.randint(1, 3)}}.get(PHASES[phase]["ballot"]["kind"], {})


class Acknowledged:
    """One command that the server numbered, and what it said became of it."""

    def __init__(self, act, outcome):
        self.act, self.outcome = act, outcome


class Racer(threading.Thread):
    """Runs `work(client)` on a connection of its own, and keeps what goes wrong."""

    def __init__(self, server, work):
        super().__init__()
        self.client = TallyClient(server)
        self.work = work
        self.unexpected = None

    def run(self):
        try:
            self.work(self.client)
        except BaseException as error:
            self.unexpected = error
        finally:
            self.client.close()


class Race:
    def __init__(self, server, seed):
        self.server, self.seed = server, seed
        self.lock = threading.Lock()
        #: By sequence number.
        self.acknowledged = {}
        #: Whole tallies, as they were read meanwhile.
        self.tallies = []
        self.voters_at_work = VOTERS
        self.accounts = [f"race-{number}" for number in range(ACCOUNTS)]

    def keep(self, sequence, act, outcome):
        with self.lock:
            assert sequence not in self.acknowledged, f"number {sequence} was given twice"
            self.acknowledged[sequence] = Acknowledged(act, outcome)

    def vote(self, client, number):
        rng = random.Random(f"{self.seed} voter {number}")
        flying = []
        for turn in range(VOTES_EACH):
            phase, account = rng.choice(list(PHASES)), self.any_account(rng, turn)
            where = ("c", phase, rng.choice(PROPOSALS), account)
            chance = rng.random()
            if chance < 0.2:
                flying.append((client.start_withdrawal(*where), ("withdraw", where)))
            elif chance < 0.5:
                ballot = {proposal: carried_in(phase, rng)
                          for proposal in rng.sample(PROPOSALS, rng.randint(0, 3))}
                act = ("ballot", ("c", phase, account, ballot))
                flying.append((client.start_ballot(*act[1]), act))
            else:
                carried = carried_in(phase, rng)
                act = ("vote", where, carried)
                flying.append((client.start_vote(*where, **carried), act))
            if len(flying) == IN_FLIGHT:
                self.take_answer(*flying.pop(0))
        for answered in flying:
            self.take_answer(*answered)
        with self.lock:
            self.voters_at_work -= 1

    def any_account(self, rng, turn):
        """One of a few that all fight over; later ones come in as earlier ones are deleted."""
        first = turn * ACCOUNTS // (2 * VOTES_EACH)
        return self.accounts[first + rng.randrange(ACCOUNTS // 2)]

    def take_answer(self, started, act):
        response = started.response()
        if response.status >= 400:
            assert code_of(response) in (
                "account-deleted", "no-vote", "phase-closed", "limit-reached", "rank-taken",
                "over-budget")
            return
        answer = response.json()
        self.keep(answer["sequence"], act, answer["outcome"])

    def delete(self, client, number):
        """Each deleter names the same accounts, so that deletions race with each other, too."""
        accounts = self.accounts[:ACCOUNTS * 3 // 4]
        for turn, account in enumerate(accounts):
            self.wait_for_share(client, (turn + 1) / (len(accounts) + 1))
            answer = client.delete_account(account).json()
            self.keep(answer["sequence"], ("delete", account),
                      (answer["retracted"], answer["frozen"]))

    def close(self, client):
        self.wait_for_share(client, 0.5)
        answer = client.close_phase("c", "closing").json()
        self.keep(answer["sequence"], ("close", "closing"), "closed")

    def read(self, client):
        while self.voters_at_work:
            self.tallies.append(client.tally("c").json())
        self.tallies.append(client.tally("c").json())

    def wait_for_share(self, client, share):
        """Waits until that share of the votes is in: the races keep step on any machine."""
        while self.voters_at_work:
            position = client.tally("c").json()["sequence"]
            if position - self.begun >= share * VOTERS * VOTES_EACH * 0.8:
                return

    def run(self):
        with TallyClient(self.server) as client:
            assert client.define("c", definition(*PHASES.values())).status == 201
            self.begun = client.tally("c").json()["sequence"]
        works = [lambda client, number=number: self.vote(client, number)
                 for number in range(VOTERS)]
        works += [lambda client: self.delete(client, 0), lambda client: self.delete(client, 1)]
        works += [self.close, self.read]
        racers = [Racer(self.server, work) for work in works]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
        for racer in racers:
            if racer.unexpected is not None:
                raise racer.unexpected

    def replay(self):
        """The naive model through the acknowledged commands in the order of their numbers."""
        model = NaiveModel()
        for phase in PHASES.values():
            model.add_phase("c", phase)
        waiting = sorted(self.tallies, key=lambda tally: tally["sequence"], reverse=True)
        for sequence in sorted(self.acknowledged):
            while waiting and waiting[-1]["sequence"] < sequence:
                self.compare(model, waiting.pop())
            command = self.acknowledged[sequence]
            assert apply(model, command.act) == command.outcome, (sequence, command.act)
        while waiting:
            self.compare(model, waiting.pop())
        return model

    def compare(self, model, tally):
        expected = [model.tally("c", phase) for phase in PHASES]
        assert list(map(unsealed, tally["phases"])) == expected, f"at {tally['sequence']}"


def apply(model, act):
    kind, *rest = act
    if kind == "delete":
        return model.delete(rest[0])
    if kind == "close":
        model.set_state("c", rest[0], "closed")
        return "closed"
    if kind == "ballot":
        consultation, phase, account, ballot = rest[0]
        return model.put_ballot(account, consultation, phase, list(ballot.items()))
    (consultation, phase, proposal, account), *carried = rest
    if kind == "withdraw":
        return model.withdraw(account, consultation, phase, proposal)
    return model.cast(account, consultation, phase, proposal, *carried)


@pytest.mark.parametrize("seed", seeds(5))
def test_racing_votes_and_deletions_come_out_as_in_their_order(own_server, seed):
    race = Race(own_server, seed)
    race.run()
    model = race.replay()
    deleted = [account for account in race.accounts if account in model.deleted]
    assert len(deleted) == ACCOUNTS * 3 // 4
    own_server.restart(kill=True)
    with TallyClient(own_server) as client:
        race.compare(model, client.tally("c").json())
        for account in race.accounts:
            response = client.personal_data(account)
            if account in model.deleted:
                assert response.status == 410
            else:
                shown = sorted_votes(response.json()["votes"])
                assert shown == model.personal_data(account)


def test_a_vote_and_a_deletion_at_once_never_leave_a_vote_of_a_deleted_account(
        server, consultation):
    """Streams against deletions: whatever the order, a deleted account has no vote."""
    accounts = [f"{consultation}-{number}" for number in range(400)]

    def stream_votes(client):
        stream = client.vote_stream(consultation, "ideas")
        for account in accounts * 3:
            stream.send({"proposal": "p1", "account": account})
        done = stream.finish()
        assert set(stream.refused.values()) <= {"account-deleted"}
        assert done["counted"] + done["unchanged"] + done["refused"] == 1_200

    def delete(client):
        stream = client.deletion_stream()
        for account in accounts:
            stream.send({"account": account})
        assert stream.finish()["deleted"] == 400

    racers = [Racer(server, stream_votes), Racer(server, stream_votes), Racer(server, delete)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
        if racer.unexpected is not None:
            raise racer.unexpected
    with TallyClient(server) as client:
        tally = client.tally(consultation, "ideas").json()
        assert tally["voters"] == 0
        assert all(not proposal["counts"]["support"] for proposal in tally["proposals"])

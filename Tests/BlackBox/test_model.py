"""Random histories: the service must agree with the naive model after every step.

A history is drawn from one seed: votes, changes, withdrawals and deletions, one by one, many in
flight, and as streams; definitions, openings and closings; restarts by SIGTERM and by kill -9.
Everything is awaited before the next step, so the model knows the order exactly; commands that fly
at the same time are of different accounts and one phase state, so their order means nothing. What
happens without waiting is the matter of `test_kill9.py` and `test_races.py`.
"""

import random
from collections import Counter

import pytest

from consultations import CHOICES, choice_phase, definition, support_phase
from naive_model import SUPPORT, NaiveModel, sorted_votes
from problems import assert_problem, code_of
from seeds import seeds
from tally_client import TallyClient
from vote_streams import encode_lines

STEPS = 60
ACCOUNTS = 60
CREATED = {"counted"}
DONE = ("counted", "replaced", "unchanged", "withdrawn")


class History:
    """One server and one model, driven by one random generator."""

    def __init__(self, server, seed):
        self.random = random.Random(seed)
        self.server = server
        self.model = NaiveModel()
        self.client = TallyClient(server)
        #: By consultation: its phases' definitions, as last put.
        self.defined = {}
        #: The highest journal position that an answer has named.
        self.sequence = 0
        self.fresh_accounts = 0
        self.define()

    # What a step may be.

    def define(self):
        """A new consultation, with a phase that is still scheduled."""
        consultation = f"consultation {len(self.defined)}/é"
        phases = [choice_phase("opinions", [f"p{n}" for n in range(self.random.randint(1, 8))]),
                  support_phase("ideas", ["q0", "q1"]),
                  support_phase("later", ["r/0"], opens_at="2198-01-01T00:00:00Z")]
        assert self.client.define(consultation, definition(*phases)).status == 201
        self.defined[consultation] = phases
        for phase in phases:
            self.model.add_phase(
                consultation, phase["id"], choices=phase["ballot"].get("choices"),
                proposals=[proposal["id"] for proposal in phase["proposals"]],
                state="scheduled" if "opens_at" in phase else "open")

    def add_proposal(self):
        consultation, phase = self.any_phase()
        proposal = f"added {len(self.model.phases[consultation, phase].proposals)}"
        response = self.client.add_proposal(consultation, phase, proposal)
        if self.model.phases[consultation, phase].state == "closed":
            assert_problem(response, "phase-closed")
        else:
            assert response.status == 201
            self.model.add_proposal(consultation, phase, proposal)

    def open_phase(self):
        where = self.any_phase()
        state = self.model.phases[where].state
        response = self.client.open_phase(*where)
        if state == "closed":
            assert_problem(response, "phase-closed")
        else:
            assert response.json()["state"] == "open"
            self.model.set_state(*where, "open")

    def close_phase(self):
        where = self.any_phase()
        state = self.model.phases[where].state
        if state == "open" and self.random.random() < 0.5:
            return  # not all at once, or there is nothing left to vote on
        response = self.client.close_phase(*where)
        if state == "scheduled":
            assert_problem(response, "phase-not-open")
        else:
            assert response.json()["state"] == "closed"
            self.model.set_state(*where, "closed")

    def vote_one_by_one(self):
        for _ in range(self.random.randint(1, 20)):
            self.check_unary(*self.start_command(self.any_account()))

    def vote_many_in_flight(self):
        accounts = self.random.sample(self.known_accounts(), ACCOUNTS // 2)
        for flying in [self.start_command(account) for account in accounts]:
            self.check_unary(*flying)

    def vote_by_stream(self):
        self.run_streams([None])

    def vote_by_streams_at_once(self):
        """Several streams, each of its own accounts."""
        accounts = self.known_accounts()
        self.random.shuffle(accounts)
        self.run_streams([accounts[0::3], accounts[1::3], accounts[2::3]])

    def delete_one(self):
        account = self.any_account()
        response = self.client.delete_account(account).json()
        assert (response["retracted"], response["frozen"]) == self.model.delete(account)
        self.saw(response["sequence"])

    def delete_by_stream(self):
        stream = self.client.deletion_stream()
        expected = Counter()
        for _ in range(self.random.randint(1, 5)):
            account = self.any_account()
            expected["already_deleted" if account in self.model.deleted else "deleted"] += 1
            retracted, frozen = self.model.delete(account)
            expected["retracted"] += retracted
            expected["frozen"] += frozen
            stream.send({"account": account})
        done = stream.finish()
        for name in ("deleted", "already_deleted", "retracted", "frozen", "refused"):
            assert done[name] == expected[name], (name, done, expected)
        self.saw(done["sequence"])

    def restart(self):
        self.client.close()
        self.server.restart(kill=self.random.random() < 0.5)
        self.client = TallyClient(self.server)
        self.check_everything()

    STEPS = {
        define: 1, add_proposal: 3, open_phase: 3, close_phase: 2, vote_one_by_one: 10,
        vote_many_in_flight: 8, vote_by_stream: 12, vote_by_streams_at_once: 6, delete_one: 4,
        delete_by_stream: 3, restart: 3,
    }

    def step(self):
        step, = self.random.choices(list(self.STEPS), list(self.STEPS.values()))
        step(self)
        return step.__name__

    # What the model is compared with.

    def check_tallies(self):
        for consultation, phases in self.defined.items():
            whole = self.client.tally(consultation).json()
            expected = [self.model.tally(consultation, phase["id"]) for phase in phases]
            assert whole["phases"] == expected
            assert whole["sequence"] >= self.sequence
            self.saw(whole["sequence"])
        consultation, phase = self.any_phase()
        expected = self.model.tally(consultation, phase)
        narrow = self.client.tally(consultation, phase).json()
        assert {key: narrow[key] for key in expected} == expected
        proposal = self.random.choice(expected["proposals"])
        single = self.client.tally(consultation, phase, proposal["id"]).json()
        assert {key: single[key] for key in proposal} == proposal

    def check_account(self, account):
        response = self.client.personal_data(account)
        expected = self.model.personal_data(account)
        if expected is None:
            assert_problem(response, "account-deleted")
            return
        assert sorted_votes(response.json()["votes"]) == expected
        consultation, phase = self.any_phase()
        proposal = self.random.choice(self.model.phases[consultation, phase].proposals)
        value = self.model.votes.get(account, {}).get((consultation, phase, proposal))
        vote = self.client.get_vote(consultation, phase, proposal, account)
        if value is None:
            assert_problem(vote, "no-vote")
        else:
            assert vote.json() == ({} if value == SUPPORT else {"choice": value})

    def check_everything(self):
        self.check_tallies()
        for account in self.known_accounts():
            self.check_account(account)

    # What steps are made of.

    def known_accounts(self):
        """Accounts for ever deleted would soon be all there are: new ones take their places."""
        living = [f"account {number} ü" for number in range(ACCOUNTS + self.fresh_accounts)]
        gone = len(self.model.deleted.intersection(living))
        self.fresh_accounts += max(0, gone - self.fresh_accounts)
        return [f"account {number} ü" for number in range(ACCOUNTS + self.fresh_accounts)]

    def any_account(self):
        return self.random.choice(self.known_accounts())

    def any_phase(self):
        return self.random.choice(list(self.model.phases))

    def any_command(self, account):
        """`(consultation, phase, proposal, account)` and the value; None withdraws."""
        consultation, phase = self.any_phase()
        entry = self.model.phases[consultation, phase]
        proposal = self.random.choice(entry.proposals)
        chance = self.random.random()
        if chance < 0.02:
            consultation = "no such"
        elif chance < 0.04:
            phase = "no such"
        elif chance < 0.06:
            proposal = "no such"
        value = self.random.choice(entry.choices) if entry.choices else SUPPORT
        if chance > 0.97 and entry.choices:
            value = "no such"
        elif chance > 0.8:
            value = None
        return (consultation, phase, proposal, account), value

    def apply(self, where, value):
        """What the model makes of a command: an outcome or a refusal."""
        consultation, phase, proposal, account = where
        if value is None:
            return self.model.withdraw(account, consultation, phase, proposal)
        return self.model.cast(account, consultation, phase, proposal, value)

    def start_command(self, account):
        where, value = self.any_command(account)
        if value is None:
            started = self.client.start_withdrawal(*where)
        else:
            started = self.client.start_vote(
                *where, **({} if value == SUPPORT else {"choice": value}))
        return started, where, value

    def check_unary(self, started, where, value):
        response, expected = started.response(), self.apply(where, value)
        if expected in DONE:
            assert response.json()["outcome"] == expected, (where, value)
            assert response.status == (201 if expected in CREATED else 200)
            self.saw(response.json()["sequence"])
        else:
            assert code_of(response) == expected, (where, value)

    def run_streams(self, accounts_of_streams):
        streams = []
        for accounts in accounts_of_streams:
            lines, expected = self.random_lines(accounts or self.known_accounts())
            stream = self.client.vote_stream()
            streams.append((stream, lines, expected))
        pieces = [(stream, piece) for stream, lines, _ in streams
                  for piece in (lines[:len(lines) // 2], lines[len(lines) // 2:])]
        for stream, piece in pieces[0::2] + pieces[1::2]:
            stream.send_bytes(piece)
        for stream, _, expected in streams:
            done = stream.finish()
            refused = {number: code for number, code in enumerate(expected, 1)
                       if code is not None and code not in DONE}
            assert stream.refused == refused
            for outcome in DONE:
                assert done[outcome] == expected.count(outcome), (outcome, done)
            assert done["lines"] == len(expected)
            self.saw(done["sequence"])

    def random_lines(self, accounts):
        """The bytes of some lines, and what becomes of each; None of a blank one."""
        lines, expected = b"", []
        for _ in range(self.random.randint(1, 200)):
            if self.random.random() < 0.02:
                line = self.random.choice((b"\n", b" \r\n"))
                expected.append(None)
            elif self.random.random() < 0.02:
                line = b'{"consultation": 5}\n'
                expected.append("malformed")
            else:
                where, value = self.any_command(self.random.choice(accounts))
                line = self.spell(where, value)
                expected.append(self.apply(where, value))
            lines += line
        return lines, expected

    def spell(self, where, value):
        fields = list(zip(("consultation", "phase", "proposal", "account"), where))
        if value is None:
            fields.append(("withdraw", True))
        elif value != SUPPORT:
            fields.append(("choice", value))
        if self.random.random() < 0.2:
            self.random.shuffle(fields)
        return encode_lines([dict(fields)])

    def saw(self, sequence):
        self.sequence = max(self.sequence, sequence)


@pytest.mark.parametrize("seed", seeds(10))
def test_a_random_history_agrees_with_the_model(own_server, seed):
    print(f"seed {seed}")
    history = History(own_server, seed)
    try:
        for number in range(STEPS):
            print(f"step {number}: ", end="")
            print(history.step())
            history.check_tallies()
            for _ in range(5):
                history.check_account(history.any_account())
        history.check_everything()
    finally:
        history.client.close()
    assert own_server.terminate() == 0


def test_the_model_counts_as_the_contract_says():
    """The judge is judged: one story with every figure written by hand."""
    model = NaiveModel()
    model.add_phase("c", "old", choices=None, proposals=["p", "q"])
    model.add_phase("c", "new", choices=CHOICES, proposals=["p"], state="scheduled")
    assert model.cast("a", "c", "old", "p") == "counted"
    assert model.cast("a", "c", "old", "p") == "unchanged"
    assert model.cast("a", "c", "old", "q") == "counted"
    assert model.cast("b", "c", "old", "q") == "counted"
    assert model.withdraw("b", "c", "old", "p") == "no-vote"
    assert model.cast("a", "c", "new", "p", "agree") == "phase-not-open"
    model.set_state("c", "old", "closed")
    model.set_state("c", "new", "open")
    assert model.cast("a", "c", "new", "p", "agree") == "counted"
    assert model.cast("a", "c", "new", "p", "mixed") == "replaced"
    assert model.cast("b", "c", "new", "p", "yes") == "invalid-vote"
    assert model.delete("a") == (1, 2)
    assert model.delete("a") == (0, 0)
    assert model.cast("a", "c", "old", "p") == "account-deleted"
    assert model.tally("c", "old") == {
        "id": "old", "state": "closed", "voters": 2, "proposals": [
            {"id": "p", "counts": {"support": 1}}, {"id": "q", "counts": {"support": 2}}]}
    assert model.tally("c", "new")["voters"] == 0
    assert model.personal_data("a") is None
    assert model.personal_data("b") == [
        {"consultation": "c", "phase": "old", "proposal": "q", "counted": True}]

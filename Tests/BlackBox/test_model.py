"""Random histories: the service must agree with the naive model after every step.

A history is drawn from one seed: votes of every kind, whole ballots, changes, withdrawals and
deletions, one by one, many in flight, and as streams; definitions, other rules and costs, openings,
closings and removals; snapshots, and restarts by SIGTERM and by kill -9.
Everything is awaited before the next step, so the model knows the order exactly; commands that fly
at the same time are of different accounts and one phase state, so their order means nothing. What
happens without waiting is the matter of `test_kill9.py` and `test_races.py`.
"""

import copy
import random
from collections import Counter

import pytest

from consultations import definition
from naive_model import NaiveModel, sorted_votes
from problems import assert_problem, code_of
from random_commands import any_command, any_cost, any_phases, any_rule
from seals import digest_of, unsealed
from seeds import seeds
from tally_client import TallyClient
from tally_server import run_tally
from vote_streams import encode_lines

STEPS = 60
ACCOUNTS = 40
CREATED = ("counted", "pending")
CUT = ("sequence", "as_of")
DONE = ("counted", "replaced", "unchanged", "withdrawn", "pending")


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
        """A new consultation, maybe by the name of one that was removed."""
        number = self.random.randrange(6)
        consultation = f"consultation {number}/é"
        if consultation in self.defined:
            return
        phases = any_phases(self.random)
        response = self.client.define(consultation, definition(*phases))
        assert response.status == 201, response
        self.defined[consultation] = phases
        for phase in phases:
            self.model.add_phase(
                consultation, phase, state="scheduled" if "opens_at" in phase else "open")

    def change_rule(self):
        """A whole definition in which one phase has another rule, or the same by meaning."""
        consultation, phase = self.any_phase()
        changed = copy.deepcopy(self.defined[consultation])
        entry = next(entry for entry in changed if entry["id"] == phase)
        kind = entry["ballot"]["kind"]
        if self.random.random() < 0.8:
            entry["ballot"] = {"kind": kind, **any_rule(self.random, kind)}
        self.expect(
            self.client.define(consultation, definition(*changed)),
            self.model.set_rule(consultation, phase, entry["ballot"]), changed, consultation)

    def put_proposal(self):
        """Adds a proposal, or puts one again, in a phase with costs maybe with another cost."""
        consultation, phase = self.any_phase()
        changed = copy.deepcopy(self.defined[consultation])
        proposals = next(entry for entry in changed if entry["id"] == phase)["proposals"]
        if self.random.random() < 0.5 or not proposals:
            proposals.append({"id": f"added {len(proposals)}"})
            proposal = proposals[-1]
        else:
            proposal = self.random.choice(proposals)
        is_new = proposal["id"] not in self.model.phases[consultation, phase].costs
        fields = {}
        if self.model.phases[consultation, phase].kind == "budget":
            proposal["cost"] = fields["cost"] = any_cost(self.random)
        response = self.client.add_proposal(consultation, phase, proposal["id"], **fields)
        self.expect(response, self.model.put_proposal(
            consultation, phase, proposal["id"], proposal.get("cost", 0)), changed, consultation)
        assert response.status >= 400 or response.status == (201 if is_new else 200)

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

    def remove(self):
        """Maybe after a closing of all that was open."""
        consultation = self.random.choice(list(self.defined))
        if self.random.random() < 0.4 and len(self.defined) > 1:
            for phase in self.defined[consultation]:
                self.client.open_phase(consultation, phase["id"])
                self.client.close_phase(consultation, phase["id"])
                self.model.set_state(consultation, phase["id"], "closed")
        response, expected = self.client.remove(consultation), self.model.remove(consultation)
        if expected != "removed":
            assert_problem(response, expected)
            return
        assert response.json() == {"outcome": "removed", "sequence": response.json()["sequence"]}
        self.saw(response.json()["sequence"])
        del self.defined[consultation]
        if not self.defined:
            self.define()

    def vote_one_by_one(self):
        for _ in range(self.random.randint(1, 30)):
            command = self.any_command(self.any_account())
            self.check_unary(command.start(self.client), command)

    def vote_many_in_flight(self):
        accounts = self.random.sample(self.known_accounts(), ACCOUNTS // 2)
        commands = [self.any_command(account) for account in accounts]
        for started, command in [(command.start(self.client), command) for command in commands]:
            self.check_unary(started, command)

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

    def snapshot(self):
        assert self.client.snapshot().status == 200

    def restart(self):
        self.client.close()
        self.server.restart(kill=self.random.random() < 0.5)
        self.client = TallyClient(self.server)
        self.check_everything()

    STEPS = {
        define: 2, change_rule: 4, put_proposal: 5, open_phase: 3, close_phase: 3, remove: 2,
        vote_one_by_one: 10, vote_many_in_flight: 8, vote_by_stream: 12,
        vote_by_streams_at_once: 6, delete_one: 4, delete_by_stream: 3, snapshot: 1, restart: 3,
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
            assert list(map(unsealed, whole["phases"])) == expected
            for phase in whole["phases"]:
                if "sealed" in phase:
                    seal = self.model.seal(consultation, phase["id"])
                    assert phase["sealed"]["digest"] == digest_of(seal)
            assert whole["sequence"] >= self.sequence
            self.saw(whole["sequence"])
        consultation, phase = self.any_phase()
        expected = self.model.tally(consultation, phase)
        narrow = unsealed(self.client.tally(consultation, phase).json())
        assert {key: narrow[key] for key in narrow if key not in CUT} == expected
        if not expected["proposals"]:
            return
        proposal = self.random.choice(expected["proposals"])
        if "withheld" in expected:
            proposal = {**proposal, "withheld": True}
        single = self.client.tally(consultation, phase, proposal["id"]).json()
        assert {key: single[key] for key in single if key not in CUT} == proposal

    def check_seals(self):
        for place, entry in self.model.phases.items():
            response = self.client.seal(*place)
            if entry.state == "closed":
                assert response.body == self.model.seal(*place)
            elif place in self.model.removed_seals:
                assert response.body == self.model.removed_seals[place][-1]
            else:
                assert_problem(response, "not-found")
        for place, seals in self.model.removed_seals.items():
            if place not in self.model.phases:
                assert self.client.seal(*place).body == seals[-1]
            for seal in seals:
                assert self.client.seal(*place, digest_of(seal)).body == seal

    def check_account(self, account):
        response = self.client.personal_data(account)
        expected = self.model.personal_data(account)
        if expected is None:
            assert_problem(response, "account-deleted")
            return
        assert sorted_votes(response.json()["votes"]) == expected
        consultation, phase = self.any_phase()
        proposal = self.random.choice(list(self.model.phases[consultation, phase].costs))
        held = self.model.held(account, consultation, phase)
        vote = self.client.get_vote(consultation, phase, proposal, account)
        if proposal in held:
            assert vote.json() == held[proposal]
        else:
            assert_problem(vote, "no-vote")

    def check_everything(self):
        self.check_tallies()
        self.check_seals()
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
        return any_command(self.random, self.model, account)

    def expect(self, response, refusal, changed, consultation):
        """A definition was accepted, and is in force, or was refused."""
        if refusal:
            assert_problem(response, refusal)
        else:
            assert response.status in (200, 201), response
            self.defined[consultation] = changed

    def check_unary(self, started, command):
        is_new = command.is_new(self.model)
        response, expected = started.response(), command.apply(self.model)
        if expected in DONE:
            assert response.status < 300, (command, expected, response)
            assert response.json()["outcome"] == expected, command
            assert response.status == (201 if is_new and expected in CREATED else 200), command
            self.saw(response.json()["sequence"])
        else:
            assert code_of(response) == expected, command

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
                command = self.any_command(self.random.choice(accounts))
                line = self.spell(command.line)
                expected.append(command.apply(self.model))
            lines += line
        return lines, expected

    def spell(self, line):
        fields = list(line.items())
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
    verified = run_tally("verify", "--data", own_server.data)
    assert verified.returncode == 0, verified.stdout + verified.stderr

"""Random definitions and random commands on accounts, as the naive model and the service take them.

A command knows its request, its line in a stream, and what the model makes of it; most are such as
a person could mean, and a few are of every kind that is refused.
"""

from dataclasses import dataclass

from consultations import CHOICES, choice_phase, phase_of, support_phase
from tally_client import ballot_of

NEVER = "2198-01-01T00:00:00Z"


def any_rule(rng, kind):
    """A ballot rule that small ballots come up against."""
    def maybe(name, low, high):
        return {name: rng.randint(low, high)} if rng.random() < 0.6 else {}

    if kind in ("support", "choice"):
        rule = maybe("max_votes", 2, 4) | maybe("min_votes", 0, 3)
        if rule.get("min_votes", 0) > rule.get("max_votes", 9):
            del rule["min_votes"]
        return rule if kind == "support" else {"choices": list(CHOICES), **rule}
    if kind == "budget":
        return {"budget": rng.randint(0, 120)}
    if kind == "ranking":
        return {"max_votes": rng.randint(1, 4)}
    return (maybe("max_votes", 2, 4) | maybe("max_points", 3, 12)
            | maybe("max_points_per_proposal", 1, 5))


def any_cost(rng):
    return rng.choice((0, 1, 10, 40, 60, 2 ** 53 - 1))


def any_phases(rng):
    """The phases of a consultation: simple ones, and one of each kind with some rule."""
    def proposals(letter):
        return [f"{letter}{number}" for number in range(rng.randint(1, 6))]

    phases = [choice_phase("opinions", proposals("p")), support_phase("ideas", proposals("q")),
              support_phase("later", ["r/0"], opens_at=NEVER)]
    for kind in ("support", "choice", "budget", "ranking", "points"):
        listed = proposals(kind[0])
        if kind == "budget":
            listed = {proposal: any_cost(rng) for proposal in listed}
        phase = phase_of(kind, listed, f"{kind} é", **any_rule(rng, kind))
        if rng.random() < 0.3:
            phase["results"] = "after_close"
        phases.append(phase)
    return phases


def any_carried(rng, entry):
    """What a vote in a phase of the model may carry; one of fifty could not be of any."""
    if rng.random() < 0.02:
        return rng.choice(({}, {"choice": "agree"}, {"choice": "no such"}, {"rank": 1},
                           {"points": 1}, {"rank": 0}, {"points": -1}, {"points": 10 ** 40},
                           {"rank": 1, "points": 1}))
    if entry.kind == "choice":
        return {"choice": rng.choice(entry.rule["choices"])}
    if entry.kind == "ranking":
        return {"rank": rng.randint(1, entry.rule["max_votes"] + (rng.random() < 0.05))}
    if entry.kind == "points":
        return {"points": rng.randint(1, 5)}
    return {}


def any_command(rng, model, account):
    place, entry = rng.choice(list(model.phases.items()))
    consultation, phase = place
    chance = rng.random()
    if chance < 0.02:
        consultation = "no such"
    elif chance < 0.04:
        phase = "no such"

    def any_proposal():
        return "no such" if rng.random() < 0.02 else rng.choice(list(entry.costs))

    if chance > 0.85:
        return Withdrawal((consultation, phase, any_proposal(), account))
    if chance > 0.65:
        return WholeBallot((consultation, phase, account), any_votes(rng, entry, any_proposal))
    return Vote((consultation, phase, any_proposal(), account), any_carried(rng, entry))


def any_votes(rng, entry, any_proposal):
    """Pairs for a whole ballot; ranks are mostly such as belong together."""
    proposals = [any_proposal() for _ in range(rng.randint(0, 4))]
    if rng.random() < 0.95:
        proposals = list(dict.fromkeys(proposals))
    votes = [(proposal, any_carried(rng, entry)) for proposal in proposals]
    if entry.kind == "ranking" and rng.random() < 0.8:
        votes = [(proposal, {"rank": rank}) for rank, proposal in enumerate(proposals, 1)]
    return votes


@dataclass
class Vote:
    where: tuple
    carried: dict

    def start(self, client):
        return client.start_vote(*self.where, **self.carried)

    @property
    def line(self):
        return {**dict(zip(("consultation", "phase", "proposal", "account"), self.where)),
                **self.carried}

    def is_new(self, model):
        """Whether it would put something where nothing was."""
        consultation, phase, proposal, account = self.where
        return proposal not in model.held(account, consultation, phase)

    def apply(self, model):
        """The outcome, or the code of the refusal."""
        consultation, phase, proposal, account = self.where
        return model.cast(account, consultation, phase, proposal, self.carried)


@dataclass
class Withdrawal:
    where: tuple

    def start(self, client):
        return client.start_withdrawal(*self.where)

    @property
    def line(self):
        return {**Vote(self.where, {}).line, "withdraw": True}

    def is_new(self, model):
        return False

    def apply(self, model):
        consultation, phase, proposal, account = self.where
        return model.withdraw(account, consultation, phase, proposal)


@dataclass
class WholeBallot:
    where: tuple
    votes: list

    def start(self, client):
        return client.start_ballot(*self.where, self.votes)

    @property
    def line(self):
        return {**dict(zip(("consultation", "phase", "account"), self.where)),
                **ballot_of(self.votes)}

    def is_new(self, model):
        consultation, phase, account = self.where
        return bool(self.votes) and not model.held(account, consultation, phase)

    def apply(self, model):
        consultation, phase, account = self.where
        return model.put_ballot(account, consultation, phase, self.votes)

"""The domain as anyone would write it down: dictionaries, and every count recounted from them.

Nothing is kept that can be computed, so there is nothing here that could drift. The model knows no
transport, no time and no concurrency: whoever uses it says in which order commands took effect.
What a vote carries is written as in its JSON: `{}`, `{"choice": "agree"}`, `{"rank": 1}`.
"""

from seals import sealed_bytes

MOST = 10 ** 6


class Phase:
    def __init__(self, definition, state):
        self.state = state
        self.rule = definition["ballot"]
        self.kind = self.rule["kind"]
        #: By proposal: its cost, 0 where there are none.
        self.costs = {entry["id"]: entry.get("cost", 0) for entry in definition["proposals"]}
        self.after_close = definition.get("results") == "after_close"
        #: By account: what each of its votes carries, by proposal.
        self.ballots = {}
        #: Ballots whose accounts were deleted after the close.
        self.frozen = []
        #: Proposals that have ever had a vote.
        self.locked = set()

    @property
    def options(self):
        return {"choice": self.rule.get("choices"), "support": ["support"],
                "budget": ["support"]}.get(self.kind, ["votes", "points"])

    @property
    def withholds(self):
        return self.after_close and self.state != "closed"

    def is_enough(self, ballot):
        """Whether the votes of a ballot count."""
        return len(ballot) >= self.rule.get("min_votes", 0)

    def fits(self, carried):
        """Whether one vote by itself is possible."""
        if self.kind in ("support", "budget"):
            return carried == {}
        if self.kind == "choice":
            return set(carried) == {"choice"} and carried["choice"] in self.rule["choices"]
        field, most = {"ranking": ("rank", "max_votes"),
                       "points": ("points", "max_points_per_proposal")}[self.kind]
        return set(carried) == {field} and 1 <= carried[field] <= self.rule.get(most, MOST)

    def broken_rule(self, ballot):
        """The first rule that a whole ballot breaks."""
        if len(ballot) > self.rule.get("max_votes", MOST):
            return "limit-reached"
        if self.kind == "ranking" and len({vote["rank"] for vote in ballot.values()}
                                          ) < len(ballot):
            return "rank-taken"
        if self.kind == "budget" and sum(map(self.costs.get, ballot)) > self.rule["budget"]:
            return "over-budget"
        if self.kind == "points" and "max_points" in self.rule and sum(
                vote["points"] for vote in ballot.values()) > self.rule["max_points"]:
            return "over-budget"
        return None

    def worth(self, carried):
        """What one vote adds to which counts."""
        if self.kind == "choice":
            return {carried["choice"]: 1}
        if self.kind == "ranking":
            return {"votes": 1, "points": self.rule["max_votes"] - carried["rank"] + 1}
        if self.kind == "points":
            return {"votes": 1, "points": carried["points"]}
        return {"support": 1}


class NaiveModel:
    def __init__(self):
        #: By (consultation, phase).
        self.phases = {}
        self.deleted = set()
        #: Of removed consultations, by (consultation, phase): every seal there was.
        self.removed_seals = {}

    def add_phase(self, consultation, definition, state="open"):
        self.phases[consultation, definition["id"]] = Phase(definition, state)

    def set_state(self, consultation, phase, state):
        self.phases[consultation, phase].state = state

    def set_rule(self, consultation, phase, rule):
        """Changes the ballot rule; the code of the refusal, or None."""
        entry = self.phases[consultation, phase]
        if meaning_of(rule) != meaning_of(entry.rule):
            if entry.state == "closed":
                return "phase-closed"
            if entry.locked:
                return "rules-locked"
        entry.rule = rule
        return None

    def put_proposal(self, consultation, phase, proposal, cost=0):
        """Adds a proposal or changes its cost; the code of the refusal, or None."""
        entry = self.phases[consultation, phase]
        if entry.costs.get(proposal) != cost:
            if entry.state == "closed":
                return "phase-closed"
            if proposal in entry.locked:
                return "rules-locked"
            entry.costs[proposal] = cost
        return None

    def cast(self, account, consultation, phase, proposal, carried):
        """The outcome, or the code of the refusal."""
        if refusal := self._refusal(consultation, phase, [proposal]):
            return refusal
        entry = self.phases[consultation, phase]
        if not entry.fits(carried):
            return "invalid-vote"
        if refusal := self._refusal_by_state(account, entry):
            return refusal
        before = entry.ballots.get(account, {})
        after = {**before, proposal: carried}
        if after == before:
            return "unchanged"
        if refusal := entry.broken_rule(after):
            return refusal
        self._keep(entry, account, after)
        if not entry.is_enough(after):
            return "pending"
        return "replaced" if proposal in before else "counted"

    def put_ballot(self, account, consultation, phase, votes):
        """The same for a whole ballot: a list of pairs, a proposal and what its vote carries."""
        if refusal := self._refusal(consultation, phase, [proposal for proposal, _ in votes]):
            return refusal
        entry = self.phases[consultation, phase]
        before, after = entry.ballots.get(account, {}), dict(votes)
        if len(after) < len(votes) or not all(entry.fits(carried) for carried in after.values()):
            return "invalid-vote"
        if refusal := self._refusal_by_state(account, entry):
            return refusal
        if after == before:
            return "unchanged"
        if refusal := entry.broken_rule(after):
            return refusal
        self._keep(entry, account, after)
        if not after:
            return "withdrawn"
        if not entry.is_enough(after):
            return "pending"
        return "replaced" if before else "counted"

    def withdraw(self, account, consultation, phase, proposal):
        if refusal := self._refusal(consultation, phase, [proposal]):
            return refusal
        entry = self.phases[consultation, phase]
        if refusal := self._refusal_by_state(account, entry):
            return refusal
        ballot = dict(entry.ballots.get(account, {}))
        if ballot.pop(proposal, None) is None:
            return "no-vote"
        self._keep(entry, account, ballot)
        return "withdrawn"

    def delete(self, account):
        """How many votes were retracted and how many frozen."""
        retracted = frozen = 0
        for entry in self.phases.values():
            ballot = entry.ballots.pop(account, {})
            if entry.state == "open":
                retracted += len(ballot)
            elif ballot and entry.is_enough(ballot):
                frozen += len(ballot)
                entry.frozen.append(ballot)
        self.deleted.add(account)
        return retracted, frozen

    def remove(self, consultation):
        """`removed`, or the code of the refusal."""
        here = [place for place in self.phases if place[0] == consultation]
        if not here:
            return "unknown-consultation"
        if any(self.phases[place].state != "closed" for place in here):
            return "phase-not-closed"
        for place in here:
            self.removed_seals.setdefault(place, []).append(self.seal(*place))
            del self.phases[place]
        return "removed"

    def held(self, account, consultation, phase):
        """What each of the account's votes carries, by proposal, pending ones too."""
        entry = self.phases.get((consultation, phase))
        return entry.ballots.get(account, {}) if entry else {}

    def count(self, consultation, phase):
        """The phase's tally as if nothing were withheld: voters and all counts, zeros too."""
        entry = self.phases[consultation, phase]
        counting = [*entry.frozen, *(ballot for ballot in entry.ballots.values()
                                     if ballot and entry.is_enough(ballot))]
        counts = {proposal: dict.fromkeys(entry.options, 0) for proposal in entry.costs}
        for ballot in counting:
            for proposal, carried in ballot.items():
                for option, amount in entry.worth(carried).items():
                    counts[proposal][option] += amount
        return {
            "id": phase, "state": entry.state, "voters": len(counting),
            "proposals": [{"id": proposal, "counts": counts[proposal]}
                          for proposal in entry.costs]}

    def tally(self, consultation, phase):
        """The phase as the contract shows it, but for its seal."""
        entry = self.phases[consultation, phase]
        if entry.withholds:
            return {"id": phase, "state": entry.state, "withheld": True,
                    "proposals": [{"id": proposal} for proposal in entry.costs]}
        return self.count(consultation, phase)

    def seal(self, consultation, phase):
        """The bytes of a closed phase's seal."""
        return sealed_bytes(
            consultation, self.phases[consultation, phase].kind, self.count(consultation, phase))

    def personal_data(self, account):
        """The account's votes as the contract shows them, sorted; None once it is deleted."""
        if account in self.deleted:
            return None
        return sorted_votes([
            {"consultation": consultation, "phase": phase, "proposal": proposal, **carried,
             "counted": entry.is_enough(entry.ballots[account])}
            for (consultation, phase), entry in self.phases.items()
            for proposal, carried in entry.ballots.get(account, {}).items()])

    @staticmethod
    def _keep(entry, account, ballot):
        entry.ballots[account] = ballot
        entry.locked.update(ballot)

    def _refusal(self, consultation, phase, proposals):
        if not any(known == consultation for known, _ in self.phases):
            return "unknown-consultation"
        if (consultation, phase) not in self.phases:
            return "unknown-phase"
        if any(proposal not in self.phases[consultation, phase].costs for proposal in proposals):
            return "unknown-proposal"
        return None

    def _refusal_by_state(self, account, entry):
        if account in self.deleted:
            return "account-deleted"
        return {"scheduled": "phase-not-open", "closed": "phase-closed"}.get(entry.state)


def meaning_of(rule):
    """A minimum of 0 or 1 is none."""
    return {name: value for name, value in rule.items() if name != "min_votes" or value > 1}


def sorted_votes(votes):
    return sorted(votes, key=lambda vote: (vote["consultation"], vote["phase"], vote["proposal"]))

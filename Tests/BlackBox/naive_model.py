"""The domain as anyone would write it down: dictionaries, and every count recounted from them.

Nothing is kept that can be computed, so there is nothing here that could drift. The model knows no
transport, no time and no concurrency: whoever uses it says in which order commands took effect.
"""

SUPPORT = "support"


class Phase:
    def __init__(self, state, choices, proposals):
        self.state = state
        #: The choices of a vote; None where the ballot is of the kind `support`.
        self.choices = choices
        self.proposals = list(proposals)
        #: What is left of accounts deleted after the close: sums without owners.
        self.frozen_counts = {}
        self.frozen_voters = 0


class NaiveModel:
    def __init__(self):
        #: By (consultation, phase).
        self.phases = {}
        #: By account: the value of each vote by (consultation, phase, proposal).
        self.votes = {}
        self.deleted = set()

    def add_phase(self, consultation, phase, *, choices, proposals, state="open"):
        self.phases[consultation, phase] = Phase(state, choices, proposals)

    def add_proposal(self, consultation, phase, proposal):
        self.phases[consultation, phase].proposals.append(proposal)

    def set_state(self, consultation, phase, state):
        self.phases[consultation, phase].state = state

    def cast(self, account, consultation, phase, proposal, value=SUPPORT):
        """The outcome, or the code of the refusal."""
        place = (consultation, phase, proposal)
        if refusal := self._refusal(account, place):
            return refusal
        choices = self.phases[consultation, phase].choices
        if value not in (choices or (SUPPORT,)):
            return "invalid-vote"
        if refusal := self._refusal_by_state(account, place):
            return refusal
        held = self.votes.setdefault(account, {})
        before, held[place] = held.get(place), value
        if before is None:
            return "counted"
        return "unchanged" if before == value else "replaced"

    def withdraw(self, account, consultation, phase, proposal):
        place = (consultation, phase, proposal)
        refusal = self._refusal(account, place) or self._refusal_by_state(account, place)
        if refusal:
            return refusal
        if place not in self.votes.get(account, {}):
            return "no-vote"
        del self.votes[account][place]
        return "withdrawn"

    def delete(self, account):
        """How many votes were retracted and how many frozen."""
        retracted = frozen = 0
        closed_phases = set()
        for (consultation, phase, proposal), value in self.votes.pop(account, {}).items():
            entry = self.phases[consultation, phase]
            if entry.state == "open":
                retracted += 1
            else:
                frozen += 1
                key = (proposal, value)
                entry.frozen_counts[key] = entry.frozen_counts.get(key, 0) + 1
                closed_phases.add(entry)
        for entry in closed_phases:
            entry.frozen_voters += 1
        self.deleted.add(account)
        return retracted, frozen

    def tally(self, consultation, phase):
        """The phase as the contract shows it: state, voters and all counts, zeros included."""
        entry = self.phases[consultation, phase]
        options = entry.choices or (SUPPORT,)
        counts = {
            proposal: {
                option: entry.frozen_counts.get((proposal, option), 0) for option in options}
            for proposal in entry.proposals}
        voters = entry.frozen_voters
        for held in self.votes.values():
            here = [(place[2], value) for place, value in held.items()
                    if place[:2] == (consultation, phase)]
            voters += bool(here)
            for proposal, value in here:
                counts[proposal][value] += 1
        return {
            "id": phase, "state": entry.state, "voters": voters,
            "proposals": [{"id": proposal, "counts": counts[proposal]}
                          for proposal in entry.proposals]}

    def personal_data(self, account):
        """The account's votes as the contract shows them, sorted; None once it is deleted."""
        if account in self.deleted:
            return None
        return sorted_votes([
            {"consultation": consultation, "phase": phase, "proposal": proposal,
             **({} if value == SUPPORT else {"choice": value}), "counted": True}
            for (consultation, phase, proposal), value
            in self.votes.get(account, {}).items()])

    def _refusal(self, account, place):
        consultation, phase, proposal = place
        if not any(known == consultation for known, _ in self.phases):
            return "unknown-consultation"
        if (consultation, phase) not in self.phases:
            return "unknown-phase"
        if proposal not in self.phases[consultation, phase].proposals:
            return "unknown-proposal"
        return None

    def _refusal_by_state(self, account, place):
        if account in self.deleted:
            return "account-deleted"
        return {"scheduled": "phase-not-open", "closed": "phase-closed",
                "open": None}[self.phases[place[:2]].state]


def sorted_votes(votes):
    return sorted(votes, key=lambda vote: (vote["consultation"], vote["phase"], vote["proposal"]))

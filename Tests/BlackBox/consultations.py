"""Definitions to put, and the parts of them that tests vary."""

CHOICES = ("agree", "mixed", "disagree")


def choice_phase(phase="opinions", proposals=("p1", "p2"), choices=CHOICES, **fields):
    return {
        "id": phase,
        "ballot": {"kind": "choice", "choices": list(choices)},
        "proposals": [{"id": proposal} for proposal in proposals],
        **fields,
    }


def support_phase(phase="ideas", proposals=("p1", "p2"), **fields):
    return {
        "id": phase,
        "ballot": {"kind": "support"},
        "proposals": [{"id": proposal} for proposal in proposals],
        **fields,
    }


def phase_of(kind, proposals=("p1", "p2", "p3"), phase="ph", **rule):
    """A phase of any kind with its rule; `proposals` may map each to its cost."""
    costs = proposals if isinstance(proposals, dict) else {}
    return {
        "id": phase,
        "ballot": {"kind": kind, **rule},
        "proposals": [{"id": proposal, **({"cost": costs[proposal]} if costs else {})}
                      for proposal in proposals],
    }


#: A phase of each kind, named for it, each with a rule to come up against.
EACH_KIND = (
    phase_of("support", ("p1", "p2", "p3"), "support", max_votes=2),
    phase_of("choice", ("p1", "p2", "p3"), "choice", choices=["yes", "no"]),
    phase_of("budget", {"p1": 40, "p2": 60, "p3": 1}, "budget", budget=100),
    phase_of("ranking", ("p1", "p2", "p3"), "ranking", max_votes=3),
    phase_of("points", ("p1", "p2", "p3"), "points", max_points=5, max_votes=2),
)


def ranks(*proposals):
    """The votes of a ranking, the best first."""
    return {proposal: {"rank": rank} for rank, proposal in enumerate(proposals, 1)}


#: A ballot that fits the rule of each kind.
BALLOTS = {
    "support": {"p1": {}, "p2": {}},
    "choice": {"p1": {"choice": "yes"}, "p2": {"choice": "no"}},
    "budget": {"p1": {}, "p2": {}},
    "ranking": ranks("p3", "p1", "p2"),
    "points": {"p1": {"points": 4}, "p3": {"points": 1}},
}


def definition(*phases, **fields):
    return {**fields, "phases": list(phases)}


def counts_of(phase_tally):
    """The counts of a phase's tally, by proposal."""
    return {proposal["id"]: proposal["counts"] for proposal in phase_tally["proposals"]}

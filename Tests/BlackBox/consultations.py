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


def definition(*phases, **fields):
    return {**fields, "phases": list(phases)}


def counts_of(phase_tally):
    """The counts of a phase's tally, by proposal."""
    return {proposal["id"]: proposal["counts"] for proposal in phase_tally["proposals"]}

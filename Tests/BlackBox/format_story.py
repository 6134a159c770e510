"""What every directory of `formats/` holds: one of everything that the files of Tally can hold.

`tell` plays it on a server, `observe` says what clients can learn from a server on such a directory,
and `REFUSED` what it must refuse. None of them may ever change in what it means for a directory that is
there: a format of later gets a story of its own when it can hold more.
"""

from consultations import BALLOTS, EACH_KIND, definition, phase_of, ranks
from tally_client import consultation_path

VOTERS = ("ann", "bob", "eve")
#: Voted, and deleted while the phases were open.
LEAVER = "leaver"
#: Voted, and deleted when the first phases were closed.
LATE_LEAVER = "late-leaver"
NEVER_SEEN_BUT_DELETED = "stranger"
DELETED = (LEAVER, LATE_LEAVER, NEVER_SEEN_BUT_DELETED)

KINDS = tuple(phase["id"] for phase in EACH_KIND)

#: Under `open` phases of each kind stay open; those of `closed` are closed and sealed.
TITLES = {"title": {"en": "Everything", "fr": "Tout, même l’accentué"}}
MORE = (
    phase_of("support", ("p1", "p2", "p3"), "pending", min_votes=2),
    {**phase_of("choice", ("p1", "p2"), "withheld", choices=["oui", "non"]),
     "results": "after_close"},
    {**phase_of("support", ("p1",), "scheduled"), "opens_at": "2199-06-01T08:00:00"},
)
#: An identifier may be any text.
ODD = "L5/04/VII – “ж”"


def tell(client):
    """The first part: everything but what comes after the snapshots."""
    for consultation in ("open", "closed", "removed"):
        _done(client.define(consultation, definition(
            *EACH_KIND, *(MORE if consultation == "open" else ()), time_zone="Europe/Paris",
            **TITLES)))
        for phase in KINDS:
            for account in VOTERS[:2]:
                _done(client.ballot(consultation, phase, account, BALLOTS[phase]))
            for account in (LEAVER, LATE_LEAVER):
                _done(client.vote(consultation, phase, "p2", account,
                                  **_one_vote(phase)))
    _done(client.vote("open", "pending", "p1", "ann"))
    _done(client.vote("open", "pending", "p1", "bob"))
    _done(client.vote("open", "pending", "p2", "bob"))
    _done(client.vote("open", "withheld", "p1", "ann", choice="oui"))
    _done(client.delete_account(LEAVER))
    for consultation in ("closed", "removed"):
        for phase in KINDS:
            _done(client.close_phase(consultation, phase))
    _done(client.delete_account(LATE_LEAVER))
    _done(client.remove("removed"))


def tell_more(client):
    """The second part: after a snapshot, in the one directory that has snapshots."""
    _done(client.add_proposal("open", "support", ODD, title="Odd"))
    _done(client.vote("open", "support", ODD, "eve"))
    _done(client.vote("open", "choice", "p1", "eve", choice="no"))
    _done(client.vote("open", "choice", "p1", "eve", choice="yes"))
    _done(client.withdraw("open", "points", "p1", "bob"))
    _done(client.ballot("open", "ranking", "bob", ranks("p2", "p1")))
    _done(client.ballot("open", "budget", "bob", {}))
    _done(client.delete_account(NEVER_SEEN_BUT_DELETED))


def observe(client):
    """All that the contract lets a client see of it, but for what depends on the moment."""
    return {
        "consultations": client.get("/v1/consultations").json(),
        "definitions": {name: client.get(consultation_path(name)).json()
                        for name in ("open", "closed")},
        "tallies": {name: client.tally(name).json() for name in ("open", "closed")},
        "seals": {
            f"{name}/{phase}": client.seal(name, phase).body.decode()
            for name in ("closed", "removed") for phase in KINDS},
        "personal data": {
            account: _personal_data(client, account)
            for account in (*VOTERS, *DELETED, "never seen")},
    }


#: What is asked for, the status, and the code. None of it changes anything but the position.
REFUSED = {
    "a vote of a deleted account":
        (lambda client: client.vote("open", "support", "p1", LEAVER), 410, "account-deleted"),
    "a vote of one that was deleted after the close":
        (lambda client: client.vote("open", "support", "p1", LATE_LEAVER), 410, "account-deleted"),
    "a vote in a closed phase":
        (lambda client: client.vote("closed", "support", "p1", "eve"), 409, "phase-closed"),
    "a vote in a phase that is not open yet":
        (lambda client: client.vote("open", "scheduled", "p1", "eve"), 409, "phase-not-open"),
    "a vote in what was removed":
        (lambda client: client.vote("removed", "support", "p1", "eve"),
         404, "unknown-consultation"),
    "a vote more than the limit":
        (lambda client: client.vote("open", "support", "p3", "ann"), 409, "limit-reached"),
    "a vote beyond the budget":
        (lambda client: client.vote("open", "budget", "p3", "ann"), 409, "over-budget"),
    "a rank that is taken":
        (lambda client: client.vote("open", "ranking", "p3", "ann", rank=2), 409, "rank-taken"),
    "another rule for votes that were cast":
        (lambda client: client.define("open", definition(
            phase_of("support", ("p1", "p2", "p3"), "support", max_votes=1))),
         409, "rules-locked"),
    "opening a closed phase again":
        (lambda client: client.open_phase("closed", "support"), 409, "phase-closed"),
}


def _one_vote(phase):
    return BALLOTS[phase].get("p2", {"points": 2} if phase == "points" else {})


def _personal_data(client, account):
    answer = client.personal_data(account)
    return answer.json()["votes"] if answer.status == 200 else answer.status


def _done(answer):
    assert answer.status in (200, 201), answer
    return answer

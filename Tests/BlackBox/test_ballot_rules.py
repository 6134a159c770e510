"""The kinds of ballots and their rules, one vote at a time."""

import pytest

from consultations import counts_of, definition, phase_of
from problems import assert_problem, code_of

CHOICES = ["yes", "no"]
HUGE = 2 ** 53 - 1


class Ballot:
    """One account's votes in the phase `ph`, told as a story."""

    def __init__(self, client, consultation, account=None):
        self.client = client
        self.where = (consultation, "ph")
        self.account = account or f"{consultation}-a"

    def vote(self, proposal, **carried):
        """The status and the outcome, or the code of the refusal."""
        return told(self.client.vote(*self.where, proposal, self.account, **carried))

    def withdraw(self, proposal):
        return told(self.client.withdraw(*self.where, proposal, self.account))

    def counts(self):
        return counts_of(self.client.tally(*self.where).json())

    def held(self):
        """What each vote carries, by proposal."""
        return {vote["proposal"]: {name: vote[name] for name in ("choice", "rank", "points")
                                   if name in vote}
                for vote in self.client.personal_data(self.account).json()["votes"]}


def told(response):
    if response.status >= 400:
        return code_of(response)
    assert set(response.json()) == {"outcome", "sequence"}
    return response.status, response.json()["outcome"]


@pytest.fixture
def ballot(client, name):
    """Defines the consultation with one phase of that rule, and gives a ballot in it."""
    def make(kind, *proposals, **rule):
        phase = phase_of(kind, *proposals, **rule)
        assert client.define(name, definition(phase)).status == 201
        return Ballot(client, name)

    return make


@pytest.mark.parametrize("kind, carried, rule", (
    ("support", {}, {}), ("choice", {"choice": "yes"}, {"choices": CHOICES}),
    ("points", {"points": 3}, {})), ids=("support", "choice", "points"))
def test_no_more_proposals_than_max_votes(ballot, kind, carried, rule):
    mine = ballot(kind, max_votes=2, **rule)
    assert mine.vote("p1", **carried) == (201, "counted")
    assert mine.vote("p2", **carried) == (201, "counted")
    assert mine.vote("p3", **carried) == "limit-reached"
    assert mine.vote("p2", **carried) == (200, "unchanged"), "what is held may be sent again"
    assert mine.withdraw("p1") == (200, "withdrawn")
    assert mine.vote("p3", **carried) == (201, "counted")
    assert mine.vote("p1", **carried) == "limit-reached"
    assert set(mine.held()) == {"p2", "p3"}


def test_a_vote_may_change_at_the_limit(ballot):
    mine = ballot("choice", choices=CHOICES, max_votes=1)
    assert mine.vote("p1", choice="yes") == (201, "counted")
    assert mine.vote("p1", choice="no") == (200, "replaced")
    assert mine.counts()["p1"] == {"yes": 0, "no": 1}


def test_a_limit_is_each_accounts_own_and_each_phases_own(client, name):
    client.define(name, definition(
        phase_of("support", max_votes=1), phase_of("support", phase="other", max_votes=1)))
    for account in (f"{name}-a", f"{name}-b"):
        for phase in ("ph", "other"):
            assert client.vote(name, phase, "p1", account).status == 201
            assert_problem(client.vote(name, phase, "p2", account), "limit-reached")
    assert [phase["voters"] for phase in client.tally(name).json()["phases"]] == [2, 2]


def test_ranks_are_used_once_and_worth_what_the_contract_says(ballot):
    mine = ballot("ranking", max_votes=3)
    assert mine.vote("p1", rank=3) == (201, "counted")
    assert mine.vote("p2", rank=1) == (201, "counted")
    assert mine.counts() == {
        "p1": {"votes": 1, "points": 1}, "p2": {"votes": 1, "points": 3},
        "p3": {"votes": 0, "points": 0}}
    assert mine.vote("p3", rank=1) == "rank-taken"
    assert mine.vote("p1", rank=1) == "rank-taken", "of one that has another rank, too"
    assert mine.vote("p1", rank=3) == (200, "unchanged")
    assert mine.vote("p1", rank=2) == (200, "replaced")
    assert mine.vote("p3", rank=3) == (201, "counted"), "the rank that was left is free"
    assert mine.counts() == {
        "p1": {"votes": 1, "points": 2}, "p2": {"votes": 1, "points": 3},
        "p3": {"votes": 1, "points": 1}}


def test_withdrawing_never_renumbers_ranks(ballot):
    mine = ballot("ranking", max_votes=3)
    for rank, proposal in enumerate(("p1", "p2", "p3"), 1):
        mine.vote(proposal, rank=rank)
    assert mine.withdraw("p1") == (200, "withdrawn")
    assert mine.held() == {"p2": {"rank": 2}, "p3": {"rank": 3}}
    assert mine.counts() == {
        "p1": {"votes": 0, "points": 0}, "p2": {"votes": 1, "points": 2},
        "p3": {"votes": 1, "points": 1}}
    assert mine.vote("p1", rank=2) == "rank-taken"
    assert mine.vote("p1", rank=1) == (201, "counted")


def test_a_ranking_of_fewer_ranks_than_proposals_counts_votes_first(ballot):
    mine = ballot("ranking", max_votes=2)
    mine.vote("p1", rank=1)
    mine.vote("p2", rank=2)
    assert mine.vote("p3", rank=2) == "limit-reached", "before rank-taken"
    assert mine.vote("p3", rank=3) == "invalid-vote", "before limit-reached"
    assert mine.vote("p1", rank=2) == "rank-taken"


def test_points_in_all_and_on_one_proposal(ballot):
    mine = ballot("points", max_points=10, max_points_per_proposal=6)
    assert mine.vote("p1", points=7) == "invalid-vote"
    assert mine.vote("p1", points=6) == (201, "counted")
    assert mine.vote("p2", points=5) == "over-budget"
    assert mine.vote("p2", points=4) == (201, "counted")
    assert mine.vote("p3", points=1) == "over-budget"
    assert mine.vote("p1", points=5) == (200, "replaced"), "fewer points free the others"
    assert mine.vote("p3", points=2) == "over-budget"
    assert mine.vote("p3", points=1) == (201, "counted")
    assert mine.vote("p1", points=6) == "over-budget", "a change counts as what it becomes"
    assert mine.withdraw("p2") == (200, "withdrawn")
    assert mine.vote("p1", points=6) == (200, "replaced")
    assert mine.counts() == {
        "p1": {"votes": 1, "points": 6}, "p2": {"votes": 0, "points": 0},
        "p3": {"votes": 1, "points": 1}}


def test_points_without_a_limit_go_up_to_a_million_each(ballot):
    mine = ballot("points")
    for proposal in ("p1", "p2", "p3"):
        assert mine.vote(proposal, points=1_000_000) == (201, "counted")
    assert mine.vote("p1", points=1_000_001) == "invalid-vote"
    assert mine.counts()["p1"] == {"votes": 1, "points": 1_000_000}


def test_the_number_of_votes_comes_before_the_sum(ballot):
    mine = ballot("points", max_votes=1, max_points=3)
    mine.vote("p1", points=3)
    assert mine.vote("p2", points=3) == "limit-reached"


def test_costs_sum_to_at_most_the_budget(ballot):
    mine = ballot("budget", {"p1": 40, "p2": 60, "p3": 1, "free": 0, "dear": 101}, budget=100)
    assert mine.vote("dear") == "over-budget", "alone it is too much"
    assert mine.vote("p1") == (201, "counted")
    assert mine.vote("p2") == (201, "counted"), "exactly the budget"
    assert mine.vote("p3") == "over-budget"
    assert mine.vote("free") == (201, "counted")
    assert mine.vote("p2") == (200, "unchanged")
    assert mine.withdraw("p1") == (200, "withdrawn")
    assert mine.vote("p3") == (201, "counted"), "what was withdrawn is there to spend"
    assert mine.vote("p1") == "over-budget"
    assert mine.counts() == {
        "p1": {"support": 0}, "p2": {"support": 1}, "p3": {"support": 1},
        "free": {"support": 1}, "dear": {"support": 0}}
    assert mine.client.get_vote(*mine.where, "p2", mine.account).json() == {}


def test_the_largest_costs_and_budgets_do_not_overflow(ballot):
    costs = {"p1": HUGE, "p2": HUGE, "p3": 1, "p4": HUGE - 1, "p5": 0}
    mine = ballot("budget", costs, budget=HUGE)
    assert mine.vote("p1") == (201, "counted")
    assert mine.vote("p2") == "over-budget"
    assert mine.vote("p3") == "over-budget"
    assert mine.vote("p5") == (201, "counted")
    assert mine.withdraw("p1") == (200, "withdrawn")
    assert mine.vote("p4") == (201, "counted")
    assert mine.vote("p3") == (201, "counted"), "together exactly the budget"
    assert mine.vote("p2") == "over-budget"


def test_very_many_votes_of_the_largest_cost_do_not_overflow(client, name):
    """All that a ballot may name sum to nearly 2^63, far beyond what JSON reads exactly."""
    proposals = {f"p{number}": HUGE for number in range(1_024)}
    client.define(name, definition(phase_of("budget", proposals, budget=HUGE)))
    where = (name, "ph", f"{name}-a")
    for count in (2, 512, 1_024):
        votes = {proposal: {} for proposal in list(proposals)[:count]}
        assert_problem(client.ballot(*where, votes), "over-budget")
    assert client.ballot(*where, {"p7": {}}).status == 201


def test_a_budget_of_nothing_takes_what_is_free(ballot):
    mine = ballot("budget", {"p1": 0, "p2": 1}, budget=0)
    assert mine.vote("p1") == (201, "counted")
    assert mine.vote("p2") == "over-budget"


def test_many_points_of_many_voters_add_up(client, name):
    client.define(name, definition(phase_of("points"), phase_of("ranking", max_votes=10 ** 6,
                                                               phase="ranks")))
    stream = client.vote_stream(name, "ph")
    stream.send(*({"proposal": "p1", "account": f"{name}-{number}", "points": 10 ** 6}
                  for number in range(6_000)))
    assert stream.finish()["counted"] == 6_000
    tally = client.tally(name, "ph", "p1").json()
    assert tally["counts"] == {"votes": 6_000, "points": 6_000_000_000}, "more than 32 bits hold"
    assert client.vote(name, "ranks", "p1", f"{name}-a", rank=10 ** 6).status == 201
    assert client.vote(name, "ranks", "p2", f"{name}-a", rank=1).status == 201
    counts = counts_of(client.tally(name, "ranks").json())
    assert (counts["p1"]["points"], counts["p2"]["points"]) == (1, 10 ** 6)


def test_get_and_personal_data_tell_what_each_kind_carries(client, name):
    carried = {"support": {}, "choice": {"choice": "no"}, "budget": {}, "ranking": {"rank": 2},
               "points": {"points": 7}}
    rules = {"choice": {"choices": CHOICES}, "budget": {"budget": 9}, "ranking": {"max_votes": 2}}
    client.define(name, definition(*(
        phase_of(kind, {"p": 9} if kind == "budget" else ["p"], kind, **rules.get(kind, {}))
        for kind in carried)))
    for kind, vote in carried.items():
        where = (name, kind, "p", f"{name}-a")
        assert client.vote(*where, **vote).json()["outcome"] == "counted"
        assert client.get_vote(*where).json() == vote
    assert client.personal_data(f"{name}-a").json()["votes"] == [
        {"consultation": name, "phase": kind, "proposal": "p", **vote, "counted": True}
        for kind, vote in carried.items()]


def test_a_vote_refused_by_a_rule_has_a_number(ballot):
    mine = ballot("ranking", max_votes=2)

    def number(proposal, rank):
        answer = mine.client.vote(*mine.where, proposal, mine.account, rank=rank).json()
        return answer["sequence"]

    first = number("p1", 1)
    assert mine.vote("p2", rank=1) == "rank-taken"  # numbered: a rule at its position
    assert mine.vote("p2", rank=0) == "invalid-vote"  # not numbered: decoding
    assert mine.vote("p2") == "invalid-vote"
    assert number("p2", 2) == first + 2
    assert mine.vote("p3", rank=1) == "limit-reached"
    assert number("p2", 2) == first + 4, "an unchanged vote is a command, too"


def test_a_refused_vote_leaves_everything_as_it_was(ballot):
    mine = ballot("points", max_votes=2, max_points=5)
    mine.vote("p1", points=3)
    before = mine.client.tally(*mine.where)
    for proposal, points, code in (("p1", 6, "over-budget"), ("p2", 3, "over-budget"),
                                   ("p2", 0, "invalid-vote")):
        assert mine.vote(proposal, points=points) == code
    after = mine.client.tally(*mine.where)
    assert after.headers["etag"] == before.headers["etag"]
    assert mine.held() == {"p1": {"points": 3}}


def test_the_first_reason_that_applies_wins_for_every_kind(client, name):
    gone, full = f"{name}-gone", f"{name}-full"
    client.define(name, definition(
        phase_of("ranking", max_votes=1), phase_of("ranking", phase="shut", max_votes=1),
        phase_of("ranking", phase="later", max_votes=1)
        | {"opens_at": "2198-01-01T00:00:00Z"}))
    client.vote(name, "ph", "p1", full, rank=1)
    client.vote(name, "shut", "p1", full, rank=1)
    client.close_phase(name, "shut")
    client.delete_account(gone)
    for where, rank, code in (
        (("ph", "no-such", gone), 9, "unknown-proposal"),
        (("shut", "p2", gone), 2, "invalid-vote"), (("later", "p2", gone), 2, "invalid-vote"),
        (("shut", "p2", gone), 1, "account-deleted"), (("ph", "p2", gone), 1, "account-deleted"),
        (("shut", "p2", full), 1, "phase-closed"), (("later", "p2", full), 1, "phase-not-open"),
        (("ph", "p2", full), 2, "invalid-vote"), (("ph", "p2", full), 1, "limit-reached"),
    ):
        assert_problem(client.vote(name, *where, rank=rank), code)
    assert_problem(client.withdraw(name, "ph", "p2", full), "no-vote")


def test_deletions_free_what_each_kind_counted(client, name):
    client.define(name, definition(
        phase_of("budget", {"p1": 40, "p2": 60}, "budget", budget=100),
        phase_of("ranking", phase="ranking", max_votes=2), phase_of("points", phase="points")))
    votes = {"budget": ({}, {}), "ranking": ({"rank": 2}, {"rank": 1}),
             "points": ({"points": 5}, {"points": 7})}
    for account in ("leaver", "stayer"):
        for phase, (first, second) in votes.items():
            client.vote(name, phase, "p1", f"{name}-{account}", **first)
            client.vote(name, phase, "p2", f"{name}-{account}", **second)
    client.close_phase(name, "points")
    sealed = client.seal(name, "points").body
    deletion = client.delete_account(f"{name}-leaver").json()
    assert (deletion["retracted"], deletion["frozen"]) == (4, 2)
    budget, ranking, points = client.tally(name).json()["phases"]
    assert counts_of(budget) == {"p1": {"support": 1}, "p2": {"support": 1}}
    assert counts_of(ranking)["p1"] == {"votes": 1, "points": 1}
    assert counts_of(points) == {
        "p1": {"votes": 2, "points": 10}, "p2": {"votes": 2, "points": 14},
        "p3": {"votes": 0, "points": 0}}
    assert (budget["voters"], ranking["voters"], points["voters"]) == (1, 1, 2)
    assert client.seal(name, "points").body == sealed

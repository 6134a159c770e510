"""Whole ballots in one request: all or nothing, one number each."""

import json

import pytest

from consultations import EACH_KIND, counts_of, definition, phase_of, ranks
from problems import assert_problem
from tally_client import JSON, TallyClient, ballot_of, ballot_path

def test_the_life_of_a_ballot(client, kinds):
    where = (kinds, "ranking", f"{kinds}-a")
    numbers = []
    for votes, status, outcome in (
        ({}, 200, "unchanged"), (ranks("p1", "p2"), 201, "counted"),
        (dict(reversed(ranks("p1", "p2").items())), 200, "unchanged"),
        (ranks("p2", "p1"), 200, "replaced"), (ranks("p3"), 200, "replaced"),
        ({}, 200, "withdrawn"), ({}, 200, "unchanged"), (ranks("p3", "p1", "p2"), 201, "counted"),
    ):
        response = client.ballot(*where, votes)
        assert response.status == status, response
        assert set(response.json()) == {"outcome", "sequence"}
        assert response.json()["outcome"] == outcome, votes
        numbers.append(response.json()["sequence"])
        assert client.held(where[2], kinds, "ranking") == votes
        tally = client.tally(*where[:2]).json()
        assert tally["sequence"] >= numbers[-1] and tally["voters"] == bool(votes)
        assert counts_of(tally) == {proposal: {
            "votes": int(proposal in votes),
            "points": 4 - votes[proposal]["rank"] if proposal in votes else 0}
            for proposal in ("p1", "p2", "p3")}
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "one number each"


@pytest.mark.parametrize("phase, first, second", (
    ("support", {"p1": {}, "p2": {}}, {"p3": {}, "p1": {}}),
    ("choice", {"p1": {"choice": "yes"}, "p2": {"choice": "no"}},
     {"p1": {"choice": "yes"}, "p2": {"choice": "yes"}}),
    ("budget", {"p1": {}, "p2": {}}, {"p2": {}, "p3": {}}),
    ("points", {"p1": {"points": 5}}, {"p2": {"points": 2}, "p3": {"points": 3}}),
))
def test_a_ballot_takes_the_place_of_all_votes_of_its_kind(
        client, kinds, phase, first, second):
    account = f"{kinds}-a"
    for votes, outcome in ((first, "counted"), (first, "unchanged"), (second, "replaced")):
        assert client.ballot(kinds, phase, account, votes).json()["outcome"] == outcome
        assert client.held(account, kinds, phase) == votes
    elsewhere = {entry["id"] for entry in EACH_KIND} - {phase}
    assert all(client.held(account, kinds, other) == {} for other in elsewhere)


def test_single_votes_and_ballots_are_the_same_votes(client, kinds):
    where = (kinds, "ranking", f"{kinds}-a")
    single = (kinds, "ranking", "p1", where[2])
    client.vote(*single, rank=2)
    assert client.ballot(*where, {"p1": {"rank": 2}}).json()["outcome"] == "unchanged"
    assert client.ballot(*where, ranks("p1", "p2")).json()["outcome"] == "replaced"
    assert client.vote(*single, rank=1).json()["outcome"] == "unchanged"
    assert_problem(client.vote(*single, rank=2), "rank-taken")
    assert client.withdraw(*single).json()["outcome"] == "withdrawn"
    assert client.held(where[2], kinds, "ranking") == {"p2": {"rank": 2}}, "never renumbered"
    assert client.withdraw(kinds, "ranking", "p2", where[2]).status == 200
    assert client.ballot(*where, ranks("p3")).status == 201


REFUSED = {
    "more votes than allowed": ("support", ["p1", "p2", "p3"], {}, "limit-reached"),
    "more points than allowed": ("points", ["p1", "p2"], {"points": 3}, "over-budget"),
    "more than the budget": ("budget", ["p1", "p2", "p3"], {}, "over-budget"),
    "a rank twice": ("ranking", ["p1", "p2"], {"rank": 1}, "rank-taken"),
    "a rank out of range": ("ranking", ["p2"], {"rank": 4}, "invalid-vote"),
    "a choice that is none": ("choice", ["p2"], {"choice": "maybe"}, "invalid-vote"),
    "a proposal twice": ("support", ["p2", "p2"], {}, "invalid-vote"),
    "a proposal twice, at a limit": ("points", ["p1", "p1", "p1"], {"points": 5}, "invalid-vote"),
    "a proposal that is none": ("support", ["p1", "p9"], {}, "unknown-proposal"),
    "more votes, and more points": ("points", ["p1", "p2", "p3"], {"points": 5}, "limit-reached"),
    "a field missing": ("ranking", ["p1"], {}, "invalid-vote"),
}


@pytest.mark.parametrize("what", REFUSED)
@pytest.mark.parametrize("way", ("request", "line"))
def test_a_ballot_is_all_or_nothing(client, kinds, what, way):
    phase, proposals, carried, code = REFUSED[what]
    account = f"{kinds}-a"
    before = {"choice": {"p1": {"choice": "no"}}, "ranking": ranks("p3"),
              "points": {"p3": {"points": 1}}}.get(phase, {"p3": {}})
    client.ballot(kinds, phase, account, before)
    tag = client.tally(kinds, phase).headers["etag"]
    votes = [(proposal, carried) for proposal in proposals]
    if way == "request":
        assert_problem(client.ballot(kinds, phase, account, votes), code)
    else:
        stream = client.vote_stream(kinds, phase)
        stream.send({"account": account, **ballot_of(votes)})
        stream.finish()
        assert stream.refused == {1: code}
    assert client.held(account, kinds, phase) == before
    assert client.tally(kinds, phase).headers["etag"] == tag


def test_the_first_code_of_the_order_wins_over_all_entries(client, kinds):
    gone = f"{kinds}-gone"
    client.delete_account(gone)
    client.close_phase(kinds, "choice")
    for phase, account, votes, code in (
        ("no-such", gone, [("p9", {"rank": 0})], "unknown-phase"),
        ("choice", gone, [("p1", {"rank": 0}), ("p9", {"choice": "no"})], "unknown-proposal"),
        ("choice", gone, [("p1", {"choice": "no"}), ("p2", {"choice": "?"})], "invalid-vote"),
        ("choice", gone, [("p1", {"choice": "no"})], "account-deleted"),
        ("choice", gone, [], "account-deleted"),
        ("choice", "x", [("p1", {"choice": "no"})], "phase-closed"),
        ("choice", "x", [], "phase-closed"),
        ("ranking", gone, [("p1", {"rank": 1}), ("p2", {"rank": 1})], "account-deleted"),
        ("ranking", gone, [("p1", {"rank": 4})], "invalid-vote"),
    ):
        assert_problem(client.ballot(kinds, phase, account, votes), code)
    assert_problem(client.ballot("no-such", "choice", gone, []), "unknown-consultation")


MALFORMED = {
    "not JSON": b"{", "empty": b"", "an array": b"[]", "no votes": b"{}",
    "votes of a wrong type": b'{"votes":{}}', "votes null": b'{"votes":null}',
    "an entry that is no object": b'{"votes":["p1"]}', "an entry that is null": b'{"votes":[null]}',
    "an entry without proposal": b'{"votes":[{}]}',
    "a proposal of a wrong type": b'{"votes":[{"proposal":1}]}',
    "a proposal that is no identifier": b'{"votes":[{"proposal":".."}]}',
    "an empty proposal": b'{"votes":[{"proposal":""}]}',
    "an unknown key": b'{"votes":[],"account":"a"}',
    "an unknown key in an entry": b'{"votes":[{"proposal":"p1","account":"a"}]}',
    "withdraw in an entry": b'{"votes":[{"proposal":"p1","withdraw":true}]}',
    "a duplicate key": b'{"votes":[],"votes":[]}',
    "a duplicate key in an entry": b'{"votes":[{"proposal":"p1","proposal":"p1"}]}',
    "a comma at the end": b'{"votes":[{"proposal":"p1"},]}',
    "something behind it": b'{"votes":[]}{}', "cut": b'{"votes":[{"proposal":"p1"}',
    "a fraction": b'{"votes":[{"proposal":"p1","rank":1.0}]}',
    "a lone surrogate": b'{"votes":[{"proposal":"\\ud800"}]}',
    "bad UTF-8": b'{"votes":[{"proposal":"\xff"}]}',
    "a malformed entry behind an unknown one":
        b'{"votes":[{"proposal":"p9"},{"proposal":"p1","rank":"1"}]}',
    "deep nesting": b'{"votes":' + b"[" * 30_000,
}


@pytest.mark.parametrize("what", MALFORMED)
def test_a_malformed_ballot(client, kinds, what):
    path = ballot_path(kinds, "support", f"{kinds}-a")
    assert_problem(client.request("PUT", path, [JSON], body=MALFORMED[what]), "malformed")


def test_any_legal_spelling_of_a_ballot(client, kinds):
    body = (b' \n{ "v\\u006ftes" :\t[ {"rank" : 2 ,"proposal":"\\u00701"}\r\n, '
            b'{ "proposal":"p2","r\\u0061nk":1 } ] } ')
    account = f"{kinds}-a"
    path = ballot_path(kinds, "ranking", account)
    assert client.request("PUT", path, [JSON], body=body).status == 201
    assert client.held(account, kinds, "ranking") == ranks("p2", "p1")


def test_1024_votes_are_taken_and_one_more_is_too_large(client, wide):
    where = (wide, "ph", f"{wide}-a")
    votes = {f"p{number}": {} for number in range(1_025)}
    assert_problem(client.ballot(*where, votes), "too-large")
    assert client.personal_data(where[2]).json()["votes"] == []
    assert_problem(client.ballot(*where, [("p1", {})] * 1_025), "too-large")
    assert_problem(client.ballot(wide, "no-such", where[2], votes), "too-large")
    del votes["p0"]
    assert client.ballot(*where, votes).status == 201
    assert len(client.held(where[2], wide, "ph")) == 1_024
    assert client.ballot(*where, {"p0": {}}).json()["outcome"] == "replaced"
    counts = counts_of(client.tally(wide, "ph").json())
    assert [proposal for proposal, count in counts.items() if count["support"]] == ["p0"]


def test_a_body_of_1_mib_is_taken_and_a_longer_one_is_too_large(client, kinds):
    path = ballot_path(kinds, "support", f"{kinds}-a")
    body = b'{"votes":[{"proposal":"p1"}]' + b" " * ((1 << 20) - 29) + b"}"
    assert len(body) == 1 << 20
    assert_problem(client.request("PUT", path, [JSON], body=body + b" "), "too-large")
    assert client.request("PUT", path, [JSON], body=body).status == 201


def test_other_methods_and_types(client, kinds):
    path = ballot_path(kinds, "support", f"{kinds}-a")
    for method in ("GET", "HEAD", "DELETE", "POST"):
        response = client.request(method, path)
        assert response.status == 405 and response.headers["allow"].strip() == "PUT", method
    assert_problem(
        client.request("PUT", path, [("content-type", "text/plain")], body=b'{"votes":[]}'),
        "unsupported-media-type")
    assert client.request("PUT", path, [], body=b'{"votes":[]}').status == 200


def test_names_are_percent_encoded_and_compared_byte_by_byte(client, name):
    odd = ["L5/04/VII", 'a"b\\c', "caf\u00e9", "cafe\u0301", "100% +", "😀"]
    client.define(name, definition(phase_of("ranking", odd, "pha/se ü", max_votes=6)))
    account = f"{name}/ä ?#"
    assert client.ballot(name, "pha/se ü", account, ranks(*odd)).status == 201
    assert client.held(account, name, "pha/se ü") == ranks(*odd)
    assert_problem(client.ballot(name, "pha/se u\u0308", account, {}), "unknown-phase")
    for proposal in odd:
        assert client.get_vote(name, "pha/se ü", proposal, account).json() == ranks(*odd)[proposal]


def test_numbers_have_no_gaps_whatever_a_ballot_holds(client, kinds):
    account = f"{kinds}-a"
    first = client.ballot(kinds, "ranking", account, ranks("p1")).json()["sequence"]
    stream = client.vote_stream(kinds, "ranking")
    stream.send({"account": account, **ballot_of(ranks("p1", "p2", "p3"))},
                {"account": account, "votes": []},
                {"account": account, "votes": [{"proposal": "p1", "rank": 1},
                                               {"proposal": "p2", "rank": 1}]})  # rank-taken
    stream.send_bytes(b"nonsense\n")
    stream.finish()
    last = client.ballot(kinds, "ranking", account, ranks("p1")).json()["sequence"]
    assert last == first + 4


def test_a_ballot_lands_as_a_whole_over_a_restart(own_server):
    with TallyClient(own_server) as client:
        client.define("c", definition(*EACH_KIND))
        last = client.ballot("c", "ranking", "a", ranks("p1", "p2", "p3")).json()["sequence"]
        client.ballot("c", "points", "a", {"p1": {"points": 2}, "p3": {"points": 3}})
    for kill in (True, False):
        own_server.restart(kill=kill)
        with TallyClient(own_server) as client:
            assert client.tally("c").json()["sequence"] == last + 1
            assert client.held("a", "c", "ranking") == ranks("p1", "p2", "p3")
            assert client.held("a", "c", "points") == {"p1": {"points": 2}, "p3": {"points": 3}}
            client.snapshot()


def test_a_reader_sees_each_ballot_whole(server, client, kinds):
    """Two ballots of equal sum take turns: no cut may show a part of one and a part of another."""
    account = f"{kinds}-a"
    ballots = ({"p1": {"points": 2}, "p2": {"points": 3}},
               {"p2": {"points": 1}, "p3": {"points": 4}})
    seen = []
    with TallyClient(server) as voter:
        flying = [voter.start_ballot(kinds, "points", account, ballots[0])]
        flying[0].response()
        for number in range(150):
            flying.append(voter.start_ballot(
                kinds, "points", account, ballots[number % 2]))
            tally = client.tally(kinds, "points").json()
            points = {proposal: count["points"] for proposal, count in counts_of(tally).items()}
            seen.append((tally["voters"], points))
        assert {stream.response().status for stream in flying} == {200, 201}
    whole = [{"p1": 2, "p2": 3, "p3": 0}, {"p1": 0, "p2": 1, "p3": 4}]
    assert all(voters == 1 and points in whole for voters, points in seen)


def test_a_body_says_its_account_only_in_the_path(client, kinds):
    body = json.dumps({"account": "b", "votes": []}).encode()
    path = ballot_path(kinds, "support", f"{kinds}-a")
    assert_problem(client.request("PUT", path, [JSON], body=body), "malformed")

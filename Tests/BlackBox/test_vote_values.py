"""What a vote of each kind may carry, by every way a vote can come."""

import json

import pytest

from consultations import definition, phase_of
from problems import code_of
from tally_client import JSON, TallyClient, ballot_path, vote_path

PHASES = (
    phase_of("support", ("p1", "p2"), "support"),
    phase_of("choice", ("p1", "p2"), "choice", choices=["yes", "no"]),
    phase_of("budget", {"p1": 1, "p2": 1}, "budget", budget=2),
    phase_of("ranking", ("p1", "p2"), "ranking", max_votes=5),
    phase_of("points", ("p1", "p2"), "points", max_points_per_proposal=5))

MILLION = "1000000"
#: By phase: what stands between the braces, and what becomes of it.
VALUES = {
    "support": {
        '': None, '"choice":"yes"': "invalid-vote", '"rank":1': "invalid-vote",
        '"points":1': "invalid-vote", '"rank":0': "invalid-vote", '"weight":1': "malformed",
        '"rank":1.0': "malformed", '"points":"1"': "malformed"},
    "choice": {
        '"choice":"yes"': None, '': "invalid-vote", '"choice":"maybe"': "invalid-vote",
        '"rank":1': "invalid-vote", '"choice":"yes","rank":1': "invalid-vote",
        '"choice":""': "invalid-vote", '"choice":1': "malformed", '"choice":true': "malformed"},
    "budget": {
        '': None, '"points":1': "invalid-vote", '"choice":"yes"': "invalid-vote",
        '"rank":1': "invalid-vote", '"cost":1': "malformed", '"points":null': "malformed"},
    "ranking": {
        '"rank":1': None, '"rank":5': None, '': "invalid-vote", '"rank":0': "invalid-vote",
        '"rank":-1': "invalid-vote", '"rank":6': "invalid-vote",
        f'"rank":{MILLION}': "invalid-vote", f'"rank":{MILLION}1': "invalid-vote",
        '"rank":4294967297': "invalid-vote", '"rank":18446744073709551617': "invalid-vote",
        f'"rank":{"9" * 400}': "invalid-vote", f'"rank":-{"9" * 400}': "invalid-vote",
        '"points":1': "invalid-vote", '"choice":"yes"': "invalid-vote",
        '"rank":1,"points":1': "invalid-vote", '"rank":1.0': "malformed",
        '"rank":1e0': "malformed", '"rank":1E2': "malformed", '"rank":"1"': "malformed",
        '"rank":true': "malformed", '"rank":null': "malformed", '"rank":[1]': "malformed",
        '"rank":{}': "malformed", '"rank":01': "malformed", '"rank":+1': "malformed",
        '"rank":': "malformed", '"rank":1.': "malformed", '"rank":-': "malformed",
        f'"rank":{"9" * 400}.5': "malformed", '"rank":1,"rank":1': "malformed",
        '"r\\u0061nk":2': None, '"rank" :\t3 ': None, '"Rank":1': "malformed",
        '"rank":1,"choice":"yes"': "invalid-vote"},
    "points": {
        '"points":1': None, '"points":5': None, '': "invalid-vote", '"points":0': "invalid-vote",
        '"points":-3': "invalid-vote", '"points":6': "invalid-vote",
        f'"points":{MILLION}0': "invalid-vote", '"points":4294967301': "invalid-vote",
        '"points":18446744073709551621': "invalid-vote", f'"points":{"1" * 300}': "invalid-vote",
        '"rank":1': "invalid-vote", '"points":2,"rank":1': "invalid-vote",
        '"points":2.5': "malformed", '"points":2e0': "malformed", '"points":"2"': "malformed",
        '"points":false': "malformed", '"points":2,"points":2': "malformed",
        '"p\\u006fints":2': None, '"points":0x1': "malformed"},
}


@pytest.fixture(scope="module")
def valued(_shared):
    """One consultation for all: each case has an account of its own."""
    with TallyClient(_shared) as client:
        assert client.define("valued", definition(*PHASES)).status == 201
    return "valued"


def named(case):
    return case if len(case) < 40 else case[:40] + "…"


@pytest.mark.parametrize("phase", VALUES)
def test_a_single_vote(client, valued, name, phase):
    for number, (text, code) in enumerate(VALUES[phase].items()):
        where = (valued, phase, "p1", f"{name}-{number}")
        response = client.request("PUT", vote_path(*where), [JSON], body=b"{%s}" % text.encode())
        if code is None:
            assert response.status == 201, (text, response)
            assert client.get_vote(*where).json() == json.loads("{%s}" % text)
        else:
            assert code_of(response) == code, named(text)
            assert client.get_vote(*where).status == 404


@pytest.mark.parametrize("phase", VALUES)
@pytest.mark.parametrize("order", ("usual", "unusual"))
def test_lines_of_a_stream(client, valued, name, phase, order):
    """With the value behind the names, and before them."""
    stream = client.vote_stream(valued, phase)
    for number, text in enumerate(VALUES[phase]):
        names = f'"proposal":"p1","account":"{name}-{number}"'
        parts = [names, text] if order == "usual" else [text, names]
        stream.send_bytes(b"{%s}\n" % ",".join(filter(None, parts)).encode())
    done = stream.finish()
    expected = {number: code for number, code in enumerate(VALUES[phase].values(), 1) if code}
    assert stream.refused == expected
    assert done["counted"] == len(VALUES[phase]) - len(expected)


@pytest.mark.parametrize("phase", VALUES)
def test_entries_of_a_whole_ballot(client, valued, name, phase):
    """The second entry is the one in question; refused, it takes the first with it."""
    good = {"choice": {"choice": "yes"}, "ranking": {"rank": 4}, "points": {"points": 5}}
    first = json.dumps({"proposal": "p2", **good.get(phase, {})})
    lines = client.vote_stream(valued, phase)
    for number, (text, code) in enumerate(VALUES[phase].items()):
        entry = ",".join(filter(None, ['"proposal":"p1"', text]))
        votes = '"votes":[%s,{%s}]' % (first, entry)
        account = f"{name}-{number}"
        response = client.request(
            "PUT", ballot_path(valued, phase, account), [JSON], body=b"{%s}" % votes.encode())
        if code is None:
            assert response.status == 201, (text, response)
        else:
            assert code_of(response) == code, named(text)
        lines.send_bytes(b'{"account":"%s",%s}\n' % (account.encode(), votes.encode()))
        lines.wait_through(number + 1)
        votes = client.personal_data(account).json()["votes"]
        assert len(votes) == (2 if code is None else 0), named(text)
    done = lines.finish()
    assert lines.refused == {
        number: code for number, code in enumerate(VALUES[phase].values(), 1) if code}
    assert done["unchanged"] == list(VALUES[phase].values()).count(None)

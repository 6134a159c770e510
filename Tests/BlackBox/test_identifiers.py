"""Identifiers are byte strings: what they may be, and that they are never normalised."""

import json

import pytest

from consultations import choice_phase, counts_of, definition
from problems import assert_problem
from tally_client import JSON, encoded, vote_path
from vote_streams import encode_lines

LEGAL = {
    "slashes": "L5/04/VII",
    "128 bytes": "x" * 128,
    "128 bytes of two each": "é" * 64,
    "128 bytes of four each": "😀" * 32,
    "spaces": " a b ",
    "plus": "a+b",
    "percent": "100%",
    "what looks escaped": "a%2Fb",
    "question mark and number sign": "what?#1",
    "quotes and backslash": 'a"b\\c',
    "three dots": "...",
    "dots with more": "..a",
    "NFC": "caf\u00e9",
    "NFD": "cafe\u0301",
    "zero-width joiner": "a\u200db",
    "bidi override": "a\u202eb",
    "no-break space": "\u00a0",
    "byte order mark": "\ufeffa",
    "noncharacter": "\uffff",
    "beyond the basic plane": "\U0010ffff",
}

ILLEGAL_IN_PATHS = {
    "129 bytes": "x" * 129,
    "130 bytes of 65 characters": "%C3%A9" * 65,
    "dot": "%2E",
    "dots": "%2E%2E",
    "NUL": "a%00",
    "newline": "a%0A",
    "delete": "%7F",
    "C1 control": "%C2%85",
    "line separator": "%E2%80%A8",
    "paragraph separator": "%E2%80%A9",
    "not UTF-8": "%FF",
    "cut UTF-8": "%C3",
    "overlong slash": "%C0%AF",
    "a surrogate in UTF-8": "%ED%A0%80",
    "beyond Unicode": "%F4%90%80%80",
    "half an escape": "a%4",
    "no escape": "a%zz",
}

ILLEGAL_IN_LINES = {
    "empty": b'""', "129 bytes": b'"' + b"x" * 129 + b'"', "dot": b'"."', "dots": b'".."',
    "escaped NUL": b'"a\\u0000"', "escaped newline": b'"a\\n"', "C1 control": b'"\\u0085"',
    "raw C1 control": b'"\xc2\x85"', "line separator": b'"\\u2028"', "lone surrogate": b'"\\ud800"',
    "surrogates reversed": b'"\\udc00\\ud800"', "not UTF-8": b'"\xff"', "number": b"5",
    "null": b"null", "raw control": b'"a\x01b"', "a surrogate in UTF-8": b'"\xed\xa0\x80"',
}


@pytest.mark.parametrize("what", LEGAL)
def test_a_legal_identifier_works_as_every_name(client, name, what):
    identifier = LEGAL[what]
    # The consultation's own name must be one of its own, so that the tests share a server.
    consultation = f"{name}/{identifier}"[:40] if len(identifier) < 30 else name
    put = definition(choice_phase(identifier, [identifier], choices=[identifier, "other"]))
    assert client.define(consultation, put).status == 201
    account = identifier if len(identifier.encode()) == 128 else f"{name} {identifier}"
    where = (consultation, identifier, identifier, account)
    assert client.vote(*where, choice=identifier).status == 201
    assert client.get_vote(*where).json() == {"choice": identifier}
    tally = client.tally(consultation, identifier).json()
    assert tally["id"] == identifier
    assert counts_of(tally) == {identifier: {identifier: 1, "other": 0}}
    votes = client.personal_data(account).json()
    assert votes["account"] == account
    assert {"consultation": consultation, "phase": identifier, "proposal": identifier,
            "choice": identifier, "counted": True} in votes["votes"]
    # The same name in the body of a line, with every escape that JSON offers.
    line = {"consultation": consultation, "phase": identifier, "proposal": identifier,
            "account": account, "choice": identifier}
    stream = client.vote_stream()
    stream.send(line)
    stream.send_bytes(json.dumps(line, ensure_ascii=False).encode() + b"\n")
    done = stream.finish()
    assert done["unchanged"] == 2, (done, stream.refused)


def test_canonically_equal_spellings_are_different_identifiers(client, name):
    composed, decomposed = f"{name}caf\u00e9", f"{name}cafe\u0301"
    for spelling in (composed, decomposed):
        assert client.define(spelling, definition(
            choice_phase(proposals=[composed, decomposed], choices=[composed, decomposed]))
        ).status == 201
    for account in (composed, decomposed):
        assert client.vote(
            composed, "opinions", composed, account, choice=decomposed).status == 201
    assert client.delete_account(composed).json()["retracted"] == 1
    counts = counts_of(client.tally(composed, "opinions").json())
    assert counts[composed] == {composed: 0, decomposed: 1}
    assert counts[decomposed] == {composed: 0, decomposed: 0}
    assert client.get_vote(composed, "opinions", composed, decomposed).status == 200
    assert client.tally(decomposed, "opinions").json()["voters"] == 0


def test_unreserved_and_lower_case_escapes_name_the_same(client, consultation):
    account = f"{consultation}-é/x"
    assert client.vote(consultation, "ideas", "p1", account).status == 201
    spelled = encoded(account).lower().replace("x", "%78")
    path = vote_path(consultation, "ideas", "p1", "A").replace("/A", "/" + spelled)
    assert client.get(path).status == 200


def test_raw_utf8_in_a_path_is_understood_or_malformed_but_never_something_else(
        client, consultation):
    path = vote_path(consultation, "ideas", "p1", "A").replace("/A", "/" + f"{consultation}é")
    response = client.request("PUT", path, [JSON], body=b"{}")
    if response.status != 201:
        assert_problem(response, "malformed")


@pytest.mark.parametrize("what", ILLEGAL_IN_PATHS)
def test_an_illegal_identifier_in_a_path_is_malformed(client, consultation, what):
    segment = ILLEGAL_IN_PATHS[what]
    good = vote_path(consultation, "ideas", "p1", "A")
    requests = [
        ("PUT", f"/v1/consultations/{segment}", json.dumps(definition()).encode()),
        ("PUT", good.replace("/A", "/" + segment), b"{}"),
        ("PUT", good.replace("/p1/", f"/{segment}/"), b"{}"),
        ("DELETE", f"/v1/accounts/{segment}", None),
        ("GET", f"/v1/accounts/{segment}/votes", None),
    ]
    for method, path, body in requests:
        assert_problem(client.request(method, path, body=body), "malformed")


def test_an_empty_segment_is_no_identifier(client, consultation):
    for path in ("/v1/consultations//tally", f"/v1/consultations/{consultation}/phases//tally",
                 "/v1/accounts//votes"):
        assert_problem(client.get(path), "malformed", "not-found")


@pytest.mark.parametrize("what", ILLEGAL_IN_LINES)
def test_an_illegal_identifier_in_a_line_is_malformed(client, consultation, what):
    value = ILLEGAL_IN_LINES[what]
    stream = client.vote_stream(consultation, "ideas")
    stream.send_bytes(b'{"proposal":"p1","account":' + value + b"}\n")
    stream.send_bytes(b'{"account":"' + consultation.encode() + b'","proposal":' + value + b"}\n")
    stream.send({"proposal": "p1", "account": f"{consultation}-good"})
    done = stream.finish()
    assert stream.refused == {1: "malformed", 2: "malformed"}
    assert done["counted"] == 1
    deletions = client.deletion_stream()
    deletions.send_bytes(b'{"account":' + value + b"}\n")
    deletions.send({"account": f"{consultation}-good"})
    done = deletions.finish()
    assert deletions.refused == {1: "malformed"} and done["deleted"] == 1


def test_surrogate_pairs_and_raw_bytes_name_the_same_account(client, consultation):
    account = f"{consultation}-😀"
    escaped = b'{"proposal":"p1","account":"' + consultation.encode() + b'-\\ud83d\\uDE00"}\n'
    raw = encode_lines([{"proposal": "p1", "account": account}]).replace(
        b"\\ud83d\\ude00", "😀".encode())
    stream = client.vote_stream(consultation, "ideas")
    stream.send_bytes(escaped + raw)
    done = stream.finish()
    assert (done["counted"], done["unchanged"]) == (1, 1)
    assert client.get_vote(consultation, "ideas", "p1", account).status == 200

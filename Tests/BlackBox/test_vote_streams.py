"""NDJSON streams of votes: full-duplex, in order, forgiving of a bad line, honest at the end."""

import json

import h2.errors
import pytest

from consultations import choice_phase, counts_of, definition, support_phase
from h2client import StreamOver
from problems import assert_problem
from tally_client import NDJSON, TallyClient
from vote_streams import AnsweredStream, encode_lines

LINE_LIMIT = 64 << 10


def line(account, proposal="p1", **fields):
    return {"proposal": proposal, "account": account, **fields}


def vote(account, choice="agree", proposal="p1"):
    return line(account, proposal, choice=choice)


def test_answers_come_while_the_request_is_still_being_sent(client, consultation):
    stream = client.vote_stream(consultation, "opinions")
    assert stream.stream.wait_head() == 200, "the head comes at once"
    assert stream.stream.headers["content-type"].startswith("application/x-ndjson")
    for number in range(1, 6):
        stream.send(vote(f"{consultation}-{number}"))
        stream.wait_through(number)
        tally = client.tally(consultation, "opinions").json()
        assert tally["sequence"] >= stream.sequence
        assert counts_of(tally)["p1"]["agree"] == number, "a covered line is counted"
    done = stream.finish()
    assert (done["lines"], done["counted"], done["refused"]) == (5, 5, 0)


def test_the_sums_of_the_last_line(client, consultation):
    gone = f"{consultation}-gone"
    client.delete_account(gone)
    account = f"{consultation}-a"
    stream = client.vote_stream(consultation, "opinions")
    stream.send(
        vote(account), vote(account), vote(account, "mixed"), vote(account, "mixed", "p2"),
        line(account, withdraw=True), line(account, withdraw=True), vote(account, "mixed"),
        vote(gone), vote(account, "loudly"), vote(account, proposal="nowhere"))
    stream.send_bytes(b"\n")
    done = stream.finish()
    assert stream.refused == {
        6: "no-vote", 8: "account-deleted", 9: "invalid-vote", 10: "unknown-proposal"}
    assert {key: done[key] for key in done if key not in ("done", "sequence")} == {
        "lines": 11, "counted": 3, "replaced": 1, "unchanged": 1, "withdrawn": 1, "pending": 0,
        "refused": 4}
    tally = client.tally(consultation, "opinions").json()
    assert counts_of(tally) == {
        "p1": {"agree": 0, "mixed": 1, "disagree": 0},
        "p2": {"agree": 0, "mixed": 1, "disagree": 0}}


def test_lines_of_the_general_route_name_their_consultation_and_phase(client, name):
    for consultation in (f"{name}-x", f"{name}-y"):
        client.define(consultation, definition(choice_phase()))
    account = f"{name}-a"
    base = {"phase": "opinions", **vote(account)}
    stream = client.vote_stream()
    stream.send(
        {"consultation": f"{name}-x", **base}, {"consultation": f"{name}-y", **base},
        {"consultation": f"{name}-z", **base}, {**base, "consultation": f"{name}-x", "phase": "q"},
        base, vote(account))
    done = stream.finish()
    assert stream.refused == {
        3: "unknown-consultation", 4: "unknown-phase", 5: "malformed", 6: "malformed"}
    assert done["counted"] == 2
    for consultation in (f"{name}-x", f"{name}-y"):
        assert client.tally(consultation, "opinions").json()["voters"] == 1


def test_lines_of_a_phase_route_leave_consultation_and_phase_out(client, consultation):
    stream = client.vote_stream(consultation, "opinions")
    stream.send({"consultation": consultation, "phase": "opinions", **vote("a")},
                {"phase": "opinions", **vote("a")}, vote(f"{consultation}-a"))
    done = stream.finish()
    assert stream.refused == {1: "malformed", 2: "malformed"} and done["counted"] == 1


def test_a_phase_route_that_is_unknown_at_the_start_is_404_before_the_request_ends(
        client, consultation):
    for where, code in (((consultation, "no-such"), "unknown-phase"),
                        (("no-such", "opinions"), "unknown-consultation")):
        stream = client.vote_stream(*where).stream
        assert stream.wait_head() == 404
        assert_problem(stream.response(), code)
    assert client.get("/livez").status == 200, "the connection goes on"


def test_content_type_of_a_stream(client):
    for kind in ("application/json", "text/plain"):
        assert_problem(
            client.request("POST", "/v1/votes", [("content-type", kind)], body=b"\n"),
            "unsupported-media-type")
    for headers in ([], [("content-type", "application/x-ndjson; charset=utf-8")]):
        response = client.request("POST", "/v1/votes", headers, body=b"\n")
        assert response.status == 200
        assert json.loads(response.body.splitlines()[-1])["lines"] == 1


MALFORMED = {
    "not JSON": b"hello",
    "cut": b'{"proposal":"p1","account":"a"',
    "an array": b'[{"proposal":"p1"}]',
    "two values": b'{"proposal":"p1","account":"a"}{}',
    "duplicate key": b'{"proposal":"p1","account":"a","account":"b"}',
    "duplicate key, escaped": b'{"proposal":"p1","account":"a","acc\\u006funt":"a"}',
    "unknown key": b'{"proposal":"p1","account":"a","weight":1}',
    "account missing": b'{"proposal":"p1"}',
    "proposal missing": b'{"account":"a"}',
    "account of a wrong type": b'{"proposal":"p1","account":7}',
    "account null": b'{"proposal":"p1","account":null}',
    "withdraw of a wrong type": b'{"proposal":"p1","account":"a","withdraw":"yes"}',
    "withdraw as a number": b'{"proposal":"p1","account":"a","withdraw":1}',
    "comma at the end": b'{"proposal":"p1","account":"a",}',
    "single quotes": b"{'proposal':'p1','account':'a'}",
    "NUL byte": b'{"proposal":"p1","account":"a"}\0',
    "form feed as white space": b'{"proposal":"p1",\x0c"account":"a"}',
    "bad escape": b'{"proposal":"p1","account":"\\q"}',
    "short escape": b'{"proposal":"p1","account":"\\u00"}',
    "rank with a fraction": b'{"proposal":"p1","account":"a","rank":1.0}',
    "rank with a leading zero": b'{"proposal":"p1","account":"a","rank":01}',
    "deep nesting": b'{"account":' + b"[" * 30_000,
    "long number": b'{"proposal":"p1","account":"a","rank":' + b"9" * 60_000 + b".0}",
    "bad UTF-8 in an unknown value": b'{"proposal":"p1","account":"a\xc3\x28"}',
    "only a quote": b'"',
    "UTF-16": '{"proposal":"p1","account":"a"}'.encode("utf-16"),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_a_malformed_line_is_refused_and_its_neighbours_are_counted(client, consultation, what):
    before, after = f"{consultation}-before", f"{consultation}-after"
    # UTF-16 has the newline's byte nowhere but here, so each entry is one line.
    assert b"\n" not in MALFORMED[what]
    stream = client.vote_stream(consultation, "ideas")
    stream.send_bytes(
        encode_lines([line(before)]) + MALFORMED[what] + b"\n" + encode_lines([line(after)]))
    done = stream.finish()
    assert stream.refused == {2: "malformed"}
    assert (done["lines"], done["counted"], done["refused"]) == (3, 2, 1)


def test_any_legal_spelling_of_a_line(client, consultation):
    prefix = consultation.encode()
    spelled = [
        b'{"account":"%s-1","proposal":"p1","choice":"agree"}',
        b'{"choice":"agree","proposal":"p1","account":"%s-2"}',
        b' \t{ "proposal" : "p1" ,\t"account":\t"%s-3" , "choice" : "agree" } \t',
        b'{"proposal":"p1","account":"%s-4","choice":"agree"}\r',
        b'{"pro\\u0070osal":"p\\u0031","\\u0061ccount":"%s\\u002d5","choice":"\\u0061gree"}',
    ]
    stream = client.vote_stream(consultation, "opinions")
    stream.send_bytes(b"\n".join(entry % prefix for entry in spelled))
    done = stream.finish()
    assert stream.refused == {} and done["counted"] == 5
    for number in range(1, 6):
        where = (consultation, "opinions", "p1", f"{consultation}-{number}")
        assert client.get_vote(*where).json() == {"choice": "agree"}


def test_every_escape_in_an_account_means_its_character(client, consultation):
    account = f'{consultation}-"\\/é'
    escaped = (b'{"proposal":"p1","account":"' + consultation.encode()
               + b'-\\"\\\\\\/\\u00E9"}\n')
    stream = client.vote_stream(consultation, "ideas")
    stream.send_bytes(escaped)
    stream.finish()
    assert client.get_vote(consultation, "ideas", "p1", account).status == 200


def test_blank_lines_count_as_lines_and_are_covered(client, consultation):
    stream = client.vote_stream(consultation, "ideas")
    stream.send_bytes(b"\n \t\n\r\n" + encode_lines([line(f"{consultation}-a")]) + b"\n  \r\n")
    stream.wait_through(6)
    stream.send_bytes(b"{")
    done = stream.finish()
    assert stream.refused == {7: "malformed"}
    assert (done["lines"], done["counted"], done["refused"]) == (7, 1, 1)


def test_only_blank_or_refused_lines_are_covered_without_waiting_for_more(client, consultation):
    stream = client.vote_stream(consultation, "ideas")
    stream.send_bytes(b"\n")
    stream.wait_through(1)
    stream.send_bytes(b"nonsense\n")
    stream.wait_through(2)
    assert stream.refused == {2: "malformed"}
    stream.finish()


def test_the_last_line_needs_no_newline(client, consultation):
    for body, lines, counted in ((b"", 0, 0), (b"\n", 1, 0), (b"A", 1, 1), (b"A\n", 1, 1),
                                 (b"A\n\n", 2, 1), (b"A\nA", 2, 2), (b" ", 1, 0)):
        stream = client.vote_stream(consultation, "ideas")
        for number, part in enumerate(body.split(b"A")):
            if number:
                account = f"{consultation}-{body!r}-{number}"
                stream.send_bytes(encode_lines([line(account)]).rstrip(b"\n"))
            stream.send_bytes(part)
        done = stream.finish()
        assert (done["lines"], done["counted"]) == (lines, counted), body


def test_a_line_may_arrive_byte_by_byte(client, consultation):
    stream = client.vote_stream(consultation, "ideas")
    for byte in encode_lines([line(f"{consultation}-a"), line(f"{consultation}-é")]):
        stream.send_bytes(bytes([byte]))
    done = stream.finish()
    assert (done["counted"], done["refused"]) == (2, 0)


def test_a_line_of_64_kib_is_taken_and_a_longer_one_is_skipped_to_its_end(client, consultation):
    def padded(account, size):
        text = encode_lines([line(account)]).rstrip(b"\n")
        return text + b" " * (size - len(text)) + b"\n"

    stream = client.vote_stream(consultation, "ideas")
    stream.send_bytes(
        padded(f"{consultation}-1", LINE_LIMIT) + padded(f"{consultation}-2", LINE_LIMIT + 1)
        + padded(f"{consultation}-3", 100) + b"x" * (3 << 20) + b"\n"
        + padded(f"{consultation}-4", 100) + b"y" * (LINE_LIMIT + 1))
    done = stream.finish()
    assert stream.refused == {2: "too-large", 4: "too-large", 6: "too-large"}
    assert (done["lines"], done["counted"], done["refused"]) == (6, 3, 3)


def test_lines_of_one_stream_take_effect_in_their_order(client, consultation):
    """The last of many changes of few accounts is what remains."""
    accounts = [f"{consultation}-{number}" for number in range(7)]
    choices = ("agree", "mixed", "disagree")
    lines = [vote(accounts[n % 7], choices[(n * n + n // 5) % 3]) for n in range(60_000)]
    lines += [line(account, withdraw=True) for account in accounts[:3]]
    lines += [vote(accounts[0], "mixed")]
    stream = client.vote_stream(consultation, "opinions")
    stream.send(*lines)
    done = stream.finish()
    last = {}
    for entry in lines:
        last[entry["account"]] = entry.get("choice")
    expected = {choice: sum(value == choice for value in last.values()) for choice in choices}
    assert done["lines"] == len(lines) and done["refused"] == 0
    assert done["counted"] == 8 and done["withdrawn"] == 3
    assert counts_of(client.tally(consultation, "opinions").json())["p1"] == expected


def test_numbers_have_no_gaps_across_streams_and_malformed_lines_take_none(client, consultation):
    first = client.vote(consultation, "ideas", "p1", f"{consultation}-a").json()["sequence"]
    stream = client.vote_stream(consultation, "ideas")
    stream.send(*(line(f"{consultation}-{number}") for number in range(50)))
    stream.send_bytes(b"nonsense\n\n")
    stream.send(line(f"{consultation}-never-voted", withdraw=True))
    done = stream.finish()
    assert done["sequence"] >= first + 51
    after = client.vote(consultation, "ideas", "p1", f"{consultation}-b").json()["sequence"]
    assert after == first + 52, "50 votes, one refused at its position, and the last"


def test_a_phase_that_closes_under_a_stream_refuses_the_lines_after_it(client, consultation):
    stream = client.vote_stream(consultation, "opinions")
    stream.send(vote(f"{consultation}-1"), vote(f"{consultation}-2"))
    stream.wait_through(2)
    client.close_phase(consultation, "opinions")
    stream.send(vote(f"{consultation}-3"), line(f"{consultation}-1", withdraw=True))
    stream.wait_through(4)
    assert stream.refused == {3: "phase-closed", 4: "phase-closed"}
    assert stream.finish()["counted"] == 2
    assert counts_of(client.tally(consultation, "opinions").json())["p1"]["agree"] == 2


def test_a_proposal_added_while_a_stream_runs_can_be_voted_for(client, consultation):
    stream = client.vote_stream(consultation, "opinions")
    stream.send(vote(f"{consultation}-a", proposal="p9"))
    stream.wait_through(1)
    client.add_proposal(consultation, "opinions", "p9")
    stream.send(vote(f"{consultation}-a", proposal="p9"))
    done = stream.finish()
    assert stream.refused == {1: "unknown-proposal"} and done["counted"] == 1


def test_a_scheduled_phase_refuses_lines_until_it_opens(client, name):
    client.define(name, definition(choice_phase(opens_at="2198-01-01T00:00:00Z")))
    stream = client.vote_stream(name, "opinions")
    stream.send(vote(f"{name}-a"))
    stream.wait_through(1)
    client.open_phase(name, "opinions")
    stream.send(vote(f"{name}-a"))
    done = stream.finish()
    assert stream.refused == {1: "phase-not-open"} and done["counted"] == 1


def test_a_stream_that_is_reset_keeps_what_was_acknowledged_and_harms_nobody(
        server, client, consultation):
    stream = client.vote_stream(consultation, "ideas")
    stream.send(*(line(f"{consultation}-{number}") for number in range(100)))
    stream.wait_through(100)
    stream.send_bytes(b'{"proposal":"p1","acc')
    stream.stream.reset(h2.errors.ErrorCodes.CANCEL)
    assert client.tally(consultation, "ideas").json()["voters"] == 100
    again = client.vote_stream(consultation, "ideas")
    again.send(line(f"{consultation}-again"))
    assert again.finish()["counted"] == 1, "the connection goes on"


def test_a_connection_that_vanishes_in_a_line_keeps_what_was_acknowledged(server, consultation):
    with TallyClient(server) as vanishing:
        stream = vanishing.vote_stream(consultation, "ideas")
        stream.send(*(line(f"{consultation}-{number}") for number in range(100)))
        stream.wait_through(100)
        stream.send_bytes(b'{"proposal":"p1","account":"' + consultation.encode() + b'-half"}')
    with TallyClient(server) as client:
        assert client.tally(consultation, "ideas").json()["voters"] == 100
        assert client.get_vote(consultation, "ideas", "p1", f"{consultation}-half").status == 404


def test_a_body_that_never_ends_and_has_no_newline_is_refused_as_one_line(client, consultation):
    """The server must not gather it; and the stream is still good for what comes after."""
    stream = client.vote_stream(consultation, "ideas")
    for _ in range(256):
        stream.send_bytes(b"x" * (64 << 10))
    stream.send_bytes(b"\n")
    stream.send(line(f"{consultation}-a"))
    stream.wait_through(2)
    assert stream.refused == {1: "too-large"}
    stream.stream.reset()
    assert client.tally(consultation, "ideas").json()["voters"] == 1


def test_several_streams_on_one_connection_do_not_mix(client, consultation):
    streams = [client.vote_stream(consultation, "ideas") for _ in range(8)]
    for round_ in range(20):
        for number, stream in enumerate(streams):
            stream.send_bytes(encode_lines([line(f"{consultation}-{number}-{round_}")])[:20])
        for number, stream in enumerate(streams):
            stream.send_bytes(encode_lines([line(f"{consultation}-{number}-{round_}")])[20:])
    for stream in streams:
        done = stream.finish()
        assert (done["lines"], done["counted"], stream.refused) == (20, 20, {})
    assert client.tally(consultation, "ideas").json()["voters"] == 160


def test_an_idle_stream_starves_nobody_and_can_go_on(client, consultation):
    idle = [client.vote_stream(consultation, "ideas") for _ in range(10)]
    for stream in idle:
        stream.send_bytes(b'{"proposal":"p1",')
    busy = client.vote_stream(consultation, "ideas")
    busy.send(*(line(f"{consultation}-{number}") for number in range(30_000)))
    assert busy.finish()["counted"] == 30_000
    for number, stream in enumerate(idle):
        stream.send_bytes(b'"account":"%s-idle-%d"}\n' % (consultation.encode(), number))
        assert stream.finish()["counted"] == 1


def test_other_methods_on_the_stream_routes(client, consultation):
    for path in ("/v1/votes", "/v1/deletions",
                 f"/v1/consultations/{consultation}/phases/opinions/votes"):
        response = client.get(path)
        assert_problem(response, "method-not-allowed")
        assert "POST" in response.headers["allow"]


def test_a_stream_answered_with_an_error_can_still_be_written_to(client):
    """A client that does not look at the answer yet must not break the connection."""
    stream = AnsweredStream(client.connection.start(
        "POST", "/v1/votes", [("content-type", "text/plain")], end=False))
    try:
        for _ in range(100):
            stream.send_bytes(b"x" * 1000 + b"\n")
    except StreamOver:
        pass
    assert_problem(stream.stream.response(), "unsupported-media-type")
    assert client.request("POST", "/v1/votes", [NDJSON], body=b"\n").status == 200


def test_streams_that_are_over_leave_nothing_in_memory(own_server):
    """A thousand streams, each with a line that must be put together from two reads."""
    with TallyClient(own_server) as client:
        client.define("c", definition(support_phase()))

        def run(count):
            for number in range(count):
                stream = client.vote_stream()
                text = encode_lines([{"consultation": "c", "phase": "ideas", "proposal": "p1",
                                      "account": f"a{number}"}])
                stream.send_bytes(text[:1] + b" " * 60_000)
                stream.send_bytes(text[1:])
                assert stream.finish()["lines"] == 1
            return own_server.resident_bytes()

        run(300)
        before = run(100)
        assert run(600) - before < 16 << 20

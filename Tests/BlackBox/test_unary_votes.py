"""Single votes: cast, changed, withdrawn, read, refused, and numbered."""

import pytest

from consultations import choice_phase, counts_of, definition, support_phase
from curl import curl, h2load, nghttp
from problems import assert_problem
from tally_client import JSON, vote_path
from vote_streams import encode_lines


def test_the_life_of_a_vote(client, consultation):
    where = (consultation, "opinions", "p1", f"{consultation}-a")
    numbers = []
    for act, status, outcome in (
        (lambda: client.vote(*where, choice="agree"), 201, "counted"),
        (lambda: client.vote(*where, choice="agree"), 200, "unchanged"),
        (lambda: client.vote(*where, choice="mixed"), 200, "replaced"),
        (lambda: client.withdraw(*where), 200, "withdrawn"),
        (lambda: client.vote(*where, choice="disagree"), 201, "counted"),
    ):
        response = act()
        assert response.status == status, response
        assert set(response.json()) == {"outcome", "sequence"}
        assert response.json()["outcome"] == outcome
        numbers.append(response.json()["sequence"])
    assert numbers == list(range(numbers[0], numbers[0] + 5)), "numbers have no gaps"
    assert counts_of(client.tally(consultation, "opinions").json())["p1"] == {
        "agree": 0, "mixed": 0, "disagree": 1}


def test_a_vote_of_support_carries_nothing(client, consultation):
    where = (consultation, "ideas", "p1", f"{consultation}-a")
    assert client.vote(*where).json()["outcome"] == "counted"
    assert client.vote(*where).json()["outcome"] == "unchanged"
    assert client.get_vote(*where).json() == {}
    assert client.withdraw(*where).json()["outcome"] == "withdrawn"
    assert_problem(client.get_vote(*where), "no-vote")


def test_get_returns_what_the_vote_carries(client, consultation):
    where = (consultation, "opinions", "p1", f"{consultation}-a")
    assert_problem(client.get_vote(*where), "no-vote")
    client.vote(*where, choice="mixed")
    response = client.get_vote(*where)
    assert response.status == 200 and response.json() == {"choice": "mixed"}
    assert response.headers["content-type"].startswith("application/json")


def test_withdrawing_what_is_not_there_is_no_vote(client, consultation):
    where = (consultation, "opinions", "p1", f"{consultation}-a")
    assert_problem(client.withdraw(*where), "no-vote")
    client.vote(*where, choice="agree")
    client.withdraw(*where)
    assert_problem(client.withdraw(*where), "no-vote")
    assert_problem(
        client.withdraw(consultation, "opinions", "p2", f"{consultation}-a"), "no-vote")


def test_a_command_refused_at_its_position_has_a_number_and_one_refused_in_decoding_has_none(
        client, consultation):
    where = (consultation, "opinions", "p1", f"{consultation}-a")
    first = client.vote(*where, choice="agree").json()["sequence"]
    client.withdraw(consultation, "opinions", "p2", f"{consultation}-a")  # no-vote: numbered
    client.vote(*where, choice="loudly")  # invalid-vote: decoding
    client.request("PUT", vote_path(*where), [JSON], body=b"{")
    client.vote(consultation, "opinions", "nowhere", f"{consultation}-a", choice="agree")
    assert client.vote(*where, choice="mixed").json()["sequence"] == first + 2


def test_unknown_names(client, consultation):
    account = f"{consultation}-a"
    for where, code in (
        (("no-such", "opinions", "p1", account), "unknown-consultation"),
        ((consultation, "no-such", "p1", account), "unknown-phase"),
        ((consultation, "opinions", "no-such", account), "unknown-proposal"),
    ):
        assert_problem(client.vote(*where, choice="agree"), code)
        assert_problem(client.withdraw(*where), code)
        assert_problem(client.get_vote(*where), code)


BODIES = {
    b"": "malformed", b"{": "malformed", b"[]": "malformed", b"null": "malformed",
    b'"agree"': "malformed", b"{} {}": "malformed", b'{"choice":"agree",}': "malformed",
    b'{"choice":5}': "malformed", b'{"choice":null}': "malformed",
    b'{"choice":["agree"]}': "malformed",
    b'{"choice":"agree","choice":"agree"}': "malformed",
    b'{"choice":"agree","choic\\u0065":"mixed"}': "malformed",
    b'{"Choice":"agree"}': "malformed", b'{"choice":"agree","weight":2}': "malformed",
    b'{"choice":"agree","account":"b"}': "malformed",
    b'{"choice":"\\ud800"}': "malformed", b'{"choice":"\xff"}': "malformed",
    b'{"rank":1.0}': "malformed", b'{"points":1e0}': "malformed", b'{"rank":"1"}': "malformed",
    b"{}": "invalid-vote", b'{"choice":"loudly"}': "invalid-vote",
    b'{"choice":"Agree"}': "invalid-vote", b'{"rank":1}': "invalid-vote",
    b'{"choice":"agree","points":1}': "invalid-vote",
}


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.decode("latin-1") or "empty")
def test_a_body_that_is_no_vote(client, consultation, body):
    where = (consultation, "opinions", "p1", f"{consultation}-a")
    assert_problem(client.request("PUT", vote_path(*where), [JSON], body=body), BODIES[body])
    assert_problem(client.get_vote(*where), "no-vote")


def test_a_choice_where_the_kind_carries_none_is_an_invalid_vote(client, consultation):
    where = (consultation, "ideas", "p1", f"{consultation}-a")
    assert_problem(client.vote(*where, choice="agree"), "invalid-vote")


def test_any_legal_spelling_of_a_vote(client, consultation):
    where = (consultation, "opinions", "p1", f"{consultation}-a")
    body = b' \t\r\n{ "ch\\u006fice" :\n"a\\u0067ree" } \n'
    assert client.request("PUT", vote_path(*where), [JSON], body=body).status == 201
    assert client.get_vote(*where).json() == {"choice": "agree"}


def test_content_type_of_a_vote(client, consultation):
    path = vote_path(consultation, "ideas", "p1", f"{consultation}-a")
    assert_problem(
        client.request("PUT", path, [("content-type", "text/plain")], body=b"{}"),
        "unsupported-media-type")
    assert client.request("PUT", path, [], body=b"{}").status == 201
    assert client.request(
        "PUT", path, [("content-type", "application/json;charset=utf-8")], body=b"{}"
    ).status == 200


def test_a_body_over_64_kib_is_too_large_however_it_comes(server, client, consultation):
    path = vote_path(consultation, "ideas", "p1", f"{consultation}-a")
    body = b"{" + b" " * ((64 << 10) - 2) + b"}"
    assert client.request("PUT", path, [JSON], body=body).status == 201
    assert_problem(client.request("PUT", path, [JSON], body=body + b" "), "too-large")
    announced = ("content-length", str(len(body) + 1))
    assert_problem(
        client.request("PUT", path, [JSON, announced], body=body + b" "), "too-large")
    for protocol in ("--http1.1", "--http2-prior-knowledge"):
        response = curl(
            server.url + path, "-X", "PUT", "-H", "content-type: application/json",
            protocol=protocol, body=body + b" ")
        assert_problem(response, "too-large")


def test_a_body_that_never_ends_is_cut_off_at_its_limit(client, consultation):
    """The answer must come while the client would go on for ever."""
    path = vote_path(consultation, "ideas", "p1", f"{consultation}-a")
    stream = client.connection.start("PUT", path, [JSON], end=False)
    while not stream.is_over and stream.status is None:
        try:
            stream.write(b" " * 4096)
        except Exception:
            break
    assert stream.wait_head() == 413
    assert client.get("/livez").status == 200, "the connection goes on"


def test_the_first_reason_that_applies_wins(client, consultation):
    """The order of the contract, each step with every later reason present, too."""
    gone = f"{consultation}-gone"
    client.delete_account(gone)
    client.close_phase(consultation, "ideas")
    client.define(f"{consultation}-later", definition(
        choice_phase(opens_at="2198-01-01T00:00:00Z")))
    nowhere = vote_path("no-such", "no", "no", gone)
    large = b"{" + b"!" * (65 << 10)
    text = ("content-type", "text/plain")
    steps = [
        (client.request("PUT", nowhere, [text], body=large), "unsupported-media-type"),
        (client.request("PUT", nowhere, [JSON], body=large), "too-large"),
        (client.request("PUT", nowhere, [JSON], body=b"{"), "malformed"),
        (client.vote("no-such", "no", "no", gone, choice="?"), "unknown-consultation"),
        (client.vote(consultation, "no", "no", gone, choice="?"), "unknown-phase"),
        (client.vote(consultation, "ideas", "no", gone, choice="?"), "unknown-proposal"),
        (client.vote(consultation, "ideas", "p1", gone, choice="agree"), "invalid-vote"),
        (client.vote(consultation, "ideas", "p1", gone), "account-deleted"),
        (client.withdraw(consultation, "ideas", "p1", gone), "account-deleted"),
        (client.vote(f"{consultation}-later", "opinions", "p1", gone, choice="agree"),
         "account-deleted"),
        (client.vote(consultation, "ideas", "p1", f"{gone}2"), "phase-closed"),
        (client.withdraw(consultation, "ideas", "p1", f"{gone}2"), "phase-closed"),
        (client.vote(f"{consultation}-later", "opinions", "p1", f"{gone}2", choice="agree"),
         "phase-not-open"),
        (client.withdraw(f"{consultation}-later", "opinions", "p1", f"{gone}2"),
         "phase-not-open"),
        (client.withdraw(consultation, "opinions", "p1", f"{gone}2"), "no-vote"),
    ]
    for response, code in steps:
        assert_problem(response, code)


def test_head_of_a_vote(client, consultation):
    where = (consultation, "opinions", "p1", f"{consultation}-a")
    assert client.request("HEAD", vote_path(*where)).status == 404
    client.vote(*where, choice="agree")
    head = client.request("HEAD", vote_path(*where))
    assert head.status == 200 and head.body == b""


def test_many_requests_in_flight_on_one_connection(client, consultation):
    accounts = [f"{consultation}-{number}" for number in range(300)]
    streams = [client.start_vote(consultation, "ideas", "p1", account) for account in accounts]
    responses = [stream.response() for stream in streams]
    assert {response.status for response in responses} == {201}
    numbers = [response.json()["sequence"] for response in responses]
    assert sorted(numbers) == list(range(min(numbers), min(numbers) + 300))
    assert client.tally(consultation, "ideas").json()["voters"] == 300


def test_h2load_votes_without_a_failure(server, client, consultation, tmp_path):
    body = tmp_path / "body"
    body.write_text('{"choice":"agree"}')
    path = vote_path(consultation, "opinions", "p1", f"{consultation}-a")
    report = h2load(
        server.url + path, "-n3000", "-c4", "-m20", "-d", str(body), "-H:method: PUT",
        "-Hcontent-type: application/json")
    assert "3000 succeeded, 0 failed, 0 errored" in report, report
    assert "status codes: 3000 2xx" in report, report
    counts = counts_of(client.tally(consultation, "opinions").json())
    assert counts["p1"]["agree"] == 1, "one account has one vote, however often it is sent"


def test_h2load_sends_streams_without_a_failure(server, client, consultation, tmp_path):
    body = tmp_path / "lines"
    body.write_bytes(encode_lines(
        {"proposal": "p1", "account": f"{consultation}-{number}", "choice": "agree"}
        for number in range(1_000)))
    report = h2load(
        f"{server.url}/v1/consultations/{consultation}/phases/opinions/votes", "-n200", "-c4",
        "-m10", "-d", str(body), "-Hcontent-type: application/x-ndjson")
    assert "200 succeeded, 0 failed, 0 errored" in report, report
    assert "status codes: 200 2xx" in report, report
    assert client.tally(consultation, "opinions").json()["voters"] == 1_000


def test_nghttp_reads_a_vote(server, client, consultation):
    where = (consultation, "opinions", "p1", f"{consultation}-a")
    client.vote(*where, choice="disagree")
    assert nghttp(server.url + vote_path(*where)).strip() == b'{"choice":"disagree"}'


def test_the_same_account_in_two_phases_and_two_consultations_is_independent(client, name):
    for consultation in (f"{name}-x", f"{name}-y"):
        client.define(consultation, definition(choice_phase(), support_phase("opinions2")))
    account = f"{name}-a"
    assert client.vote(f"{name}-x", "opinions", "p1", account, choice="agree").status == 201
    assert client.vote(f"{name}-x", "opinions", "p2", account, choice="mixed").status == 201
    assert client.vote(f"{name}-x", "opinions2", "p1", account).status == 201
    assert client.vote(f"{name}-y", "opinions", "p1", account, choice="mixed").status == 201
    assert client.withdraw(f"{name}-x", "opinions", "p1", account).status == 200
    assert client.get_vote(f"{name}-x", "opinions", "p2", account).json() == {"choice": "mixed"}
    assert client.get_vote(f"{name}-y", "opinions", "p1", account).json() == {"choice": "mixed"}
    assert client.tally(f"{name}-x", "opinions").json()["voters"] == 1


def test_a_query_behind_the_account_never_names_another_account(client, consultation):
    """Paths are remembered up to the account: a slash in a query must not be taken for its end."""
    account = f"{consultation}-a"
    path = vote_path(consultation, "ideas", "p1", account)
    for query in ("?x=/b", "?x=/zed", "?x=/zed/y", "?/"):
        response = client.put_json(path + query, {})
        assert response.json()["outcome"] in ("counted", "unchanged"), query
    assert client.tally(consultation, "ideas").json()["voters"] == 1
    assert client.get_vote(consultation, "ideas", "p1", "zed").status == 404
    assert client.get_vote(consultation, "ideas", "p1", account).status == 200


def test_a_path_that_was_seen_follows_the_definition(client, name):
    """What a path led to is remembered, but not beyond the next definition."""
    client.define(name, definition(support_phase()))
    for proposal, status in (("p1", 201), ("p3", 404), ("p3", 404)):
        assert client.vote(name, "ideas", proposal, f"{name}-a").status == status
    client.define(name, definition(support_phase(proposals=("p3", "p1", "p2"))))
    assert client.vote(name, "ideas", "p3", f"{name}-a").status == 201
    assert client.vote(name, "ideas", "p1", f"{name}-b").status == 201
    counts = counts_of(client.tally(name, "ideas").json())
    assert {proposal: count["support"] for proposal, count in counts.items()} == {
        "p3": 1, "p1": 2, "p2": 0}


def test_method_and_type_are_judged_before_the_names_in_the_path(server):
    bad = server.url + "/v1/consultations/%00"
    assert_problem(curl(bad, "-X", "PUT", "-H", "content-type: text/plain", body=b"x"),
                   "unsupported-media-type")
    assert_problem(curl(bad, "-X", "PATCH"), "method-not-allowed")
    assert_problem(curl(bad), "malformed")

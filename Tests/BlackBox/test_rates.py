"""How many requests a token may make, and what becomes of those that the server cannot do in time."""

import re
import threading
import time

import pytest

from consultations import definition, support_phase
from faulty_server import FaultyServer
from identities import private_key, public_pem, signed, token, trusting, wait_until_known
from problems import assert_problem
from tally_client import TallyClient, vote_path
from tally_server import run_tally

JSON = ("content-type", "application/json")


def state_of(response):
    """What is left, and when there is more, by the name of the rate."""
    return re.fullmatch(r'"([a-z-]+)";r=(\d+);t=(\d+)', response.headers["ratelimit"]).groups()


def test_a_token_without_a_rate_is_told_of_none(make_server):
    server = make_server()
    secret = token(server.data)
    server.start()
    with TallyClient(server, token=secret) as client:
        answers = [client.get("/v1/consultations") for _ in range(300)]
    assert {answer.status for answer in answers} == {200}
    assert not any("ratelimit" in answer.headers for answer in answers)


def test_a_token_beyond_its_rate_is_refused_for_a_while(make_server):
    server = make_server("--limit=token-rate=1", "--limit=token-burst=5")
    one, other = token(server.data), token(server.data)
    server.start()
    with TallyClient(server, token=one) as client:
        answers = [client.get("/v1/consultations") for _ in range(7)]
        assert [answer.status for answer in answers[:5]] == [200] * 5
        assert {answer.headers["ratelimit-policy"] for answer in answers} == {
            '"token-rate";q=5;w=5'}
        assert [state_of(answer)[1] for answer in answers[:4]] == ["4", "3", "2", "1"]
        refused = answers[-1]
        assert_problem(refused, "rate-limited")
        assert state_of(refused) == ("token-rate", "0", "1")
        assert refused.headers["retry-after"] == "1"
    with TallyClient(server, token=other) as client:
        assert client.get("/v1/consultations").status == 200
    with TallyClient(server, token=one) as client:
        time.sleep(int(refused.headers["retry-after"]))
        assert client.get("/v1/consultations").status == 200
    with TallyClient(server, token=other) as client:
        assert client.metrics()['tally_limit_hits_total{limit="token-rate"}'] >= 1


def test_a_citizen_has_a_rate_of_their_own(make_server, tmp_path):
    key = private_key("ES256")
    file = tmp_path / "key.pem"
    file.write_text(public_pem(key))
    server = make_server(*trusting(file), "--limit=citizen-rate=1", "--limit=citizen-burst=3")
    platform = token(server.data)
    server.start()
    wait_until_known(server, platform)
    with TallyClient(server, token=platform) as client:
        client.define("c", definition(support_phase()))
    for account in ("ada", "bob"):
        with TallyClient(server, token=signed(key, "votes:self", sub=account)) as client:
            answers = [client.vote("c", "ideas", "p1", account) for _ in range(4)]
            assert [answer.status for answer in answers] == [201, 200, 200, 429]
            assert state_of(answers[0]) == ("citizen-rate", "2", "1")
    with TallyClient(server, token=platform) as client:
        assert client.tally("c", "ideas").json()["voters"] == 2


@pytest.fixture
def slow_disk(tmp_path):
    """Every sync takes a fifth of a second, and 200 single votes may wait for one."""
    server = FaultyServer(tmp_path, "--limit=waiting-commands=200")
    server.environment = {"TALLY_FAULT": "sync.segment:SLOW200:1+"}
    server.start()
    yield server
    server.kill9()
    server.discard_data()


def test_more_than_the_disk_takes_is_refused_early_and_the_rest_counts(slow_disk):
    """Several clients send far more than is durable in time: each vote is acknowledged, and then
    counted, or refused as overloaded, and then not; reads are answered all the time."""
    with TallyClient(slow_disk) as client:
        client.define("c", definition(support_phase()))
    acknowledged, refused, strange = [], [], []

    def send(sender):
        with TallyClient(slow_disk) as client:
            for turn in range(5):
                votes = [(account := f"{sender}-{turn}-{number}",
                          client.start_vote("c", "ideas", "p1", account))
                         for number in range(200)]
                for account, vote in votes:
                    answer = vote.response()
                    kind = {201: acknowledged, 503: refused}.get(answer.status, strange)
                    kind.append((account, answer))
                assert client.tally("c").status == 200

    senders = [threading.Thread(target=send, args=(sender,)) for sender in range(5)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert not strange and len(acknowledged) + len(refused) == 5_000
    assert acknowledged and refused
    for _, answer in refused[:20]:
        assert_problem(answer, "overloaded")
        assert answer.headers["retry-after"] == "1"
    with TallyClient(slow_disk) as client:
        assert client.tally("c", "ideas", "p1").json()["counts"]["support"] == len(acknowledged)
        account = refused[0][0]
        assert_problem(client.get_vote("c", "ideas", "p1", account), "no-vote")
        # What was refused may come again.
        assert client.request("PUT", vote_path("c", "ideas", "p1", account), [JSON],
                              body=b"{}").status == 201


def test_limits_are_listed_and_a_wrong_one_is_refused(make_server):
    listed = run_tally("limits")
    assert listed.returncode == 0
    assert re.search(r"^  concurrent-streams +256 ", listed.stdout, re.M)
    for setting, complaint in [("none=1", "there is no limit 'none'"),
                               ("idle-time=0", "from 1 to 86400"),
                               ("idle-time=x", "needs a number")]:
        refused = run_tally("serve", "--limit", setting)
        assert refused.returncode == 64 and complaint in refused.stderr

"""Tallies: exact, complete, one consistent cut, and cheap to ask for again."""

import datetime
import threading

from consultations import choice_phase, counts_of, definition, support_phase
from curl import curl, h2load
from problems import assert_problem
from tally_client import TallyClient, consultation_path

ZEROS = {"agree": 0, "mixed": 0, "disagree": 0}


def test_a_consultation_without_votes_shows_every_zero(client, consultation):
    tally = client.tally(consultation).json()
    assert tally == {
        "consultation": consultation, "sequence": tally["sequence"], "as_of": tally["as_of"],
        "phases": [
            {"id": "opinions", "state": "open", "voters": 0, "proposals": [
                {"id": "p1", "counts": ZEROS}, {"id": "p2", "counts": ZEROS}]},
            {"id": "ideas", "state": "open", "voters": 0, "proposals": [
                {"id": "p1", "counts": {"support": 0}}, {"id": "p2", "counts": {"support": 0}}]},
        ]}
    at = datetime.datetime.fromisoformat(tally["as_of"].replace("Z", "+00:00"))
    assert at.utcoffset() == datetime.timedelta(0)


def test_the_three_routes_tell_the_same(client, consultation):
    client.vote(consultation, "opinions", "p1", f"{consultation}-a", choice="agree")
    client.vote(consultation, "opinions", "p2", f"{consultation}-a", choice="mixed")
    client.vote(consultation, "opinions", "p2", f"{consultation}-b", choice="disagree")
    whole = client.tally(consultation).json()
    phase = client.tally(consultation, "opinions").json()
    proposal = client.tally(consultation, "opinions", "p2").json()
    cut = ("sequence", "as_of")
    opinions = whole["phases"][0]
    assert {key: phase[key] for key in phase if key not in cut} == opinions
    assert {key: proposal[key] for key in proposal if key not in cut} == {
        "id": "p2", "counts": {"agree": 0, "mixed": 1, "disagree": 1}}
    for tally in (whole, phase, proposal):
        assert isinstance(tally["sequence"], int) and tally["as_of"]


def test_voters_are_distinct_accounts_whose_votes_count(client, consultation):
    def voters():
        return client.tally(consultation, "opinions").json()["voters"]

    for account in ("a", "b"):
        for proposal in ("p1", "p2"):
            client.vote(
                consultation, "opinions", proposal, f"{consultation}-{account}", choice="agree")
    assert voters() == 2
    client.withdraw(consultation, "opinions", "p1", f"{consultation}-a")
    assert voters() == 2, "one vote of a is left"
    client.withdraw(consultation, "opinions", "p2", f"{consultation}-a")
    assert voters() == 1
    client.delete_account(f"{consultation}-b")
    assert voters() == 0
    client.vote(consultation, "opinions", "p2", f"{consultation}-a", choice="mixed")
    client.close_phase(consultation, "opinions")
    client.delete_account(f"{consultation}-a")
    assert voters() == 1, "a closed phase keeps its voters"


def test_unknown_names_are_404(client, consultation):
    assert_problem(client.tally("no-such"), "unknown-consultation")
    assert_problem(client.tally(consultation, "no-such"), "unknown-phase")
    assert_problem(client.tally(consultation, "opinions", "no-such"), "unknown-proposal")


def test_a_tally_read_after_an_acknowledgement_includes_it(server, client, consultation):
    """On another connection, too, and for every one of many votes."""
    with TallyClient(server) as reader:
        for number in range(200):
            answer = client.vote(consultation, "ideas", "p1", f"{consultation}-{number}").json()
            response = reader.tally(consultation, "ideas", "p1")
            assert response.json()["sequence"] >= answer["sequence"]
            assert response.json()["counts"] == {"support": number + 1}
            assert int(response.headers["tally-sequence"]) == response.json()["sequence"]


def test_every_tally_is_one_consistent_cut(server, client, name):
    """A cut shows every line up to its position and none after it.

    Each account votes for `p1` and `p2` in turn with the same choice in neighbouring lines of one
    stream, so in any cut `p2` has what `p1` has, or lags by one vote. And the same tag always means
    the same numbers, also while they change.
    """
    client.define(name, definition(choice_phase()))
    accounts = 500
    stop = threading.Event()

    def cast():
        with TallyClient(server) as caster:
            stream = caster.vote_stream(name, "opinions")
            turn = 0
            while not stop.is_set():
                choice = ("agree", "mixed", "disagree")[turn % 3]
                stream.send(*(
                    {"proposal": proposal, "account": f"{name}-{number}", "choice": choice}
                    for number in range(accounts) for proposal in ("p1", "p2")))
                stream.take_answers_at_hand()
                turn += 1
            stream.finish()

    casting = threading.Thread(target=cast)
    casting.start()
    try:
        last, tagged, tag = 0, {}, '"none yet"'
        for _ in range(400):
            response = client.get(consultation_path(name) + "/tally", ("if-none-match", tag))
            assert int(response.headers["tally-sequence"]) >= last
            last = int(response.headers["tally-sequence"])
            if response.status == 304:
                continue
            tally, tag = response.json(), response.headers["etag"]
            assert tally["sequence"] == last
            phase = tally["phases"][0]
            assert tagged.setdefault(tag, phase) == phase
            first, second = counts_of(phase)["p1"], counts_of(phase)["p2"]
            assert sum(first.values()) == phase["voters"]
            assert 0 <= sum(first.values()) - sum(second.values()) <= 1
            differences = [abs(first[choice] - second[choice]) for choice in first]
            assert max(differences) <= 1, (first, second)
    finally:
        stop.set()
        casting.join()
    assert len(tagged) > 1, "the votes went on meanwhile"


def test_a_tag_is_weak_and_answers_304_until_the_numbers_change(client, consultation):
    path = consultation_path(consultation, "opinions") + "/tally"
    first = client.get(path)
    tag = first.headers["etag"]
    assert tag.startswith('W/"') and tag.endswith('"')
    for value in (tag, tag.removeprefix("W/"), f'"x", {tag}', "*"):
        again = client.get(path, ("if-none-match", value))
        assert again.status == 304 and again.body == b"", value
        assert again.headers["etag"] == tag
        assert int(again.headers["tally-sequence"]) >= first.json()["sequence"]
    assert client.get(path, ("if-none-match", 'W/"x"')).status == 200
    client.vote(consultation, "opinions", "p1", f"{consultation}-a", choice="agree")
    changed = client.get(path, ("if-none-match", tag))
    assert changed.status == 200 and changed.headers["etag"] != tag


def test_a_tag_depends_on_the_resources_own_numbers_only(client, consultation):
    def tags():
        return {where: client.tally(consultation, *where).headers["etag"]
                for where in ((), ("opinions",), ("opinions", "p1"), ("opinions", "p2"),
                              ("ideas",), ("ideas", "p1"))}

    before = tags()
    client.define(f"{consultation}-elsewhere", definition(choice_phase()))
    client.vote(
        f"{consultation}-elsewhere", "opinions", "p1", f"{consultation}-a", choice="agree")
    client.delete_account(f"{consultation}-nobody")
    assert tags() == before, "votes elsewhere change no tag"
    vote = client.vote(consultation, "opinions", "p1", f"{consultation}-a", choice="agree")
    after = tags()
    changed = {where for where in before if before[where] != after[where]}
    assert changed == {(), ("opinions",), ("opinions", "p1")}
    client.vote(consultation, "opinions", "p1", f"{consultation}-a", choice="agree")
    assert tags() == after, "what is unchanged changes no tag"
    response = client.get(
        consultation_path(consultation, "ideas") + "/tally", ("if-none-match", before[("ideas",)]))
    assert response.status == 304
    assert int(response.headers["tally-sequence"]) >= vote.json()["sequence"]


def test_a_tag_tells_states_apart(client, consultation):
    before = client.tally(consultation, "ideas").headers["etag"]
    client.close_phase(consultation, "ideas")
    assert client.tally(consultation, "ideas").headers["etag"] != before


def test_tags_differ_between_data_directories_and_survive_a_restart(make_server):
    """A cache in front of two servers must never take one's numbers for the other's."""
    tags = []
    for _ in range(2):
        server = make_server().start()
        with TallyClient(server) as client:
            client.define("c", definition(choice_phase()))
            client.vote("c", "opinions", "p1", "a", choice="agree")
            tags.append(client.tally("c", "opinions").headers["etag"])
        server.restart(kill=True)
        with TallyClient(server) as client:
            response = client.get(
                consultation_path("c", "opinions") + "/tally", ("if-none-match", tags[-1]))
            assert response.status == 304
    assert tags[0] != tags[1]


def test_what_caches_are_told(client, consultation):
    tag = client.tally(consultation).headers["etag"]
    for headers in ((), (("if-none-match", tag),)):
        response = client.get(consultation_path(consultation) + "/tally", *headers)
        assert response.headers["cache-control"] == "no-cache"
        vary = {field.strip().lower() for field in response.headers["vary"].split(",")}
        assert vary >= {"accept", "authorization"}
        assert response.headers["tally-sequence"].isdigit()


def test_json_is_what_is_accepted(client, consultation):
    path = consultation_path(consultation) + "/tally"
    for accepted in ("application/json", "*/*", "application/*", "text/csv;q=0, */*;q=0.1",
                     "text/plain, application/json;q=0.5"):
        response = client.get(path, ("accept", accepted))
        assert response.status == 200, accepted
        assert response.headers["content-type"].startswith("application/json")
    assert_problem(client.get(path, ("accept", "image/png")), "not-acceptable")


def test_head_and_other_methods(client, consultation):
    for where in ((), ("opinions",), ("opinions", "p1")):
        path = consultation_path(consultation, *where) + "/tally"
        head = client.request("HEAD", path)
        full = client.get(path)
        assert head.status == 200 and head.body == b""
        for field in ("etag", "content-type"):
            assert head.headers[field] == full.headers[field]
        refused = client.request("POST", path)
        assert_problem(refused, "method-not-allowed")
        assert {"GET", "HEAD"} <= {
            method.strip() for method in refused.headers["allow"].split(",")}


def test_a_large_tally_is_whole_over_every_protocol(server, client, name):
    proposals = [f"proposal-{number:05}" for number in range(5_000)]
    client.define(name, definition(support_phase(proposals=proposals)))
    stream = client.vote_stream(name, "ideas")
    stream.send(*({"proposal": proposal, "account": f"{name}-{number % 100}"}
                  for number, proposal in enumerate(proposals)))
    assert stream.finish()["counted"] == 5_000
    expected = {proposal: {"support": 1} for proposal in proposals}
    url = f"{server.url}/v1/consultations/{name}/phases/ideas/tally"
    for protocol in ("--http1.1", "--http2-prior-knowledge"):
        tally = curl(url, protocol=protocol).json()
        assert counts_of(tally) == expected and tally["voters"] == 100
    with TallyClient(server, window=1_000) as slow:
        assert counts_of(slow.tally(name, "ideas").json()) == expected, "in a small window"


def test_h2load_reads_without_a_failure(server, client, consultation):
    report = h2load(
        f"{server.url}/v1/consultations/{consultation}/tally", "-n5000", "-c10", "-m20")
    assert "5000 succeeded, 0 failed, 0 errored" in report, report
    assert "status codes: 5000 2xx" in report, report


def test_a_tag_changes_with_what_the_options_are_called(client, name):
    client.define(name, definition(choice_phase(choices=("a", "b"))))
    before = client.tally(name, "opinions", "p1").headers["etag"]
    client.define(name, definition(choice_phase(choices=("x", "y"))))
    after = client.tally(name, "opinions", "p1").headers["etag"]
    assert before != after
    client.define(name, definition(choice_phase(choices=("x", "y"), proposals=("p1", "p9"))))
    assert client.tally(name, "opinions", "p1").headers["etag"] == after

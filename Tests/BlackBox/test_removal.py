"""Consultations that are removed: every vote goes, the seals stay."""

from consultations import EACH_KIND, choice_phase, definition, phase_of, ranks, support_phase
from problems import assert_problem
from seals import check_seal, digest_of
from tally_client import TallyClient, consultation_path


def define_and_vote(client, consultation, *accounts):
    client.define(consultation, definition(support_phase(), choice_phase()))
    for account in accounts:
        client.vote(consultation, "ideas", "p1", account)
        client.vote(consultation, "opinions", "p2", account, choice="mixed")


def close_all(client, consultation):
    for phase in client.get(consultation_path(consultation)).json()["phases"]:
        client.close_phase(consultation, phase["id"])


def test_only_a_consultation_whose_phases_are_all_closed_is_removed(client, name):
    define_and_vote(client, name, f"{name}-a")
    assert_problem(client.remove(name), "phase-not-closed")
    client.close_phase(name, "ideas")
    assert_problem(client.remove(name), "phase-not-closed")
    assert client.tally(name, "ideas").json()["voters"] == 1
    assert client.personal_data(f"{name}-a").json()["votes"] != []
    client.define(name, definition(
        support_phase(), choice_phase(), phase_of("support", phase="later")
        | {"opens_at": "2198-01-01T00:00:00Z"}))
    client.close_phase(name, "opinions")
    assert_problem(client.remove(name), "phase-not-closed")
    client.open_phase(name, "later")
    last = client.close_phase(name, "later").json()["sequence"]
    removed = client.remove(name)
    assert removed.status == 200
    assert removed.json() == {"outcome": "removed", "sequence": last + 1}
    assert_problem(client.remove(name), "unknown-consultation")
    assert_problem(client.remove(f"{name}-never"), "unknown-consultation")


def test_a_consultation_without_phases_can_be_removed(client, name):
    client.define(name, definition())
    assert client.remove(name).json()["outcome"] == "removed"
    assert_problem(client.get(consultation_path(name)), "unknown-consultation")


def test_every_vote_goes_and_the_seals_stay(client, name):
    account, other = f"{name}-a", f"{name}-other"
    define_and_vote(client, name, account)
    define_and_vote(client, other, account)
    close_all(client, name)
    seals = {phase: check_seal(client, name, kind, phase)
             for phase, kind in (("ideas", "support"), ("opinions", "choice"))}
    removed = client.remove(name).json()
    for response in (
        client.get(consultation_path(name)), client.tally(name), client.tally(name, "ideas"),
        client.tally(name, "ideas", "p1"), client.vote(name, "ideas", "p1", account),
        client.withdraw(name, "ideas", "p1", account),
        client.get_vote(name, "ideas", "p1", account), client.ballot(name, "ideas", account, {}),
        client.open_phase(name, "ideas"), client.close_phase(name, "ideas"),
        client.add_proposal(name, "ideas", "p9"),
        client.vote_stream(name, "ideas").stream.response(),
    ):
        assert_problem(response, "unknown-consultation")
    stream = client.vote_stream()
    stream.send({"consultation": name, "phase": "ideas", "proposal": "p1", "account": account})
    stream.finish()
    assert stream.refused == {1: "unknown-consultation"}
    assert name not in {
        entry["id"] for entry in client.get("/v1/consultations").json()["consultations"]}
    data = client.personal_data(account).json()
    assert {vote["consultation"] for vote in data["votes"]} == {other}
    assert data["sequence"] >= removed["sequence"]
    for phase, content in seals.items():
        for digest in (None, digest_of(content)):
            response = client.seal(name, phase, digest)
            assert response.status == 200 and response.body == content
            assert response.headers["etag"] == f'"{digest_of(content)}"'
    assert_problem(client.seal(name, "never-was"), "unknown-phase", "not-found",
                   "unknown-consultation")
    assert client.delete_account(account).json()["retracted"] == 2, "those of the other one"
    assert client.seal(name, "ideas").body == seals["ideas"]


def test_a_deletion_counts_only_what_is_left(client, name):
    account, early = f"{name}-a", f"{name}-early"
    define_and_vote(client, name, account, early)
    close_all(client, name)
    assert client.delete_account(early).json()["frozen"] == 2
    seal = client.seal(name, "ideas").body
    client.remove(name)
    deletion = client.delete_account(account).json()
    assert (deletion["retracted"], deletion["frozen"]) == (0, 0)
    assert client.seal(name, "ideas").body == seal
    client.define(name, definition(support_phase()))
    for gone in (account, early):
        assert_problem(client.vote(name, "ideas", "p1", gone), "account-deleted")


def test_the_same_id_may_be_used_again_with_nothing_of_before(client, name):
    account = f"{name}-a"
    seals = []
    for round_, voters in enumerate((3, 1, 2)):
        assert client.define(name, definition(phase_of("ranking", max_votes=3))).status == 201
        tally = client.tally(name, "ph").json()
        assert tally["voters"] == 0 and "sealed" not in tally
        assert client.personal_data(account).json()["votes"] == []
        if seals:
            assert client.seal(name, "ph").body == seals[-1], "the old one until the close"
        else:
            assert_problem(client.seal(name, "ph"), "not-found")
        for number in range(voters):
            voter = account if not number else f"{name}-{round_}-{number}"
            assert client.ballot(name, "ph", voter, ranks("p2", "p1")).status == 201
        client.close_phase(name, "ph")
        seals.append(check_seal(client, name, "ranking", "ph"))
        for seal in seals:
            assert client.seal(name, "ph", digest_of(seal)).body == seal
        assert client.remove(name).status == 200
    assert len(set(seals)) == 3
    assert client.seal(name, "ph").body == seals[-1]
    assert_problem(client.seal(name, "ph", "sha256:" + "f" * 64), "not-found")


def test_another_kind_under_the_same_id(client, name):
    """Numbers are never reused: no old vote may show through, whatever the kind."""
    account = f"{name}-a"
    for phase in EACH_KIND:
        proposals = {"p": 1} if phase["id"] == "budget" else ["p"]
        rule = {key: value for key, value in phase["ballot"].items() if key != "kind"}
        client.define(name, definition(phase_of(phase["id"], proposals, **rule)))
        assert_problem(client.get_vote(name, "ph", "p", account), "no-vote")
        carried = {"choice": {"choice": "no"}, "ranking": {"rank": 1},
                   "points": {"points": 2}}.get(phase["id"], {})
        assert client.vote(name, "ph", "p", account, **carried).status == 201
        client.close_phase(name, "ph")
        client.remove(name)


def test_if_match_of_a_removal(client, name):
    client.define(name, definition(support_phase()))
    client.close_phase(name, "ideas")
    tag = client.get(consultation_path(name)).headers["etag"]
    client.define(name, definition(support_phase(title="Titled")))
    for wrong in (tag, '"x"', f'W/{client.get(consultation_path(name)).headers["etag"]}'):
        assert_problem(client.remove(name, ("if-match", wrong)), "precondition-failed")
    assert client.tally(name).status == 200
    tag = client.get(consultation_path(name)).headers["etag"]
    assert client.remove(name, ("if-match", f'"x", {tag}')).status == 200
    client.define(name, definition())
    assert client.remove(name, ("if-match", "*")).status == 200


def test_a_removal_survives_restarts(own_server):
    with TallyClient(own_server) as client:
        define_and_vote(client, "c", "a", "b")
        define_and_vote(client, "d", "a")
        close_all(client, "c")
        seals = [client.seal("c", phase).body for phase in ("ideas", "opinions")]
        last = client.remove("c").json()["sequence"]
    for kill in (True, False, True):
        own_server.restart(kill=kill)
        with TallyClient(own_server) as client:
            assert_problem(client.tally("c"), "unknown-consultation")
            assert [client.seal("c", phase).body for phase in ("ideas", "opinions")] == seals
            assert client.seal("c", "ideas", digest_of(seals[0])).body == seals[0]
            assert client.personal_data("b").json()["votes"] == []
            assert client.tally("d", "ideas").json()["voters"] == 1
            assert client.tally("d").json()["sequence"] >= last
            assert client.snapshot().status == 200
    with TallyClient(own_server) as client:
        define_and_vote(client, "c", "b")
        assert client.tally("c", "ideas").json()["voters"] == 1
        assert client.seal("c", "ideas").body == seals[0]


def test_a_removal_under_a_running_stream(server, client, name):
    """The lines that come after it find nothing; none of the others is counted anywhere."""
    client.define(name, definition(support_phase()))
    stream = client.vote_stream(name, "ideas")
    stream.send({"proposal": "p1", "account": f"{name}-a"})
    stream.wait_through(1)
    with TallyClient(server) as remover:
        remover.close_phase(name, "ideas")
        stream.send({"proposal": "p1", "account": f"{name}-b"})
        stream.wait_through(2)
        remover.remove(name)
        stream.send({"proposal": "p1", "account": f"{name}-c"})
        stream.wait_through(3)
        remover.define(name, definition(support_phase()))
    stream.finish()
    assert stream.refused[2] == "phase-closed"
    assert stream.refused[3] in ("unknown-consultation", "unknown-phase")
    assert client.tally(name, "ideas").json()["voters"] == 0


def test_a_removal_frees_the_place_of_many_votes(own_server):
    """Twenty times the same consultation of many votes: memory stays within bounds."""
    with TallyClient(own_server) as client:
        sizes = []
        for _ in range(20):
            client.define("c", definition(support_phase()))
            stream = client.vote_stream("c", "ideas")
            stream.send(*({"proposal": "p1", "account": f"a{number}"} for number in range(10_000)))
            assert stream.finish()["counted"] == 10_000
            client.close_phase("c", "ideas")
            assert client.remove("c").status == 200
            sizes.append(own_server.resident_bytes())
        assert sizes[-1] - sizes[4] < 32 << 20, sizes

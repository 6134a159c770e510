"""The commands beside the server: the demonstration and the load generator, judged from outside."""

import json
import subprocess
import threading

import pytest

import patience
from consultations import counts_of
from tally_client import TallyClient, consultation_path
from tally_server import TALLY, run_tally
from test_elections import ELECTION, read_pabulib


def test_the_demonstration_comes_out_exactly_and_ends_without_a_terminal(tmp_path):
    finished = run_tally("demo", "--data", tmp_path / "demo", timeout=4 * patience.SECONDS)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    total = next(line for line in finished.stdout.splitlines() if line.startswith("  all 696"))
    figures = ["71,940", "5,947", "10,735"]
    assert total.split()[2:] == [*figures, *figures, "0"]
    assert run_tally("verify", "--data", tmp_path / "demo").returncode == 0


@pytest.mark.parametrize("options", (
    (), ("--kind", "support"), ("--unary",), ("--full-lines", "--streams", "3")),
    ids=lambda options: " ".join(options) or "streams")
def test_a_load_is_what_the_server_has_afterwards(server, client, name, options):
    finished = run_tally(
        "load", server.url, "--votes", 5_000, "--accounts", 500, "--proposals", 20, "--seed", 7,
        "--consultation", name, "--json", *options)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    report = json.loads(finished.stdout)
    assert report["check"]["differences"] == 0
    phase, = client.tally(name).json()["phases"]
    assert phase["voters"] == report["voters"]
    counted = sum(sum(counts.values()) for counts in counts_of(phase).values())
    assert counted == report["first_votes"] - report["withdrawn"] - report["retracted"]


def test_a_load_notices_a_vote_that_is_not_its_own(server, client, name):
    """Somebody else votes in its consultation meanwhile: its check must not be a formality."""
    loading = subprocess.Popen(
        [str(TALLY), "load", server.url, "--rate", "500", "--duration", "4", "--consultation",
         name], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    killer = threading.Timer(2 * patience.SECONDS, loading.kill)
    killer.start()
    try:
        while client.get(consultation_path(name)).status != 200:
            assert loading.poll() is None, loading.communicate()
        phase = client.get(consultation_path(name)).json()["phases"][0]
        stream = client.vote_stream(name, phase["id"])
        stream.send({"proposal": phase["proposals"][0]["id"], "account": f"{name}-stranger",
                     "choice": phase["ballot"]["choices"][0]})
        assert stream.finish()["counted"] == 1
        printed, logged = loading.communicate()
        assert loading.returncode == 1, (printed, logged)
    finally:
        killer.cancel()
        loading.kill()


def test_a_real_election_as_a_load(server, name):
    official, ballots = read_pabulib(ELECTION)
    finished = run_tally("load", server.url, "--pabulib", ELECTION, "--consultation", name)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    with TallyClient(server) as client:
        phase, = client.tally(name).json()["phases"]
        assert {project: counts["support"] for project, counts in counts_of(phase).items()
                } == official
        assert phase["voters"] == len(ballots)


def test_a_load_on_no_server_says_so():
    finished = run_tally("load", "http://127.0.0.1:1", "--votes", 10)
    assert finished.returncode == 2
    assert "127.0.0.1:1" in finished.stderr

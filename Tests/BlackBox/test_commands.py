"""The commands beside the server: the demonstration and the load generator, judged from outside."""

import json
import subprocess
import threading

import pytest

import patience
from consultations import counts_of
from pabulib import Election
from tally_client import TallyClient, consultation_path
from tally_server import TALLY, run_tally
from test_pabulib import HERE, MORE, SMALL, assert_official


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


def check_load(server, name, path):
    """Loads an election, and reads its official result back."""
    finished = run_tally("load", server.url, "--pabulib", path, "--consultation", name)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    with TallyClient(server) as client:
        phase, = client.tally(name).json()["phases"]
        assert_official(phase, Election(path), path)


@pytest.mark.parametrize("kind", SMALL)
def test_a_small_election_of_each_kind_as_a_load(server, name, tmp_path, kind):
    path = tmp_path / f"{kind}.pb"
    path.write_text(SMALL[kind], encoding="utf-8")
    check_load(server, name, path)


def test_a_real_election_as_a_load(server, name):
    check_load(server, name, HERE / "poland_gdansk_2020_.pb")


@pytest.mark.parametrize(
    "path", sorted(MORE.glob("*.pb")) or [None], ids=lambda path: path.stem if path else "none")
def test_more_elections_as_loads(own_server, path):
    if path is None:
        pytest.skip(f"no elections in {MORE}; TALLY_PABULIB names another folder")
    check_load(own_server, "pabulib", path)


def test_a_load_on_no_server_says_so():
    finished = run_tally("load", "http://127.0.0.1:1", "--votes", 10)
    assert finished.returncode == 2
    assert "127.0.0.1:1" in finished.stderr

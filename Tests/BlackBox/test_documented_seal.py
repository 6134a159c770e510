"""The script of the documentation that recomputes a seal, run as anyone would run it."""

import re
import shlex
import subprocess
import sys

import pytest

from consultations import BALLOTS, EACH_KIND, choice_phase, definition
from seals import check_seal, digest_of
from tally_client import consultation_path
from tally_server import REPOSITORY

DOCUMENTATION = REPOSITORY / "docs" / "HTTP_API.md"


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    blocks = re.findall(r"```python\n(.*?)```", DOCUMENTATION.read_text(encoding="utf-8"), re.S)
    found = [block for block in blocks if "sha256" in block]
    assert len(found) == 1, f"one script that recomputes a seal in {DOCUMENTATION}"
    code = [line for line in found[0].splitlines() if line.strip()]
    assert len(code) <= 10, "the ten lines that were promised"
    path = tmp_path_factory.mktemp("documented") / "seal.py"
    path.write_text(found[0], encoding="utf-8")
    return path


def printed_by(server, script, consultation, phase, kind):
    """What is printed for a phase's tally that curl fetches."""
    url = server.url + consultation_path(consultation, phase) + "/tally"
    command = shlex.join(["curl", "-s", "--noproxy", "*", "--http2-prior-knowledge", url])
    command += " | " + shlex.join([sys.executable, str(script), consultation, kind])
    finished = subprocess.run(["sh", "-c", command], capture_output=True, timeout=60)
    assert finished.returncode == 0, finished.stderr.decode()
    return finished.stdout.decode().strip()


@pytest.mark.parametrize("kind", BALLOTS)
def test_it_prints_the_digest_of_every_kind(server, client, kinds, script, kind):
    assert {phase["id"] for phase in EACH_KIND} == set(BALLOTS)
    for account in (f"{kinds}-a", f"{kinds}-b"):
        client.ballot(kinds, kind, account, BALLOTS[kind])
    client.close_phase(kinds, kind)
    content = check_seal(client, kinds, kind, kind)
    assert printed_by(server, script, kinds, kind, kind) == digest_of(content)
    client.delete_account(f"{kinds}-a")
    assert printed_by(server, script, kinds, kind, kind) == digest_of(content)


def test_it_prints_the_digest_of_odd_names(server, client, name, script):
    odd = ['say "no"', "back\\slash", "😀", "\ufb33", "é", "e\u0301", "/", "<&>", "\U0010ffff"]
    consultation = f'{name} "é\\'
    client.define(consultation, definition(choice_phase("ph/😀", odd, choices=odd)))
    for proposal, choice in zip(odd, reversed(odd)):
        client.vote(consultation, "ph/😀", proposal, f"{name}-a", choice=choice)
    client.close_phase(consultation, "ph/😀")
    content = check_seal(client, consultation, "choice", "ph/😀")
    assert printed_by(server, script, consultation, "ph/😀", "choice") == digest_of(content)

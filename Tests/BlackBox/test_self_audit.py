"""The self-audit: what it says of itself. That it finds differences is tested inside."""

import datetime
import os
import time

import pytest

import patience
from consultations import EACH_KIND, definition
from tally_client import TallyClient

AUDIT = "/v1/admin/audit"


def audit_of(client):
    response = client.get(AUDIT)
    assert response.status == 200, response
    audit = response.json()
    assert set(audit) == {"audits", "sequence", "checked_at", "difference"}, audit
    assert (audit["audits"] == 0) == (audit["checked_at"] is None), audit
    return audit


def audit_metrics(client):
    return {series: value for series, value in client.metrics().items()
            if series.startswith("tally_audit")}


def test_a_server_that_has_not_audited_yet_says_so(own_server):
    with TallyClient(own_server) as client:
        client.define("c", definition(*EACH_KIND))
        assert audit_of(client) == {
            "audits": 0, "sequence": 0, "checked_at": None, "difference": None}
        assert audit_metrics(client) == {
            "tally_audits_total": 0, "tally_audit_position": 0, "tally_audit_difference": 0}


def test_no_difference_was_found_in_what_all_tests_did(client):
    assert audit_of(client)["difference"] is None
    assert audit_metrics(client)["tally_audit_difference"] == 0
    assert "audit: ok" in client.get("/readyz?verbose").body.decode().splitlines()


@pytest.mark.skipif(not os.environ.get("TALLY_SOAK"), reason="an audit begins after a minute")
def test_votes_are_audited_while_they_flow(own_server):
    deadline = time.monotonic() + 60 + patience.SECONDS
    began = datetime.datetime.now(datetime.timezone.utc)
    turn = 0
    with TallyClient(own_server) as client:
        client.define("c", definition(*EACH_KIND))
        while (audit := audit_of(client))["audits"] == 0:
            assert time.monotonic() < deadline, "no audit"
            stream = client.vote_stream("c", "choice")
            stream.send(*({"proposal": f"p{1 + number % 3}", "account": f"a{turn}-{number}",
                           "choice": "yes"} for number in range(1_000)))
            stream.finish()
            client.delete_account(f"a{turn}-0")
            turn += 1
            time.sleep(0.05)
        position = client.tally("c").json()["sequence"]
        assert 0 < audit["sequence"] <= position and audit["difference"] is None
        checked = datetime.datetime.fromisoformat(audit["checked_at"])
        assert began <= checked <= datetime.datetime.now(datetime.timezone.utc)
        assert audit_metrics(client) == {
            "tally_audits_total": 1, "tally_audit_position": audit["sequence"],
            "tally_audit_difference": 0}
        assert client.get("/readyz").status == 200

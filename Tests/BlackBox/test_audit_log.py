"""Administrative acts leave a line in the audit log: which token, what, and what became of it."""

import json

import pytest

from consultations import definition, support_phase
from faulty_server import make_faulty  # noqa: F401
from identities import (
    listed, private_key, public_pem, revoke, signed, token, trusting, wait_until, wait_until_known)
from tally_client import TallyClient


def lines(server):
    file = server.data / "audit.log"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def wait_for(server, count):
    """The log is written beside the answers: waits for that many lines, and gives them."""
    wait_until(lambda: len(lines(server)) >= count, f"{count} lines")
    found = lines(server)
    assert len(found) == count, found
    return found


def shape(line):
    return {name: value for name, value in line.items() if name not in ("time", "by", "sequence")}


def test_every_administrative_act_leaves_a_line(own_server):
    secret = token(own_server.data, "--name", "platform")
    wait_until_known(own_server, secret)
    with TallyClient(own_server, token=secret) as client:
        # Not administrative, or refused before it was looked at:
        client.get("/v1/consultations")
        client.get("/v1/admin/audit")
        client.get("/v1/admin/erasure")
        client.request("PUT", "/v1/consultations/c", body=b"{")
        with TallyClient(own_server) as nobody:
            nobody.delete_account("x")
        # Acts:
        client.define("c", definition(support_phase("ph", opens_at="2100-01-01T00:00:00Z")))
        client.define("c", definition(support_phase("ph", opens_at="2100-01-01T00:00:00Z")))
        client.add_proposal("c", "ph", "p3")
        client.close_phase("c", "ph")
        client.open_phase("c", "ph")
        client.vote("c", "ph", "p1", "a")
        client.remove("c")
        client.close_phase("c", "ph")
        client.add_proposal("c", "no", "p4")
        client.snapshot()
        client.request("POST", "/v1/admin/erasure")
        removed = client.remove("c").json()["sequence"]
    revoke(own_server.data, "platform")
    found = wait_for(own_server, 13)
    place = {"consultation": "c", "phase": "ph"}
    record = found[0]["token"]
    assert [shape(line) for line in found] == [
        {"act": "create-token", "token": record, "outcome": "done"},
        {"act": "define-consultation", "consultation": "c", "outcome": "created"},
        {"act": "define-consultation", "consultation": "c", "outcome": "updated"},
        {"act": "put-proposal", **place, "proposal": "p3", "outcome": "created"},
        {"act": "close-phase", **place, "outcome": "phase-not-open"},
        {"act": "open-phase", **place, "outcome": "open"},
        {"act": "remove-consultation", "consultation": "c", "outcome": "phase-not-closed"},
        {"act": "close-phase", **place, "outcome": "closed"},
        {"act": "put-proposal", "consultation": "c", "phase": "no", "proposal": "p4",
         "outcome": "unknown-phase"},
        {"act": "write-snapshot", "outcome": "done"},
        {"act": "erase", "outcome": "done"},
        {"act": "remove-consultation", "consultation": "c", "outcome": "removed"},
        {"act": "revoke-token", "token": record, "outcome": "done"},
    ]
    assert all(line["by"] == {"token": record, "name": "platform"} for line in found[1:-1])
    assert found[0]["by"].keys() == found[-1]["by"].keys() == {"user"}
    assert found[-2]["sequence"] == removed
    assert [line["time"] for line in found] == sorted(line["time"] for line in found)


def test_deletions_leave_lines_that_name_no_account(own_server):
    accounts = [f"person-{number}" for number in range(20)]
    with TallyClient(own_server) as client:
        client.define("c", definition(support_phase()))
        for account in accounts:
            client.vote("c", "ideas", "p1", account)
        single = client.delete_account(accounts[0]).json()
        stream = client.deletion_stream()
        stream.send(*({"account": account} for account in accounts[:10]), {"no": "account"})
        done = stream.finish()
        client.vote_stream("c", "ideas").finish()
    found = wait_for(own_server, 3)[1:]
    assert found == [
        {"time": found[0]["time"], "act": "delete-account", "by": {"anonymous": True},
         "sequence": single["sequence"], "outcome": "deleted"},
        {"time": found[1]["time"], "act": "delete-accounts", "by": {"anonymous": True},
         "deleted": 9, "already_deleted": 1, "refused": 1, "sequence": done["sequence"],
         "outcome": "done"}]
    text = (own_server.data / "audit.log").read_text() + own_server.log.read_text()
    assert not [account for account in accounts if account in text]


def test_a_deletion_whose_client_is_gone_leaves_its_line(own_server):
    with TallyClient(own_server) as client:
        stream = client.deletion_stream()
        stream.send(*({"account": f"a{number}"} for number in range(100)))
        stream.wait_through(100)
    line = wait_for(own_server, 1)[0]
    assert line["outcome"] == "aborted" and line["deleted"] == 100
    client = TallyClient(own_server)
    for number in range(50):
        client.start_deletion(f"b{number}")
    client.close()
    with TallyClient(own_server) as other:
        position = other.delete_account("a0").json()["sequence"]
    # What was taken has a number and a line; what was not has neither.
    wait_until(lambda: lines(own_server)[-1].get("sequence") == position, "the last line")
    single = [line["sequence"] for line in lines(own_server)[1:]]
    assert single == list(range(single[0], position + 1))


@pytest.mark.parametrize("fault", ("append.audit-log:EIO", "append.audit-log:ENOSPC",
                                   "create.audit-log:EIO"))
def test_a_disk_that_takes_no_line_stops_nobody_and_the_loss_is_told(make_faulty, fault):  # noqa: F811
    server = make_faulty("audit")
    server.environment = {"TALLY_FAULT": fault}
    server.start()
    with TallyClient(server) as client:
        assert client.define("c", definition(support_phase())).status == 201
        wait_until(lambda: "audit log takes no lines" in server.log.read_text(), "complaint")
        assert client.close_phase("c", "ideas").status == 200
    log = server.data / "audit.log"
    wait_until(lambda: log.exists() and "close-phase" in log.read_text(), "the next line")
    text = log.read_text()
    told, closed = (json.loads(line) for line in text.splitlines() if line)
    assert (told["act"], told["lines"], closed["act"]) == ("lost-lines", 1, "close-phase")
    assert server.terminate() == 0


def test_a_jwt_is_named_by_its_issuer_and_not_by_its_subject(make_server, tmp_path):
    key = private_key("ES256")
    (tmp_path / "key.pem").write_text(public_pem(key))
    server = make_server(*trusting(tmp_path / "key.pem")).start()
    text = signed(key, "consultations:write", sub="the-person")
    with TallyClient(server, token=text) as client:
        client.define("c", definition(support_phase()))
    line = wait_for(server, 1)[0]
    assert line["by"]["issuer"] == "https://login.example" and len(line["by"]["jwt"]) == 16
    assert server.terminate() == 0
    for file in (server.data / "audit.log", server.log):
        assert "the-person" not in file.read_text() and text not in file.read_text()


def test_the_log_outlives_the_server_and_can_be_moved_away(own_server):
    with TallyClient(own_server) as client:
        client.define("c", definition(support_phase()))
    assert own_server.terminate() == 0
    assert len(lines(own_server)) == 1, "all was written before the server ended"
    own_server.start()
    (own_server.data / "audit.log").rename(own_server.data / "audit.log.1")
    with TallyClient(own_server) as client:
        client.close_phase("c", "ideas")
    assert wait_for(own_server, 1)[0]["act"] == "close-phase"
    assert listed(own_server.data) == []

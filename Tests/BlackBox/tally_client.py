"""The routes of the contract, one method each, on one HTTP/2 connection."""

import json
from urllib.parse import quote

from h2client import Connection
from vote_streams import AnsweredStream

JSON = ("content-type", "application/json")
NDJSON = ("content-type", "application/x-ndjson")


def encoded(identifier):
    """An identifier as a path segment: everything but unreserved characters is escaped."""
    return quote(identifier, safe="")


def consultation_path(consultation, phase=None, proposal=None):
    path = f"/v1/consultations/{encoded(consultation)}"
    if phase is not None:
        path += f"/phases/{encoded(phase)}"
    if proposal is not None:
        path += f"/proposals/{encoded(proposal)}"
    return path


def vote_path(consultation, phase, proposal, account):
    return f"{consultation_path(consultation, phase, proposal)}/votes/{encoded(account)}"


def ballot_path(consultation, phase, account):
    return f"{consultation_path(consultation, phase)}/ballots/{encoded(account)}"


def ballot_of(votes):
    """The JSON of a whole ballot, from pairs of a proposal and what its vote carries, or a map."""
    pairs = votes.items() if isinstance(votes, dict) else votes
    return {"votes": [{"proposal": proposal, **carried} for proposal, carried in pairs]}


class TallyClient:
    """Methods answer with the whole `Response`; those named `start_…` do not wait for it."""

    def __init__(self, server, **connection):
        self.connection = Connection(server.host, server.port, **connection)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def close(self):
        self.connection.close()

    def request(self, method, path, headers=(), *, body=None):
        return self.connection.request(method, path, headers, body=body)

    def get(self, path, *headers):
        return self.request("GET", path, headers)

    def put_json(self, path, value, *headers):
        return self.request("PUT", path, [JSON, *headers], body=json.dumps(value).encode())

    def define(self, consultation, definition, *headers):
        return self.put_json(consultation_path(consultation), definition, *headers)

    def add_proposal(self, consultation, phase, proposal, **fields):
        return self.put_json(
            consultation_path(consultation, phase, proposal), {"id": proposal, **fields})

    def open_phase(self, consultation, phase):
        return self.request("POST", consultation_path(consultation, phase) + "/open")

    def close_phase(self, consultation, phase):
        return self.request("POST", consultation_path(consultation, phase) + "/close")

    def start_vote(self, consultation, phase, proposal, account, **carried):
        return self.connection.start(
            "PUT", vote_path(consultation, phase, proposal, account), [JSON],
            body=json.dumps(carried).encode())

    def vote(self, *where, **carried):
        return self.start_vote(*where, **carried).response()

    def start_withdrawal(self, *where):
        return self.connection.start("DELETE", vote_path(*where))

    def withdraw(self, *where):
        return self.start_withdrawal(*where).response()

    def get_vote(self, *where):
        return self.get(vote_path(*where))

    def start_ballot(self, consultation, phase, account, votes):
        return self.connection.start(
            "PUT", ballot_path(consultation, phase, account), [JSON],
            body=json.dumps(ballot_of(votes)).encode())

    def ballot(self, *where_and_votes):
        """Puts a whole ballot; `votes` maps each proposal to what its vote carries."""
        return self.start_ballot(*where_and_votes).response()

    def start_deletion(self, account):
        return self.connection.start("DELETE", f"/v1/accounts/{encoded(account)}")

    def delete_account(self, account):
        return self.start_deletion(account).response()

    def personal_data(self, account, *headers):
        return self.get(f"/v1/accounts/{encoded(account)}/votes", *headers)

    def held(self, account, consultation, phase):
        """What each vote of the account in a phase carries, by proposal."""
        return {
            vote["proposal"]: {name: vote[name] for name in ("choice", "rank", "points")
                               if name in vote}
            for vote in self.personal_data(account).json()["votes"]
            if (vote["consultation"], vote["phase"]) == (consultation, phase)}

    def start_tally(self, consultation, phase=None, proposal=None, *headers):
        return self.connection.start(
            "GET", consultation_path(consultation, phase, proposal) + "/tally", headers)

    def tally(self, *where):
        return self.start_tally(*where).response()

    def seal(self, consultation, phase, digest=None):
        query = "" if digest is None else f"?digest={digest}"
        return self.get(consultation_path(consultation, phase) + "/seal" + query)

    def remove(self, consultation, *headers):
        return self.request("DELETE", consultation_path(consultation), headers)

    def metrics(self):
        """What `/metrics` shows: a number by series."""
        lines = self.get("/metrics").body.decode().splitlines()
        samples = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        return {series: int(value) for series, value in samples}

    def snapshot(self):
        return self.request("POST", "/v1/admin/snapshot")

    def vote_stream(self, consultation=None, phase=None):
        """A stream of votes, of one phase or of any; the request is left open."""
        path = ("/v1/votes" if consultation is None
                else consultation_path(consultation, phase) + "/votes")
        return AnsweredStream(self.connection.start("POST", path, [NDJSON], end=False))

    def deletion_stream(self):
        return AnsweredStream(self.connection.start("POST", "/v1/deletions", [NDJSON], end=False))

"""What honest clients do while others attack: votes, one by one and in streams, and reads, all of
which must succeed."""

import threading

from consultations import definition, support_phase
from tally_client import TallyClient


class HonestWork:
    """Runs beside the block that it surrounds; then every vote must be counted."""

    def __init__(self, server, name):
        self.server = server
        self.name = name
        self.votes = 0
        self.failure = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work)

    def __enter__(self):
        with TallyClient(self.server) as client:
            client.define(self.name, definition(support_phase()))
        self._thread.start()
        return self

    def __exit__(self, kind, *_):
        self._stop.set()
        self._thread.join()
        if kind is None:
            assert self.failure is None, self.failure
            assert self.votes > 0, "honest clients could do nothing"

    def _work(self):
        try:
            with TallyClient(self.server) as client:
                # Once at least: an attack may be over before this thread begins.
                self._round(client)
                while not self._stop.is_set():
                    self._round(client)
                tally = client.tally(self.name, "ideas", "p1")
                assert tally.json()["counts"]["support"] == self.votes, tally
        except Exception as error:
            self.failure = f"{type(error).__name__}: {error}"

    def _round(self, client):
        accounts = [f"{self.name}-{self.votes + number}" for number in range(20)]
        votes = [client.start_vote(self.name, "ideas", "p1", account) for account in accounts[:10]]
        stream = client.vote_stream(self.name, "ideas")
        stream.send(*({"proposal": "p1", "account": account} for account in accounts[10:]))
        assert stream.finish()["counted"] == 10
        for vote in votes:
            response = vote.response()
            assert response.status == 201, response
        assert client.tally(self.name).status == 200
        self.votes += 20

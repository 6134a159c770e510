"""Runs in which the process does everything that it can do to its disk, while votes come in."""

import signal
import time

from acknowledged_load import SERVER_GONE, Load
from tally_client import TallyClient

#: How many single votes a run goes on for.
LATEST = 30


class Story:
    """A run that makes the process do everything, from a directory in a certain state."""

    def __init__(self, name, past):
        self.name = name
        #: The data directory that it begins with, and the load that was acknowledged there.
        self.past = past

    def run(self, server, load_name):
        """To the end, or until the process dies; the load, which has ended."""
        load = Load(load_name)
        if self.past is not None:
            server.become_copy_of(self.past[0])
        if not server.starts():
            return load
        try:
            load.begin(server)
            with TallyClient(server) as client:
                for _ in range(3):
                    client.snapshot()
                client.request("POST", "/v1/admin/erasure")
            load.wait_for_votes(LATEST)
            server.process.send_signal(signal.SIGTERM)
        except SERVER_GONE:
            pass
        finally:
            load.end()
        server.wait()
        return load

    def check(self, server, load):
        """After whatever happened: starts the server without faults, and looks for everything."""
        server.without_faults().start()
        with TallyClient(server) as client:
            if self.past is not None:
                self.past[1].check(client)
            load.check(client)
        assert server.terminate() == 0, server.log_tail()
        server.assert_sound()


def damage(server):
    """Leaves what recovery has to clear away: a torn tail, a bad snapshot, an unfinished file."""
    segment = max(server.data.glob("journal-*.seg"))
    content = segment.read_bytes().rstrip(b"\0")
    with open(segment, "r+b") as file:
        file.seek((len(content) + 7) // 8 * 8)
        file.write(b"a record that the power cut left unfinished")
    snapshot = max(server.data.glob("snapshot-*.snap"))
    middle = snapshot.stat().st_size // 2
    with open(snapshot, "r+b") as file:
        file.seek(middle)
        byte = file.read(1)
        file.seek(middle)
        file.write(bytes([byte[0] ^ 1]))
    (server.data / "snapshot-00000000000000000007.snap.tmp").write_bytes(b"unfinished")


def make_past(server):
    """A directory with a past: two snapshots and what follows them, killed, and damaged then."""
    server.start()
    load = Load("past")
    load.begin(server)
    with TallyClient(server) as client:
        for _ in range(2):
            assert client.snapshot().status == 200
    time.sleep(0.1)
    load.end()
    server.kill9()
    damage(server)
    return server.data, load


def stories(make_faulty):
    """From an empty directory, and from one with a past."""
    return [Story("beginning", None), Story("going on", make_past(make_faulty("past")))]


def points_of(make_faulty, stories):
    """Each failpoint that is passed, and the story in which it is first."""
    where = {}
    for story in stories:
        server = make_faulty("traced")
        trace = server.log.with_name("trace")
        server.environment = {"TALLY_FAILPOINT_TRACE": str(trace)}
        load = story.run(server, "traced")
        assert server.process.returncode == 0, server.log_tail()
        story.check(server, load)
        for point in trace.read_text().split():
            where.setdefault(point, story)
    return where

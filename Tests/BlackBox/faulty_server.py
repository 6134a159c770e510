"""A server whose process dies, or whose disk fails, at a point that the test names.

The header comment of `Sources/Persistence/Storage/Failpoint.swift` says which points there are.
"""

import os
import shutil
import subprocess

import pytest

import patience
from tally_server import TALLY, ServerDidNotStart, TallyServer, run_tally


class FaultyServer(TallyServer):
    """`environment` is added to at every start, and `tracer` put before the command."""

    def __init__(self, directory, *options):
        super().__init__(directory, *options)
        self.environment = {}
        self.tracer = ()

    def launch(self):
        assert not self.is_running, "the server runs already"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [*self.tracer, str(TALLY), "serve", "--data", str(self.data),
                 "--listen", "127.0.0.1:0", *self.options],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
                env={**os.environ, **self.environment})

    def starts(self):
        """Starts it; whether it came as far as to serve."""
        try:
            self.start()
            return True
        except ServerDidNotStart:
            return False

    def without_faults(self):
        self.environment, self.tracer = {}, ()
        return self

    def wait(self):
        """The exit code of a process that ends by itself."""
        return self.process.wait(patience.SECONDS)

    def become_copy_of(self, data):
        shutil.rmtree(self.data, ignore_errors=True)
        # Room that was only taken ahead stays a hole: the copy costs what was written.
        subprocess.run(["cp", "-a", "--sparse=always", data, self.data], check=True)

    def assert_sound(self):
        """The directory of a server that has ended."""
        result = run_tally("verify", "--data", self.data)
        assert result.returncode == 0, result.stderr

    def discard_data(self):
        """A journal takes its room ahead, so the data of many servers add up."""
        shutil.rmtree(self.data, ignore_errors=True)


@pytest.fixture(scope="module")
def make_faulty(request, tmp_path_factory):
    """Makes servers, not yet started. What is left in their directories after a failure is kept."""
    made = []

    def make(name):
        server = FaultyServer(tmp_path_factory.mktemp(name))
        made.append(server)
        return server

    yield make
    for server in made:
        server.kill9()
        if not request.session.testsfailed:
            server.discard_data()

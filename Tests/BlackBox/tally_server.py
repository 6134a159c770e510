"""A real `tally serve` process on a free port, with its logs kept for failing tests."""

import os
import select
import signal
import subprocess
import threading
import time
from pathlib import Path

import patience

REPOSITORY = Path(__file__).resolve().parents[2]

#: The executable under test.
TALLY = Path(os.environ.get("TALLY", REPOSITORY / ".build" / "release" / "tally"))


class ServerDidNotStart(AssertionError):
    """The process ended, or stayed silent, instead of printing where it listens."""


def run_tally(*arguments, timeout=patience.SECONDS):
    """Runs a command of the executable to its end; `returncode`, `stdout` and `stderr` of it."""
    return subprocess.run(
        [str(TALLY), *map(str, arguments)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout)


class TallyServer:
    """One data directory and the process that serves it; the process can die and come back.

    The port is taken anew at each start, so ask for `port` after each.
    """

    def __init__(self, directory, *options):
        self.data = Path(directory) / "data"
        self.log = Path(directory) / "server.log"
        self.options = options
        self.process = None
        #: What it listens on; tests speak to it at `host`.
        self.address = "127.0.0.1"
        self.host = "127.0.0.1"
        self.port = None
        #: What it says that it speaks: `https` with a certificate among the options.
        self.scheme = "http"
        #: Every line of standard output since the last start.
        self.printed = []

    @property
    def url(self):
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def launch(self):
        """Starts the process without waiting for it to be ready."""
        assert not self.is_running, "the server runs already"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [str(TALLY), "serve", "--data", str(self.data), "--listen", f"{self.address}:0",
                 *self.options],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)

    def start(self):
        self.launch()
        return self.wait_until_ready()

    def wait_until_ready(self):
        """Waits for the line that says where the server listens."""
        line = self._first_line()
        listening = f"listening on {self.scheme}://"
        if not line.startswith(listening):
            self.kill9()
            raise ServerDidNotStart(f"the first line printed is {line!r}\n{self.log_tail()}")
        host, _, port = line[len(listening):].rpartition(":")
        assert host == self.address, line
        self.port = int(port)
        self.printed = [line]
        threading.Thread(
            target=self._keep_printed, args=(self.process.stdout, self.printed),
            daemon=True).start()
        return self

    def kill9(self):
        """The process dies at once, like in a power cut, but for the page cache."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(patience.SECONDS)

    def terminate(self):
        """Asks the server to drain, and gives its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(patience.SECONDS)

    def restart(self, *, kill):
        if kill:
            self.kill9()
        else:
            code = self.terminate()
            assert code == 0, f"SIGTERM ended the server with {code}\n{self.log_tail()}"
        return self.start()

    def resident_bytes(self):
        """Memory that the server holds now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) << 10

    def log_tail(self, characters=6000):
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return f"--- {self.log} ---\n{text[-characters:]}"

    def _first_line(self):
        descriptor = self.process.stdout.fileno()
        deadline = time.monotonic() + patience.SECONDS
        gathered = b""
        # Byte by byte, so that nothing after the line is taken from the thread that follows.
        while not gathered.endswith(b"\n"):
            left = deadline - time.monotonic()
            ready, _, _ = select.select([descriptor], [], [], max(left, 0))
            byte = os.read(descriptor, 1) if ready else b""
            if not byte:
                code = self.process.poll()
                self.kill9()
                raise ServerDidNotStart(
                    f"no line on standard output (exit code {code})\n{self.log_tail()}")
            gathered += byte
        return gathered.decode().rstrip("\n")

    @staticmethod
    def _keep_printed(stdout, printed):
        with stdout:
            for line in stdout:
                printed.append(line.decode().rstrip("\n"))

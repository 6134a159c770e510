"""nginx and HAProxy as child processes, with the configurations that docs/DEPLOYMENT.md advises.

They run in the foreground with files of their own; the services of the system are not touched.
"""

import re
import shutil
import socket
import subprocess
import time

import pytest

import patience
from tally_server import REPOSITORY

#: The name that the configurations serve.
NAME = "vote.example"


def advised(language):
    """The snippets of docs/DEPLOYMENT.md in a language, in their order."""
    text = (REPOSITORY / "docs" / "DEPLOYMENT.md").read_text()
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def replaced(text, **replacements):
    """`text` with something else in each place where the advice must differ for a test."""
    for old, new in replacements.items():
        assert old in text, f"{old} is not in the advice any more"
        text = text.replace(old, str(new))
    return text


class Proxy:
    """A proxy at `host` and `port`, behind TLS."""

    scheme = "https"

    def __init__(self, program, directory, make_command):
        path = shutil.which(program) or shutil.which(program, path="/usr/sbin")
        if path is None:
            pytest.skip(f"{program} is not installed")
        self.host, self.port = "127.0.0.1", free_port()
        self.log = directory / f"{program}.log"
        with open(self.log, "wb") as log:
            self._process = subprocess.Popen(
                [path, *make_command(self.port)], stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT)

    def wait_until_ready(self):
        deadline = time.monotonic() + patience.SECONDS
        while True:
            assert self._process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, "the proxy does not listen"
            try:
                socket.create_connection((self.host, self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.02)

    def end(self):
        self._process.terminate()
        self._process.wait(patience.SECONDS)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def nginx(directory, server, certificate):
    """nginx with the advised `upstream` and `server`, inside the rest that it needs."""
    def make(port):
        advice = replaced(advised("nginx")[0], **{
            "127.0.0.1:8080": f"{server.host}:{server.port}",
            "listen 443": f"listen 127.0.0.1:{port}",
            f"/etc/ssl/{NAME}": certificate.parent})
        places = "".join(
            f"    {kind}_temp_path {directory}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (directory / "nginx.conf").write_text(
            f"daemon off;\npid {directory}/nginx.pid;\nerror_log stderr;\n"
            "worker_processes 1;\nevents {}\n"
            f"http {{\n    access_log off;\n{places}{advice}}}\n")
        return ["-p", str(directory), "-c", str(directory / "nginx.conf"), "-e", "stderr"]
    return Proxy("nginx", directory, make)


def haproxy(directory, server, certificate, backend=None):
    """HAProxy with the advised configuration; with `backend`, that is Tally's certificate, the
    backend is the one on another machine."""
    pem = directory / "haproxy.pem"
    pem.write_bytes(certificate.read_bytes() + (certificate.parent / "key.pem").read_bytes())
    here, elsewhere = advised("haproxy")

    def make(port):
        advice = replaced(here, **{
            "bind :443": f"bind 127.0.0.1:{port}", f"/etc/haproxy/{NAME}.pem": pem})
        address = f"{server.host}:{server.port}"
        if backend is None:
            advice = replaced(advice, **{"127.0.0.1:8080": address})
        else:
            advice = advice.partition("\nbackend tally\n")[0] + "\n" + replaced(elsewhere, **{
                "tally.internal:8443": address, "/etc/haproxy/tally.pem": backend,
                "verifyhost tally.internal": "verifyhost localhost"})
        (directory / "haproxy.cfg").write_text(advice)
        return ["-db", "-f", str(directory / "haproxy.cfg")]
    return Proxy("haproxy", directory, make)

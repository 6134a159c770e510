"""Thin wrappers round the command-line clients: curl, nghttp and h2load."""

import subprocess
import tempfile
from pathlib import Path

import patience
from h2client import Response

HTTP1 = "--http1.1"
HTTP2 = "--http2-prior-knowledge"


def curl(url, *arguments, protocol=HTTP2, body=None):
    """One request by curl: a `Response`. `body` is given to curl on its standard input."""
    with tempfile.TemporaryDirectory() as directory:
        heads, content = Path(directory) / "heads", Path(directory) / "content"
        command = ["curl", "--silent", "--show-error", "--path-as-is", protocol,
                   "--max-time", str(int(patience.SECONDS)), "--noproxy", "*",
                   "--dump-header", str(heads), "--output", str(content), *arguments, url]
        if body is not None:
            command += ["--data-binary", "@-"]
        finished = subprocess.run(
            command, input=body if body is not None else b"", capture_output=True,
            timeout=patience.SECONDS + 10)
        assert finished.returncode == 0, f"{command}: {finished.stderr.decode()}"
        status, headers = _last_head(heads.read_text(encoding="latin-1"))
        return Response(status, headers, content.read_bytes() if content.exists() else b"")


def _last_head(text):
    """Status and fields of the last head of a dump, after any 100 (Continue)."""
    block = [part for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()][-1]
    first, *rest = block.split("\n")
    fields = (line.partition(":") for line in rest if ":" in line)
    return int(first.split()[1]), {
        name.strip().lower(): value.strip() for name, _, value in fields}


def nghttp(url, *arguments):
    """The body of one request by nghttp; fails when nghttp does."""
    finished = subprocess.run(
        ["nghttp", *arguments, url], capture_output=True, timeout=patience.SECONDS)
    assert finished.returncode == 0, finished.stderr.decode()
    return finished.stdout


def h2load(url, *arguments):
    """The report that h2load prints at its end."""
    finished = subprocess.run(
        ["h2load", *arguments, url], capture_output=True, text=True, timeout=patience.SECONDS)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout

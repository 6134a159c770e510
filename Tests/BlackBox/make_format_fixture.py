"""Makes the directories of `formats/` for a format that has none yet:

    cd Tests/BlackBox && TALLY=… /usr/bin/python3 make_format_fixture.py NAME

NAME says which versions the files have: `format1-rules2`. What is there is never made again: it must be
read as it is by every later version. A new format gets directories of its own, beside the others.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

from format_story import observe, tell, tell_more
from tally_client import TallyClient
from tally_server import TallyServer, run_tally

FORMATS = Path(__file__).parent / "formats"


def make(directory, with_snapshots):
    """One directory, and beside it what a server on it must say."""
    with tempfile.TemporaryDirectory() as scratch:
        server = TallyServer(scratch).start()
        with TallyClient(server) as client:
            tell(client)
            if with_snapshots:
                for _ in range(2):
                    assert client.snapshot().status == 200
                    client.vote("open", "choice", "p3", "eve", choice="yes")
            tell_more(client)
            expected = observe(client)
        assert server.terminate() == 0, server.log_tail()
        # A backup has no room that is only taken ahead: kilobytes instead of megabytes.
        copied = run_tally("backup", "--data", server.data, "--to", directory)
        assert copied.returncode == 0, copied.stderr
    (directory / "lock").unlink()
    directory.with_suffix(".json").write_text(
        json.dumps(expected, indent=1, ensure_ascii=False, sort_keys=True) + "\n",
        encoding="utf-8")


def main():
    name, = sys.argv[1:]
    home = FORMATS / name
    home.mkdir(parents=True)
    try:
        make(home / "journal", with_snapshots=False)
        make(home / "snapshots", with_snapshots=True)
    except BaseException:
        shutil.rmtree(home)
        raise


if __name__ == "__main__":
    main()

"""Fixtures: one server that most tests share, and servers of their own for those that end one."""

import collections
import itertools
import shutil

import pytest

import http2_frames
import tally_server
from consultations import EACH_KIND, choice_phase, definition, phase_of, support_phase
from endpoints import Endpoint, make_secure_server
from tally_client import TallyClient, consultation_path
from tally_server import TallyServer

LargeAnswer = collections.namedtuple("LargeAnswer", "fields body")

_running = []
_has_failed = pytest.StashKey()


def pytest_sessionstart(session):
    if not tally_server.TALLY.exists():
        raise pytest.UsageError(
            f"no executable at {tally_server.TALLY}: build it, or say where it is in TALLY")


def pytest_sessionfinish(session, exitstatus):
    """What a run without a failure leaves behind would fill a disk after a few of them."""
    if exitstatus == pytest.ExitCode.OK:
        shutil.rmtree(session.config._tmp_path_factory.getbasetemp(), ignore_errors=True)


@pytest.fixture(autouse=True)
def _keeps_only_failures(request, tmp_path):
    """Removes the files of a test that passed: every copy of a journal takes its space ahead."""
    yield
    if not request.node.stash.get(_has_failed, False):
        shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A failure shows what the servers logged."""
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        item.stash[_has_failed] = True
        for server in _running:
            report.sections.append(("server", server.log_tail()))


@pytest.fixture(scope="session")
def _shared(tmp_path_factory):
    server = TallyServer(tmp_path_factory.mktemp("shared"))
    _running.append(server)
    yield server
    discard(server)


def discard(server, keeps_data=False):
    """Ends a server for good. A journal takes its space ahead, so the data of many add up."""
    _running.remove(server)
    server.kill9()
    if not keeps_data:
        shutil.rmtree(server.data, ignore_errors=True)


@pytest.fixture
def server(_shared):
    """The shared server. It must outlive each test; if not, that test fails and no other."""
    if not _shared.is_running:
        _shared.start()
    yield _shared
    assert _shared.is_running, f"the server died\n{_shared.log_tail()}"


@pytest.fixture(scope="session")
def _shared_secure(tmp_path_factory):
    server, certificate = make_secure_server(tmp_path_factory.mktemp("secure"))
    _running.append(server)
    yield Endpoint(server, certificate)
    discard(server)


@pytest.fixture(params=("cleartext", "TLS"))
def endpoint(request):
    """A server that tests share, through one of the two transports."""
    if request.param == "cleartext":
        shared = Endpoint(request.getfixturevalue("_shared"))
    else:
        shared = request.getfixturevalue("_shared_secure")
    if not shared.server.is_running:
        shared.server.start()
    yield shared
    assert shared.server.is_running, f"the server died\n{shared.server.log_tail()}"


@pytest.fixture
def large_answer(endpoint, name):
    """A request of `endpoint` that is answered with a megabyte and more."""
    with endpoint.relayed() as address, TallyClient(address) as client:
        title = "".join(f"title {number} " for number in range(100_000))
        assert client.define(name, definition(support_phase(), title=title)).status == 201
        path = consultation_path(name)
        return LargeAnswer(http2_frames.request("GET", path), client.get(path).body)


@pytest.fixture
def make_server(request, tmp_path):
    """Makes servers, not yet started, each with a data directory of its own.

    What a failed test leaves in it is kept, to be looked at.
    """
    made = []

    def make(*options):
        directory = tmp_path / f"server{len(made)}"
        directory.mkdir()
        server = TallyServer(directory, *options)
        made.append(server)
        _running.append(server)
        return server

    yield make
    for server in made:
        discard(server, keeps_data=request.node.stash.get(_has_failed, False))


@pytest.fixture
def own_server(make_server):
    """A started server that no other test sees, to be ended, killed and restarted at will."""
    return make_server().start()


@pytest.fixture
def client(server):
    """One HTTP/2 connection to the shared server."""
    with TallyClient(server) as client:
        yield client


_numbers = itertools.count(1)


@pytest.fixture
def name():
    """A name that no other test has: for consultations and as the beginning of accounts."""
    return f"t{next(_numbers)}"


@pytest.fixture
def consultation(client, name):
    """A consultation on the shared server with two open phases: `opinions` and `ideas`."""
    response = client.define(name, definition(choice_phase(), support_phase()))
    assert response.status == 201, response
    return name


@pytest.fixture
def kinds(client, name):
    """A consultation on the shared server with a phase of each kind, named for it."""
    response = client.define(name, definition(*EACH_KIND))
    assert response.status == 201, response
    return name


@pytest.fixture
def wide(client, name):
    """A consultation on the shared server whose phase `ph` has 1,025 proposals."""
    response = client.define(
        name, definition(phase_of("support", [f"p{number}" for number in range(1_025)])))
    assert response.status == 201, response
    return name

"""Tally behind nginx and HAProxy, as docs/DEPLOYMENT.md advises."""

import json
import signal
import threading

import pytest

import patience
import proxies
from consultations import counts_of, definition, support_phase
from curl import HTTP1, curl, h2load
from endpoints import Endpoint, make_secure_server
from identities import token
from tally_client import TallyClient, consultation_path, vote_path
from tally_server import run_tally
from vote_streams import encode_lines


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """The certificate of the proxies."""
    directory = tmp_path_factory.mktemp("proxy")
    finished = run_tally("certificate", "--to", directory, "--host", proxies.NAME)
    assert finished.returncode == 0, finished.stderr
    return directory / "certificate.pem"


class Behind:
    """A server with a token, and a proxy before it."""

    def __init__(self, server, secret, proxy, certificate):
        self.server = server
        self.secret = secret
        self.proxy = proxy
        self.certificate = certificate
        self.url = f"https://{proxies.NAME}:{proxy.port}"

    def client(self):
        """A client by HTTP/2 through the proxy, in a `with` statement."""
        return _Relayed(self)

    def curl(self, path, *arguments, protocol="--http2", knows=True, **options):
        """One request; with the token, if it `knows` it."""
        if knows:
            arguments += ("-H", f"authorization: Bearer {self.secret}")
        return curl(
            self.url + path, "--cacert", str(self.certificate), "--resolve",
            f"{proxies.NAME}:{self.proxy.port}:{self.proxy.host}", *arguments, protocol=protocol,
            **options)


class _Relayed:
    def __init__(self, behind):
        self.endpoint = Endpoint(behind.proxy, behind.certificate, proxies.NAME)
        self.secret = behind.secret

    def __enter__(self):
        self.relay = self.endpoint.relayed()
        self.client = TallyClient(self.relay, token=self.secret, authority=proxies.NAME)
        return self.client

    def __exit__(self, *_):
        self.client.close()
        self.relay.__exit__()


@pytest.fixture(params=("nginx", "haproxy", "haproxy to TLS"))
def behind(request, make_server, tmp_path, certificate):
    """The proxy before a server of its own, in which the consultation `c` has the phase `ideas`."""
    backend = None
    if request.param == "haproxy to TLS":
        server, backend = make_secure_server(tmp_path)
        request.addfinalizer(server.kill9)
    else:
        server = make_server()
    secret = token(server.data)
    server.start()
    if request.param == "nginx":
        proxy = proxies.nginx(tmp_path, server, certificate)
    else:
        proxy = proxies.haproxy(tmp_path, server, certificate, backend)
    request.addfinalizer(proxy.end)
    proxy.wait_until_ready()
    behind = Behind(server, secret, proxy, certificate)
    with behind.client() as client:
        phase = support_phase(proposals=("p1", "L5/04/VII"))
        assert client.define("c", definition(phase)).status == 201
    return behind


def test_a_stream_is_answered_while_it_is_sent(behind):
    with behind.client() as client:
        votes = client.vote_stream("c", "ideas")
        for number in range(1, 11):
            votes.send({"proposal": "p1", "account": f"a{number}"})
            votes.wait_through(number)
        assert votes.finish()["counted"] == 10


def test_large_streams_and_large_answers(behind):
    """A body larger than any buffer each way, at once."""
    accepted, refused = 100, 100_000
    line = encode_lines([{"proposal": "p1", "account": "a"}]).rstrip() + b" " * 60_000 + b"\n"
    with behind.client() as client:
        votes = client.vote_stream("c", "ideas")

        def send():
            for _ in range(accepted):
                votes.send_bytes(line + b"x\n" * (refused // accepted))
            votes.stream.end()

        sending = threading.Thread(target=send)
        sending.start()
        done = votes.read_to_end()
        sending.join()
        assert (done["counted"], done["unchanged"], done["refused"]) == (1, accepted - 1, refused)


def test_single_votes_and_streams_by_curl(behind):
    lines = encode_lines([{"proposal": "p1", "account": f"s{number}"} for number in range(20_000)])
    for number, protocol in enumerate(("--http2", HTTP1)):
        # The slash of an identifier goes through as it is.
        answer = behind.curl(vote_path("c", "ideas", "L5/04/VII", f"a/{number}"), "-X", "PUT",
                             "-H", "content-type: application/json", protocol=protocol, body=b"{}")
        assert answer.status == 201, answer
        answer = behind.curl(consultation_path("c", "ideas") + "/votes", "-X", "POST", "-H",
                             "content-type: application/x-ndjson", protocol=protocol, body=lines)
        assert json.loads(answer.body.splitlines()[-1])["lines"] == 20_000
        assert behind.curl("/v1/nonsense", protocol=protocol).json()["status"] == 404
    tally = behind.curl(consultation_path("c", "ideas") + "/tally")
    assert counts_of(tally.json()) == {
        "p1": {"support": 20_000}, "L5/04/VII": {"support": 2}}
    assert "tally-sequence" in tally.headers
    unchanged = behind.curl(consultation_path("c", "ideas") + "/tally",
                            "-H", f"if-none-match: {tally.headers['etag']}")
    assert unchanged.status == 304
    large = b'{"title":"' + b"x" * (7 << 20) + b'","phases":' + json.dumps(
        [support_phase()]).encode() + b"}"
    assert behind.curl("/v1/consultations/large", "-X", "PUT", "-H",
                       "content-type: application/json", body=large).status == 201


def test_without_a_token_nobody_comes_in(behind):
    assert behind.curl("/v1/consultations", knows=False).status == 401


def test_h2load_through_it(behind):
    report = h2load(f"https://127.0.0.1:{behind.proxy.port}/v1/consultations/c/tally",
                    "-n", "2000", "-c", "10", "-m", "50",
                    "-H", f":authority: {proxies.NAME}",
                    "-H", f"authorization: Bearer {behind.secret}")
    assert "status codes: 2000 2xx" in report


def test_a_stream_gets_its_last_line_when_the_server_is_ended(behind):
    with behind.client() as client:
        votes = client.vote_stream("c", "ideas")
        votes.send(*({"proposal": "p1", "account": f"a{number}"} for number in range(100)))
        votes.wait_through(100)
        behind.server.process.send_signal(signal.SIGTERM)
        done = votes.read_to_end()
        assert (done["done"], done["error"], done["through"]) == (False, "draining", 100)
        assert behind.server.process.wait(patience.SECONDS) == 0
        # The proxy is asked by others meanwhile, and says that it has nobody to ask.
        assert client.get("/v1/consultations").status in (502, 503)

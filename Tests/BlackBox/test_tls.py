"""TLS: what is negotiated, certificates that change while it serves, and who is let in."""

import datetime
import os
import shutil
import socket
import ssl
import stat
import subprocess
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import patience
from consultations import definition, support_phase
from curl import HTTP1, curl
from identities import token, wait_until
from problems import assert_problem
from tally_client import TallyClient
from tally_server import ServerDidNotStart, run_tally
from tls_relay import TLSRelay

H2, H1 = "h2", "http/1.1"


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Two certificates by `tally certificate`: the directories that hold them."""
    directories = [tmp_path_factory.mktemp(f"certificate{number}") for number in range(2)]
    for directory in directories:
        finished = run_tally("certificate", "--to", directory)
        assert finished.returncode == 0, finished.stderr
    return directories


@pytest.fixture
def files(made, tmp_path):
    """A certificate and a key that a test may overwrite."""
    directory = tmp_path / "tls"
    shutil.copytree(made[0], directory)
    return directory


def options(directory, *more):
    return ("--tls-certificate", str(directory / "certificate.pem"),
            "--tls-key", str(directory / "key.pem"), *map(str, more))


@pytest.fixture
def make_secure(make_server, files):
    def make(*more):
        server = make_server(*options(files, *more))
        server.scheme = "https"
        return server.start()
    return make


@pytest.fixture
def secure(make_secure):
    return make_secure()


def trusting(directory, *protocols):
    context = ssl.create_default_context(cafile=str(directory / "certificate.pem"))
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context


def connect(server, context, name="localhost"):
    plain = socket.create_connection((server.host, server.port), timeout=patience.SECONDS)
    return context.wrap_socket(plain, server_hostname=name)


def served_certificate(server):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with connect(server, context) as tls:
        return tls.getpeercert(binary_form=True)


def der(directory):
    return ssl.PEM_cert_to_DER_cert((directory / "certificate.pem").read_text())


def ask(tls):
    """One request over HTTP/1.1: the first bytes of its answer."""
    tls.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return tls.recv(1 << 16)


@pytest.mark.parametrize("protocol, version", (("--http2", "2"), (HTTP1, "1.1")))
def test_curl_accepts_the_certificate_and_gets_its_protocol(secure, files, protocol, version):
    for host in ("localhost", "127.0.0.1"):
        url = f"https://{host}:{secure.port}/livez"
        finished = subprocess.run(
            ["curl", "--silent", "--show-error", "--noproxy", "*", protocol, "--cacert",
             str(files / "certificate.pem"), "--output", "/dev/null", "--write-out",
             "%{http_version} %{response_code}", url],
            capture_output=True, text=True, timeout=patience.SECONDS)
        assert finished.stdout == f"{version} 200", finished.stderr
        with pytest.raises(AssertionError, match="certificate"):
            curl(url, protocol=protocol)


@pytest.mark.parametrize("offered, chosen", (
    ((H2, H1), H2), ((H1, H2), H2), ((H1,), H1), (("spdy/1", H1), H1), (("spdy/1",), None),
    ((), None)))
def test_the_protocol_is_what_both_know(secure, files, offered, chosen):
    with connect(secure, trusting(files, *offered)) as tls:
        assert tls.selected_alpn_protocol() == chosen
        if tls.selected_alpn_protocol() == H2:
            tls.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(3) + b"\x04" + bytes(5))
            assert tls.recv(9)[3] == 4, "SETTINGS"
        else:
            assert ask(tls).startswith(b"HTTP/1.1 200 ")


def test_what_is_negotiated_decides_and_not_what_is_sent(secure, files):
    with connect(secure, trusting(files, H2)) as tls:
        assert tls.selected_alpn_protocol() == H2
        assert not ask(tls).startswith(b"HTTP/1.1")


def test_without_negotiation_the_preface_decides(secure, files):
    with TLSRelay(secure, trusting(files)) as relay, TallyClient(relay) as client:
        assert client.get("/livez").status == 200


@pytest.mark.parametrize("version", (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3))
def test_the_versions_of_today_are_spoken(secure, files, version):
    context = trusting(files)
    context.minimum_version = context.maximum_version = version
    with connect(secure, context) as tls:
        assert tls.version() == version.name.replace("_", ".")
        assert ask(tls).startswith(b"HTTP/1.1 200 ")


def test_tls_1_1_is_refused(secure, files):
    context = trusting(files)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    # The alert is the server's: the client was willing.
    with pytest.raises(ssl.SSLError, match="(?i)alert.protocol.version"):
        connect(secure, context)
    assert served_certificate(secure) == der(files)


def test_the_clear_is_told_what_the_port_speaks(secure):
    response = curl(f"http://localhost:{secure.port}/livez", protocol=HTTP1)
    assert_problem(response, "malformed")
    assert response.json()["detail"] == "this port speaks TLS: use https://"
    for said in (b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n",
                 b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"):
        with socket.create_connection((secure.host, secure.port), patience.SECONDS) as plain:
            plain.sendall(said)
            assert until_closed(plain).startswith(b"HTTP/1.1 400 Bad Request\r\n")


@pytest.mark.parametrize("said", (b"\x00\x01\x02", b"get /livez HTTP/1.1\r\n\r\n"))
def test_what_is_neither_is_closed(secure, said):
    with socket.create_connection((secure.host, secure.port), patience.SECONDS) as plain:
        plain.sendall(said)
        assert not until_closed(plain).startswith(b"HTTP")


def until_closed(plain):
    received = b""
    try:
        while data := plain.recv(1 << 16):
            received += data
    except ConnectionResetError:
        pass
    return received


def test_a_slow_handshake_is_closed(secure, files):
    begun = time.monotonic()
    with socket.create_connection((secure.host, secure.port), patience.SECONDS) as plain:
        plain.sendall(b"\x16\x03\x01")
        # Others come in meanwhile.
        with connect(secure, trusting(files)) as tls:
            assert ask(tls).startswith(b"HTTP/1.1 200 ")
        until_closed(plain)
    assert time.monotonic() - begun > 9, "the documented ten seconds were given"


def test_votes_stream_both_ways(secure, files):
    context = trusting(files, H2)
    with TLSRelay(secure, context) as relay, TallyClient(relay) as client:
        assert client.define("c", definition(support_phase())).status == 201
        votes = client.vote_stream("c", "ideas")
        for start in range(0, 20_000, 2_000):
            votes.send(*({"proposal": "p1", "account": f"a{number}"}
                         for number in range(start, start + 2_000)))
            votes.wait_through(start + 2_000)
        assert votes.finish()["done"] is True
        assert client.tally("c", "ideas").json()["voters"] == 20_000
    assert secure.terminate() == 0


def test_sigterm_ends_streams_with_their_last_lines(secure, files):
    with TLSRelay(secure, trusting(files, H2)) as relay, TallyClient(relay) as client:
        assert client.define("c", definition(support_phase())).status == 201
        votes = client.vote_stream("c", "ideas")
        votes.send({"proposal": "p1", "account": "a"})
        votes.wait_through(1)
        begun = time.monotonic()
        assert secure.terminate() == 0
        assert votes.read_to_end()["through"] == 1
        assert time.monotonic() - begun < patience.SECONDS


def replace(directory, source, *names):
    for name in names:
        shutil.copy(source / name, directory / "other")
        os.replace(directory / "other", directory / name)


def test_a_certificate_is_followed_and_open_connections_go_on(secure, files, made):
    with connect(secure, trusting(files)) as tls, \
            TLSRelay(secure, trusting(files, H2)) as relay, TallyClient(relay) as client:
        assert client.define("c", definition(support_phase())).status == 201
        votes = client.vote_stream("c", "ideas")
        replace(files, made[1], "certificate.pem", "key.pem")
        wait_until(lambda: served_certificate(secure) == der(made[1]), "the next certificate")
        assert ask(tls).startswith(b"HTTP/1.1 200 ")
        votes.send({"proposal": "p1", "account": "a"})
        votes.wait_through(1)
    with connect(secure, trusting(made[1])) as tls:
        assert ask(tls).startswith(b"HTTP/1.1 200 ")


def test_broken_files_change_nothing_and_are_complained_of(secure, files, made):
    def complains():
        before = secure.log.read_text().count("a file of TLS is broken")
        return lambda: secure.log.read_text().count("a file of TLS is broken") > before

    kept = der(files)
    for name, content in (("certificate.pem", b""), ("key.pem", b"nothing"),
                          ("key.pem", (made[1] / "key.pem").read_bytes())):
        complaint = complains()
        (files / name).write_bytes(content)
        wait_until(complaint, "a complaint")
        assert str(files / name) in secure.log.read_text()
        assert served_certificate(secure) == kept
        replace(files, made[0], name)
        wait_until(lambda: secure.log.read_text().rstrip().endswith("was read again"), "recovery")
    complaint = complains()
    (files / "key.pem").unlink()
    wait_until(complaint, "a complaint")
    assert served_certificate(secure) == kept


@pytest.fixture
def authority(tmp_path):
    """An authority for clients: its file, and files of certificates with keys by it and by another."""
    def issue(name, *, key, issuer=None, issuer_key=None, is_authority=False):
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.datetime.now(datetime.timezone.utc)
        return (x509.CertificateBuilder()
                .subject_name(subject).issuer_name(issuer or subject).public_key(key.public_key())
                .serial_number(x509.random_serial_number())
                .not_valid_before(now - datetime.timedelta(hours=1))
                .not_valid_after(now + datetime.timedelta(days=1))
                .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), True)
                .sign(issuer_key or key, hashes.SHA256()))

    def pem(certificate):
        return certificate.public_bytes(serialization.Encoding.PEM)

    written = {}
    for name in ("known", "unknown"):
        root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        root = issue(f"{name} authority", key=root_key, is_authority=True)
        leaf = issue("a client", key=key, issuer=root.subject, issuer_key=root_key)
        (tmp_path / f"{name}-ca.pem").write_bytes(pem(root))
        written[name] = tmp_path / f"{name}.pem"
        written[name].write_bytes(pem(leaf) + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()))
    return tmp_path / "known-ca.pem", written["known"], written["unknown"]


@pytest.mark.parametrize("version", (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3))
def test_a_client_needs_a_certificate_of_the_authority(make_secure, files, authority, version):
    ca, known, unknown = authority
    server = make_secure("--tls-client-ca", ca)

    def context(certificate):
        made = trusting(files)
        made.minimum_version = made.maximum_version = version
        if certificate is not None:
            made.load_cert_chain(certificate)
        return made

    with connect(server, context(known)) as tls:
        assert ask(tls).startswith(b"HTTP/1.1 200 ")
    for certificate in (None, unknown):
        # With TLS 1.3 a client learns it only when it reads.
        with pytest.raises((ssl.SSLError, ConnectionResetError, BrokenPipeError)):
            with connect(server, context(certificate)) as tls:
                assert ask(tls) == b"", "nothing is served"
                raise ConnectionResetError


@pytest.mark.parametrize("given", (
    ("--tls-certificate", "c"), ("--tls-key", "k"), ("--tls-client-ca", "a")))
def test_half_of_it_is_refused(tmp_path, given):
    finished = run_tally("serve", "--data", tmp_path / "d", *given)
    assert finished.returncode == 64 and finished.stdout == "" and "--tls-key" in finished.stderr
    assert not (tmp_path / "d").exists()


@pytest.mark.parametrize("broken", ("certificate.pem", "key.pem"))
@pytest.mark.parametrize("content", (None, b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n"))
def test_it_does_not_start_with_a_file_that_it_cannot_use(make_server, files, broken, content):
    (files / broken).unlink()
    if content is not None:
        (files / broken).write_bytes(content)
    assert_refuses(make_server(*options(files)), files / broken)


def test_it_does_not_start_with_a_key_of_another_certificate(make_server, files, made):
    replace(files, made[1], "key.pem")
    server = make_server(*options(files))
    assert_refuses(server, files / "key.pem")
    assert "does not fit" in server.log.read_text()


def test_it_does_not_start_with_authorities_that_are_none(make_server, files):
    (files / "ca.pem").write_bytes(b"nobody")
    assert_refuses(
        make_server(*options(files, "--tls-client-ca", files / "ca.pem")), files / "ca.pem")


def assert_refuses(server, file):
    with pytest.raises(ServerDidNotStart):
        server.start()
    assert server.process.wait() == 70
    assert f"'{file}'" in server.log.read_text()


def test_elsewhere_it_starts_with_tls_and_a_token_only(make_server, files):
    server = make_server(*options(files))
    server.address, server.scheme = "0.0.0.0", "https"
    with pytest.raises(ServerDidNotStart):
        server.start()
    assert server.process.wait() == 64 and "token" in server.log.read_text()
    secret = token(server.data)
    server.start()
    with TLSRelay(server, trusting(files, H2)) as relay:
        with TallyClient(relay, token=secret) as client:
            assert client.get("/v1/consultations").status == 200


def test_a_page_of_its_own_is_served(secure, files):
    ca = ("--cacert", str(files / "certificate.pem"))
    url = f"{secure.url}/v1/consultations"
    own = ("--header", f"Origin: https://localhost:{secure.port}")
    assert curl(url, *ca, *own, protocol="--http2").status == 200
    foreign = ("--header", "Origin: https://evil.example")
    assert curl(url, *ca, *foreign, protocol="--http2").status == 403


def test_elsewhere_a_page_of_its_own_came_over_tls(make_server, files):
    server = make_server(*options(files, "--insecure"))
    server.address, server.scheme = "0.0.0.0", "https"
    server.start()
    own = f"localhost:{server.port}"
    for origin, status in ((f"https://{own}", 200), (f"http://{own}", 403),
                           ("https://evil.example", 403), (own, 403)):
        response = curl(
            f"https://{own}/v1/consultations", "--cacert", str(files / "certificate.pem"),
            "--header", f"Origin: {origin}", protocol="--http2")
        assert response.status == status, origin


def test_a_certificate_is_made_for_what_is_asked_and_replaces_nothing(tmp_path):
    finished = run_tally("certificate", "--to", tmp_path / "a", "--host", "vote.example",
                         "--host", "192.0.2.7", "--host", "2001:db8::1")
    assert finished.returncode == 0, finished.stderr
    files = tmp_path / "a" / "certificate.pem", tmp_path / "a" / "key.pem"
    for file in files:
        assert str(file) in finished.stdout
    assert f"tally serve --tls-certificate {files[0]} --tls-key {files[1]}" in finished.stdout
    assert stat.S_IMODE(files[1].stat().st_mode) == 0o600
    certificate = x509.load_pem_x509_certificate(files[0].read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["vote.example"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == [
        "192.0.2.7", "2001:db8::1"]
    assert isinstance(certificate.public_key().curve, ec.SECP256R1)
    lasts = certificate.not_valid_after - certificate.not_valid_before
    assert datetime.timedelta(days=396) < lasts <= datetime.timedelta(days=397)
    for _ in files:
        before = [file.read_bytes() for file in files if file.exists()]
        again = run_tally("certificate", "--to", tmp_path / "a")
        assert again.returncode != 0 and again.stdout == "" and "is not replaced" in again.stderr
        assert [file.read_bytes() for file in files if file.exists()] == before
        files[0].unlink(missing_ok=True)


def test_the_usual_certificate_is_for_this_machine(made):
    certificate = x509.load_pem_x509_certificate((made[0] / "certificate.pem").read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == [
        "127.0.0.1", "::1"]


@pytest.mark.parametrize("host", ("", "a b", "-a.example", "a..b", "https://a.example", "x" * 64))
def test_what_is_no_host_gets_no_certificate(tmp_path, host):
    finished = run_tally("certificate", "--to", tmp_path / "a", f"--host={host}")
    assert finished.returncode == 64 and not (tmp_path / "a").exists()

"""JWTs that others issue, checked against keys that the server was told to trust."""

import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from consultations import definition, support_phase
from identities import (
    AUDIENCE, ISSUER, assert_forbidden, assert_unauthenticated, claims, private_key, public_pem,
    revoke, signed, token, trusting, wait_until, wait_until_known, wait_until_refused)
from tally_client import TallyClient
from tally_server import ServerDidNotStart, run_tally

SIGNERS = {"ES256": ["ES256"], "ES384": ["ES384"], "ES512": ["ES512"], "EdDSA": ["EdDSA"],
           "RSA": ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]}
ALL = [name for names in SIGNERS.values() for name in names]


def jwk(key, kind, kid, **more):
    """The public key as a member of a JWK Set."""
    algorithm = jwt.get_algorithm_by_name(SIGNERS[kind][0]) if hasattr(
        jwt, "get_algorithm_by_name") else jwt.api_jws.PyJWS().get_algorithm_by_name(
            SIGNERS[kind][0])
    if kind.startswith("ES"):
        return ec_jwk(key, kid, **more)
    return {**json.loads(algorithm.to_jwk(key.public_key())), "kid": kid, **more}


def ec_jwk(key, kid, **more):
    """PyJWT of Debian does not write these."""
    numbers = key.public_key().public_numbers()
    size = (key.curve.key_size + 7) // 8
    names = {256: "P-256", 384: "P-384", 521: "P-521"}
    x, y = (jwt.utils.base64url_encode(number.to_bytes(size, "big")).decode()
            for number in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": names[key.curve.key_size], "x": x, "y": y, "kid": kid, **more}


@pytest.fixture(scope="module")
def keys():
    return {kind: private_key(kind) for kind in SIGNERS}


@pytest.fixture(scope="module", params=("PEM", "JWK Set"))
def trusted(request, keys, tmp_path_factory):
    """A server that trusts a key of each kind."""
    from tally_server import TallyServer
    directory = tmp_path_factory.mktemp("trusted")
    if request.param == "PEM":
        files = [directory / f"{kind}.pem" for kind in keys]
        for file, key in zip(files, keys.values()):
            file.write_text(public_pem(key))
    else:
        files = [directory / "keys.json"]
        files[0].write_text(json.dumps({"keys": [
            {"kty": "oct", "k": "c2VjcmV0", "alg": "HS256", "kid": "secret"},
            *(jwk(key, kind, kind) for kind, key in keys.items())]}))
    server = TallyServer(directory, *trusting(*files)).start()
    yield server
    server.kill9()


def ask(server, text):
    with TallyClient(server, token=text) as client:
        return client.get("/v1/consultations")


def key_of(keys, algorithm):
    return keys[next(kind for kind, names in SIGNERS.items() if algorithm in names)]


@pytest.mark.parametrize("algorithm", ALL)
def test_each_algorithm_is_taken_of_a_key_of_its_kind(trusted, keys, algorithm):
    text = signed(key_of(keys, algorithm), "tallies:read", algorithm=algorithm)
    assert ask(trusted, text).status == 200
    header, payload, signature = text.split(".")
    for other in (*ALL, "none", "HS256"):
        if other == algorithm:
            continue
        forged = jwt.utils.base64url_encode(json.dumps({"alg": other, "typ": "JWT"}).encode())
        assert_unauthenticated(
            ask(trusted, f"{forged.decode()}.{payload}.{signature}"), is_presented=True)
    stranger = signed(private_key("RSA" if algorithm[1:2] == "S" and algorithm[0] != "E"
                                  else algorithm), "tallies:read", algorithm=algorithm)
    assert_unauthenticated(ask(trusted, stranger), is_presented=True)


@pytest.mark.parametrize("secret", ("PEM", "der"))
def test_a_public_key_is_no_secret(trusted, keys, secret):
    """A token signed by HMAC with what everybody may know."""
    for key in keys.values():
        known = public_pem(key).encode() if secret == "PEM" else key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        text = hmac_signed(known)
        assert_unauthenticated(ask(trusted, text), is_presented=True)
    assert_unauthenticated(ask(trusted, hmac_signed(b"secret")), is_presented=True)
    assert_unauthenticated(
        ask(trusted, jwt.encode(claims("admin"), None, algorithm="none")), is_presented=True)


def hmac_signed(secret):
    """PyJWT refuses to do this."""
    import hashlib
    import hmac
    encode = jwt.utils.base64url_encode
    body = (encode(b'{"alg":"HS256","typ":"JWT"}') + b"."
            + encode(json.dumps(claims("tallies:read")).encode()))
    return (body + b"." + encode(hmac.new(secret, body, hashlib.sha256).digest())).decode()


@pytest.mark.parametrize("others, holds", (
    ({}, True), ({"aud": ["x", AUDIENCE]}, True), ({"aud": "x"}, False), ({"aud": []}, False),
    ({"aud": None}, False), ({"iss": ISSUER + "/"}, False), ({"iss": None}, False),
    ({"iss": [ISSUER]}, False), ({"nbf": 0}, True), ({"nbf": int(time.time()) + 86_400}, False),
    ({"exp": "soon"}, False), ({"exp": None}, False), ({"exp": 10 ** 300}, True),
    ({"exp": 17}, False), ({"scope": ["tallies:read", "x"]}, True), ({"scope": 17}, False),
    ({"iat": 1e300, "jti": "x"}, True),
))
def test_the_claims_must_be_right(trusted, keys, others, holds):
    payload = {**claims("tallies:read"), **others}
    text = jwt.api_jws.PyJWS().encode(
        json.dumps({k: v for k, v in payload.items() if v is not None}).encode(), keys["ES256"],
        algorithm="ES256")
    if holds:
        assert ask(trusted, text).status == 200
    else:
        assert_unauthenticated(ask(trusted, text), is_presented=True)


@pytest.mark.parametrize("text", (".", "..", "a.b.c", "e30.e30.e30", "e30.e30.", "W10.W10.W10"))
def test_what_is_no_jwt_is_refused(trusted, text):
    assert_unauthenticated(ask(trusted, text), is_presented=True)


def test_deep_json_in_a_jwt_is_refused(trusted):
    deep = jwt.utils.base64url_encode(b"[" * 6000).decode()
    assert_unauthenticated(ask(trusted, f"{deep[:4000]}.{deep}.e30"), is_presented=True)
    assert ask(trusted, None).status == 401


def test_scopes_of_a_jwt_add_up(trusted, keys):
    text = signed(keys["ES256"], "openid votes:self tallies:read", sub="a")
    with TallyClient(trusted, token=text) as client:
        assert client.get("/v1/consultations").status == 200
        assert client.personal_data("a").status == 200
        assert_forbidden(client.personal_data("b"), "accounts:read")
    for subject in ({}, {"sub": ""}, {"sub": "."}, {"sub": "x" * 129}, {"sub": "a\n"}):
        text = signed(keys["ES256"], "votes:self tallies:read", **subject)
        assert_unauthenticated(ask(trusted, text), is_presented=True)


def test_keys_are_followed_while_the_server_runs(make_server, tmp_path):
    old, following = private_key("ES256"), private_key("EdDSA")
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [ec_jwk(old, "old")]}))
    server = make_server(*trusting(file)).start()
    by_old = signed(old, "tallies:read votes:write consultations:write", headers={"kid": "old"})
    by_following = signed(following, "tallies:read", algorithm="EdDSA")
    assert ask(server, by_old).status == 200 and ask(server, by_following).status == 401
    with TallyClient(server, token=by_old) as client:
        client.define("c", definition(support_phase()))
        stream = client.vote_stream("c", "ideas")
        stream.send({"proposal": "p1", "account": "a"})
        stream.wait_through(1)
        file.write_text("{")
        wait_until(lambda: "is broken" in server.log.read_text(), "complaint")
        assert client.get("/v1/consultations").status == 200
        file.write_text(public_pem(following))
        wait_until_refused(server, by_old)
        wait_until_known(server, by_following)
        done = stream.read_to_end()
        assert done["error"] == "unauthenticated" and done["through"] == 1


def test_a_stream_ends_when_its_jwt_does(make_server, tmp_path):
    key = private_key("ES256")
    (tmp_path / "key.pem").write_text(public_pem(key))
    server = make_server(*trusting(tmp_path / "key.pem")).start()
    platform = signed(key, "consultations:write")
    # It has expired, but for the skew that clocks may have, which ends soon.
    text = signed(key, "votes:write tallies:read", lasts=-55)
    with TallyClient(server, token=text) as client, TallyClient(server, token=platform) as other:
        assert other.define("c", definition(support_phase())).status == 201
        stream = client.vote_stream("c", "ideas")
        stream.send({"proposal": "p1", "account": "a"})
        stream.wait_through(1)
        done = stream.read_to_end()
        assert done["error"] == "unauthenticated" and done["through"] == 1
        assert_unauthenticated(client.get("/v1/consultations"), is_presented=True)


def test_tokens_of_the_servers_own_go_beside_jwts(make_server, tmp_path):
    key = private_key("ES256")
    (tmp_path / "key.pem").write_text(public_pem(key))
    server = make_server(*trusting(tmp_path / "key.pem")).start()
    assert ask(server, None).status == 401, "a key closes the server, as a token does"
    own = token(server.data, "--name", "own", scopes=["tallies:read"])
    wait_until_known(server, own)
    assert ask(server, signed(key, "tallies:read")).status == 200
    revoke(server.data, "own")
    wait_until_refused(server, own)
    assert ask(server, signed(key, "tallies:read")).status == 200


def private_pem(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption()).decode()


SMALL = rsa.generate_private_key(public_exponent=65537, key_size=1024)


@pytest.mark.parametrize("content", (
    "", "{}", '{"keys":[]}', "nonsense", private_pem(private_key("ES256")), public_pem(SMALL),
    json.dumps({"keys": [jwk(SMALL, "RSA", "small")]}),
    '{"keys":[{"kty":"oct","k":"c2VjcmV0","alg":"HS256"}]}'))
def test_a_file_without_a_key_to_trust_is_refused_at_the_start(make_server, tmp_path, content):
    file = tmp_path / "keys"
    file.write_text(content)
    server = make_server(*trusting(file))
    with pytest.raises(ServerDidNotStart):
        server.start()
    assert server.process.wait() == 70 and str(file) in server.log.read_text()


def test_a_key_file_that_is_not_there_is_refused_at_the_start(make_server, tmp_path):
    server = make_server(*trusting(tmp_path / "missing"))
    with pytest.raises(ServerDidNotStart):
        server.start()
    assert server.process.wait() == 70 and "missing" in server.log.read_text()


@pytest.mark.parametrize("options", (
    ["--trust-key", "k"], ["--issuer", "i"], ["--audience", "a"], ["--issuer", "i", "--audience", "a"],
    ["--trust-key", "k", "--issuer", "i"], ["--trust-key", "k", "--audience", "a"]))
def test_key_issuer_and_audience_go_together(tmp_path, options):
    finished = run_tally("serve", "--data", tmp_path / "d", *options)
    assert finished.returncode == 64 and "go together" in finished.stderr

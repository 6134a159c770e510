"""Tokens and JWTs for tests: made by the command line, and by PyJWT with keys of `cryptography`."""

import json
import time

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

import patience
from problems import code_of
from tally_client import TallyClient
from tally_server import run_tally

ISSUER = "https://login.example"
AUDIENCE = "tally"

SCOPES = ("votes:write", "accounts:delete", "accounts:read", "consultations:write",
          "tallies:read", "tallies:withheld", "admin")


def token(data, *options, scopes=SCOPES):
    """A new token of a data directory."""
    finished = run_tally("token", "create", "--data", data, "--scopes", ",".join(scopes), *options)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.removesuffix("\n")


def listed(data):
    finished = run_tally("token", "list", "--data", data, "--json")
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


def revoke(data, name):
    finished = run_tally("token", "revoke", "--data", data, name)
    assert finished.returncode == 0, finished.stderr


def wait_until(holds, what):
    deadline = time.monotonic() + patience.SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.02)


def wait_until_closed(server):
    """The server has seen its first credential: nobody comes in without one."""
    with TallyClient(server) as client:
        wait_until(lambda: client.get("/v1/consultations").status == 401, "the server is closed")


def wait_until_known(server, secret):
    with TallyClient(server, token=secret) as client:
        wait_until(lambda: client.get("/v1/consultations").status != 401, "the token is known")


def wait_until_refused(server, secret):
    with TallyClient(server, token=secret) as client:
        wait_until(lambda: client.get("/v1/consultations").status == 401, "the token is refused")


def private_key(kind):
    """A key that signs under an algorithm."""
    curves = {"ES256": ec.SECP256R1, "ES384": ec.SECP384R1, "ES512": ec.SECP521R1}
    if kind in curves:
        return ec.generate_private_key(curves[kind]())
    if kind == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_pem(key):
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def claims(scope, *, lasts=3600, **others):
    return {"iss": ISSUER, "aud": AUDIENCE, "exp": int(time.time()) + lasts, "scope": scope, **others}


def signed(key, scope, *, algorithm="ES256", headers=None, lasts=3600, **others):
    return jwt.encode(
        claims(scope, lasts=lasts, **others), key, algorithm=algorithm, headers=headers)


def trusting(*files):
    """Options of `tally serve` by which it trusts the keys of these files."""
    options = [part for file in files for part in ("--trust-key", str(file))]
    return (*options, "--issuer", ISSUER, "--audience", AUDIENCE)


def assert_unauthenticated(response, *, is_presented):
    assert code_of(response) == "unauthenticated", response
    challenge = response.headers["www-authenticate"]
    assert challenge.startswith('Bearer realm="tally"'), challenge
    assert ('error="invalid_token"' in challenge) == is_presented, challenge


def assert_forbidden(response, *missing):
    """The response names the scopes of which one is missing."""
    assert code_of(response) == "forbidden", response
    assert f'error="insufficient_scope", scope="{" ".join(missing)}"' in (
        response.headers["www-authenticate"])
    for scope in missing:
        assert scope in response.json()["detail"], response

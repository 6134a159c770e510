"""Seals as anyone recomputes them: the bytes of RFC 8785 and their digest, from a tally alone."""

import datetime
import hashlib
import json
import re


def canonical(value):
    """RFC 8785 for what seals are made of: objects, lists, strings, integers below 2^53."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return b"{" + b",".join(
            canonical(name) + b":" + canonical(value[name]) for name in names) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(map(canonical, value)) + b"]"
    # Python escapes exactly what the RFC wants escaped, and in the same way.
    return json.dumps(value, ensure_ascii=False).encode()


def sealed_bytes(consultation, kind, phase_tally):
    proposals = sorted(phase_tally["proposals"], key=lambda proposal: proposal["id"].encode())
    return canonical({
        "consultation": consultation, "phase": phase_tally["id"], "kind": kind,
        "voters": phase_tally["voters"],
        "proposals": [{"id": proposal["id"], "counts": proposal["counts"]}
                      for proposal in proposals]})


def digest_of(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def unsealed(phase_tally):
    """A phase's tally without its seal, which must be there exactly when the phase is closed."""
    rest = dict(phase_tally)
    sealed = rest.pop("sealed", None)
    assert (sealed is not None) == (rest["state"] == "closed"), phase_tally
    if sealed is not None:
        assert set(sealed) == {"at", "digest"}, sealed
        assert re.fullmatch("sha256:[0-9a-f]{64}", sealed["digest"]), sealed
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", sealed["at"]), sealed
        datetime.datetime.fromisoformat(sealed["at"].replace("Z", "+00:00"))
    return rest


def check_seal(client, consultation, kind, phase):
    """The seal is what the tally says, by every way to it; its bytes."""
    tally = client.tally(consultation, phase).json()
    expected = sealed_bytes(consultation, kind, tally)
    assert tally["sealed"]["digest"] == digest_of(expected), tally
    for query in (None, tally["sealed"]["digest"]):
        response = client.seal(consultation, phase, query)
        assert response.status == 200, response
        assert response.body == expected
        assert response.headers["etag"] == f'"{tally["sealed"]["digest"]}"'
        assert response.headers["content-type"].split(";")[0] == "application/json"
    return expected

"""What RFC 9113 says of requests in HTTP/2 (section 8), case by case.

A malformed request is a stream error (8.1.1): other streams of the connection go on.
"""

import pytest

from h2.errors import ErrorCodes as Code
from http2_cases import Case, answers, check, in_two, resets
from http2_frames import END_HEADERS, END_STREAM, WITH_BODY, data, headers, opened, request


def malformed(name, *fields, more=()):
    """A request that is malformed (8.1.1): its stream is reset."""
    return Case(name, (headers(1, tuple(fields)), *more), resets(Code.PROTOCOL_ERROR))


CASES = (
    Case("8.1 HEAD", [headers(1, request("HEAD"))], answers(200)),
    Case("8.1 a body and trailers",
         [opened(1), data(1, b"{}"), headers(1, (("checksum", "1"),))], answers(404)),
    Case("8.1 trailers in two frames",
         [opened(1), data(1, b"{}"), *in_two(1, (("checksum", "1"), ("more", "2")))],
         answers(404)),
    Case("8.1 trailers that do not end the stream",
         [opened(1), data(1, b"{}"), headers(1, (("checksum", "1"),), END_HEADERS),
          data(1, b"", END_STREAM)], resets(Code.PROTOCOL_ERROR)),
    Case("8.1 a pseudo-header field in trailers",
         [opened(1), data(1, b"{}"), headers(1, ((":path", "/"),))],
         resets(Code.PROTOCOL_ERROR)),
    Case("8.1 a connection-specific field in trailers",
         [opened(1), data(1, b"{}"), headers(1, (("connection", "close"),))],
         resets(Code.PROTOCOL_ERROR)),
    Case("8.1.1 the length that was said",
         [opened(1, ("content-length", "2")), data(1, b"{"), data(1, b"}", END_STREAM)],
         answers(404)),
    Case("8.1.1 DATA longer than was said",
         [opened(1, ("content-length", "1")), data(1, b"test", END_STREAM)],
         resets(Code.PROTOCOL_ERROR)),
    Case("8.1.1 DATA shorter than was said",
         [opened(1, ("content-length", "5")), data(1, b"test", END_STREAM)],
         resets(Code.PROTOCOL_ERROR)),
    Case("8.1.1 several DATA, in all longer than was said",
         [opened(1, ("content-length", "7")), data(1, b"test"), data(1, b"test", END_STREAM)],
         resets(Code.PROTOCOL_ERROR)),
    Case("8.1.1 several DATA, in all shorter than was said",
         [opened(1, ("content-length", "9")), data(1, b"test"), data(1, b"test", END_STREAM)],
         resets(Code.PROTOCOL_ERROR)),
    Case("8.1.1 no DATA though a length was said",
         [headers(1, (*WITH_BODY, ("content-length", "4")))], resets(Code.PROTOCOL_ERROR)),
    Case("8.1.1 trailers before the length that was said",
         [opened(1, ("content-length", "4")), data(1, b"{}"), headers(1, (("checksum", "1"),))],
         resets(Code.PROTOCOL_ERROR)),
    *(Case(f"8.1.1 a content-length of {value!r}", [opened(1, ("content-length", value))],
           resets(Code.PROTOCOL_ERROR))
      for value in ("-1", "4x", "", "0x4", "99999999999999999999999999")),
    Case("8.1.1 two lengths that differ",
         [opened(1, ("content-length", "2"), ("content-length", "3"))],
         resets(Code.PROTOCOL_ERROR)),
    malformed("8.2 a name in upper case", *request(), ("X-Test", "ok")),
    malformed("8.2.1 a name with a space", *request(), ("x test", "ok")),
    malformed("8.2.1 a name with a colon", *request(), ("x:test", "ok")),
    malformed("8.2.1 a name with a control character", *request(), ("x\x01test", "ok")),
    malformed("8.2.1 a name with a character beyond ASCII", *request(), ("x\xfctest", "ok")),
    malformed("8.2.1 an empty name", *request(), ("", "ok")),
    *(malformed(f"8.2.1 a value with {what}", *request(), ("x-test", f"a{what}b"))
      for what in ("\0", "\r", "\n")),
    *(malformed(f"8.2.1 a value that {where}", *request(), ("x-test", value))
      for where, value in (("begins with a space", " a"), ("ends with a space", "a "),
                           ("begins with a tab", "\ta"), ("ends with a tab", "a\t"))),
    Case("8.2.1 a value with a space, a tab and characters beyond ASCII",
         [headers(1, request("GET", "/livez", ("x-test", "a \t\xe9\xff")))], answers(200)),
    Case("8.2.1 an empty value",
         [headers(1, request("GET", "/livez", ("x-test", "")))], answers(200)),
    *(malformed(f"8.2.2 the connection-specific field {name}", *request(), (name, value))
      for name, value in (
          ("connection", "keep-alive"), ("keep-alive", "timeout=5"), ("proxy-connection", "close"),
          ("transfer-encoding", "chunked"), ("upgrade", "h2c"))),
    malformed("8.2.2 te that is not trailers", *request(), ("te", "trailers, deflate;q=0.5")),
    Case("8.2.2 te: trailers",
         [headers(1, request("GET", "/livez", ("te", "trailers")))], answers(200)),
    Case("8.2.3 a cookie in pieces",
         [headers(1, request("GET", "/livez", ("cookie", "a=b"), ("cookie", "c=d")))],
         answers(200)),
    *(malformed(f"8.3 no {name}", *(pair for pair in request() if pair[0] != name))
      for name in (":method", ":scheme", ":path")),
    *(malformed(f"8.3 {name} twice", *request(), (name, value)) for name, value in request()),
    malformed("8.3 a pseudo-header field after others", ("x-test", "ok"), *request()),
    malformed("8.3 a pseudo-header field among others", *request()[1:], ("x-test", "ok"),
              request()[0]),
    malformed("8.3 an unknown pseudo-header field", (":test", "ok"), *request()),
    malformed("8.3 a pseudo-header field of responses", *request(), (":status", "200")),
    malformed("8.3.1 an empty path", *request("GET", "")),
    malformed("8.3.1 a path that is relative", *request("GET", "livez")),
    malformed("8.3.1 a star that is no OPTIONS", *request("GET", "*")),
    malformed("8.3.1 an empty method", *request("")),
    Case("8.3.1 a request with host instead of :authority",
         [headers(1, request("GET", "/livez", ("host", "localhost"), authority=None))],
         answers(200)),
    malformed("8.3.1 neither host nor :authority", *request(authority=None)),
    malformed("8.5 CONNECT with :scheme and :path", *request("CONNECT", "/livez")),
    malformed("8.5 CONNECT without :authority", (":method", "CONNECT")),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(endpoint, case):
    check(endpoint, case)

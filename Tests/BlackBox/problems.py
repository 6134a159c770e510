"""What every refusal looks like, and the code and status that belong together."""

STATUS_OF = {
    "malformed": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "unknown-consultation": 404,
    "unknown-phase": 404,
    "unknown-proposal": 404,
    "no-vote": 404,
    "not-found": 404,
    "method-not-allowed": 405,
    "not-acceptable": 406,
    "phase-not-open": 409,
    "phase-closed": 409,
    "phase-not-closed": 409,
    "rules-locked": 409,
    "limit-reached": 409,
    "over-budget": 409,
    "rank-taken": 409,
    "account-deleted": 410,
    "precondition-failed": 412,
    "too-large": 413,
    "unsupported-media-type": 415,
    "invalid-vote": 422,
    "invalid-definition": 422,
    "rate-limited": 429,
    "header-too-large": 431,
    "internal": 500,
    "storage-unavailable": 503,
    "overloaded": 503,
    "starting": 503,
    "draining": 503,
}


def code_of(response):
    """The code of a refusal, after a check that the response is a whole problem document."""
    assert response.status >= 400, f"not refused: {response}"
    kind = response.headers.get("content-type", "").split(";")[0].strip()
    assert kind == "application/problem+json", response
    problem = response.json()
    code = problem["type"].removeprefix("/problems/")
    assert problem["type"] == f"/problems/{code}", problem
    assert code in STATUS_OF, problem
    assert response.status == problem["status"] == STATUS_OF[code], response
    assert isinstance(problem["title"], str) and problem["title"], problem
    assert isinstance(problem["detail"], str) and problem["detail"], problem
    return code


def assert_problem(response, *codes):
    """The response is a refusal with one of the codes."""
    code = code_of(response)
    assert code in codes, f"{code} instead of {' or '.join(codes)}: {response}"

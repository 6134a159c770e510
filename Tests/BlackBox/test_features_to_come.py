"""What the contract describes and this version does not do yet is refused by name.

Never half done, and never accepted and ignored. When a feature lands, its tests take the place of
its line here.
"""

import pytest

from problems import assert_problem
from tally_client import consultation_path


@pytest.mark.parametrize("accepted", ("text/csv", "text/event-stream"))
def test_other_representations_are_not_acceptable(client, consultation, accepted):
    for where in ((), ("opinions",), ("opinions", "p1")):
        path = consultation_path(consultation, *where) + "/tally"
        assert_problem(client.get(path, ("accept", accepted)), "not-acceptable")


@pytest.mark.parametrize("method, path", (("GET", "/openapi.json"), ("GET", "/")))
def test_other_routes_are_not_found(client, method, path):
    assert_problem(client.request(method, path), "not-found")

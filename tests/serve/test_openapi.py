"""Requests made from the OpenAPI document, good and bad: no answer may differ from what the document says."""

from __future__ import annotations

import hypothesis
import pytest

from qa.serve.openapi import document

schemathesis = pytest.importorskip("schemathesis")
from schemathesis.specs.openapi.checks import positive_data_acceptance  # noqa: E402

# Which languages and rules there are, the schema does not say: a valid text may be refused for its language.
EXCLUDED = [positive_data_acceptance]
SCHEMA = schemathesis.openapi.from_dict(document())


@SCHEMA.parametrize()
@hypothesis.settings(max_examples=40, deadline=None, derandomize=True, database=None)
def test_every_operation_answers_as_documented(case, server):
    case.call_and_validate(base_url=server.url, timeout=60, excluded_checks=EXCLUDED)

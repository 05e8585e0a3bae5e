"""Requests made from the OpenAPI document, good and bad: no answer may differ from what the document says."""

from __future__ import annotations

import os

import hypothesis
import pytest

from qa.serve.openapi import document

schemathesis = pytest.importorskip("schemathesis")

EXAMPLES = int(os.environ.get("QA_EXAMPLES", "12"))  # for each operation; more take long and found nothing more
SCHEMA = schemathesis.openapi.from_dict(document())


@SCHEMA.parametrize()
@hypothesis.settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
def test_every_operation_answers_as_documented(case, server):
    answer = case.call_and_validate(base_url=server.url, timeout=60)
    documented = document()["paths"][case.operation.path][case.operation.method]["responses"]
    other = case.method.lower() != case.operation.method.lower()  # it also tries methods that the document lacks
    assert answer.status_code == 405 if other else str(answer.status_code) in documented

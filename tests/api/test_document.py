"""The OpenAPI document: what it says is what the operations do, for generated requests of every kind."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from comity.acts import api_tokens
from comity.api import service

DOCUMENT = service.document()
EXAMPLES = int(os.environ.get("COMITY_API_EXAMPLES", "2"))
"""How many requests are made up for each operation."""
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def kept_open() -> Iterator[None]:
    """Keep the test’s own connection when a request ends, as Django’s client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def secret(officer: str, kept_open: None) -> str:
    """Give an authorization header’s value."""
    del kept_open
    return f"Bearer {api_tokens.make(officer, 'schemathesis', officer, datetime.now(UTC)).secret}"


@SCHEMA.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, phases=[Phase.generate], database=None, derandomize=True,
          suppress_health_check=list(HealthCheck))  # fmt: skip
def test_every_operation_answers_as_the_document_says(case: schemathesis.Case[Any], secret: str) -> None:
    answer = case.call(app=WSGIHandler(), headers={"Authorization": secret})
    case.validate_response(answer, checks=CHECKS)


def test_the_document_and_its_page_load_nothing_from_elsewhere(officer: str) -> None:
    assert officer
    shown = Client().get("/api/openapi.json")
    assert shown.json() == DOCUMENT
    page = Client().get("/api/")
    assert page.status_code == 200
    body = page.content.decode()
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", body)
    assert not re.search(r"<script(?![^>]*\bsrc=)|\bstyle=|\bon\w+=", body)
    for operations in DOCUMENT["paths"].values():
        for operation in operations.values():
            assert f'id="{operation["operationId"]}"' in body
            assert operation["summary"]

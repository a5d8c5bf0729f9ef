"""The HTTP interface against its own description: what fits it is answered as described."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.office import open_office, served
from webhooks.demo import prepare_demo
from webhooks.system import utc_now

# Streams never end, and signing out would end the test.
LEFT_OUT = {("GET", "/api/stream"), ("GET", "/chat/stream"), ("DELETE", "/api/session")}
_PATIENCE = 60.0  # seconds; how long an answer takes is not looked at here
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def try_everything(url: str, headers: dict[str, str], cookies: dict[str, str]) -> int:
    schema = schemathesis.openapi.from_url(f"{url}/api/openapi.json")
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()  # type: ignore[union-attr]  # its error has no ok(), and must fail
        if (operation.method.upper(), operation.path) in LEFT_OUT:
            continue
        tried += 1

        @settings(
            max_examples=15,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def follow_the_description(case: Any) -> None:
            case.call_and_validate(headers=headers, cookies=cookies, checks=CHECKS, timeout=_PATIENCE)

        follow_the_description()
    return tried


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
async def test_everything_described_is_answered_as_described(database_url: str, tmp_path: Path) -> None:
    async with open_office(database_url, tmp_path, utc_now, before=prepare_demo) as office:
        chief = await office.seat(role="admin")
        conversation_id = await office.conversation()
        await chief.post(f"/api/conversations/{conversation_id}/take")
        answer = await office.browser().post("/chat/session", json={})
        headers = {"X-CSRF-Token": chief.csrf, "Authorization": f"Bearer {answer.json()['token']}"}
        async with served(office) as url:
            tried = await asyncio.to_thread(try_everything, url, headers, dict(chief.client.cookies))
        assert tried > 30

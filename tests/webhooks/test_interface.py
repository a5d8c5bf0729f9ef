"""The whole HTTP interface under generated requests: it keeps its own description, and never a 5xx."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest
import requests
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bot.demo.world import DEMO_AGENTS
from bot.settings import Settings
from tests.conftest import named
from tests.office import Ear
from webhooks.app import create_app
from webhooks.demo import prepare_demo

# A stream never ends, and a session that is closed by chance would end the test of all others.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
UNTESTED = {("GET", "/api/stream"), ("GET", "/chat/stream"), ("DELETE", "/api/session")}


@pytest.fixture(scope="module")
def address(server_url: str, template_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server in a thread of its own, because schemathesis calls from ordinary functions."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE test_interface TEMPLATE {template_url and 'template_bauruf'}".encode()
        )
    app = create_app(
        Settings(
            _env_file=None,
            database_url=named(server_url, "test_interface"),
            data_dir=tmp_path_factory.mktemp("interface"),
        ),
        work=False,
        demo=True,
        understander=Ear(),
    )
    asyncio.run(prepare_demo(app.state.system))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run, daemon=True)
    started = threading.Event()
    startup = server.startup

    async def announce(*arguments: Any, **more: Any) -> None:
        await startup(*arguments, **more)
        started.set()

    server.startup = announce  # type: ignore[method-assign]
    thread.start()
    assert started.wait(30), "the server did not start"
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def headers(address: str) -> dict[str, str]:
    """What an admin of the demo sends along, and a visitor of the web chat."""
    admin = next(agent for agent in DEMO_AGENTS if agent.role == "admin")
    with httpx.Client(base_url=address) as client:
        session = client.post("/api/session", json={"email": admin.email, "password": admin.password})
        chat = client.post("/chat/session", json={"channel": "webchat"})
        return {
            "Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items()),
            "X-CSRF-Token": session.raise_for_status().json()["csrf"],
            "Authorization": f"Bearer {chat.raise_for_status().json()['token']}",
        }


def test_the_interface_keeps_its_word(address: str, headers: dict[str, str]) -> None:
    schema = schemathesis.openapi.from_url(f"{address}/api/openapi.json")
    failures = []
    tested = 0
    for found in schema.get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]
        if (operation.method.upper(), operation.path) in UNTESTED:
            continue
        tested += 1

        @settings(
            max_examples=12,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def keeps_its_word(case: schemathesis.Case[Any]) -> None:
            with requests.Session() as session:
                response = case.call(session=session, headers=headers, timeout=10)
            case.validate_response(response, checks=CHECKS)

        try:
            keeps_its_word()
        except (FailureGroup, AssertionError) as failure:
            failures.append(f"{operation.label}: {failure}")
    assert not failures, "\n\n".join(failures)
    assert tested > 25

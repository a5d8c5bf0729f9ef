"""Who may do what: asked of every route there is, so that none can be forgotten."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.office import Office

CHANGING = {"post", "put", "patch", "delete"}
OPEN = {("post", "/api/session"), ("get", "/api/demo")}
FOR_ADMINS = ("/api/answers", "/api/agents", "/api/quarantine")


def console_routes(office: Office) -> Iterator[tuple[str, str]]:
    for path, methods in office.app.openapi()["paths"].items():
        if path.startswith("/api/"):
            for method in methods:
                if (method, path) not in OPEN:
                    yield method, path


def concrete(path: str) -> str:
    for name in ("conversation_id", "message_id", "media_id", "agent_id", "item_id"):
        path = path.replace(f"{{{name}}}", "999999")
    return path.replace("{key}", "greeting").replace("{language}", "de")


async def test_every_route_wants_a_session(office: Office) -> None:
    browser = office.browser()
    routes = list(console_routes(office))
    assert len(routes) > 20
    for method, path in routes:
        answer = await browser.request(method.upper(), concrete(path))
        assert answer.status_code == 401, (method, path)
        assert answer.json()["error"]["code"] == "not_signed_in"


async def test_every_change_wants_the_csrf_token(office: Office) -> None:
    seat = await office.seat(role="admin")
    for method, path in console_routes(office):
        if method in CHANGING:
            for guess in (b"", b"guess", "ü".encode()):
                answer = await seat.client.request(
                    method.upper(), concrete(path), headers={b"X-CSRF-Token": guess}
                )
                assert answer.status_code == 403, (method, path)
                assert answer.json()["error"]["code"] == "csrf"


async def test_agents_are_kept_out_of_what_is_for_admins(office: Office) -> None:
    seat = await office.seat(role="agent")
    kept_out = [route for route in console_routes(office) if route[1].startswith(FOR_ADMINS)]
    assert len(kept_out) == 10
    for method, path in kept_out:
        answer = await seat.send(method.upper(), concrete(path))
        assert answer.status_code == 403, (method, path)
        assert answer.json()["error"]["code"] == "admins_only"


@pytest.mark.parametrize("number", ["0", "-1", "9223372036854775808", "x"])
async def test_numbers_that_cannot_be_are_bad_input(office: Office, number: str) -> None:
    seat = await office.seat(role="admin")
    assert (await seat.get(f"/api/conversations/{number}")).status_code == 422
    assert (await seat.get(f"/api/media/{number}")).status_code == 422
    assert (await seat.post(f"/api/conversations/{number}/take")).status_code == 422


async def pieces() -> AsyncIterator[bytes]:
    """A body that does not say how long it is."""
    for _ in range(100):
        yield b"x" * 1000


async def test_large_bodies_are_refused_before_they_are_read(office: Office) -> None:
    seat = await office.seat()
    conversation_id = await office.conversation()
    answer = await seat.post(
        f"/api/conversations/{conversation_id}/note",
        {"key": "00000000-0000-4000-8000-000000000000", "text": "x" * 70_000},
    )
    assert answer.status_code == 413 and "error" in answer.json()
    endless = await seat.client.post(
        f"/api/conversations/{conversation_id}/note", content=pieces(), headers={"X-CSRF-Token": seat.csrf}
    )
    assert endless.status_code == 413


async def test_text_that_cannot_be_stored_is_bad_input(office: Office) -> None:
    seat = await office.seat(role="admin")
    assert (await seat.get("/api/search", params={"q": "\x00"})).status_code == 422
    new = {"name": "A\x00", "email": "a@nordwind.example", "role": "agent", "password": "long-enough-1"}
    assert (await seat.post("/api/agents", new)).status_code == 422

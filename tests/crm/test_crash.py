"""Exactly once through a crash: the real process is killed between a call and its commit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from tests.crm import hubspot, salesforce
from tests.crm.hubspot import Portal
from tests.crm.salesforce import Org
from tests.drill.processes import Process
from tests.house import eventually
from webhooks.demo import logins

pytestmark = pytest.mark.drill


@pytest.fixture
def bauruf(database_url: str, tmp_path: Path, hub: Portal, sf: Org) -> Iterator[Process]:
    settings = {
        "BAURUF_DATABASE_URL": database_url,
        "BAURUF_DATA_DIR": str(tmp_path),
        "BAURUF_PUBLIC_URL": "",
        "BAURUF_TELEGRAM_TOKEN": "",
        "BAURUF_TELEGRAM_SECRET": "",
        "BAURUF_HUBSPOT_TOKEN": hubspot.TOKEN,
        "BAURUF_HUBSPOT_API_URL": hub.url,
        "BAURUF_SALESFORCE_URL": sf.url,
        "BAURUF_SALESFORCE_CLIENT_ID": salesforce.CLIENT_ID,
        "BAURUF_SALESFORCE_CLIENT_SECRET": salesforce.CLIENT_SECRET,
    }
    process = Process("bauruf", ("serve", "--demo"), settings, tmp_path)
    process.start()
    yield process
    process.kill()


@pytest.fixture
async def client(bauruf: Process) -> AsyncIterator[httpx.AsyncClient]:
    await bauruf.listening()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{bauruf.port}", timeout=30) as client:
        yield client


async def says(client: httpx.AsyncClient, name: str, *texts: str) -> None:
    """Write from somebody's phone."""
    people = (await client.get("/chat/people")).json()["people"]
    person = next(person["id"] for person in people if person["name"] == name)
    begun = (await client.post("/chat/session", json={"channel": "whatsapp", "person": person})).json()
    for text in texts:
        answer = await client.post(
            "/chat/messages",
            json={"key": str(uuid4()), "text": text},
            headers={"Authorization": f"Bearer {begun['token']}"},
        )
        answer.raise_for_status()


async def sign_in(client: httpx.AsyncClient) -> dict[str, str]:
    anna = next(login for login in logins() if login.role == "admin")
    answer = await client.post("/api/session", json={"email": anna.email, "password": anna.password})
    return {"X-CSRF-Token": answer.raise_for_status().json()["csrf"]}


async def crash(process: Process, hub: Portal, sf: Org, kinds: tuple[str, str]) -> None:
    """Kill the process once both CRMs have what they were told, and it has not heard so; start it again."""
    assert hub.trouble.holding is not None
    assert sf.trouble.holding is not None

    async def written() -> tuple[int, int]:
        return len(hub.all(kinds[0])), len(sf.all(kinds[1]))

    await eventually(written, lambda found: found == (1, 1), patience=60)
    process.kill()
    for holding in (hub.trouble.holding, sf.trouble.holding):
        holding.set()
    hub.trouble.holding = sf.trouble.holding = None
    process.start()
    await process.listening()


async def test_a_handoff_is_one_ticket_and_one_case_and_its_transcript_one_note_and_one_task(
    bauruf: Process, client: httpx.AsyncClient, hub: Portal, sf: Org, database_url: str
) -> None:
    async def rows(kind: str) -> list[Any]:
        with psycopg.connect(database_url) as connection:
            found = connection.execute("SELECT state, attempts FROM crm_outbox WHERE kind = %s", (kind,))
            return found.fetchall()

    def done(found: list[Any]) -> bool:
        return len(found) == 2 and all(state == "done" for state, _ in found)

    hub.trouble.holding, sf.trouble.holding = asyncio.Event(), asyncio.Event()
    await says(client, "Thomas Müller", "Mensch")
    await crash(bauruf, hub, sf, ("tickets", "Case"))
    found = await eventually(lambda: rows("ticket"), done, patience=90)
    assert [attempts for _, attempts in found] == [2, 2]
    assert (len(hub.all("tickets")), len(sf.all("Case"))) == (1, 1)

    headers = await sign_in(client)
    (card,) = (await client.get("/api/queue")).json()["cards"]
    hub.trouble.holding, sf.trouble.holding = asyncio.Event(), asyncio.Event()
    resolved = await client.post(f"/api/conversations/{card['id']}/resolve", headers=headers)
    resolved.raise_for_status()
    await crash(bauruf, hub, sf, ("communications", "Task"))
    found = await eventually(lambda: rows("transcript"), done, patience=90)
    assert [attempts for _, attempts in found] == [2, 2]
    assert (len(hub.all("communications")), len(sf.all("Task"))) == (1, 1)
    assert (len(hub.all("tickets")), len(sf.all("Case"))) == (1, 1)

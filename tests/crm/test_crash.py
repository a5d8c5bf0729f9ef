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

from tests.browser.caller import Caller
from tests.crm import hubspot, salesforce
from tests.crm.hubspot import Portal
from tests.crm.salesforce import Org
from tests.drill.processes import Process
from tests.house import eventually
from webhooks.demo import logins

pytestmark = pytest.mark.drill


@pytest.fixture
def bauruf(database_url: str, tmp_path: Path, hub: Portal, sf: Org) -> Iterator[Process]:
    name = "Müller Elektrotechnik GmbH"
    hub.add("companies", id="601", name=name, customer_number="K10215", city="Berlin")
    sf.add("Account", Name=name, AccountNumber="K10215", BillingCity="Berlin")
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


async def crash(
    process: Process, hub: Portal, sf: Org, kinds: tuple[str, str], many: tuple[int, int] = (1, 1)
) -> None:
    """Kill the process once both CRMs have what they were told, and it has not heard so; start it again.

    `many` is how many records of these kinds there are then.
    """
    assert hub.trouble.holding is not None
    assert sf.trouble.holding is not None

    async def written() -> tuple[int, int]:
        return len(hub.all(kinds[0])), len(sf.all(kinds[1]))

    await eventually(written, lambda found: found == many, patience=60)
    process.kill()
    for holding in (hub.trouble.holding, sf.trouble.holding):
        holding.set()
    hub.trouble.holding = sf.trouble.holding = None
    process.start()
    await process.listening()


async def rows(database_url: str, kind: str) -> list[Any]:
    """State and attempts of what the CRMs are told."""
    with psycopg.connect(database_url) as connection:
        found = connection.execute("SELECT state, attempts FROM crm_outbox WHERE kind = %s", (kind,))
        return found.fetchall()


def done(found: list[Any]) -> bool:
    return len(found) == 2 and all(state == "done" for state, _ in found)


async def test_a_handoff_is_one_ticket_and_one_case_and_its_transcript_one_note_and_one_task(
    bauruf: Process, client: httpx.AsyncClient, hub: Portal, sf: Org, database_url: str
) -> None:
    hub.trouble.holding, sf.trouble.holding = asyncio.Event(), asyncio.Event()
    await says(client, "Thomas Müller", "Mensch")
    await crash(bauruf, hub, sf, ("tickets", "Case"))
    found = await eventually(lambda: rows(database_url, "ticket"), done, patience=90)
    assert [attempts for _, attempts in found] == [2, 2]
    assert (len(hub.all("tickets")), len(sf.all("Case"))) == (1, 1)

    headers = await sign_in(client)
    (card,) = (await client.get("/api/queue")).json()["cards"]
    hub.trouble.holding, sf.trouble.holding = asyncio.Event(), asyncio.Event()
    resolved = await client.post(f"/api/conversations/{card['id']}/resolve", headers=headers)
    resolved.raise_for_status()
    await crash(bauruf, hub, sf, ("communications", "Task"))
    found = await eventually(lambda: rows(database_url, "transcript"), done, patience=90)
    assert [attempts for _, attempts in found] == [2, 2]
    assert (len(hub.all("communications")), len(sf.all("Task"))) == (1, 1)
    assert (len(hub.all("tickets")), len(sf.all("Case"))) == (1, 1)


async def test_somebody_accepted_is_one_contact_in_each_crm(
    bauruf: Process, client: httpx.AsyncClient, hub: Portal, sf: Org, database_url: str
) -> None:
    async with httpx.AsyncClient(base_url=client.base_url, timeout=30) as phone:
        thomas = Caller(phone)
        await thomas.be("Thomas Müller")
        await thomas.shares(contact={"name": "Olga Wirth", "phone": "+491713920095", "own": False})
    headers = await sign_in(client)

    async def company() -> dict[str, Any]:
        (found, *_) = (await client.get("/api/accounts", params={"q": "K10215"})).json()["accounts"]
        page: dict[str, Any] = (await client.get(f"/api/accounts/{found['id']}")).json()
        return page

    page = await eventually(
        company, lambda page: len(page["records"]) == 2 and bool(page["proposals"]), patience=60
    )
    before = len(hub.all("contacts")), len(sf.all("Contact"))
    hub.trouble.holding, sf.trouble.holding = asyncio.Event(), asyncio.Event()
    accepted = await client.post(
        f"/api/accounts/proposals/{page['proposals'][0]['id']}/accept", json={}, headers=headers
    )
    assert accepted.status_code == 200, accepted.text
    await crash(bauruf, hub, sf, ("contacts", "Contact"), (before[0] + 1, before[1] + 1))
    found = await eventually(lambda: rows(database_url, "contact"), done, patience=90)
    assert [attempts for _, attempts in found] == [2, 2]
    assert (len(hub.all("contacts")), len(sf.all("Contact"))) == (before[0] + 1, before[1] + 1)
    assert [line["state"] for line in (await company())["contacts"]] == ["done", "done"]

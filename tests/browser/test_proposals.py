"""Somebody whom a conversation brought up is put on file on the company's page, and goes to the CRM."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.settings import Settings
from nlu.linear import LinearUnderstander
from tests.browser.caller import Caller
from tests.browser.cast import Cast
from tests.crm.hubspot import TOKEN, Portal
from tests.crm.trouble import served
from tests.drill.serving import listen
from tests.house import House, eventually, open_house

pytestmark = pytest.mark.browser

MUELLER = "Müller Elektrotechnik GmbH"
PAVEL = {"name": "P. Dvorak", "phone": "+491713920094", "own": False}
OLGA = {"name": "Olga Wirth", "phone": "+491713920095", "own": False}


@pytest.fixture
async def hub() -> AsyncIterator[Portal]:
    async with served(Portal(lambda: datetime.now(UTC))) as hub:
        hub.add("companies", id="601", name=MUELLER, customer_number="K10215", city="Berlin")
        yield hub


@pytest.fixture
async def house(
    chromium: Browser, database_url: str, tmp_path: Path, engine: LinearUnderstander, hub: Portal
) -> AsyncIterator[House]:
    settings = Settings(
        _env_file=None,
        data_dir=tmp_path,
        database_url=database_url,
        hubspot_token=TOKEN,
        hubspot_api_url=hub.url,
    )
    async with open_house(settings, engine, listen(), demo=True) as house:
        yield house


async def test_a_contact_card_is_accepted_under_a_name_and_another_declined(
    cast: Cast, house: House, hub: Portal
) -> None:
    client = house.client()
    thomas = Caller(client)
    await thomas.be("Thomas Müller")
    await thomas.shares(contact=PAVEL)
    await thomas.shares(contact=OLGA)
    await thomas.says("Mensch")
    david = await cast.agent("David Sommer")
    seat = await house.seat("Anna Keller")

    async def company() -> dict[str, list[dict[str, str]]]:
        (found, *_) = (await seat.client.get("/api/accounts", params={"q": "K10215"})).json()["accounts"]
        page: dict[str, list[dict[str, str]]] = (await seat.client.get(f"/api/accounts/{found['id']}")).json()
        return page

    async def copied() -> tuple[int, int]:
        return len((await company())["records"]), len((await company())["proposals"])

    await eventually(copied, lambda seen: seen == (1, 2))
    await david.open("Wartet", "Thomas Müller")
    await david.account.get_by_role("link", name=MUELLER).click()
    page = david.page.get_by_role("region", name=MUELLER)
    lines = page.get_by_role("listitem").filter(has=david.page.get_by_role("button", name="Aufnehmen"))
    await expect(lines).to_have_count(2)

    pavel = lines.filter(has_text="+49 171 3920094")
    await expect(pavel).to_contain_text("kam als Kontaktkarte im Gespräch")
    await expect(pavel.get_by_label("Name")).to_have_value("P. Dvorak")
    await pavel.get_by_label("Name").fill("")
    await expect(pavel.get_by_role("button", name="Aufnehmen")).to_be_disabled()
    await pavel.get_by_label("Name").fill("Pavel Dvorak")
    hub.trouble.make("down", only="contacts")
    await pavel.get_by_role("button", name="Aufnehmen").click()
    await expect(
        david.page.get_by_text("Pavel Dvorak ist aufgenommen und wird künftig erkannt.")
    ).to_be_visible()
    await expect(page.get_by_role("button", name="Pavel Dvorak bearbeiten")).to_be_visible()
    await expect(page.get_by_text("HubSpot: wird gesendet")).to_be_visible()

    await lines.filter(has_text="+49 171 3920095").get_by_role("button", name="Ablehnen").click()
    await expect(lines).to_have_count(0)
    await expect(page.get_by_text("Olga Wirth")).to_have_count(0)

    hub.trouble.end()

    async def states() -> list[str]:
        return [line["state"] for line in (await company())["contacts"]]

    await eventually(states, lambda found: found == ["done"])
    # Nobody has reloaded the page.
    link = page.get_by_role("listitem").filter(has_text="Pavel Dvorak").get_by_role("link")
    await expect(link.filter(has_text="In HubSpot öffnen")).to_have_attribute("href", hub_link(hub))
    (written,) = await contacts_of(hub)
    assert (written["firstname"], written["mobilephone"]) == ("Pavel", "+491713920094")


async def contacts_of(hub: Portal) -> list[dict[str, str]]:
    return [one for one in hub.all("contacts") if one.get("lastname") in ("Dvorak", "Wirth")]


def hub_link(hub: Portal) -> str:
    (contact,) = [one for one in hub.all("contacts") if one.get("lastname") == "Dvorak"]
    return f"https://app-eu1.hubspot.com/contacts/145000001/record/0-1/{contact['hs_object_id']}"

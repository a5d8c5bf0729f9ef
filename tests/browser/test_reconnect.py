"""The console while its server is killed: nothing that arrives is missed, nothing typed is lost."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from nlu.linear import LinearUnderstander
from nlu.versions import save
from tests.browser.caller import Caller
from tests.browser.cast import playing
from tests.browser.watch import photograph
from tests.drill.processes import Process
from tests.house import House

pytestmark = pytest.mark.browser

MESSAGES = [f"Nachricht {number} von 20" for number in range(1, 21)]
NO_PROVIDER = {"BAURUF_TELEGRAM_TOKEN": "", "BAURUF_TELEGRAM_SECRET": "", "BAURUF_PUBLIC_URL": ""}


@pytest.fixture
async def server(
    house: House, database_url: str, tmp_path: Path, engine: LinearUnderstander
) -> AsyncIterator[Process]:
    """A second server on the house's database, as an operator would start it; this one can be killed."""
    save(engine, tmp_path / "models" / f"{engine.version}.model")
    settings = {**NO_PROVIDER, "BAURUF_DATABASE_URL": database_url, "BAURUF_DATA_DIR": str(tmp_path)}
    server = Process("dies", ("serve", "--demo"), settings, tmp_path)
    server.start()
    try:
        await server.listening()
        yield server
    finally:
        server.stop()
        sys.stdout.write(server.log.read_text("utf-8", "replace"))


async def test_twenty_messages_while_the_server_is_dead_are_all_shown_and_the_draft_is_kept(
    chromium: Browser, house: House, server: Process
) -> None:
    async with playing(f"http://127.0.0.1:{server.port}", chromium) as cast:
        cast.watch.expect(
            r"ERR_(CONNECTION_REFUSED|CONNECTION_RESET|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE)"
        )
        thomas = Caller(house.client())
        await thomas.be("Thomas Müller")
        await thomas.says("Mensch")
        anna = await cast.agent("Anna Keller")
        await anna.open("Wartet", "Thomas Müller")
        await anna.press("t")
        await expect(anna.reply).to_be_focused()
        await anna.page.keyboard.type("Guten Tag Herr Müller, ich schaue gerade")

        for number, text in enumerate(MESSAGES):
            await thomas.says(text)
            if number == 4:
                await expect(anna.said("Nachricht 1 von 20")).to_be_visible()
                server.kill()
        offline = anna.page.get_by_text("Offline – Verbindung wird gesucht …")
        await expect(offline).to_be_visible()
        await anna.page.keyboard.type(" nach")
        await anna.press("Escape", "n")
        await anna.note.fill("Ruft seit heute früh an.")
        await anna.note.press("Control+Enter")
        await expect(anna.said("Ruft seit heute früh an.")).to_contain_text("sobald der Server antwortet")
        await photograph(anna.page, "reconnect-1-offline")

        server.start()
        await server.listening()
        await expect(offline).to_be_hidden(timeout=30_000)
        await expect(anna.log.get_by_text("von 20")).to_have_text(MESSAGES)
        await expect(anna.said("Ruft seit heute früh an.")).to_have_count(1)
        await expect(anna.said("Ruft seit heute früh an.")).not_to_contain_text("sobald der Server antwortet")
        await anna.page.get_by_role("button", name="Antwort", exact=True).click()
        await expect(anna.reply).to_have_value("Guten Tag Herr Müller, ich schaue gerade nach")
        await photograph(anna.page, "reconnect-2-all-there")

        await anna.reply.press("Control+Enter")
        await expect(anna.said("ich schaue gerade nach")).to_be_visible()
        assert anna.loads == 1
    assert cast.watch.complaints == []

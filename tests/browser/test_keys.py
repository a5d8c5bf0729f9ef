"""Keys mean what the help says, and nothing else."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Route, expect

from tests.browser.cast import Cast

pytestmark = pytest.mark.browser


async def test_what_is_typed_while_the_turn_is_asked_for_is_the_reply(cast: Cast) -> None:
    thomas = await cast.installer("Thomas Müller")
    await thomas.says("Mensch")
    anna = await cast.agent("Anna Keller")
    await anna.open("Wartet", "Thomas Müller")
    typed = asyncio.Event()

    async def slowly(route: Route) -> None:
        await typed.wait()
        await route.continue_()

    await anna.page.route("**/take", slowly)
    async with anna.page.expect_request("**/take"):
        await anna.press("t")
    await anna.press("e", "b")
    typed.set()
    await expect(anna.reply).to_be_focused()
    await expect(anna.reply).to_have_value("eb")
    await expect(anna.card("Meine", "Thomas Müller")).to_be_visible()
    await expect(thomas.status).to_have_text("Anna Keller ist da")


async def test_escape_closes_one_thing_at_a_time(cast: Cast) -> None:
    thomas = await cast.installer("Thomas Müller")
    await thomas.says("Mensch")
    anna = await cast.agent("Anna Keller")
    await anna.open("Wartet", "Thomas Müller")
    menu = anna.page.get_by_role("button", name="Ihr Konto: Anna Keller")
    await menu.click()
    await anna.press("Escape")
    await expect(menu).to_have_attribute("aria-expanded", "false")
    await expect(anna.conversation("Thomas Müller")).to_be_visible()
    await anna.press("?")
    await expect(anna.page.get_by_role("dialog", name="Tasten")).to_be_visible()
    await anna.press("Escape")
    await expect(anna.page.get_by_role("dialog", name="Tasten")).to_be_hidden()
    await expect(anna.conversation("Thomas Müller")).to_be_visible()
    await anna.press("Escape")
    await expect(anna.page.get_by_role("region", name="Wählen Sie ein Gespräch")).to_be_visible()

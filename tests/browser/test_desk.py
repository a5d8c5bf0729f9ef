"""The agent's whole way, as it looks and feels."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Route, expect

from bot.demo.library import LIBRARY
from tests.browser.cast import Cast
from tests.browser.console import Console
from tests.browser.watch import photograph

pytestmark = pytest.mark.browser

PICTURE = LIBRARY / "nw-rd-wiring.png"


async def test_an_emergency_is_taken_over_answered_handed_back_and_resolved(cast: Cast) -> None:
    anna = await cast.agent("Anna Keller")
    await expect(anna.section("Dringend")).to_contain_text("Nichts Dringendes.")
    await photograph(anna.page, "way-1-nobody-waits")
    sepp = await cast.installer("Josef Huber")

    await sepp.says("Griaß eich, am Gehäuse bitzelt's wenn man hinfasst")
    await expect(sepp.said("Strom abschalten, Abstand halten, bei Gefahr 112.")).to_be_visible()
    await expect(sepp.status).to_have_text("gleich ist jemand da")
    card = anna.card("Dringend", "Josef Huber")
    await expect(card).to_contain_text("Sanitär Huber GmbH")
    await expect(card).to_contain_text("Notfall")
    await expect(card).to_contain_text(re.compile(r"\d+ (Sek|Min)"))
    await photograph(sepp.page, "way-2-phone-emergency")
    await photograph(anna.page, "way-2-it-arrives")

    await anna.press("j")
    await expect(card).to_be_focused()
    await anna.press("Enter")
    await expect(anna.conversation("Josef Huber")).to_contain_text("Übergeben, weil")
    await expect(anna.said("am Gehäuse bitzelt's")).to_be_visible()
    await expect(anna.account).to_contain_text("K10304")
    await photograph(anna.page, "way-3-opened")

    await anna.press("t")
    await expect(anna.reply).to_be_focused()
    await expect(anna.card("Meine", "Josef Huber")).to_be_visible()
    await expect(sepp.said("Anna Keller aus unserem Team ist jetzt für Sie da.")).to_be_visible()
    await expect(sepp.status).to_have_text("Anna Keller ist da")

    await anna.page.keyboard.type("Bitte sofort die Sicherung raus. So ist der Schutzleiter richtig:")
    await anna.page.get_by_role("button", name="Dateien anhängen").set_input_files(PICTURE)
    await expect(anna.page.get_by_text(PICTURE.name)).to_be_visible()
    await photograph(anna.page, "way-4-about-to-reply")
    await anna.reply.press("Control+Enter")
    sent = anna.said("Bitte sofort die Sicherung raus.")
    await expect(sent.get_by_text("zugestellt")).to_be_visible()
    await expect(anna.reply).to_have_value("")
    await expect(sepp.said("Bitte sofort die Sicherung raus.")).to_be_visible()
    await expect(sepp.chat.get_by_role("img", name=PICTURE.name)).to_be_visible()
    await photograph(anna.page, "way-5-delivered")
    await photograph(sepp.page, "way-5-phone-reply")

    await anna.press("Escape", "n")
    await anna.note.fill("Schon der zweite Stromschlag dort, Elektriker hinschicken.")
    await photograph(anna.page, "way-6-about-to-note")
    await anna.note.press("Control+Enter")
    await expect(anna.said("Interne Notiz · Sie")).to_contain_text("Elektriker hinschicken")

    await anna.press("Escape", "b")
    await expect(anna.card("Beim Bot", "Josef Huber")).to_be_visible()
    await expect(sepp.status).to_have_text("Bot, antwortet sofort")
    await sepp.says("Ist der NW-RV-250 auf Lager?")
    await expect(sepp.said("am Lager")).to_be_visible()
    await expect(anna.said("am Lager")).to_be_visible()
    await expect(sepp.page.get_by_text("Elektriker hinschicken")).to_have_count(0)
    await photograph(anna.page, "way-7-bot-again")

    await sepp.says("Mensch")
    await expect(anna.card("Wartet", "Josef Huber")).to_be_visible()
    # The card can come before the answer to the click, and keys wait for that.
    async with anna.page.expect_response("**/take"):
        await anna.press("Escape", "j", "t")
    await expect(anna.card("Meine", "Josef Huber")).to_be_visible()
    await expect(anna.note).to_be_focused()
    async with anna.page.expect_response("**/resolve"):
        await anna.press("Escape", "e")
    await expect(anna.section("Erledigt")).to_contain_text("1")
    await expect(sepp.said("Damit ist Ihr Anliegen für uns erledigt.")).to_be_visible()
    await photograph(anna.page, "way-8-resolved")
    assert anna.loads == 1


async def test_two_click_at_once_one_wins_and_the_other_is_told_by_whom(cast: Cast) -> None:
    cast.watch.expect(r"409 .*/take$")
    thomas = await cast.installer("Thomas Müller")
    await thomas.says("Mensch")
    anna, david = await cast.agent("Anna Keller"), await cast.agent("David Sommer")
    for agent in (anna, david):
        await agent.open("Wartet", "Thomas Müller")

    # Neither click reaches the server before the other, so that no page knows better beforehand.
    both = asyncio.Barrier(2)

    async def hold(route: Route) -> None:
        await both.wait()
        await route.continue_()

    async def click(agent: Console) -> int:
        await agent.page.route("**/take", hold)
        button = agent.page.locator("header").get_by_role("button", name="Übernehmen")
        async with agent.page.expect_response("**/take") as answer:
            await button.click()
        return (await answer.value).status

    anna_got, david_got = await asyncio.gather(click(anna), click(david))
    assert sorted([anna_got, david_got]) == [200, 409]
    if anna_got == 200:
        winner, loser, name = anna, david, "Anna Keller"
    else:
        winner, loser, name = david, anna, "David Sommer"
    await expect(winner.card("Meine", "Thomas Müller")).to_be_visible()
    await expect(loser.page.get_by_text(f"{name} war schneller und führt dieses Gespräch.")).to_be_visible()
    await expect(loser.conversation("Thomas Müller")).to_contain_text(f"{name} führt dieses Gespräch.")
    await expect(loser.section("Bei Kollegen")).to_contain_text("1")
    await expect(thomas.status).to_have_text(f"{name} ist da")
    await expect(thomas.said("ist jetzt für Sie da")).to_have_count(1)
    await photograph(loser.page, "two-the-other-was-faster")

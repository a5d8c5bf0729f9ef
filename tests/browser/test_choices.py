"""What people change for themselves and for all: the bot's words, language, looks; and a small screen."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.cast import HANDHELD, Cast
from tests.browser.console import Console
from tests.browser.phone import Phone
from tests.browser.watch import photograph
from tests.house import eventually

pytestmark = pytest.mark.browser

GERMAN = "thanks, Deutsch"
OURS = "Da nicht für! Euer Nordwind-Team."


async def _hears(phone: Phone, words: str) -> None:
    """Thank the bot until it answers so: a new wording reaches every process within seconds."""

    async def answer() -> str:
        before = await phone.heard.count()
        await phone.says("Danke!")
        await expect(phone.heard).to_have_count(before + 1)
        return await phone.heard.last.inner_text()

    await eventually(answer, lambda text: words in text)


async def test_the_bot_says_what_an_admin_has_written_until_it_is_reset(cast: Cast) -> None:
    anna = await cast.agent("Anna Keller")
    thomas = await cast.installer("Thomas Müller")
    await anna.page.get_by_role("link", name="Antworten", exact=True).click()
    await anna.page.get_by_role("searchbox", name="Antworten filtern").fill("bedankt")
    await anna.page.get_by_role("link", name="thanks").click()
    german = anna.page.get_by_role("textbox", name=GERMAN, exact=True)
    form = anna.page.locator("form").filter(has=german)
    await german.fill(OURS)
    await expect(form.get_by_text("nicht gespeichert")).to_be_visible()
    await form.get_by_role("button", name="Speichern").click()
    await expect(form.get_by_role("region", name="Wirkung")).to_be_visible()
    await form.get_by_role("button", name="Übernehmen").click()
    await expect(form.get_by_text("geändert von Anna Keller")).to_be_visible()
    await _hears(thomas, OURS)

    await form.get_by_role("button", name="Zurück zum Original").click()
    await form.get_by_role("button", name="Übernehmen").click()
    await expect(german).to_have_value(re.compile("^Gern geschehen!"))
    await _hears(thomas, "Gern geschehen!")


async def test_a_placeholder_nobody_fills_is_refused_and_nothing_written_is_lost(cast: Cast) -> None:
    cast.watch.expect(r"422 .*/api/answers/thanks/de/replay$")
    anna = await cast.agent("Anna Keller")
    await anna.go("answers/thanks")
    german = anna.page.get_by_role("textbox", name=GERMAN, exact=True)
    await german.fill("Danke, {nmae}!")
    await anna.page.locator("form").filter(has=german).get_by_role("button", name="Speichern").click()
    await expect(anna.page.get_by_role("alert").filter(has_text="nmae")).to_be_visible()
    await anna.page.reload()
    await expect(german).to_have_value("Danke, {nmae}!")


async def test_language_and_appearance_stay_chosen(cast: Cast) -> None:
    anna = await cast.agent("Anna Keller")
    await anna.choose("English")
    await expect(anna.page.get_by_role("navigation", name="Queue")).to_contain_text("Nothing urgent.")
    await anna.choose("Dark")
    await expect(anna.page.locator("html")).to_have_css("color-scheme", "dark")
    await anna.page.reload()
    await expect(anna.page.get_by_role("navigation", name="Queue")).to_contain_text("Nothing urgent.")
    await expect(anna.page.locator("html")).to_have_css("color-scheme", "dark")
    await photograph(anna.page, "english-dark")
    await anna.choose("Deutsch")
    await expect(anna.queue).to_contain_text("Nichts Dringendes.")


async def test_on_a_phone_one_thing_is_shown_at_a_time_with_a_way_back(cast: Cast) -> None:
    thomas = await cast.installer("Thomas Müller")
    await thomas.says("Mensch")
    anna = Console(await cast.window(size=HANDHELD))
    await anna.sign_in(cast.url, "Anna Keller")
    await anna.open("Wartet", "Thomas Müller")
    await expect(anna.queue).to_be_hidden()
    await anna.page.get_by_role("button", name="Übernehmen").first.click()
    await anna.reply.fill("Bin gleich bei Ihnen")
    await anna.page.get_by_role("button", name="Firma anzeigen").click()
    await expect(anna.account).to_contain_text("K10215")
    await anna.account.get_by_role("button", name="Firma ausblenden").click()
    await expect(anna.account).to_be_hidden()
    await anna.page.get_by_role("link", name="Zurück zur Warteschlange").click()
    await expect(anna.card("Meine", "Thomas Müller")).to_contain_text("Entwurf")
    await anna.page.go_back()
    await expect(anna.conversation("Thomas Müller")).to_be_visible()
    await expect(anna.reply).to_have_value("Bin gleich bei Ihnen")
    await anna.page.get_by_role("button", name="Senden").click()
    await expect(thomas.said("Bin gleich bei Ihnen")).to_be_visible()
    assert anna.loads == 1

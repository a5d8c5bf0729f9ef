"""The page of a company: opened from a conversation, mended, merged, and the merge taken back."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.cast import Cast

pytestmark = pytest.mark.browser

MUELLER = "Müller Elektrotechnik GmbH"
OTHER = "Elektro Müller e.K."


async def test_a_company_is_seen_mended_and_merged(cast: Cast) -> None:
    thomas = await cast.installer("Thomas Müller")
    await thomas.says("Mensch")
    david = await cast.agent("David Sommer")
    await david.open("Wartet", "Thomas Müller")
    await david.account.get_by_role("link", name=MUELLER).click()
    page = david.page.get_by_role("region", name=MUELLER)
    await expect(page.get_by_text("K10215")).to_be_visible()
    await expect(page.get_by_text("noch hat niemand übernommen")).to_be_visible()
    await expect(page.get_by_text("4500123456")).to_be_visible()

    await page.get_by_role("button", name="Bearbeiten", exact=True).first.click()
    form = david.page.get_by_role("dialog", name="Firma bearbeiten")
    await form.get_by_label("Betreut von").fill("Ines Vogt")
    await form.get_by_role("button", name="Speichern").click()
    await expect(page.get_by_text("Ines Vogt")).to_be_visible()

    await page.get_by_role("button", name="Kevin Lange bearbeiten").click()
    form = david.page.get_by_role("dialog", name="Kevin Lange bearbeiten")
    await form.get_by_label("Bauleitung").check()
    await form.get_by_role("button", name="Speichern").click()
    await expect(page.get_by_text("Monteur, Bauleitung", exact=True)).to_have_count(2)

    await page.get_by_role("button", name="Zusammenführen …").click()
    form = david.page.get_by_role("dialog", name=f"{MUELLER} zusammenführen")
    await form.get_by_role("searchbox").fill("elektro mü")
    await form.get_by_role("radio", name=OTHER).check()
    await form.get_by_role("button", name=f"{OTHER} hier aufnehmen").click()
    await expect(page.get_by_text("Andreas Müller")).to_be_visible()
    await expect(page.get_by_text(f"{OTHER} (K10228)")).to_be_visible()
    await expect(david.page.get_by_role("link", name=OTHER)).to_have_count(0)

    await page.get_by_role("button", name="Rückgängig").click()
    await expect(page.get_by_text("Andreas Müller")).to_have_count(0)
    await expect(david.page.get_by_text(f"{OTHER} steht wieder für sich")).to_be_visible()
    search = david.page.get_by_role("searchbox", name="Firmen suchen")
    await search.fill("K10228")
    await david.page.get_by_role("link", name=OTHER).click()
    await expect(david.page.get_by_role("region", name=OTHER).get_by_text("Andreas Müller")).to_be_visible()

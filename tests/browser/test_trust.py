"""Agents see how far somebody is trusted, change it with a reason, and hand out invitations."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.axe import axe_core, violations
from tests.browser.cast import Cast
from tests.browser.watch import photograph

pytestmark = pytest.mark.browser


async def test_trust_is_raised_with_a_reason_and_a_colleague_invited(cast: Cast) -> None:
    axe = axe_core()
    anna = await cast.agent("Anna Keller")
    kevin = await cast.installer("Kevin Lange")
    await kevin.says("Ist NW-RV-250 auf Lager?")
    await anna.open("Beim Bot", "Kevin Lange")
    await expect(anna.account).to_contain_text("Das Telefon gehört genau einer aktiven Person.")

    await anna.page.get_by_role("button", name="Vertrauen ändern").click()
    box = anna.page.get_by_role("dialog", name="Vertrauen ändern")
    await expect(box).to_contain_text("Telefon ist hinterlegt")
    await expect(box).to_contain_text("eigene Aufträge")
    await expect(box).not_to_contain_text("Aufträge der Firma")
    await photograph(anna.page, "trust-change")
    assert await violations(anna.page, axe) == []
    await expect(
        box.get_by_role("option", name="4 · berechtigt")
    ).to_be_disabled()  # a fitter decides nothing
    await box.get_by_label("Grund").fill("Rückruf im Büro")
    await box.get_by_label("Stufe").select_option("3")
    await box.get_by_label("Grund").press("Enter")
    await expect(box).not_to_be_visible()
    await expect(anna.conversation("Kevin Lange")).to_contain_text("bestätigtes Mitglied")
    await anna.page.reload()
    await expect(anna.account).to_contain_text(
        re.compile("Anna Keller hat das Vertrauen gesetzt.*Rückruf im Büro")
    )

    await anna.page.get_by_role("button", name="Zu Telegram einladen").click()
    box = anna.page.get_by_role("dialog", name="Zu Telegram einladen")
    await box.get_by_label("Person").select_option(label="Marek Nowak")
    await box.get_by_role("button", name="Link erstellen").click()
    await expect(box.get_by_label(re.compile("^Link, gültig bis"))).to_have_value(
        re.compile(r"^/start [\w-]{32}$")
    )
    await photograph(anna.page, "trust-invitation")
    assert await violations(anna.page, axe) == []

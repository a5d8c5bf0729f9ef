"""An answer is said in other words only after its effect on the last conversations was seen."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.axe import axe_core, violations
from tests.browser.cast import DESKTOP, HANDHELD, Cast
from tests.browser.console import Console
from tests.browser.watch import photograph
from tests.house import House

pytestmark = pytest.mark.browser

SIZES = {"desktop": DESKTOP, "phone": HANDHELD}
OURS = "Gern. {promise} meldet sich jemand bei Ihnen."


def wording(page: Page, key: str) -> Locator:
    """The German wording's form."""
    return page.locator("form").filter(has=page.get_by_role("textbox", name=f"{key}, Deutsch", exact=True))


async def test_the_effect_of_a_wording_is_seen_before_it_is_said(house: House, cast: Cast) -> None:
    thomas = await cast.installer("Thomas Müller")
    await thomas.says("Ich möchte mit einem Menschen sprechen")
    kevin = await cast.installer("Kevin Lange")
    await kevin.says("Aus dem Lüfter kommt Rauch!")
    await house.idle()
    found: list[str] = []
    axe = axe_core()
    for size, scheme in (("desktop", "light"), ("desktop", "dark"), ("phone", "light"), ("phone", "dark")):
        page = await cast.window(size=SIZES[size], scheme=scheme)  # type: ignore[arg-type]
        anna = Console(page)
        await anna.sign_in(cast.url, "Anna Keller")
        await anna.go("answers/handoff_emergency")
        form = wording(page, "handoff_emergency")
        await form.get_by_role("textbox").fill("Wir sind unterwegs. Telefon: {phone}")
        await form.get_by_role("button", name="Speichern").click()
        effect = form.get_by_role("region", name="Wirkung")
        await expect(effect).to_contain_text("Es fehlt: Strom, Abstand, 112")
        await expect(effect).to_contain_text("In 1 der letzten 2 Gespräche würde der Bot das sagen.")
        await expect(effect.get_by_role("button", name="Übernehmen")).to_be_disabled()
        await effect.scroll_into_view_if_needed()
        await photograph(page, f"wording-shut-{size}-{scheme}")
        found += [f"shut {size} {scheme}: {line}" for line in await violations(page, axe)]

        await anna.go("answers/handoff_human")
        form = wording(page, "handoff_human")
        await form.get_by_role("textbox").fill(OURS)
        await form.get_by_role("button", name="Speichern").click()
        effect = form.get_by_role("region", name="Wirkung")
        await expect(effect).to_be_focused()
        await expect(effect.get_by_role("link", name="Ich möchte mit einem Menschen")).to_be_visible()
        await expect(effect).to_contain_text("Gern. heute bis 14:30 Uhr meldet sich jemand bei Ihnen.")
        await effect.scroll_into_view_if_needed()
        await photograph(page, f"wording-effect-{size}-{scheme}")
        found += [f"effect {size} {scheme}: {line}" for line in await violations(page, axe)]
        await effect.get_by_role("button", name="Weiter bearbeiten").click()
        await expect(form.get_by_role("textbox")).to_be_focused()
        await form.get_by_role("textbox").fill(OURS)
    assert not found, "\n".join(found)
    await form.get_by_role("button", name="Speichern").click()
    await form.get_by_role("button", name="Übernehmen").click()
    await expect(form.get_by_text("geändert von Anna Keller")).to_be_visible()


async def test_an_added_intent_is_given_words_in_the_console(cast: Cast) -> None:
    anna = await cast.agent("Anna Keller")
    await anna.go("training/corpus")
    await anna.page.get_by_role("button", name="Anliegen").last.click()
    dialog = anna.page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("fire_damper")
    await dialog.get_by_role("button", name="Anliegen ergänzen").click()
    await expect(anna.page.get_by_text("Anliegen ergänzt.")).to_be_visible()
    await anna.go("answers")
    link = anna.page.get_by_role("link", name="fire_damper")
    await expect(link).to_contain_text("noch ohne Text")
    await link.click()
    form = wording(anna.page, "fire_damper")
    await form.get_by_role("textbox").fill("Hebel auf „Auf“ drehen, bis es klickt.")
    await form.get_by_role("button", name="Speichern").click()
    await expect(form.get_by_text("in keiner Antwort vor")).to_be_visible()
    await form.get_by_role("button", name="Übernehmen").click()
    await expect(form.get_by_text("geändert von Anna Keller")).to_be_visible()
    await expect(form.get_by_role("button", name="Wieder an Menschen geben")).to_be_enabled()


async def test_german_with_du_stands_beside_german_with_sie(cast: Cast) -> None:
    axe = axe_core()
    found: list[str] = []
    for size in SIZES:
        page = await cast.window(size=SIZES[size])
        anna = Console(page)
        await anna.sign_in(cast.url, "Anna Keller")
        await anna.go("answers/greeting")
        familiar = page.locator("form").filter(
            has=page.get_by_role("textbox", name="greeting, Deutsch mit du", exact=True)
        )
        await expect(familiar.get_by_text("nicht in Gebrauch")).to_be_visible()
        await expect(wording(page, "greeting").get_by_text("nicht in Gebrauch")).to_have_count(0)
        await familiar.get_by_role("button", name="Telegram").click()
        await expect(familiar.locator(".preview-part")).to_contain_text("was kann ich für dich tun?")
        await photograph(page, f"wording-du-{size}")
        found += [f"{size}: {line}" for line in await violations(page, axe)]
    assert not found, "\n".join(found)
    await familiar.get_by_role("textbox").fill("Moin {name}, was brauchst du?")
    await familiar.get_by_role("button", name="Speichern").click()
    await familiar.get_by_role("button", name="Übernehmen").click()
    await expect(familiar.get_by_text("geändert von Anna Keller")).to_be_visible()
    # What addresses nobody is worded once.
    await anna.go("answers/order_delayed")
    await expect(wording(page, "order_delayed")).to_be_visible()
    await expect(page.get_by_text("Deutsch mit du")).to_have_count(0)

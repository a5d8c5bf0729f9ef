"""One thumb down on the phone, and where it arrives."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.axe import axe_core, violations
from tests.browser.cast import DESKTOP, HANDHELD, Cast
from tests.browser.phone import Phone
from tests.browser.watch import photograph
from tests.house import House

pytestmark = pytest.mark.browser

SIZES = {"desktop": DESKTOP, "phone": HANDHELD}
THUMB = "👎 Nicht hilfreich"
PEOPLE = ("Finn Petersen", "Kevin Lange", "Sandra Wolff", "Thomas Müller")


async def test_a_thumb_is_quiet_and_reaches_the_inbox(house: House, cast: Cast) -> None:
    axe = axe_core()
    found: list[str] = []
    looks = (("desktop", "light"), ("desktop", "dark"), ("phone", "light"), ("phone", "dark"))
    for name, (size, scheme) in zip(PEOPLE, looks, strict=True):
        page = await cast.window(size=SIZES[size], scheme=scheme)  # type: ignore[arg-type]
        phone = Phone(page)
        await phone.be(cast.url, name, "Telegram")
        await phone.says("Welche Klemme ist für 0-10 V beim RV-250?")
        await house.idle()
        await phone.says("Wann habt ihr geöffnet?")
        thumb = page.get_by_role("button", name=THUMB)
        await expect(thumb).to_have_count(1)
        await photograph(page, f"thumb-{size}-{scheme}")
        found += [f"{size} {scheme}: {line}" for line in await violations(page, axe)]
        await thumb.click()
        await expect(phone.said("Schade, dass das nicht geholfen hat.")).to_be_visible()
        await expect(thumb).to_have_count(0)
    assert not found, "\n".join(found)
    await house.idle()
    anna = await cast.agent("Anna Keller")
    await anna.go("training/reviews")
    card = anna.page.get_by_role("region", name="Zu prüfende Nachricht")
    await expect(card).to_contain_text("Wann habt ihr geöffnet?")
    await expect(card).to_contain_text("nicht hilfreich")

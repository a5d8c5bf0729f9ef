"""What asks for an agent's attention, and how long it goes on asking."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.async_api import expect

from tests.browser.cast import Cast

pytestmark = pytest.mark.browser

STILL = re.compile("Dringend, und noch niemand hat übernommen: .*Müller")


async def test_an_emergency_is_said_again_until_somebody_takes_over(cast: Cast) -> None:
    anna = await cast.agent("Anna Keller")
    await anna.page.clock.install(time=datetime.now(UTC))
    thomas = await cast.installer("Thomas Müller")
    await thomas.says("Hilfe, der Ventilator brennt!")
    toast = anna.page.locator(".toast")
    await expect(toast.filter(has_text=re.compile("Dringend: .*Müller"))).to_be_visible()
    still = toast.filter(has_text=STILL)
    await expect(still).to_have_count(0)
    for _ in range(2):
        await anna.page.clock.fast_forward("06:00")
        await expect(still).to_be_visible()
        await still.get_by_role("button").last.click()
        await expect(still).to_have_count(0)
    await anna.open("Dringend", "Thomas Müller")
    await anna.press("t")
    await expect(anna.reply).to_be_focused()
    await anna.page.clock.fast_forward("06:00")
    await expect(anna.card("Meine", "Thomas Müller")).to_be_visible()
    await expect(still).to_have_count(0)

"""The pages run under a strict policy, and the watch over all these tests would notice a breach."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.browser.cast import playing
from tests.house import House, eventually

pytestmark = pytest.mark.browser

BREACHES = {
    "require-trusted-types-for": "document.body.innerHTML = '<b>not from here</b>'",
    "img-src": "new Image().src = 'https://foreign.example/seen.png'",
    "connect-src": "fetch('https://foreign.example/told').catch(() => undefined)",
    "script-src": "import('https://foreign.example/spy.js').catch(() => undefined)",
}


@pytest.mark.parametrize("page", ["/console/", "/phone/", "/chat/"])
async def test_what_is_foreign_is_stopped_and_noticed(chromium: Browser, house: House, page: str) -> None:
    async with playing(house.url, chromium) as cast:
        window = await cast.window()
        await window.goto(f"{house.url}{page}")
        await expect(window.get_by_role("heading").first).to_be_visible()
        assert cast.watch.complaints == []

        async def noticed() -> str:
            return " ".join(cast.watch.complaints)

        for breach in BREACHES.values():
            # Run by the page itself: what a debugger evaluates stands outside the policy.
            await window.evaluate(f"() => {{ setTimeout(() => {{ {breach} }}) }}")
        await eventually(noticed, lambda lines: all(f"violated: {name}" in lines for name in BREACHES))
        await expect(window.get_by_text("not from here")).to_have_count(0)

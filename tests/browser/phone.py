"""The demo phone as somebody uses it."""

from __future__ import annotations

import re

from playwright.async_api import Locator, Page, expect

# Who may be at the other end; before that it is the state of the connection that is shown.
_REACHED = re.compile("^(Bot, antwortet sofort|gleich ist jemand da|.+ ist da)$")


class Phone:
    """One installer's phone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def be(self, url: str, name: str, channel: str) -> None:
        """Open the demo phone and choose who writes, and on which channel."""
        await self.page.goto(f"{url}/phone/")
        picker = self.page.get_by_role("button", name="Andere Person wählen")
        choice = self.page.get_by_role("button", name=channel, exact=True)
        # On a phone the choice hides behind a button; which of the two there is shows once the page is drawn.
        await expect(picker.or_(choice).first).to_be_visible()
        if await picker.is_visible():
            await picker.click()
        await choice.click()
        await self.page.get_by_role("searchbox").fill(name)
        await self.page.get_by_role("button", name=name).click()
        await expect(self.status).to_have_text(_REACHED)

    @property
    def status(self) -> Locator:
        """Who is there, under the company's name."""
        return self.page.get_by_role("main").get_by_role("status")

    @property
    def chat(self) -> Locator:
        """All that was said."""
        return self.page.get_by_role("log")

    def said(self, text: str) -> Locator:
        """The bubble with these words."""
        return self.chat.get_by_role("article").filter(has_text=text)

    @property
    def heard(self) -> Locator:
        """The bubbles of the other end: those without a tick."""
        tick = self.page.get_by_role("img", name=re.compile("^(angekommen|gesendet|wartet auf Empfang)$"))
        return self.chat.get_by_role("article").filter(has_not=tick)

    async def says(self, text: str) -> None:
        """Write and send; done when it has arrived."""
        field = self.page.get_by_role("textbox", name="Nachricht")
        await field.fill(text)
        await field.press("Enter")
        await expect(self.said(text).last.get_by_role("img", name="angekommen")).to_be_visible()

"""The console as somebody uses it: by what it says, never by how it is built."""

from __future__ import annotations

import re

from playwright.async_api import Locator, Page, expect


class Console:
    """One agent's window. The words are German, as for most of the demo's agents."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.loads = 0
        page.on("load", self._loaded)

    def _loaded(self, _: Page) -> None:
        self.loads += 1

    async def sign_in(self, url: str, name: str) -> None:
        """Open the console and sign in with one click, as in any demo."""
        await self.page.goto(f"{url}/console/")
        await self.page.get_by_role("button", name=name).click()
        await expect(self.queue).to_be_visible()
        await expect(self.page.get_by_role("button", name=name)).to_be_visible()

    @property
    def queue(self) -> Locator:
        """The list of conversations."""
        return self.page.get_by_role("navigation", name="Warteschlange")

    def section(self, name: str) -> Locator:
        """One part of the queue, such as "Dringend"."""
        heading = self.page.get_by_role("button", name=re.compile(f"^{name} "))
        return self.queue.locator("section").filter(has=heading)

    def card(self, section: str, who: str) -> Locator:
        """Somebody's conversation in a part of the queue."""
        return self.section(section).get_by_role("link").filter(has_text=who)

    async def open(self, section: str, who: str) -> None:
        """Open a conversation with a click, unfolding its part of the queue if need be."""
        head = self.section(section).get_by_role("heading").get_by_role("button")
        if await head.get_attribute("aria-expanded") == "false":
            await head.click()
        await self.card(section, who).click()
        await expect(self.conversation(who)).to_be_visible()

    def conversation(self, who: str) -> Locator:
        """The open conversation."""
        return self.page.get_by_role("region", name=who, exact=True)

    @property
    def log(self) -> Locator:
        """All that was said in it."""
        return self.page.get_by_role("log", name="Nachrichten")

    def said(self, text: str) -> Locator:
        """The bubble with these words."""
        return self.log.get_by_role("article").filter(has_text=text)

    @property
    def reply(self) -> Locator:
        """Where a reply is written."""
        return self.page.get_by_role("textbox", name="Antwort", exact=True)

    @property
    def note(self) -> Locator:
        """Where a note is written."""
        return self.page.get_by_role("textbox", name="Interne Notiz", exact=True)

    @property
    def account(self) -> Locator:
        """The company beside the conversation."""
        return self.page.get_by_role("region", name="Firma", exact=True)

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            await self.page.keyboard.press(key)

    async def choose(self, option: str) -> None:
        """Choose a language or an appearance in the menu of one's own account, and close it."""
        await self.page.get_by_role("button", name=re.compile("^(Ihr Konto|Your account)")).click()
        await self.page.get_by_role("button", name=option, exact=True).click()
        await self.press("Escape")

    async def go(self, page: str) -> None:
        """Open a page by its address: conversations, answers, team or quarantine."""
        await self.page.evaluate("(page) => { location.hash = `#/${page}` }", page)

    async def search(self, words: str) -> None:
        """Look for words in the conversations."""
        await self.page.get_by_role("searchbox", name="Suchen").fill(words)

"""Who plays: agents and installers, each in a browser of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize

from tests.browser.console import Console
from tests.browser.phone import Phone
from tests.browser.watch import Watch

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
HANDHELD: ViewportSize = {"width": 390, "height": 844}


@dataclass
class Cast:
    """Opens windows on the server at `url` and watches them."""

    url: str
    browser: Browser
    watch: Watch = field(default_factory=Watch)
    _contexts: list[BrowserContext] = field(default_factory=list)

    async def window(
        self, *, size: ViewportSize = DESKTOP, scheme: Literal["light", "dark"] = "light"
    ) -> Page:
        """An empty page in a browser profile of its own, set to German and Berlin's time."""
        context = await self.browser.new_context(
            viewport=size,
            color_scheme=scheme,
            locale="de-DE",
            timezone_id="Europe/Berlin",
            reduced_motion="reduce",
        )
        self._contexts.append(context)
        await self.watch.over(context)
        return await context.new_page()

    async def agent(self, name: str = "Anna Keller") -> Console:
        """Somebody of the demo's team, signed in."""
        console = Console(await self.window())
        await console.sign_in(self.url, name)
        return console

    async def installer(self, name: str, channel: str = "WhatsApp") -> Phone:
        """One of the demo's installers."""
        phone = Phone(await self.window())
        await phone.be(self.url, name, channel)
        return phone

    async def leave(self) -> None:
        """Close all windows."""
        for context in self._contexts:
            await context.close()


@asynccontextmanager
async def playing(url: str, browser: Browser) -> AsyncIterator[Cast]:
    """A cast on the server at `url`; its windows are closed at the end, or the server could not end."""
    cast = Cast(url, browser)
    try:
        yield cast
    finally:
        await cast.leave()

"""Keeping an eye on pages: what the browser complains about, and pictures of what it shows."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import BrowserContext, ConsoleMessage, Error, Page

from tests.conftest import REPOSITORY

ALBUM = REPOSITORY / "artefacts" / "browser"

# A violation is also written to the console, but in words that change from browser to browser.
_REPORT_VIOLATIONS = """
    addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sourceFile }) =>
      console.error(`policy violated: ${effectiveDirective} ${blockedURI} ${sourceFile}`));
"""
# Pictures out of sight are loaded when they come into sight.
_PICTURES_LOADED = """() => Promise.all(
    [...document.images]
      .filter((image) => !image.complete && image.getBoundingClientRect().top < innerHeight)
      .map((image) => new Promise((done) => { image.onload = image.onerror = done })))
"""
# How the page learns that nobody is signed in yet.
_SIGNED_OUT = re.compile(r"401 .* \S+/api/session$")


class Watch:
    """Everything that the pages of some contexts have complained about."""

    def __init__(self) -> None:
        self._heard: list[str] = []
        self._expected = [_SIGNED_OUT]

    async def over(self, context: BrowserContext) -> None:
        """Listen to every page of a context, from its first script on."""
        await context.add_init_script(_REPORT_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", lambda error: self._heard.append(f"uncaught: {error.error}"))

    def expect(self, pattern: str) -> None:
        """A complaint that belongs to the story: matched against its text and its address."""
        self._expected.append(re.compile(pattern))

    @property
    def complaints(self) -> list[str]:
        """What nobody expected."""
        return [line for line in self._heard if not any(known.search(line) for known in self._expected)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert"):
            self._heard.append(f"{message.text} {message.location['url']}")


async def photograph(page: Page, name: str) -> None:
    """Keep what the page shows as artefacts/browser/NAME.png, once its pictures are there."""
    await page.evaluate(_PICTURES_LOADED)
    try:
        await page.screenshot(path=_file(name), animations="disabled")
    except Error as error:
        raise AssertionError(f"no picture of {name}: {error}") from error


def _file(name: str) -> Path:
    ALBUM.mkdir(parents=True, exist_ok=True)
    return ALBUM / f"{name}.png"

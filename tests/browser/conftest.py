"""One Chromium for the whole run, and for each test a server and windows of its own."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from bot.settings import Settings
from nlu.linear import LinearUnderstander
from tests.browser.cast import Cast
from tests.drill.serving import listen
from tests.house import House, open_house

_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The machine's own Chromium: nothing is downloaded."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("needs Chromium: apt install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=_QUIET)
        yield browser
        await browser.close()


@pytest.fixture
async def house(
    chromium: Browser, database_url: str, tmp_path: Path, engine: LinearUnderstander
) -> AsyncIterator[House]:
    """A demo of the test's own."""
    settings = Settings(_env_file=None, data_dir=tmp_path, database_url=database_url)
    async with open_house(settings, engine, listen(), demo=True) as house:
        yield house


@pytest.fixture
async def cast(house: House, chromium: Browser) -> AsyncIterator[Cast]:
    """Who plays in that demo. At the end no page may have complained."""
    cast = Cast(house.url, chromium)
    yield cast
    await cast.leave()
    assert cast.watch.complaints == []

"""One Chromium for the whole run, and for each test a server and windows of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from bot.settings import Settings
from nlu.linear import LinearUnderstander
from tests.browser.cast import Cast, playing
from tests.browser.chromium import launched, program
from tests.drill.serving import listen
from tests.house import House, open_house


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    path = program()
    if path is None:
        pytest.skip("needs Chromium: apt install chromium")
    async with launched(path) as browser:
        yield browser


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
    async with playing(house.url, chromium) as cast:
        yield cast
    assert cast.watch.complaints == []

"""Makes the README's pictures from a running demo: `python -m tests.browser.pictures`."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.async_api import Page, expect

from bot.settings import Settings
from bot.storage.server import stop_embedded
from nlu.versions import load_or_train
from tests.browser.cast import playing
from tests.browser.chromium import launched, program
from tests.browser.day import Day
from tests.conftest import REPOSITORY
from tests.drill.serving import listen
from tests.house import open_house
from webhooks.engine import PROJECT

PICTURES = REPOSITORY / "docs" / "pictures"
# The day is played in seconds; in the pictures somebody has had time to read.
_LATER = timedelta(minutes=3)


async def make(folder: Path, chromium: str) -> None:
    """Play a day in a demo of its own below `folder`, and take the pictures."""
    settings = Settings(_env_file=None, data_dir=folder)
    engine = load_or_train(PROJECT, settings.models_dir, _say)
    async with (
        open_house(settings, engine, listen(), demo=True) as house,
        launched(chromium) as browser,
        playing(house.url, browser) as cast,
    ):
        await Day(house).play()
        phone = await cast.installer("Thomas Müller")
        await expect(phone.said("L2 fehlt")).to_be_in_viewport()
        await phone.page.locator(".handset").screenshot(path=PICTURES / "phone.png")
        anna = await cast.agent("Anna Keller")
        await later(anna.page)
        await anna.open("Meine", "Thomas Müller")
        await expect(anna.said("L2 fehlt")).to_be_in_viewport()
        await anna.page.screenshot(path=PICTURES / "console.png")
        for words in ("i brauch nomoi so an wia letztn moi", "fahrts ihr morgn wida den selbn wia heid"):
            await phone.says(words)
        await house.idle()
        await anna.go("training/reviews")
        await expect(anna.page.get_by_role("button", name="Inbetriebnahme")).to_be_visible()
        await anna.page.screenshot(path=PICTURES / "training.png")
        assert cast.watch.complaints == []


async def later(page: Page) -> None:
    """Load the page again some minutes later."""
    await page.clock.install(time=datetime.now(UTC) + _LATER)
    await page.reload()


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def main() -> None:
    """Make them, or say what is missing."""
    chromium = program()
    if chromium is None:
        raise SystemExit("needs Chromium: apt install chromium")
    PICTURES.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bauruf-pictures-"))
    try:
        asyncio.run(make(folder, chromium))
    finally:
        stop_embedded(folder / "postgres")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

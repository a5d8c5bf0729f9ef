"""Twenty messages are labelled with the keyboard alone. How long that took is written down, not judged."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, expect

from bot.settings import Settings
from tests.browser.caller import Caller
from tests.browser.cast import Cast
from tests.browser.watch import ALBUM
from tests.drill.serving import listen
from tests.house import House, eventually, open_house
from tests.project import write_project

pytestmark = pytest.mark.browser

MEANT = {
    "servus beinand": "greet",
    "gude zusamme": "greet",
    "einen wunderschönen": "greet",
    "mahlzeit": "greet",
    "wohin mit dem grünen draht": "wiring",
    "L1 oder L2 am stecker": "wiring",
    "belegung vom potentiometer": "wiring",
    "0-10v liegt wo an": "wiring",
    "brücke zwischen 4 und 5 nötig": "wiring",
    "seid ihr brückentag erreichbar": "opening_hours",
    "macht ihr mittagspause": "opening_hours",
    "freitags schluss um drei": "opening_hours",
    "lager um sechs schon besetzt": "opening_hours",
    "es kokelt am stecker": "emergency",
    "kollege liegt bewusstlos am boden": "emergency",
    "flammen aus dem dach": "emergency",
    "stromschlag gekriegt beim anfassen": "emergency",
    "habt ihr gummibärchen": "out_of_scope",
    "wer gewinnt die bundesliga": "out_of_scope",
    "verkauft ihr auch fahrräder": "out_of_scope",
}


@pytest.fixture
async def house(chromium: Browser, database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """A demo with few intents, of which every message is to be looked at."""
    settings = Settings(
        _env_file=None,
        data_dir=tmp_path,
        database_url=database_url,
        nlu_project=write_project(tmp_path / "project"),
        review_sample=100,
    )
    async with open_house(settings, None, listen(), demo=True) as house:
        yield house


async def keys_for(card: Locator, intent: str) -> list[str]:
    """What somebody presses: Enter when the first guess is right, else its number before."""
    names = {
        "greet": "Begrüßung",
        "wiring": "Anschlussplan",
        "opening_hours": "Öffnungszeiten",
        "emergency": "Notfall",
        "out_of_scope": "etwas anderes",
    }
    options = await card.locator(".intent-options button").all_inner_texts()
    place = next(place for place, text in enumerate(options) if names[intent] in text)
    return ["Enter"] if place == 0 else [str(place + 1), "Enter"]


async def test_twenty_messages_are_labelled_with_the_keyboard_alone(house: House, cast: Cast) -> None:
    async def writes(number: int, text: str) -> None:
        caller = Caller(house.client())
        await caller.be(f"Bote {number}", "telegram")
        await caller.says(text)

    await asyncio.gather(*(writes(number, text) for number, text in enumerate(MEANT)))
    await house.idle()
    anna = await cast.agent("Anna Keller")
    await anna.go("training/reviews")
    card = anna.page.get_by_role("region", name="Zu prüfende Nachricht")
    await expect(anna.page.get_by_text("20 offen")).to_be_visible()
    pressed: list[str] = []
    begun = time.perf_counter()
    for _ in MEANT:
        text = await card.get_by_role("blockquote").inner_text()
        keys = await keys_for(card, MEANT[text])
        await anna.press(*keys)
        pressed += keys
        await expect(card.get_by_role("blockquote").filter(has_text=text)).to_have_count(0)
    took = time.perf_counter() - begun
    await expect(anna.page.get_by_text("Nichts zu prüfen.")).to_be_visible()

    chief = await house.seat("Anna Keller")

    async def learned() -> dict[str, str]:
        found = (await chief.get("/api/corpus/examples?source=review")).raise_for_status().json()
        return {entry["text"]: entry["intent"] for entry in found["entries"]}

    assert await eventually(learned, lambda known: len(known) == len(MEANT)) == MEANT
    assert len(pressed) <= 2 * len(MEANT)
    ALBUM.mkdir(parents=True, exist_ok=True)
    figures = {"messages": len(MEANT), "keystrokes": len(pressed), "seconds": round(took, 1)}
    (ALBUM / "label-speed.json").write_text(json.dumps(figures) + "\n", "utf-8")

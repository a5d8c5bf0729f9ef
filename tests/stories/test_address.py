"""German with du: configured once, spoken everywhere, reworded beside the other form."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.settings import Settings
from nlu.linear import LinearUnderstander
from tests.conftest import Clock
from tests.stories.stage import Stage, open_stage
from webhooks.app import create_app


@pytest.fixture
async def familiar(
    database_url: str, tmp_path: Path, engine: LinearUnderstander, clock: Clock
) -> AsyncIterator[Stage]:
    """A stage on which people are on first-name terms."""
    settings = Settings(_env_file=None, database_url=database_url, data_dir=tmp_path, address="du")
    app = create_app(settings, work=False, demo=True, clock=clock, understander=engine)
    async with open_stage(app, clock) as stage:
        yield stage


async def test_german_says_du_where_it_is_configured(familiar: Stage) -> None:
    stranger = await familiar.installer()
    first = await stranger.says("Datenblatt bitte")
    assert "Für welches Gerät brauchst du das Datenblatt?" in first
    assert "Für welches Gerät brauchen" not in first
    thomas = await familiar.installer("Thomas Müller")
    assert "was kann ich für dich tun?" in await thomas.says("Hallo")
    handed = await thomas.says("ich will mit jemandem sprechen")
    assert "hier bei dir" in handed
    james = await familiar.installer("James Harper")
    assert "Hello James Harper" in await james.says("Hello")


async def test_admins_reword_both_forms(familiar: Stage) -> None:
    anna = await familiar.agent()
    marek = await familiar.installer("Marek Nowak")
    await marek.says("Danke dir")

    async def puts(form: str, text: str) -> None:
        saved = await anna.client.put(f"/api/answers/thanks/{form}", json={"text": text, "version": 0})
        assert saved.status_code == 200, saved.text

    shown = (await anna.client.get("/api/answers")).json()
    assert shown["address"] == "du"
    texts = next(entry["texts"] for entry in shown["answers"] if entry["key"] == "thanks")
    assert "schreiben Sie" in texts["de"]["text"]
    assert "schreib einfach" in texts["de_du"]["text"]

    # The form that is not spoken changes nothing for anybody; the other one does.
    tried = {"text": "Gerne doch!"}
    idle = (await anna.client.post("/api/answers/thanks/de/replay", json=tried)).json()
    spoken = (await anna.client.post("/api/answers/thanks/de_du/replay", json=tried)).json()
    assert (idle["said_in"], spoken["said_in"]) == (0, 1)
    await puts("de", "Gern geschehen, sagen Sie Bescheid.")
    assert "schreib einfach" in await marek.says("Danke")
    await puts("de_du", "Gerne doch, meld dich!")
    assert "Gerne doch, meld dich!" in await marek.says("Danke dir")
    preview = {"text": "Bis dann, {name}", "channel": "telegram"}
    worded = await anna.client.post("/api/answers/contact_known/de_du/preview", json=preview)
    assert worded.json()["parts"] == ["Bis dann, Thomas Müller"]
    restored = await anna.client.delete("/api/answers/thanks/de_du")
    assert restored.json()["texts"]["de_du"]["text"] == texts["de_du"]["original"]
    # What is worded once is reworded for both.
    await anna.client.put("/api/answers/goodbye/de", json={"text": "Mach's gut!", "version": 0})
    assert "Mach's gut!" in await marek.says("Tschüss")


async def test_the_safety_line_stays_in_both_forms(familiar: Stage) -> None:
    anna = await familiar.agent()
    refused = await anna.client.put(
        "/api/answers/handoff_emergency/de_du", json={"text": "Ruf uns an: {phone}", "version": 0}
    )
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "safety_line"

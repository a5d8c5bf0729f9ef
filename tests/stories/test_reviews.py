"""What admins can learn from finds its way into their inbox by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.storage import reviews
from nlu.understanding import Understanding
from tests.conftest import Clock
from tests.stories.stage import Stage, open_stage
from webhooks.app import create_app


class FireDampers:
    """An engine whose admins have added an intent."""

    name = "fake"

    async def understand(self, text: str) -> Understanding:
        ranking = (("fire_damper", 0.98),)
        return Understanding("fire_damper", 0.98, True, ranking, (), 0, False, "de", "fake", "1")


@pytest.fixture
async def dampers(database_url: str, tmp_path: Path, clock: Clock) -> AsyncIterator[Stage]:
    settings = Settings(_env_file=None, database_url=database_url, data_dir=tmp_path)
    app = create_app(settings, work=False, demo=True, clock=clock, understander=FireDampers())
    async with open_stage(app, clock) as stage:
        yield stage


async def waiting(stage: Stage) -> dict[str, tuple[str, ...]]:
    async with stage.system.database.read() as conn:
        return {one.text: one.why for one in await reviews.unreviewed(conn)}


async def test_what_was_not_understood_waits_for_a_review_as_one_turn(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("qwrt zxcv", "bnmp wsxe")
    assert (await waiting(stage))["qwrt zxcv\nbnmp wsxe"] == ("unsure",)


async def test_an_answer_that_did_not_help_is_reviewed_by_its_question(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("RV-250 zeigt E07, was tun?")
    before = await waiting(stage)
    stage.clock.forward(minutes=1)
    await thomas.says("nein, hat nicht geholfen")
    now = await waiting(stage)
    assert "not_helpful" not in before.get("RV-250 zeigt E07, was tun?", ())
    assert "not_helpful" in now["RV-250 zeigt E07, was tun?"]


async def test_an_intent_without_an_answer_goes_to_a_person(dampers: Stage) -> None:
    thomas = await dampers.installer("Thomas Müller")
    await thomas.says("Wie löse ich die Brandschutzklappe aus?")
    async with dampers.system.database.read() as conn:
        (card,) = await dampers.system.cards.queue(conn)
    assert card.turn == "WAITING"
    assert [reason.code for reason in card.reasons] == ["no_knowledge", "top_tier"]

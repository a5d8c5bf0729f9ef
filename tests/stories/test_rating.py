"""One thumb down: quiet where it is offered, understood everywhere, and it reaches the admins' inbox."""

from __future__ import annotations

from bot.storage import reviews
from tests.stories.stage import Installer, Stage

ASKED = "Wann habt ihr geöffnet?"
THUMB = "👎 Nicht hilfreich"


async def why(stage: Stage, text: str) -> tuple[str, ...]:
    async with stage.system.database.read() as conn:
        found = {one.text: one.why for one in await reviews.unreviewed(conn)}
    return found.get(text, ())


async def thumb(installer: Installer) -> str:
    shown = [message["rate"] for message in await installer.chat() if message["rate"]][-1]
    return await installer.says_tap(shown["value"], shown["label"])


async def asked_before(stage: Stage) -> Installer:
    """Somebody on Telegram who has been asked for their company already."""
    thomas = await stage.installer("Thomas Müller", "telegram")
    await thomas.says("Welche Klemme ist für 0-10 V beim RV-250?")
    assert thomas.heard[-1]["rate"] is None, "one question below an answer is enough"
    stage.clock.forward(minutes=1)
    return thomas


async def test_a_thumb_goes_to_the_inbox_and_two_to_a_person(stage: Stage) -> None:
    thomas = await asked_before(stage)
    await thomas.says(ASKED)
    assert thomas.heard[-1]["rate"] == {"value": "not_helpful", "label": THUMB}
    assert THUMB not in thomas.buttons
    stage.clock.forward(minutes=1)
    assert (await thumb(thomas)).startswith("Schade, dass das nicht geholfen hat.")
    assert thomas.buttons == ["Mensch"] and thomas.heard[-1]["rate"] is None
    assert await why(stage, ASKED) == ("not_helpful",)
    assert (await thomas.chat())[-2]["text"] == THUMB
    stage.clock.forward(minutes=1)
    assert "nicht mehr" in await thumb(thomas), "an answer is rated once"
    await thomas.says("Und am Samstag, wann ist da offen?")
    assert await thomas.holder() == "bot"
    await thumb(thomas)
    assert await thomas.holder() == "waiting"
    anna = await stage.agent()
    assert [reason["code"] for reason in (await anna.card())["reasons"]] == ["two_failed_answers"]


async def test_whatsapp_shows_no_button_and_understands_the_words(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller", "whatsapp")
    await thomas.says(ASKED)
    assert thomas.heard[-1]["rate"] is None and "hilfreich" not in thomas.heard[-1]["text"]
    stage.clock.forward(minutes=1)
    assert (await thomas.says("hilft mir nicht weiter")).startswith("Schade")
    assert await why(stage, ASKED) == ("not_helpful",)
    assert await why(stage, "hilft mir nicht weiter") == ()
    await thomas.says("asdf")
    assert await thomas.holder() == "waiting", "a failed answer after it is the second"


async def test_questions_and_small_talk_are_not_rated(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller", "telegram")
    for words in ("Moin", "Danke!", "RV-250 zeigt E07, was tun?", "asdf"):
        await thomas.says(words)
        assert thomas.heard[-1]["rate"] is None, words


async def test_a_rated_turn_is_decided_the_same_way_again(stage: Stage) -> None:
    thomas = await asked_before(stage)
    await thomas.says(ASKED)
    await thumb(thomas)
    comparison = await stage.system.replay.compare(understander=stage.system.gate._engine)
    assert (comparison.turns, comparison.flips) == (3, ())

"""From the bot to a person, and back."""

from __future__ import annotations

import asyncio

import pytest

from tests.stories.stage import Stage


async def test_an_emergency_gets_the_safety_line_and_a_person(stage: Stage) -> None:
    josef = await stage.installer("Josef Huber")
    answer = await josef.says("am Gehäuse bitzelt's wenn man hinfasst")
    assert answer.startswith("Strom abschalten, Abstand halten, bei Gefahr 112.")
    assert await josef.holder() == "waiting"
    anna = await stage.agent()
    card = await anna.card()
    assert card["turn"] == "WAITING"
    assert card["urgency"] == 2
    assert card["reasons"][0]["code"] == "emergency"
    assert card["who"]["company"] == "Sanitär Huber GmbH"


async def test_nobody_in_danger_is_asked_for_their_company(stage: Stage) -> None:
    stranger = await stage.installer()
    answer = await stranger.says("Hilfe, aus dem Ventilator kommt Rauch!")
    assert "Strom abschalten" in answer
    assert "Firma" not in answer


@pytest.mark.parametrize("company", ["K10215", "Müller Elektrotechnik GmbH"])
async def test_danger_named_beside_the_company_is_danger(stage: Stage, company: str) -> None:
    stranger = await stage.installer()
    assert "Für welche Firma schreiben Sie?" in await stranger.says("Ist NW-RV-250 auf Lager?")
    assert "Strom abschalten" in await stranger.says(f"{company}, aus dem Ventilator kommt Rauch!")
    assert await stranger.holder() == "waiting"


@pytest.mark.parametrize("word", ["Mensch", "mensch bitte", "human", "Ich möchte mit jemandem sprechen"])
async def test_a_person_is_one_word_away(stage: Stage, word: str) -> None:
    thomas = await stage.installer("Thomas Müller")
    await thomas.says(word)
    assert await thomas.holder() == "waiting"


async def test_two_answers_that_do_not_help_go_to_a_person(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    assert "Worum geht es?" in await thomas.says("xqzt brmpf")
    assert "Mensch" in (await thomas.chat())[-1]["text"] or "Mensch" in thomas.buttons
    assert "allein nicht weiter" in await thomas.says("wfk jjj öööp")
    assert await thomas.holder() == "waiting"


async def test_the_bot_is_silent_while_a_person_holds_the_turn(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("Mensch")
    assert await thomas.says("Wo bleibt 4500123457?") == ""
    anna = await stage.agent()
    card = await anna.card()
    assert (await anna.does(card["id"], "take")).status_code == 200
    assert await thomas.says("Sind Sie da?") == ""


async def test_an_agent_takes_over_replies_hands_back_and_the_bot_answers_again(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("Mensch")
    anna = await stage.agent()
    card = await anna.card()
    await anna.does(card["id"], "take")
    said = await anna.replies(card["id"], "Guten Tag, was ist los?")
    assert said.status_code == 201, said.text
    shown = await thomas.chat()
    assert shown[-1]["text"] == "Guten Tag, was ist los?"
    assert shown[-1]["author"] == "agent"
    assert await thomas.holder() == "agent"
    await anna.does(card["id"], "return")
    assert await thomas.holder() == "bot"
    assert "am Lager" in await thomas.says("Ist NW-RV-250 auf Lager?")


async def test_two_clicks_at_once_one_wins_and_the_other_is_told_by_whom(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("Mensch")
    anna = await stage.agent()
    david = await stage.agent("david.sommer@nordwind.example")
    card = await anna.card()
    answers = await asyncio.gather(anna.does(card["id"], "take"), david.does(card["id"], "take"))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    lost = next(answer for answer in answers if answer.status_code == 409).json()["error"]
    winner = next(answer for answer in answers if answer.status_code == 200).json()["agent"]
    assert lost["agent"] == winner


async def test_danger_named_while_waiting_raises_the_card_without_a_word(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("Mensch")
    assert await thomas.says("jetzt kommt Rauch aus dem Gerät, es brennt!") == ""
    card = await (await stage.agent()).card()
    assert card["urgency"] == 2


async def test_a_broken_promise_is_noticed_and_told_once(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("Aus dem Lüfter kommt Rauch!")
    anna = await stage.agent()
    stage.clock.forward(minutes=6)
    card = await anna.card()
    await stage.system.reception.check(card["id"])
    await stage.system.reception.check(card["id"])
    await stage.work()
    assert (await anna.card())["overdue"]
    late = [m for m in await thomas.chat() if "länger als zugesagt" in m["text"]]
    assert len(late) == 1


async def test_after_resolving_a_new_word_opens_a_new_case_with_the_bot(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("Mensch")
    anna = await stage.agent()
    first = await anna.card()
    await anna.does(first["id"], "take")
    await anna.does(first["id"], "resolve")
    assert "Gern geschehen" in await thomas.says("Danke!")
    second = await anna.card()
    assert second["id"] != first["id"]
    assert second["turn"] == "BOT"


async def test_a_voice_note_goes_to_a_person_who_can_listen(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    ogg = b"OggS" + bytes(60)
    answer = await thomas.sends_file("note.ogg", ogg, "audio/ogg")
    assert "Sprachnachricht" in answer
    assert await thomas.holder() == "waiting"


async def test_a_photo_without_a_word_is_asked_about(stage: Stage) -> None:
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060"
        "0000000500017a5eab3f0000000049454e44ae426082"
    )
    thomas = await stage.installer("Thomas Müller")
    assert "Worum geht es" in await thomas.sends_file("plate.png", png, "image/png")
    assert await thomas.holder() == "bot"

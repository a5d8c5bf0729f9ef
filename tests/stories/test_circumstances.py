"""What triage knows beside the words: the contract, the hour, how much is asked, and what is open already."""

from __future__ import annotations

from tests.stories.stage import Stage

STUBBORN = (
    "WRG 500 zeigt E05, Laufrad frei, Stecker und Platine schon getauscht, kommt immer wieder, was nun?"
)


def codes(card: dict[str, object]) -> list[str]:
    reasons = card["reasons"]
    assert isinstance(reasons, list)
    return [reason["code"] for reason in reasons]


async def test_the_best_service_level_is_asked_back_once_in_all(stage: Stage) -> None:
    kevin, jonas = await stage.installer("Kevin Lange"), await stage.installer("Jonas Richter")
    for installer in (kevin, jonas):
        await installer.says("geht nix")
        await installer.says("wann habt ihr offen")
        assert await installer.holder() == "bot"
        await installer.says("Klemme?")
    assert await jonas.holder() == "bot"
    assert await kevin.holder() == "waiting"
    card = await (await stage.agent()).card_of("WAITING")
    assert codes(card) == ["one_failed_answer", "top_tier"]
    assert card["brief"].startswith("★ A · ")


async def test_a_colleagues_open_case_goes_to_the_same_people_and_into_the_brief(stage: Stage) -> None:
    bernd = await stage.installer("Bernd Ziegler")
    await bernd.says(STUBBORN)
    anna = await stage.agent()
    first = (await anna.card_of("WAITING"))["id"]
    await anna.does(first, "take")
    olaf = await stage.installer("Olaf Kern")
    told = await olaf.says("Hier auch E05 an der WRG 500")
    assert "E05" in told
    assert "gemeldet" not in told, "what colleagues have open is for confirmed members"
    await olaf.says("Mensch bitte")
    card = await anna.card_of("WAITING")
    assert codes(card) == ["human_request", "open_case", "top_tier"]
    assert card["brief"].startswith(f"★ A · #{first} Anna Keller · ")
    # Another matter is a case of its own.
    monika = await stage.installer("Monika Haas")
    await monika.says("E07 an der WRG 500")
    await anna.does(card["id"], "take")
    await monika.says("Mensch bitte")
    assert "open_case" not in codes(await anna.card_of("WAITING"))


async def test_who_has_written_on_another_channel_is_reminded_of_it(stage: Stage) -> None:
    bernd = await stage.installer("Bernd Ziegler")
    await bernd.says(STUBBORN)
    beside = await stage.installer("Bernd Ziegler", channel="telegram")
    await beside.shares_contact("Bernd Ziegler", "+491713920042", own=True)
    assert "Dazu haben Sie uns schon geschrieben, unser Team" in await beside.says("E05 an der WRG 500")


async def test_outside_opening_hours_what_can_be_looked_up_is_said_at_once(stage: Stage) -> None:
    stage.clock.forward(hours=12)
    olaf = await stage.installer("Olaf Kern")
    told = await olaf.says(STUBBORN)
    assert "Dann schaut sich das jemand aus der Technik an und meldet sich morgen ab 7:00 Uhr" in told
    assert "Bis dahin hilft vielleicht schon das:" in told
    assert "Zuluftventilator meldet keine Drehzahl" in told
    assert await olaf.holder() == "waiting"
    assert codes(await (await stage.agent()).card_of("WAITING"))[1:] == ["top_tier", "closed"]


async def test_the_wish_for_a_person_is_never_argued_with_at_night_either(stage: Stage) -> None:
    stage.clock.forward(hours=12)
    jonas = await stage.installer("Jonas Richter")
    await jonas.says("E05 an der WRG 500")
    told = await jonas.says("Ich will einen Menschen sprechen")
    assert "morgen ab 7:00 Uhr" in told
    assert "Bis dahin" not in told
    assert await jonas.holder() == "waiting"


async def test_danger_knows_neither_hours_nor_contract(stage: Stage) -> None:
    stage.clock.forward(hours=12)
    jonas = await stage.installer("Jonas Richter")
    assert (await jonas.says("Aus dem Klemmkasten schlagen Flammen!")).startswith("Strom abschalten")
    assert codes(await (await stage.agent()).card_of("WAITING")) == ["emergency"]


async def test_three_matters_in_one_message_are_for_a_person(stage: Stage) -> None:
    jonas = await stage.installer("Jonas Richter")
    await jonas.says("Wie klemm ich den NW-RV-160 an, wie den NW-RV-250 und wie den NW-DV-400?")
    assert await jonas.holder() == "waiting"
    assert codes(await (await stage.agent()).card_of("WAITING")) == ["many_questions"]


async def test_an_announced_question_is_asked_for_and_counts_as_no_failure(stage: Stage) -> None:
    jonas = await stage.installer("Jonas Richter")
    assert "Gern. Worum geht es?" in await jonas.says("Hab ne Frage")
    assert "Welchen Code" in await jonas.says("Lüfter läuft nicht")
    await jonas.says("geht nix")
    assert await jonas.holder() == "bot"


async def test_a_stranger_who_accepts_the_offer_is_passed_on(stage: Stage) -> None:
    stranger = await stage.installer()
    assert "Buchhaltung" in await stranger.says("Was ist mit der Rechnung?")
    assert "gebe ich an unsere Buchhaltung weiter" in await stranger.says("ja bitte")
    assert await stranger.holder() == "waiting"

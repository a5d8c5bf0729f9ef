"""Who is writing: recognised, shared, invited, mistaken, doubted, and fished for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import delete

from bot.accounts.csv_import import import_csv
from bot.storage.tables import Person
from tests.stories.stage import Stage

ASKED = "Für welche Firma schreiben Sie?"
NOTED = "Danke, ist notiert. Was kann ich für Sie tun?"
NOTED_BESIDES = "Danke, ist notiert. Wenn noch etwas offen ist, schreiben Sie einfach weiter."


async def card_of(stage: Stage) -> dict[str, Any]:
    anna = await stage.agent()
    return max(await anna.queue(), key=lambda card: int(card["id"]))


async def who(stage: Stage) -> tuple[str | None, str | None, int]:
    """Name, company and trust of the latest conversation, as agents see them."""
    seen = (await card_of(stage))["who"]
    return seen["name"], seen["company"], seen["trust"]


async def test_recognised_on_whatsapp(stage: Stage) -> None:
    sandra = await stage.installer("Sandra Wolff")
    assert "Hallo Sandra Wolff von Müller Elektrotechnik GmbH" in await sandra.says("Wo bleibt 4500123456?")
    assert await who(stage) == ("Sandra Wolff", "Müller Elektrotechnik GmbH", 2)


async def test_a_stranger_on_telegram_shares_a_contact_and_the_question_is_answered(stage: Stage) -> None:
    sandra = await stage.installer("Sandra Wolff", channel="telegram")
    asked = await sandra.says("Wo bleibt 4500123456?")
    assert "nur, wenn ich sicher weiß, mit wem ich schreibe" in asked
    assert "Tippen Sie dazu auf den Knopf unten" in asked
    assert sandra.heard[-1]["ask_contact"]
    answer = await sandra.shares_contact("Sandra Wolff", "+491713920002", own=True)
    assert answer.startswith("Danke, Sandra Wolff, jetzt weiß ich, wer schreibt. Ihr Auftrag 4500123456")
    assert await who(stage) == ("Sandra Wolff", "Müller Elektrotechnik GmbH", 2)


async def test_somebody_elses_contact_proves_nothing(stage: Stage) -> None:
    kevin = await stage.installer("Kevin Lange", channel="telegram")
    await kevin.says("Wo bleibt 4500123456?")
    said = await kevin.shares_contact("Sandra Wolff", "+491713920002", own=False)
    assert "brauche ich allerdings Ihren eigenen Kontakt" in said
    assert "Sandra" not in said
    # Whatever the card claims: the channel does not vouch for it.
    assert await kevin.shares_contact("Sandra Wolff", "+491713920002", own=True) == said
    assert "4500123456 ist" not in await kevin.says("Wo bleibt 4500123456?")
    assert (await who(stage))[2] == 0


async def test_two_companies_are_asked_for_once_a_conversation(stage: Stage) -> None:
    ole = await stage.installer("Ole Jansen")
    assert "um welche Firma geht es heute?" in await ole.says("Wo bleibt meine Lieferung?")
    answer = await ole.says("Petersen")
    assert "Alles klar, es geht um Dachdeckerei Petersen OHG. Ihr Auftrag 4500123463" in answer
    assert "um welche Firma" not in await ole.says("Wo bleibt meine Lieferung?")
    # Corrections work, and the other company's orders come with it.
    other = await ole.says("nein, die andere Firma")
    assert "es geht um Haustechnik Brandt" in other
    assert "4500123462" in other
    # Not for ever: the next conversation asks again.
    stage.clock.forward(days=8)
    assert "um welche Firma geht es heute?" in await ole.says("Wo bleibt meine Lieferung?")


async def test_a_reassigned_number_is_asked_again(stage: Stage) -> None:
    dennis = await stage.installer("Dennis Vogel")  # has left, the number is still on file
    said = await dennis.says("Ist NW-RV-250 auf Lager?")
    assert "am Lager" in said
    assert ASKED in said
    assert "Hallo" not in said
    assert (await who(stage))[2] == 1
    assert await dennis.says("Schulz Haustechnik aus Kassel") == NOTED_BESIDES
    assert ASKED not in await dennis.says("Datenblatt für NW-RV-250 bitte")


async def test_whoever_leaves_the_firm_is_told_nothing_more(stage: Stage, tmp_path: Path) -> None:
    sandra = await stage.installer("Sandra Wolff")
    assert "Ihr Auftrag 4500123456" in await sandra.says("Wo bleibt 4500123456?")
    people = tmp_path / "people.csv"
    people.write_text(
        "customer_number,name,role,phone,email,active\n"
        "K10215,Sandra Wolff,purchasing,+49 171 3920002,s.wolff@mueller-elektrotechnik.example,no\n",
        "utf-8",
    )
    async with stage.system.database.begin() as conn:
        await import_csv(conn, [people], today=stage.clock().date())
    said = await sandra.says("Wo bleibt 4500123456?")
    assert "Ihr Auftrag" not in said
    assert ASKED in said
    assert (await who(stage))[2] <= 1


async def test_a_person_who_is_deleted_is_told_nothing_more(stage: Stage) -> None:
    sandra = await stage.installer("Sandra Wolff")
    assert "Ihr Auftrag 4500123456" in await sandra.says("Wo bleibt 4500123456?")
    async with stage.system.database.begin() as conn:
        await conn.execute(delete(Person).where(Person.name == "Sandra Wolff"))
    assert "Ihr Auftrag" not in await sandra.says("Wo bleibt 4500123456?")
    assert (await who(stage))[2] <= 1


async def test_a_switchboard_stands_for_its_company_only(stage: Stage) -> None:
    heike = await stage.installer("Heike Müller")
    assert "Heike" not in await heike.says("Ist NW-RV-250 auf Lager?")
    assert "nur, wenn ich sicher weiß" in await heike.says("Wo bleibt 4500123465?")
    name, company, trust = await who(stage)
    assert (company, trust) == ("Elektro Müller e.K.", 1)
    assert "Müller Elektrotechnik" not in str(name)


async def test_a_shared_phone_proves_no_person(stage: Stage) -> None:
    ali = await stage.installer("Ali Demir")
    assert "Ali" not in await ali.says("Hallo")
    assert (await who(stage))[1:] == ("Elektro Yılmaz", 1)


async def test_no_the_other_mueller(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    assert "Hallo Thomas Müller" in await thomas.says("Hallo")
    said = await thomas.says("nein, der andere Müller")
    assert said.startswith("Entschuldigung, dann habe ich Sie verwechselt.")
    assert ASKED in said
    assert "Elektro Müller" not in said
    assert await thomas.says("Elektro Müller e.K.") == NOTED
    assert (await who(stage))[1:] == ("Elektro Müller e.K.", 1)
    # From now on the phone is no proof any more.
    assert "nur, wenn ich sicher weiß" in await thomas.says("Wo bleibt 4500123457?")


async def test_wrong_i_am_from_somewhere_else(stage: Stage) -> None:
    replies = set()
    for company in ("Elektro Müller e.K.", "Meyer-Fantasie Lüftung GmbH"):
        name = "Thomas Müller" if company.startswith("Elektro") else "Sandra Wolff"
        mistaken = await stage.installer(name)
        await mistaken.says("Hallo")
        replies.add(await mistaken.says(f"Falsch, ich bin von {company}"))
    assert replies == {
        "Entschuldigung, dann habe ich Sie verwechselt. Ist notiert. Was kann ich für Sie tun?"
    }


async def test_who_asks_who_is_asking_names_no_company(stage: Stage) -> None:
    stranger = await stage.installer()
    assert ASKED in await stranger.says("Ist NW-RV-250 auf Lager?")
    assert "notiert" not in await stranger.says("wer bist du")
    assert (await who(stage))[1] is None


async def test_a_claim_is_corrected_and_stays_a_claim(stage: Stage) -> None:
    stranger = await stage.installer()
    await stranger.says("Ist NW-RV-250 auf Lager?")
    await stranger.says("Müller Elektrotechnik GmbH")
    assert await who(stage) == (None, "Müller Elektrotechnik GmbH", 1)
    assert await stranger.says("Falsch, ich bin von Elektro Müller e.K.") == NOTED_BESIDES
    assert await who(stage) == (None, "Elektro Müller e.K.", 1)


async def test_a_customer_number_that_disagrees_with_the_phone_asks(stage: Stage) -> None:
    said = []
    for number in ("K10231", "K99999"):  # a customer's, and nobody's
        thomas = await stage.installer("Thomas Müller")
        said.append(await thomas.says(f"Meine Kundennummer ist {number}"))
    assert "um welche Firma geht es heute?" in said[0]
    assert said[1] in said[0]
    assert (await who(stage))[2] == 2


async def test_a_fisher_hears_the_same_for_hit_and_miss(stage: Stage) -> None:
    hits = ["Müller Elektrotechnik GmbH", "K10228", "Kaczmarek Klima- und Kältetechnik", "K10231"]
    misses = ["Meyer-Fantasie Lüftung GmbH", "K99999", "Niemand Klima- und Kältetechnik", "K10239"]
    heard: list[list[bytes]] = []
    for names in (hits, misses):
        fisher = await stage.installer()
        await fisher.says("Ist NW-RV-250 auf Lager?")
        said = [await fisher.says(name) for name in names]
        # What comes after it does not tell either.
        said += [await fisher.says("Hallo"), await fisher.says("Ich brauche eine Rechnungskopie")]
        heard.append([words.encode() for words in said])
    assert heard[0] == heard[1]
    assert heard[0][0] == NOTED_BESIDES.encode()


async def test_after_a_few_names_nothing_is_looked_up_any_more(stage: Stage) -> None:
    refusals = []
    for last in ("Müller Elektrotechnik GmbH", "Meyer-Fantasie Lüftung GmbH"):
        fisher = await stage.installer()
        await fisher.says("Ist NW-RV-250 auf Lager?")
        for number in range(5):
            assert await fisher.says(f"Ich bin von der Firma Erfunden {number} GmbH") == NOTED_BESIDES
        refusals.append(await fisher.says(f"Ich bin von der Firma {last}"))
        assert (await who(stage))[1] is None
    assert refusals[0] == refusals[1]
    assert "mehrere Angaben" in refusals[0]
    anna = await stage.agent()
    events = (await anna.reads((await card_of(stage))["id"]))["events"]
    assert [line["text"] for line in events if line["kind"] == "identity.guessed"] == ["company"]
    # Help with devices goes on, and so does tomorrow.
    assert "NW-RV-250" in await fisher.says("Ist NW-RV-250 auf Lager?")
    stage.clock.forward(hours=25)
    assert await fisher.says("Ich bin von der Firma Müller Elektrotechnik GmbH") == NOTED
    assert (await who(stage))[1] == "Müller Elektrotechnik GmbH"


async def test_nobody_in_danger_and_nobody_who_wants_a_person_is_asked_for_a_company(stage: Stage) -> None:
    for words in ("Aus dem Lüfter kommt Rauch!", "Ich möchte mit einem Menschen sprechen"):
        stranger = await stage.installer()
        assert ASKED not in await stranger.says(words)
        assert await stranger.holder() == "waiting"
    stranger = await stage.installer()
    await stranger.says("Ist NW-RV-250 auf Lager?")
    assert ASKED not in await stranger.says("Hilfe, es brennt!")
    assert await stranger.holder() == "waiting"

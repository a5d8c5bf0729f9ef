"""What has become of my case: told to whom it belongs, and to confirmed members of the company."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from bot.storage.tables import Account, Conversation, CrmPush, Origin
from tests.post import Post
from tests.stories.stage import Installer, Stage

ASKED = "was ist mit meinem Fall?"


async def on_telegram(stage: Stage, name: str, phone: str) -> Installer:
    """The same person on another channel, recognised by their own contact."""
    installer = await stage.installer(name, channel="telegram")
    await installer.shares_contact(name, phone, own=True)
    return installer


async def test_an_own_case_on_another_channel_is_told_until_it_is_done(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("Das Laufrad vom RD 400 ist gerissen, bitte Garantiefall aufnehmen")
    assert await thomas.holder() == "waiting"
    assert await thomas.says(ASKED) == ""  # people have this chat

    beside = await on_telegram(stage, "Thomas Müller", "+491713920001")
    told = await beside.says(ASKED)
    assert "Bei unserem Kundendienst ist für Sie offen:" in told
    # 09:00 UTC is 10:00 in Berlin.
    assert (
        "• Reklamation, seit heute 10:00 Uhr: noch in der Warteschlange, Antwort zugesagt bis heute" in told
    )
    assert await beside.holder() == "bot"

    stage.clock.forward(hours=3)
    await stage.system.reception.check((await (await stage.agent()).card_of("WAITING"))["id"])
    assert "sind wir leider noch schuldig" in await beside.says("gibts was Neues zu meiner Reklamation?")

    anna = await stage.agent()
    case = (await anna.card_of("WAITING"))["id"]
    await anna.does(case, "take")
    assert "Anna Keller kümmert sich darum" in await beside.says("wie ist der Stand meiner Reklamation")
    await anna.does(case, "resolve")
    done = await beside.says(ASKED)
    assert "nichts Offenes" in done
    assert "Zuletzt erledigt: Reklamation, heute 13:00 Uhr" in done
    await beside.taps("Ja, bitte")
    assert await beside.holder() == "waiting"


async def test_colleagues_cases_are_for_members(mailing: Stage, post: Post) -> None:
    kevin = await mailing.installer("Kevin Lange")
    await kevin.says("Mensch")
    marek = await mailing.installer("Marek Nowak")
    first = await marek.says(ASKED)
    assert "nichts Offenes" in first
    assert "Kevin" not in first
    assert "Code an" in await marek.taps_or_says("Fälle der Firma")
    await marek.says("Code per E-Mail")
    told = await marek.says(post.code)
    assert "ist für Müller Elektrotechnik GmbH offen" in told
    assert "• Anfrage (Kevin Lange), seit heute 10:00 Uhr" in told


async def test_tickets_of_the_crm_stand_beside_ours_once(mailing: Stage, post: Post) -> None:
    thomas = await mailing.installer("Thomas Müller")
    await thomas.says("Mensch")
    now = mailing.clock()
    async with mailing.system.database.begin() as conn:
        account = await conn.scalar(select(Account.id).where(Account.customer_number == "K10215"))
        ours = await conn.scalar(select(Conversation.id).where(Conversation.turn == "WAITING"))
        items = [
            {"reference": "T-1", "title": "Anfrage aus dem Chat", "status": "new", "url": ""},
            {"reference": "T-7", "title": "Filter passt nicht", "status": "open", "url": ""},
        ]
        await conn.execute(
            insert(Origin).values(
                source="hubspot",
                kind="account",
                external_id="9",
                account_id=account,
                url="",
                open_items=items,
                open_items_at=now,
            )
        )
        await conn.execute(
            insert(CrmPush).values(conversation_id=ours, source="hubspot", kind="ticket", reference="T-1")
        )
    marek = await mailing.installer("Marek Nowak")
    assert "T-7" not in await marek.says(ASKED)
    await marek.says("Fälle der Firma")
    await marek.says("Code per E-Mail")
    told = await marek.says(post.code)
    assert "• Anfrage (Thomas Müller), Ticket T-1, seit" in told
    assert "laut CRM (Stand heute 10:00 Uhr):\n• T-7: Filter passt nicht" in told
    assert "Anfrage aus dem Chat" not in told


async def test_a_case_held_with_somebody_unproven_is_nobodys(stage: Stage) -> None:
    kevin = await stage.installer("Kevin Lange")
    await kevin.says("Mensch")
    async with stage.system.database.begin() as conn:
        await conn.execute(update(Conversation).values(trust=1))
    beside = await on_telegram(stage, "Kevin Lange", "+491713920003")
    assert "nichts Offenes" in await beside.says(ASKED)


async def test_a_stranger_learns_nothing_about_cases(stage: Stage) -> None:
    stranger = await stage.installer()
    told = await stranger.says("is my ticket still open")
    assert "when I know for sure that they are yours" in told
    assert await stranger.holder() == "bot"
    await stranger.says("is my ticket still open")
    assert await stranger.holder() == "waiting"

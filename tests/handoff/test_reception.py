"""Handoffs and broken promises."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from bot.desk import Handoff
from bot.opening import OpeningHours
from bot.storage.conversations import Whom
from bot.storage.tables import Event, Message
from handoff.reception import Reception
from handoff.voice import Voice
from tests.conftest import Clock
from tests.office import Office


@pytest.fixture
def clock(clock_ahead: Clock) -> Clock:
    return clock_ahead


def reception(office: Office) -> Reception:
    system = office.system
    voice = Voice(system.channels.by_name, system.catalogue, system.jobs)
    hours = OpeningHours.parse("Mo-Fr 07:00-17:00", system.settings.zone)
    return Reception(
        system.database, voice, system.jobs, hours, "+493023125112", system.crms.write_back, office.clock
    )


async def timers(office: Office) -> list[datetime]:
    query = "SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = 'deadline' ORDER BY id"
    async with office.system.database.read() as conn:
        return [row.scheduled_at.astimezone(UTC) for row in await conn.execute(text(query))]


async def test_a_handoff_gets_a_promise_a_skill_a_brief_and_a_timer(office: Office) -> None:
    handoff = Handoff(
        conversation_id=await office.conversation(turn="BOT"),
        urgency=1,
        reasons=("complex",),
        intent="wiring",
        language="de",
        whom=Whom(),
        words="Wie schließe ich den TK an?",
        values={"article_number": "NW-RV-250"},
        now=office.clock(),
    )
    async with office.system.database.begin() as conn:
        promise = await reception(office).receive(conn, handoff)
    assert promise.words == {"de": "heute bis 10:30 Uhr", "en": "today by 10:30"}  # 9:00 UTC is 10:00 there
    assert promise.skill == "technical"
    assert promise.brief == "NW-RV-250 · „Wie schließe ich den TK an?“"
    assert await timers(office) == [promise.due_at]


async def said(office: Office) -> list[tuple[str, str]]:
    async with office.system.database.read() as conn:
        rows = await conn.execute(
            select(Message.author, Message.text).where(Message.author != "installer").order_by(Message.id)
        )
        return [(row.author, row.text) for row in rows]


async def test_a_broken_promise_is_marked_and_told_once(office: Office) -> None:
    anna = await office.seat()
    conversation_id = await office.conversation()
    office.clock.forward(hours=2)
    for _ in range(3):
        await reception(office).check(conversation_id)
    (system, bot) = await said(office)
    assert system == ("system", "overdue")
    assert bot[0] == "bot" and "+49" in bot[1]
    card = (await anna.get(f"/api/conversations/{conversation_id}")).json()["card"]
    assert card["overdue"] is True and card["turn"] == "WAITING"
    async with office.system.database.read() as conn:
        kinds = (await conn.execute(select(Event.kind).where(Event.kind == "handoff.overdue"))).all()
    assert len(kinds) == 1


async def test_a_kept_promise_is_not_spoken_of(office: Office) -> None:
    anna = await office.seat()
    conversation_id = await office.conversation()
    await anna.post(f"/api/conversations/{conversation_id}/take")
    before = await said(office)
    office.clock.forward(hours=3)
    await reception(office).check(conversation_id)
    await reception(office).check(4711)
    assert await said(office) == before


async def test_a_timer_that_comes_early_looks_again_later(office: Office) -> None:
    conversation_id = await office.conversation()
    office.clock.forward(hours=1)
    await reception(office).check(conversation_id)
    assert await said(office) == []
    assert await timers(office) == [office.clock() + timedelta(hours=1)]

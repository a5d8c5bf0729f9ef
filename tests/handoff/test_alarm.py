"""Emergencies nobody accepts: the whole team gets a letter, from a real mail server, until somebody does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from handoff.alarm import ALARM, Alarm
from handoff.reception import DEADLINE
from tests.conftest import Clock
from tests.office import Office, open_office
from tests.post import Post, open_post
from webhooks.system import connect_mail


@pytest.fixture
def post() -> Iterator[Post]:
    with open_post() as post:
        yield post


@pytest.fixture
async def office(database_url: str, tmp_path: Path, clock: Clock, post: Post) -> AsyncIterator[Office]:
    url, sender = SecretStr(post.url), "service@nordwind.example"
    async with open_office(database_url, tmp_path, clock, smtp_url=url, smtp_from=sender) as office:
        yield office


def alarm(office: Office) -> Alarm:
    system = office.system
    mail = connect_mail(system.settings)
    return Alarm(system.database, mail, system.cards, system.jobs, system.settings, office.clock)


@pytest.fixture
def clock(clock_ahead: Clock) -> Clock:
    return clock_ahead


async def timers(office: Office, name: str) -> list[datetime | None]:
    query = text("SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = :name ORDER BY id")
    async with office.system.database.read() as conn:
        rows = await conn.execute(query, {"name": name})
        return [row.scheduled_at and row.scheduled_at.astimezone(UTC) for row in rows]


async def emergency(office: Office) -> int:
    due = office.clock() + timedelta(minutes=5)
    return await office.conversation(urgency=2, due_at=due)


async def test_an_emergency_nobody_took_in_time_rings(office: Office) -> None:
    conversation = await emergency(office)
    office.clock.forward(minutes=6)
    await office.system.reception.check(conversation)
    assert await timers(office, ALARM) == [None]


async def test_what_is_not_urgent_wakes_nobody(office: Office) -> None:
    conversation = await office.conversation(urgency=1)
    office.clock.forward(hours=3)
    await office.system.reception.check(conversation)
    assert await timers(office, ALARM) == []
    assert await timers(office, DEADLINE) == []


async def test_everybody_active_gets_a_letter_in_their_language(office: Office, post: Post) -> None:
    anna = await office.seat("Anna Keller", role="admin")
    miriam = await office.seat("Miriam Brooks")
    await miriam.send("PATCH", "/api/session", {"language": "en"})
    gone = await office.seat("Wer Weg")
    await anna.send("PATCH", f"/api/agents/{gone.id}", {"active": False})
    conversation = await emergency(office)
    office.clock.forward(minutes=6)
    await alarm(office).ring(conversation)
    letters = {str(letter["To"]): letter for letter in post.letters}
    assert set(letters) == {anna.agent["email"], miriam.agent["email"]}
    german, english = letters[anna.agent["email"]], letters[miriam.agent["email"]]
    assert german["Subject"] == "Notfall wartet: Thomas Müller"
    assert f"/console/#/conversations/{conversation}" in german.get_content()
    assert "um 10:00 Uhr" in german.get_content()  # 9:00 UTC
    assert english["Subject"] == "An emergency is waiting: Thomas Müller"
    assert "Der Lüfter" not in german.get_content()


async def test_it_rings_until_somebody_takes_over(office: Office, post: Post) -> None:
    anna = await office.seat()
    conversation = await emergency(office)
    await alarm(office).ring(conversation)
    assert await timers(office, ALARM) == [office.clock() + timedelta(minutes=15)]
    await anna.post(f"/api/conversations/{conversation}/take")
    await alarm(office).ring(conversation)
    assert len(post.letters) == 1
    assert len(await timers(office, ALARM)) == 1


async def test_a_mail_server_that_is_away_is_tried_again_soon(office: Office, post: Post) -> None:
    await office.seat()
    conversation = await emergency(office)
    post.refusal = "451 busy"
    await alarm(office).ring(conversation)
    assert await timers(office, ALARM) == [office.clock() + timedelta(minutes=1)]
    post.refusal = "550 no such mailbox"
    await alarm(office).ring(conversation)
    assert (await timers(office, ALARM))[1:] == [office.clock() + timedelta(minutes=15)]

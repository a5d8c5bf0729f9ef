"""Readers of the event stream miss nothing, even when transactions commit out of order."""

from __future__ import annotations

import pytest

from bot.storage import events
from bot.storage.database import Database
from bot.storage.events import Position


async def append(database: Database, kind: str) -> None:
    async with database.begin() as conn:
        await events.append(conn, kind=kind, actor="system")


async def kinds_after(database: Database, position: Position) -> list[str]:
    async with database.read() as conn:
        return [event.kind for event in await events.read_after(conn, position)]


async def test_an_event_that_commits_late_is_still_read(database: Database) -> None:
    async with database.engine.connect() as slow:
        await events.append(slow, kind="slow", actor="system")
        await append(database, "fast")
        async with database.read() as conn:
            head = await events.head(conn)
            seen = await events.read_after(conn, Position(0, 0))
        # The fast one may only be told once the slow one is decided, or the reader would pass it by.
        assert seen == []
        assert head == Position(0, 0)
        await slow.commit()
    assert await kinds_after(database, head) == ["slow", "fast"]


async def test_reading_on_repeats_nothing(database: Database) -> None:
    for number in range(5):
        await append(database, f"e{number}")
    async with database.read() as conn:
        first = await events.read_after(conn, Position(0, 0), limit=3)
        rest = await events.read_after(conn, first[-1].position)
        head = await events.head(conn)
    assert [event.kind for event in first + rest] == ["e0", "e1", "e2", "e3", "e4"]
    assert head == rest[-1].position


@pytest.mark.parametrize("text", ["", "1", "1.", ".1", "a.b", "1.2.3", "-1.2", "1.٣"])
def test_a_bad_position_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a position"):
        Position.parse(text)


def test_a_position_reads_back() -> None:
    assert Position.parse(str(Position(12, 34))) == Position(12, 34)

"""One statement for one turn: all of it or nothing, and what is said goes out in order."""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Part, Sender
from bot.storage import conversations, deliveries, turns
from bot.storage.conversations import Whom
from bot.storage.database import Connection, Database, run
from bot.storage.events import NewEvent
from bot.storage.messages import NewMessage
from bot.storage.turns import Entry
from tests.conftest import Clock

SENDER = Sender("telegram", "500000001", name="Erika")


async def entry(database: Database, clock: Clock) -> Entry:
    """A question and its answer in two parts, in a new conversation."""
    async with database.begin() as conn:
        endpoint_id = await conversations.keep_endpoint(conn, SENDER)
        opened = await conversations.begin(conn, endpoint_id, whom=Whom(), language="de", now=clock())
    return Entry(
        thread=SENDER.thread,
        endpoint_id=endpoint_id,
        conversation_id=opened.id,
        version=opened.version,
        values={"intent": "stock_availability", "state": {"greeted": True}, "preview": {"text": "Ja"}},
        messages=[NewMessage("installer", text="Ist er da?"), NewMessage("bot", text="Ja")],
        parts=[Part({"text": "J"}), Part({"text": "a"})],
        epoch=0,
        events=[NewEvent("conversation.changed", "bot", opened.id)],
        inbox_ids=[],
        now=clock(),
    )


async def column(conn: Connection, query: str) -> list[object]:
    return [row[0] for row in await run(conn, query, {})]


async def test_a_turn_is_written_whole(database: Database, clock: Clock) -> None:
    turn = await entry(database, clock)
    async with database.direct() as conn:
        written = await turns.write(conn, turn)
        assert written is not None
        assert await column(conn, "SELECT text FROM messages ORDER BY id") == ["Ist er da?", "Ja"]
        assert await column(conn, "SELECT id FROM messages ORDER BY id") == written.message_ids
        assert await column(conn, "SELECT body ->> 'text' FROM deliveries ORDER BY id") == ["J", "a"]
        assert await column(conn, "SELECT message_id FROM deliveries") == [written.message_ids[-1]] * 2
        told = await run(conn, "SELECT kind, actor, message_id FROM events ORDER BY id", {})
        assert [tuple(event) for event in told] == [
            ("message.created", "installer", written.message_ids[0]),
            ("message.created", "bot", written.message_ids[1]),
            ("conversation.changed", "bot", None),
        ]
        known = await conversations.load(conn, SENDER, clock().date())
        assert known.conversation is not None
        assert known.conversation.version == turn.version + 1
        assert known.conversation.state == {"greeted": True}


async def test_the_first_part_is_claimed_and_knows_of_the_rest(database: Database, clock: Clock) -> None:
    turn = await entry(database, clock)
    async with database.direct() as conn:
        written = await turns.write(conn, turn)
        assert written is not None
        part = written.part
        assert part is not None
        assert (part.address, part.body, part.more, part.stale) == (
            SENDER.address,
            {"text": "J"},
            True,
            False,
        )
        # What a claim of its own finds is the same part, as after a crash.
        again = await deliveries.claim(conn, SENDER.thread, clock())
        assert again == replace(part, attempts=2)


async def test_an_older_part_goes_first(database: Database, clock: Clock) -> None:
    turn = await entry(database, clock)
    async with database.direct() as conn:
        await turns.write(conn, turn)
        second = await turns.write(conn, replace(turn, version=turn.version + 1))
        assert second is not None
        assert second.part is None
        states = await column(conn, "SELECT state FROM deliveries ORDER BY id")
    assert states == ["sending", "queued", "queued", "queued"]


async def test_nothing_is_written_over_somebody_elses_change(database: Database, clock: Clock) -> None:
    turn = await entry(database, clock)
    async with database.direct() as conn:
        assert await turns.write(conn, replace(turn, version=7)) is None
        for table in ("messages", "deliveries", "events"):
            assert await column(conn, f"SELECT id FROM {table}") == []  # noqa: S608 - our own names

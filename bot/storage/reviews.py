"""Messages whose meaning somebody should look at. A review goes with its message when that is deleted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, literal, select, text, update
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.storage.tables import Account, Conversation, Endpoint, Message, Person, Review
from nlu.labels import EMERGENCY

Why = Literal["unsure", "corrected", "handed_back", "not_helpful", "sampled"]


@dataclass(frozen=True, slots=True)
class Unreviewed:
    """One message to be reviewed. `text` is the whole turn it ended; `names` are the writer's and the
    company's; `intent` is what an agent has said it is; `understanding` as in tables.Message.
    """

    id: int
    message_id: int
    conversation_id: int
    why: tuple[str, ...]
    text: str
    language: str
    understanding: dict[str, Any]
    intent: str | None
    names: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review that has ended, with what it takes to undo that."""

    id: int
    example_key: str | None
    undo: dict[str, Any] | None


# A message that was not read holds JSON's null, which is no NULL.
_UNDERSTOOD = func.jsonb_typeof(Message.understanding) == "object"

# A message may be noted for several reasons; one that has been reviewed stays so.
_ON_CONFLICT = """
ON CONFLICT (message_id) DO UPDATE SET why = reviews.why || excluded.why
WHERE NOT reviews.why @> excluded.why
"""
_TURN = text(
    """
INSERT INTO reviews (message_id, why)
SELECT id, ARRAY[:why] FROM messages
WHERE conversation_id = :conversation AND author = 'installer'
  AND jsonb_typeof(understanding) = 'object' AND text <> ''
ORDER BY id DESC OFFSET :back LIMIT 1
"""
    + _ON_CONFLICT
)
_CORRECTED = text(
    """
INSERT INTO reviews (message_id, why, intent, agent_id) VALUES (:message, ARRAY['corrected'], :intent, :agent)
ON CONFLICT (message_id) DO UPDATE
SET why = CASE WHEN reviews.why @> excluded.why THEN reviews.why ELSE reviews.why || excluded.why END,
    intent = excluded.intent, agent_id = excluded.agent_id, state = 'open', example_key = NULL, undo = NULL
"""
)


async def note_turn(conn: AsyncConnection, conversation_id: int, why: Why, *, back: int = 0) -> None:
    """Have the newest turn of a conversation reviewed, or the one `back` turns before it."""
    await conn.execute(_TURN, {"conversation": conversation_id, "why": why, "back": back})


async def note_correction(conn: AsyncConnection, message_id: int, intent: str, agent_id: int) -> bool:
    """Note what an agent says a message is about; False when the engine never read that message."""
    corrected = (
        update(Message)
        .where(Message.id == message_id, Message.author == "installer", _UNDERSTOOD)
        .values(understanding=Message.understanding.op("||")(func.jsonb_build_object("corrected", intent)))
        .returning(Message.id)
    )
    if (await conn.execute(corrected)).first() is None:
        return False
    await conn.execute(_CORRECTED, {"message": message_id, "intent": intent, "agent": agent_id})
    return True


async def conversation_of(conn: AsyncConnection, message_id: int) -> int | None:
    """The conversation of a message."""
    return (await conn.execute(select(Message.conversation_id).where(Message.id == message_id))).scalar()


_said = aliased(Message)
_WHOLE_TURN = (
    select(func.string_agg(_said.text, aggregate_order_by(literal("\n"), _said.id)))
    .where(
        _said.conversation_id == Message.conversation_id,
        _said.at == Message.at,
        _said.author == "installer",
        _said.text != "",
    )
    .scalar_subquery()
)
_REVIEWS = (
    select(
        Review.id,
        Review.message_id,
        Message.conversation_id,
        Review.why,
        _WHOLE_TURN.label("text"),
        Conversation.language,
        Message.understanding,
        Review.intent,
        Endpoint.name.label("called"),
        Person.name.label("person"),
        Account.name.label("company"),
        Message.at,
    )
    .join(Message, Message.id == Review.message_id)
    .join(Conversation, Conversation.id == Message.conversation_id)
    .join(Endpoint, Endpoint.id == Message.endpoint_id)
    .outerjoin(Person, Person.id == Conversation.person_id)
    .outerjoin(Account, Account.id == Conversation.account_id)
)


async def unreviewed(conn: AsyncConnection, limit: int = 400) -> list[Unreviewed]:
    """The newest messages that wait for a review, newest first."""
    rows = await conn.execute(_REVIEWS.where(Review.state == "open").order_by(Review.id.desc()).limit(limit))
    return [_unreviewed(row) for row in rows]


async def lock(conn: AsyncConnection, ids: Collection[int]) -> list[Unreviewed]:
    """These reviews as far as they are open, kept for the caller's transaction."""
    await conn.execute(select(Review.id).where(Review.id.in_(ids)).with_for_update())
    rows = await conn.execute(_REVIEWS.where(Review.id.in_(ids), Review.state == "open").order_by(Review.id))
    return [_unreviewed(row) for row in rows]


def _unreviewed(row: Any) -> Unreviewed:
    names = tuple(name for name in (row.called, row.person, row.company) if name)
    return Unreviewed(
        row.id,
        row.message_id,
        row.conversation_id,
        tuple(row.why),
        row.text,
        row.language,
        row.understanding,
        row.intent,
        names,
        row.at,
    )


async def count_open(conn: AsyncConnection) -> int:
    """How many messages wait."""
    return (
        await conn.execute(select(func.count()).select_from(Review).where(Review.state == "open"))
    ).scalar_one()


async def count_done(conn: AsyncConnection, since: datetime) -> int:
    """How many were labelled since then."""
    done = select(func.count()).where(Review.state == "labelled", Review.state != "open", Review.at >= since)
    return (await conn.execute(done)).scalar_one()


async def end(
    conn: AsyncConnection,
    ids: Collection[int],
    *,
    state: Literal["labelled", "dismissed"],
    agent_id: int,
    now: datetime,
    intent: str | None = None,
    urgency: int | None = None,
    complex: bool | None = None,
) -> None:
    """End open reviews."""
    values: dict[str, Any] = {"state": state, "agent_id": agent_id, "at": now}
    if intent is not None:
        values |= {"intent": intent, "urgency": urgency, "complex": complex}
    await conn.execute(update(Review).where(Review.id.in_(ids), Review.state == "open").values(values))


async def remember_undo(
    conn: AsyncConnection, review_id: int, key: str, before: dict[str, Any] | None
) -> None:
    """Note what came of a review, and what stood in its place."""
    await conn.execute(update(Review).where(Review.id == review_id).values(example_key=key, undo=before))


async def reopen(conn: AsyncConnection, ids: Collection[int]) -> list[Reviewed]:
    """Open reviews again; returns what they had come to."""
    rows = await conn.execute(
        select(Review.id, Review.example_key, Review.undo)
        .where(Review.id.in_(ids), Review.state != "open")
        .order_by(Review.id.desc())
        .with_for_update()
    )
    found = [Reviewed(row.id, row.example_key, row.undo) for row in rows]
    await conn.execute(
        update(Review)
        .where(Review.id.in_([one.id for one in found]))
        .values(state="open", at=None, example_key=None, undo=None)
    )
    return found


async def no_emergency(conn: AsyncConnection, message_ids: Collection[int]) -> frozenset[int]:
    """Which of these messages somebody has looked at and called something else than an emergency."""
    rows = await conn.execute(
        select(Review.message_id).where(
            Review.message_id.in_(message_ids), Review.intent.is_not(None), Review.intent != EMERGENCY
        )
    )
    return frozenset(row.message_id for row in rows)


async def newest_message(conn: AsyncConnection) -> int:
    """The newest message of all, 0 when there is none."""
    return (await conn.execute(select(func.coalesce(func.max(Message.id), 0)))).scalar_one()

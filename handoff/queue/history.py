"""The messages of an endpoint, page by page: three queries a page, however many messages it has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Delivery
from bot.storage.tables import Agent, DeliveryPart, Media, Message
from handoff.console import shapes
from handoff.console.shapes import AgentName, Choice, Contact, DeliveryState, File, Location, Meaning, Page

PAGE = 50
_LATEST = 200


@dataclass(frozen=True, slots=True)
class Placed:
    """A message, the endpoint it was said over, and its id there."""

    endpoint_id: int
    provider_id: str | None
    message: shapes.Message


async def page(
    conn: AsyncConnection, endpoint_id: int, *, until_conversation: int, before: int | None = None
) -> Page:
    """The latest messages with an endpoint up to one of its conversations, earlier ones included.

    `before` is the id of a message: only what was said before it.
    """
    statement = _messages().where(
        Message.endpoint_id == endpoint_id, Message.conversation_id <= until_conversation
    )
    if before is not None:
        statement = statement.where(Message.id < before)
    rows = (await conn.execute(statement.order_by(Message.id.desc()).limit(PAGE + 1))).all()
    kept = rows[:PAGE][::-1]
    return Page(
        messages=[placed.message for placed in await _placed(conn, kept)], has_earlier=len(rows) > PAGE
    )


async def latest(conn: AsyncConnection, endpoint_id: int, authors: Collection[str]) -> list[Placed]:
    """The latest messages these authors said over an endpoint, oldest first: what its page shows."""
    rows = await conn.execute(
        _messages()
        .where(Message.endpoint_id == endpoint_id, Message.author.in_(authors))
        .order_by(Message.id.desc())
        .limit(_LATEST)
    )
    return await _placed(conn, rows.all()[::-1])


async def by_ids(conn: AsyncConnection, ids: Collection[int]) -> list[Placed]:
    """These messages, oldest first; those that are gone are left out."""
    if not ids:
        return []
    rows = (await conn.execute(_messages().where(Message.id.in_(ids)).order_by(Message.id))).all()
    return await _placed(conn, rows)


def _messages() -> Select[*tuple[Any, ...]]:
    return select(Message, Agent.name.label("agent")).outerjoin(Agent, Agent.id == Message.agent_id)


async def _placed(conn: AsyncConnection, rows: Sequence[Any]) -> list[Placed]:
    ids = [row.id for row in rows]
    files = await _files(conn, ids)
    deliveries = await _deliveries(conn, ids)
    return [
        Placed(row.endpoint_id, row.provider_id, _message(row, files.get(row.id, []), deliveries.get(row.id)))
        for row in rows
    ]


def _message(row: Any, files: list[File], delivery: DeliveryState | None) -> shapes.Message:
    content, meaning = row.content, row.understanding
    location, contact = content.get("location"), content.get("contact")
    return shapes.Message(
        id=row.id,
        conversation_id=row.conversation_id,
        author=row.author,
        agent=AgentName(id=row.agent_id, name=row.agent) if row.agent_id is not None else None,
        kind=row.kind,
        text=row.text,
        at=row.at,
        edited_at=row.edited_at,
        key=row.client_key,
        choices=[Choice(value=item["value"], label=item["label"]) for item in content.get("choices", [])],
        rate=Choice.model_validate(content["rate"]) if "rate" in content else None,
        location=Location.model_validate(location) if location else None,
        contact=Contact.model_validate(contact) if contact else None,
        problem=content.get("problem"),
        media=files,
        delivery=delivery,
        understanding=(
            Meaning(
                intent=meaning["intent"],
                confidence=meaning["confidence"],
                sure=meaning["sure"],
                urgency=meaning["urgency"],
                corrected=meaning.get("corrected"),
            )
            if meaning
            else None
        ),
    )


async def _files(conn: AsyncConnection, message_ids: list[int]) -> dict[int, list[File]]:
    files: dict[int, list[File]] = defaultdict(list)
    if message_ids:
        for row in await conn.execute(
            select(Media).where(Media.message_id.in_(message_ids)).order_by(Media.id)
        ):
            files[row.message_id].append(
                File(
                    id=row.id,
                    kind=row.kind,
                    mime=row.mime,
                    filename=row.filename,
                    size=row.size,
                    state=row.state,
                    problem=row.problem,
                    url=f"/api/media/{row.id}",
                )
            )
    return files


async def _deliveries(conn: AsyncConnection, message_ids: list[int]) -> dict[int, DeliveryState]:
    parts: dict[int, list[Any]] = defaultdict(list)
    if message_ids:
        for row in await conn.execute(
            select(
                DeliveryPart.message_id,
                DeliveryPart.state,
                DeliveryPart.error,
                DeliveryPart.error_code,
                DeliveryPart.resent,
            )
            .where(DeliveryPart.message_id.in_(message_ids))
            .order_by(DeliveryPart.id)
        ):
            parts[row.message_id].append(row)
    return {message_id: _summary(rows) for message_id, rows in parts.items()}


def _summary(parts: Sequence[Any]) -> DeliveryState:
    """Of several parts the one an agent must know about: a failed one, else the one that is least far."""
    failed = [part for part in parts if part.state == Delivery.FAILED.value]
    shown = failed[0] if failed else min(parts, key=lambda part: Delivery(part.state).rank)
    return DeliveryState(
        state=shown.state,
        error=shown.error,
        code=shown.error_code,
        resent=any(part.resent for part in parts),
    )

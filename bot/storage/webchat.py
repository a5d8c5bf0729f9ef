"""What the web chat's pages need to know and to note."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Delivery
from bot.storage import events
from bot.storage.events import NewEvent
from bot.storage.tables import DeliveryPart, Endpoint, Message


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody on a page, known since their session began."""

    endpoint_id: int
    channel: str
    address: str
    scoped_id: str | None
    name: str | None


async def visitor(conn: AsyncConnection, channel: str, address: str) -> Visitor | None:
    """Who has this address; None if there is nobody."""
    row = (
        await conn.execute(
            select(Endpoint.id, Endpoint.channel, Endpoint.address, Endpoint.scoped_id, Endpoint.name).where(
                Endpoint.channel == channel, Endpoint.address == address
            )
        )
    ).first()
    return Visitor(row.id, row.channel, row.address, row.scoped_id, row.name) if row else None


async def asking_for_contact(conn: AsyncConnection, message_ids: Collection[int]) -> set[int]:
    """Those of these messages that ask for the installer's own contact."""
    if not message_ids:
        return set()
    rows = await conn.execute(
        select(DeliveryPart.message_id).where(
            DeliveryPart.message_id.in_(message_ids), DeliveryPart.body.contains({"ask_contact": True})
        )
    )
    return set(rows.scalars())


async def mark_delivered(conn: AsyncConnection, message_ids: Collection[int]) -> None:
    """Note that a page has these messages; those it has reported before change nothing."""
    rows = await conn.execute(
        update(DeliveryPart)
        .where(
            DeliveryPart.message_id.in_(message_ids),
            DeliveryPart.state == Delivery.SENT.value,
            Message.id == DeliveryPart.message_id,
        )
        .values(state=Delivery.DELIVERED.value)
        .returning(DeliveryPart.message_id, Message.conversation_id)
    )
    delivered = dict.fromkeys((row.conversation_id, row.message_id) for row in rows)
    await events.append_all(conn, [NewEvent("delivery.changed", "installer", *ids) for ids in delivered])

"""What waits: the numbers an operator watches."""

from __future__ import annotations

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import Conversation, DeliveryPart, InboxItem, Media


async def read_backlog(conn: AsyncConnection) -> dict[str, int]:
    """How many things wait: in the inbox, in quarantine, in the outbox, as files, for an agent; and how
    many of those handoffs are emergencies, and past their promise.

    Each count reads a partial index that holds only what waits, so it stays cheap.
    """
    row = (
        await conn.execute(
            select(
                select(func.count(InboxItem.id)).where(InboxItem.state == "waiting").scalar_subquery(),
                select(func.count(InboxItem.id)).where(InboxItem.state == "quarantined").scalar_subquery(),
                select(func.count(DeliveryPart.id))
                .where(DeliveryPart.state.in_(("queued", "sending")))
                .scalar_subquery(),
                select(func.count(Media.id)).where(Media.state == "waiting").scalar_subquery(),
                *(
                    select(func.count(Conversation.id))
                    .where(Conversation.turn == "WAITING", *more)
                    .scalar_subquery()
                    for more in ((), (Conversation.urgency == 2,), (Conversation.overdue,))
                ),
            )
        )
    ).one()
    names = ("inbox", "quarantine", "outbox", "files", "handoffs", "emergencies", "overdue")
    return dict(zip(names, row, strict=True))


async def workers_alive(conn: AsyncConnection) -> int:
    """How many workers have given a sign of life in the last half minute."""
    rows = await conn.execute(
        text("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 s'")
    )
    return int(rows.scalar_one())

"""What providers report about deliveries: kept once, in any order, and never backwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Delivery
from bot.storage.tables import DeliveryPart, DeliveryReport, Message


async def report(
    conn: AsyncConnection,
    channel: str,
    provider_id: str,
    state: Delivery,
    *,
    code: str | None,
    plain: str | None,
) -> tuple[int, int] | None:
    """Take a provider's status report, in any order and any number of times.

    Returns (message id, conversation id) when it moved a part forward, None otherwise: known
    already, behind what we know, or for an id we do not have yet (kept until we do).
    """
    await alone_with(conn, provider_id)
    statement = (
        upsert(DeliveryReport)
        .values(channel=channel, provider_id=provider_id, status=state.value, error_code=code)
        .on_conflict_do_nothing()
        .returning(DeliveryReport.status)
    )
    if (await conn.execute(statement)).first() is None:
        return None
    return await _advance(conn, provider_id, state, code, plain)


async def apply_early(conn: AsyncConnection, provider_id: str) -> None:
    """Apply what was reported before the id was known to us."""
    reports = await conn.execute(
        select(DeliveryReport.status, DeliveryReport.error_code).where(
            DeliveryReport.provider_id == provider_id
        )
    )
    for report in sorted(reports, key=lambda row: Delivery(row.status).rank):
        await _advance(conn, provider_id, Delivery(report.status), report.error_code, None)


async def alone_with(conn: AsyncConnection, provider_id: str) -> None:
    """One writer at a time for a provider's id: a report can overtake the answer to our own call."""
    await conn.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:id, 1))"), {"id": provider_id})


async def _advance(
    conn: AsyncConnection, provider_id: str, state: Delivery, code: str | None, plain: str | None
) -> tuple[int, int] | None:
    behind = [known.value for known in Delivery if known.rank < state.rank]
    statement = (
        update(DeliveryPart)
        .where(
            DeliveryPart.provider_id == provider_id,
            DeliveryPart.state.in_(behind),
            Message.id == DeliveryPart.message_id,
        )
        .values(state=state.value, error_code=code, error=plain)
        .returning(DeliveryPart.message_id, Message.conversation_id)
    )
    row = (await conn.execute(statement)).first()
    return (row.message_id, row.conversation_id) if row else None


async def forget_before(conn: AsyncConnection, before: datetime) -> None:
    """Delete status reports older than `before`; what they said stands with the parts."""
    await conn.execute(delete(DeliveryReport).where(DeliveryReport.at < before))

"""Telling a conversation what happened elsewhere: an inbox item that nobody wrote, a turn of its own.

So whatever happens is answered where all answers come from: in order, and by one speaker.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs import Jobs
from bot.messages import Inbound, Kind, Sender
from bot.storage import inbox
from bot.storage.inbox import Arrival
from bot.storage.tables import Conversation, Endpoint

CODE_LATE, CODE_FAILED = "code_late", "code_failed"
APPROVAL, APPROVED, DENIED, EXPIRED = "approval", "approved", "denied", "expired"


async def signal(
    conn: AsyncConnection, jobs: Jobs, endpoint_id: int, what: str, proof_id: int, now: datetime
) -> None:
    """Tell an endpoint's conversation, in the caller's transaction; the same thing again changes nothing."""
    row = (
        await conn.execute(
            select(Endpoint.channel, Endpoint.address, Endpoint.scoped_id, Conversation.language)
            .outerjoin(Conversation, Conversation.endpoint_id == Endpoint.id)
            .where(Endpoint.id == endpoint_id)
            .order_by(Conversation.id.desc().nulls_last())
            .limit(1)
        )
    ).first()
    if row is None:
        return
    sender = Sender(row.channel, row.address, row.scoped_id, language="en" if row.language == "en" else "de")
    text = f"{what}:{proof_id}"
    inbound = Inbound(sender, f"signal:{text}:{endpoint_id}", Kind.SIGNAL, now, signal=text)
    await inbox.store(conn, [Arrival(row.channel, inbound.provider_id, b"", inbound)])
    await jobs.wake(conn, sender.thread)

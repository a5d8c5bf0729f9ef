"""Nobody tries names or numbers until one of them fits: a few are looked up, then no more for a day."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.recognition import Origin
from bot.storage import identity

MOST_GUESSES = 5
WITHIN = timedelta(days=1)


async def too_many(conn: AsyncConnection, origin: Origin) -> bool:
    """Whether the next guess over this endpoint is one too many, and is not looked up."""
    if origin.endpoint_id is None:
        return False
    return await identity.guesses(conn, origin.endpoint_id, origin.now - WITHIN) >= MOST_GUESSES

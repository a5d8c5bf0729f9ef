"""What the desk of the drill knows: the articles of the demo world."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.demo.world import seed
from bot.storage.database import Database


async def stock(url: str, media: Path) -> None:
    """Fill the shelves."""
    database = Database(url, pool_size=1)
    async with database.begin() as conn:
        await seed(conn, media, datetime.now(UTC).date())
    await database.close()

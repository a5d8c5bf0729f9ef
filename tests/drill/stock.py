"""What the desk of the drill knows: the articles of the demo world."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.demo.world import seed
from bot.storage import policies
from bot.storage.database import Database

# When many messages wait, one turn asks about many articles. That would be a case for a person.
_ANSWER_ALL = {"many_questions": 99}


async def stock(url: str, media: Path) -> None:
    """Fill the shelves, and have the bot answer however many questions come at once."""
    database = Database(url, pool_size=1)
    now = datetime.now(UTC)
    async with database.begin() as conn:
        await seed(conn, media, now.date())
        await policies.save(conn, _ANSWER_ALL, after=None, agent_id=None, now=now)
    await database.close()

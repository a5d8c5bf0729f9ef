"""A training on another project, as a process: `python -m tests.train PROJECT ID`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.settings import read_settings
from bot.storage.database import Database
from bot.training import run_training
from webhooks.system import utc_now


async def main(project: Path, training_id: int) -> None:
    """Train."""
    database = Database(read_settings().database_url or "", pool_size=2)
    await run_training(database, training_id, project, utc_now)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))

"""A folder that CSV files of accounts and people are dropped into, by hand or by an ERP over SFTP.

A file is whole when it has not changed between two looks. What is whole is imported, all or nothing,
and moved to `done/`, or to `failed/` with a report beside it that names every bad row. Importing again,
after a crash between the two, changes nothing.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.accounts.csv_import import BadFiles, import_csv
from bot.notices import Notices
from bot.storage.accounts_import import Merged
from bot.storage.database import Database

log = structlog.get_logger(__name__)

DONE, FAILED = "done", "failed"
_LOOK_EVERY = 15.0  # seconds
_NOTICE = "accounts:drop"


class DropFolder:
    """Watches one folder. `zone` is where it is today."""

    def __init__(
        self,
        database: Database,
        notices: Notices,
        folder: Path,
        clock: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._database = database
        self._notices = notices
        self._folder = folder
        self._clock = clock
        self._zone = zone
        self._seen: dict[Path, tuple[int, int]] = {}

    async def run(self) -> None:
        """Look again and again until cancelled; one process of all does."""
        async with self._database.leadership("accounts-drop"):
            while True:
                try:
                    await self.look()
                except (OSError, SQLAlchemyError) as error:
                    log.warning("the drop folder waits", error=type(error).__name__)
                await asyncio.sleep(_LOOK_EVERY)

    async def look(self) -> None:
        """Import what is whole: all files together, or else each by itself."""
        files = await asyncio.to_thread(self._whole)
        if not files:
            return
        if await self._import(files) is None:
            return
        problems: dict[Path, Sequence[str]] = {}
        left, before = files, len(files) + 1
        while left and len(left) < before:  # people come after the accounts they belong to
            before = len(left)
            found = {file: await self._import([file]) for file in left}
            problems = {file: wrong for file, wrong in found.items() if wrong is not None}
            left = list(problems)
        for file, wrong in problems.items():
            await asyncio.to_thread(self._put_away, file, FAILED, wrong)
            await self._notices.show(
                _NOTICE, f"{file.name} was not imported; {FAILED}/ in the drop folder has it and says why."
            )

    def _whole(self) -> list[Path]:
        """The files that are as they were at the last look; a name with a dot in front is not looked at."""
        now: dict[Path, tuple[int, int]] = {}
        for path in sorted(self._folder.iterdir()):
            if path.suffix.lower() == ".csv" and not path.name.startswith(".") and path.is_file():
                status = path.stat()
                now[path] = (status.st_size, status.st_mtime_ns)
        whole = [path for path, looks in now.items() if self._seen.get(path) == looks]
        self._seen = now
        return whole

    async def _import(self, files: Sequence[Path]) -> Sequence[str] | None:
        """Import files as one; what was wrong with them, None when nothing was."""
        today = self._clock().astimezone(self._zone).date()
        try:
            async with self._database.begin() as conn:
                merged = await import_csv(conn, files, today=today)
        except BadFiles as bad:
            return bad.problems
        for file in files:
            await asyncio.to_thread(self._put_away, file, DONE, [_words(merged)])
        await self._notices.clear(_NOTICE)
        log.info("imported", files=len(files), accounts=merged.accounts, people=merged.people)
        return None

    def _put_away(self, file: Path, where: str, report: Sequence[str]) -> None:
        """Move a file under a name of its time, with its report beside it."""
        target = self._folder / where / f"{self._clock().astimezone(self._zone):%Y-%m-%dT%H%M%S}-{file.name}"
        target.parent.mkdir(exist_ok=True)
        target.with_suffix(".txt").write_text("\n".join((*report, "")), encoding="utf-8")
        os.replace(file, target)
        self._seen.pop(file, None)


def _words(merged: Merged) -> str:
    return f"Imported {merged.accounts} companies and {merged.people} people ({merged.new_people} new)."

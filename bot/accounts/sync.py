"""Keeping the local copy of the CRMs: on a schedule, when they call, and everything once a night.

Each part that comes is taken over and its cursor kept in one commit, so a run that is cut off goes on
where it was. The chat never waits for a sync.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.accounts.crm import Changes, CrmAway, CrmError, CrmSource, Gone, Notification
from bot.notices import Notices
from bot.storage import crm_copy, crm_syncs
from bot.storage.crm_copy import Report
from bot.storage.crm_syncs import Standing
from bot.storage.database import Database

log = structlog.get_logger(__name__)

EVERY = timedelta(minutes=5)
_LOOK_EVERY = 15.0  # seconds
_NIGHT = 3  # o'clock, when everything is read
_AGAIN_AFTER = timedelta(minutes=1)
_NOT_MORE_GONE = 0.5  # share of the records that one reading of everything may take away
_FEW = 10  # records below which that share says nothing

Progress = Callable[[Report], None]


class Sync:
    """Copies every configured CRM into our tables. `zone` is where it is night."""

    def __init__(
        self,
        database: Database,
        sources: Mapping[str, CrmSource],
        notices: Notices,
        clock: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self._database = database
        self._sources = sources
        self._notices = notices
        self._clock = clock
        self._zone = zone

    @property
    def sources(self) -> Mapping[str, CrmSource]:
        """The configured CRMs by name."""
        return self._sources

    async def run(self) -> None:
        """Keep the schedule until cancelled; one process of all does."""
        if not self._sources:
            return
        async with self._database.leadership("crm-sync"):
            while True:
                try:
                    await self.look()
                except SQLAlchemyError as error:
                    log.warning("the sync waits for the database", error=type(error).__name__)
                await asyncio.sleep(_LOOK_EVERY)

    async def look(self) -> None:
        """Sync what is due."""
        for name in self._sources:
            async with self._database.read() as conn:
                standing = await crm_syncs.standing(conn, name)
            if self._is_due(standing):
                try:
                    await self.sync(name, full=self._is_night(standing))
                except CrmError as error:
                    log.warning("sync ended early", source=name, reason=type(error).__name__)

    async def sync(self, name: str, *, full: bool = False, progress: Progress = lambda _: None) -> Report:
        """Copy what changed in one CRM, or everything. Raises CrmError, after telling the operator."""
        source, began, report = self._sources[name], self._clock(), Report()
        async with self._database.begin() as conn:
            standing = await crm_syncs.standing(conn, name)
            anew = {"full_since": began, "cursor": None} if full or standing.cursor is None else {}
            await crm_syncs.note(conn, name, started_at=began, **anew)
        try:
            async for part in source.changes(None if full else standing.cursor):
                report = report.plus(await self.take(name, part, cursor=part.cursor))
                progress(report)
                if part.complete_since is not None:
                    report = report.plus(await self._take_away_unseen(name, part.complete_since))
        except CrmError as error:
            await self._note_failure(name, source.title, error, report)
            raise
        await self._note(name, finished_at=self._clock(), report=report.json(), problem=None, not_before=None)
        await self._notices.clear(f"crm:{name}")
        log.info("synced", source=name, accounts=report.accounts, people=report.people, gone=report.gone)
        return report

    async def take(self, name: str, changes: Changes, *, cursor: str | None = None) -> Report:
        """Take changes over, whoever brought them."""
        now = self._clock()
        async with self._database.begin() as conn:
            await crm_syncs.one_at_a_time(conn)
            report = await crm_copy.apply(
                conn, name, changes, now=now, today=now.astimezone(self._zone).date()
            )
            if cursor is not None:
                await crm_syncs.note(conn, name, cursor=cursor)
        return report

    async def notified(self, source: str, records: Sequence[Mapping[str, Any]]) -> None:
        """Take over what a CRM called about; the job of name `NOTIFIED`.

        While the CRM does not answer, the next sync brings what was missed.
        """
        crm = self._sources.get(source)
        if crm is None:
            return
        try:
            changes = await crm.fetch([Notification(**record) for record in records])
        except CrmError as error:
            await self._note_failure(source, crm.title, error, None)
            return
        await self.take(source, changes)

    def _is_due(self, standing: Standing) -> bool:
        now = self._clock()
        if standing.not_before is not None and standing.not_before > now:
            return False
        return standing.problem is not None or (
            standing.finished_at is None or now - standing.finished_at >= EVERY
        )

    def _is_night(self, standing: Standing) -> bool:
        """Whether the night's reading of everything is still to be done."""
        here = self._clock().astimezone(self._zone)
        read = standing.complete_at
        done = read is not None and read.astimezone(self._zone).date() >= here.date()
        return here.hour >= _NIGHT and not done and standing.full_since is None

    async def _take_away_unseen(self, name: str, since: datetime) -> Report:
        """Take away what a reading of everything has not named, unless that is suspiciously much."""
        async with self._database.read() as conn:
            unseen, total = await crm_copy.unseen(conn, name, since)
        await self._note(name, complete_at=self._clock(), full_since=None)
        if len(unseen) > _FEW and len(unseen) > total * _NOT_MORE_GONE:
            title = self._sources[name].title
            problem = f"{title} named only {total - len(unseen)} of {total} records; none was taken away."
            await self._notices.show(f"crm:{name}:few", f"{problem} Does its user see everything?")
            return Report(problems=(problem,))
        await self._notices.clear(f"crm:{name}:few")
        gone = [Gone("account" if kind == "account" else "person", one) for kind, one in unseen]
        return await self.take(name, Changes(gone=gone))

    async def _note_failure(self, name: str, title: str, error: CrmError, report: Report | None) -> None:
        wait = timedelta(seconds=error.after) if isinstance(error, CrmAway) and error.after else _AGAIN_AFTER
        values: dict[str, Any] = {"problem": str(error), "not_before": self._clock() + wait}
        if report is not None:
            values["report"] = report.json()
        await self._note(name, **values)
        await self._notices.show(f"crm:{name}", f"{error}. The chat goes on with the local copy of {title}.")

    async def _note(self, name: str, **values: Any) -> None:
        async with self._database.begin() as conn:
            await crm_syncs.note(conn, name, **values)


NOTIFIED = "crm_notified"  # the name of the job that takes over what a CRM called about

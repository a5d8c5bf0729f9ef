"""The broom: finds what a lost wake-up or a dead process left behind, and forgets what is old."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import psycopg
import structlog
from procrastinate.exceptions import ConnectorException
from sqlalchemy.exc import SQLAlchemyError

from bot.code_mail import SEND_CODE
from bot.jobs import Jobs
from bot.signals import EXPIRED, signal
from bot.storage import deliveries, inbox, media, proofs, reports
from bot.storage.database import Database

log = structlog.get_logger(__name__)

_EVERY = 15.0  # seconds
_FORGOTTEN_AFTER = timedelta(seconds=30)
_FILES_FORGOTTEN_AFTER = timedelta(minutes=10)


class Sweep:
    """Runs in every working process; sweeping twice does no harm."""

    def __init__(
        self, database: Database, jobs: Jobs, keep_raw: timedelta, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._keep_raw = keep_raw
        self._clock = clock

    async def run(self) -> None:
        """Sweep until cancelled, at once and then every quarter of a minute."""
        while True:
            try:
                await self.once()
            except (SQLAlchemyError, ConnectorException, psycopg.Error) as error:
                log.warning("sweep waits", error=type(error).__name__)
            await asyncio.sleep(_EVERY)

    async def once(self) -> None:
        """Sweep once."""
        now = self._clock()
        async with self._database.begin() as conn:
            threads = await inbox.forgotten_threads(conn, now - _FORGOTTEN_AFTER)
            threads += await deliveries.forgotten_threads(conn, now - _FORGOTTEN_AFTER)
            for media_id in await media.forgotten(conn, now - _FILES_FORGOTTEN_AFTER):
                await self._jobs.at(conn, None, "fetch_media", media_id=media_id)
            for proof_id in await proofs.unsent_codes(conn, now - _FORGOTTEN_AFTER):
                await self._jobs.at(conn, None, SEND_CODE, proof_id=proof_id)
            for proof in await proofs.overdue_approvals(conn, now):
                await proofs.settle(conn, proof.id, "expired", only_from=("open",))
                await signal(conn, self._jobs, proof.endpoint_id, EXPIRED, proof.id, now)
            await inbox.forget_raw(conn, now - self._keep_raw)
            await reports.forget_before(conn, now - self._keep_raw)
        if threads:
            log.warning("woke forgotten threads", count=len(threads))
            await self._jobs.wake_all(list(dict.fromkeys(threads)))

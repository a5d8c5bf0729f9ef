"""Sending, in order per conversation: marked before the call, and every outcome written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from prometheus_client import Counter, Histogram
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channel import AddressMoved, Channel, OutcomeUnknown, Refused, RetryLater, SendError
from bot.jobs import Jobs
from bot.messages import Attachment, Delivery, Outbound, Part, Recipient
from bot.notices import Notices
from bot.storage import deliveries, events, reports
from bot.storage.database import Connection, Database
from bot.storage.deliveries import Claimed

log = structlog.get_logger(__name__)

_LONGEST_PAUSE = timedelta(minutes=1)
_GIVE_UP_AFTER = timedelta(hours=24)

SENT = Counter("bauruf_sends_total", "Calls to providers by outcome", ["channel", "outcome"])
LATENCY = Histogram(
    "bauruf_send_delay_seconds",
    "From queueing a part to the provider's answer",
    ["channel"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60),
)


async def enqueue(
    conn: AsyncConnection,
    channel: Channel,
    *,
    endpoint_id: int,
    message_id: int,
    outbound: Outbound,
    epoch: int | None,
) -> None:
    """Cut a message to its channel's limits and queue the parts.

    `epoch` is the turn-holder's epoch the bot spoke under; None is sent whoever holds the turn
    (people's replies, safety lines, the word that a person is coming).
    """
    parts = channel.render(outbound)
    await deliveries.queue(conn, parts, endpoint_id=endpoint_id, message_id=message_id, epoch=epoch)


@dataclass(frozen=True, slots=True)
class _Outcome:
    state: Delivery
    provider_id: str | None = None
    code: str | None = None
    plain: str | None = None
    again_at: datetime | None = None
    resent: bool = False
    blocked: bool = False
    reported: bool = False
    moved_to: str | None = None

    @property
    def plain_end(self) -> bool:
        """The part is done with, and there is nothing to be written but that."""
        return not (self.state is Delivery.QUEUED or self.blocked or (self.provider_id and self.reported))


@dataclass(frozen=True, slots=True)
class Sent:
    """After a send: the next part, claimed, if there is one; `heard` if new messages wait on the thread."""

    next: Claimed | None
    heard: bool


def _pause(attempts: int, error: SendError) -> timedelta:
    """What the provider asked for; else 1, 2, 4 … seconds up to a minute; a minute for the operator."""
    if isinstance(error, RetryLater):
        return error.after or min(timedelta(seconds=2 ** min(attempts - 1, 6)), _LONGEST_PAUSE)
    return _LONGEST_PAUSE


class Outbox:
    """Sends what is queued. One drain at a time works on a thread, so order needs no lock of its own."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        jobs: Jobs,
        notices: Notices,
        media_dir: Path,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._channels = channels
        self._jobs = jobs
        self._notices = notices
        self._media_dir = media_dir
        self._clock = clock

    async def next(self, thread: str) -> Claimed | None:
        """Claim the thread's next part in a transaction of its own."""
        async with self._database.direct() as conn:
            return await deliveries.claim(conn, thread, self._clock())

    async def send(self, thread: str, part: Claimed) -> Sent:
        """Send one claimed part, write its outcome and claim the next one in the same commit."""
        outcome = _Outcome(Delivery.DROPPED) if part.stale else await self._call(part)
        now = self._clock()
        if outcome.plain_end and not part.more:
            async with self._database.direct() as conn:
                heard = await self._settle(conn, part, outcome, now)
            self._database.hint()
            return Sent(None, heard)
        async with self._database.begin() as conn:
            heard = await self._write(conn, part, outcome, now)
            if outcome.again_at is not None:
                await self._jobs.wake_at(conn, thread, outcome.again_at)
                return Sent(None, heard)
            waits = part.more or outcome.state is Delivery.QUEUED
            return Sent(await deliveries.claim(conn, thread, now) if waits else None, heard)

    async def _call(self, part: Claimed) -> _Outcome:
        channel = self._channels.get(part.channel)
        if channel is None:
            return _Outcome(Delivery.FAILED, plain=f"The channel {part.channel} is not connected any more.")
        try:
            provider_id = await channel.send(
                Recipient(part.address, part.scoped_id), Part(part.body), self._attachment(part)
            )
        except AddressMoved as moved:
            return _Outcome(Delivery.QUEUED, moved_to=moved.address)
        except SendError as error:
            return await self._failed(part, error)
        SENT.labels(part.channel, "sent").inc()
        LATENCY.labels(part.channel).observe((self._clock() - part.first_tried_at).total_seconds())
        await self._notices.clear(f"channel:{part.channel}")
        return _Outcome(Delivery.SENT, provider_id=provider_id, reported=channel.reports)

    async def _failed(self, part: Claimed, error: SendError) -> _Outcome:
        now = self._clock()
        log.warning("send failed", channel=part.channel, outcome=type(error).__name__, code=error.code)
        SENT.labels(part.channel, type(error).__name__).inc()
        operator = isinstance(error, Refused) and error.operator
        if operator:
            await self._notices.show(f"channel:{part.channel}", error.plain)
        passing = isinstance(error, RetryLater) or operator
        if passing and now - part.first_tried_at < _GIVE_UP_AFTER:
            return _Outcome(
                Delivery.QUEUED,
                code=error.code,
                plain=error.plain,
                again_at=now + _pause(part.attempts, error),
                resent=isinstance(error, OutcomeUnknown),
            )
        blocked = isinstance(error, Refused) and error.blocked
        return _Outcome(Delivery.FAILED, code=error.code, plain=error.plain, blocked=blocked)

    async def _write(self, conn: AsyncConnection, part: Claimed, outcome: _Outcome, now: datetime) -> bool:
        if outcome.reported and outcome.provider_id is not None:
            return await deliveries.settle_reported(conn, part.id, outcome.provider_id, now=now)
        heard = await self._settle(conn, part, outcome, now)
        if outcome.moved_to is not None:
            await deliveries.move_endpoint(conn, part.channel, part.address, outcome.moved_to)
        if outcome.blocked:
            await deliveries.block_endpoint(conn, part.channel, part.address)
        return heard

    async def _settle(self, conn: Connection, part: Claimed, outcome: _Outcome, now: datetime) -> bool:
        return await deliveries.settle(
            conn,
            part.id,
            outcome.state,
            provider_id=outcome.provider_id,
            code=outcome.code,
            plain=outcome.plain,
            not_before=outcome.again_at,
            resent=outcome.resent,
            now=now,
        )

    def _attachment(self, part: Claimed) -> Attachment | None:
        file = part.file
        if file is None:
            return None
        return Attachment(file.media_id, self._media_dir / file.path, file.mime, file.filename, file.size)

    async def report(
        self,
        channel: str,
        provider_id: str,
        state: Delivery,
        *,
        code: str | None,
        plain: str | None,
        retry: bool = False,
    ) -> None:
        """Take a status callback: in any order, any number of times, even before its send returned.

        `retry` re-queues a part that failed for a passing reason (rate limits).
        """
        async with self._database.begin() as conn:
            moved = await reports.report(conn, channel, provider_id, state, code=code, plain=plain)
            if moved is None:
                return
            message_id, conversation_id = moved
            if retry and state is Delivery.FAILED:
                again_at = self._clock() + _LONGEST_PAUSE
                thread = await deliveries.requeue(conn, provider_id, again_at)
                if thread is not None:
                    await self._jobs.wake_at(conn, thread, again_at)
            await events.append(
                conn,
                kind="delivery.changed",
                actor="system",
                conversation_id=conversation_id,
                message_id=message_id,
            )

"""Saying something to the installer from the desk: one message, its delivery and its events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import outbox
from bot.answers.catalogue import Catalogue
from bot.channel import Channel
from bot.jobs import Jobs
from bot.messages import Outbound
from bot.storage import events, messages
from bot.storage.desk import Case
from bot.storage.messages import NewMessage


class Voice:
    """What is said from the desk goes out whoever holds the turn: it has no epoch."""

    def __init__(self, channels: Mapping[str, Channel], catalogue: Catalogue, jobs: Jobs) -> None:
        self._channels = channels
        self._catalogue = catalogue
        self._jobs = jobs

    def channel(self, case: Case) -> Channel | None:
        """The channel of a conversation; None when it is not connected any more."""
        return self._channels.get(case.channel)

    def window_open(self, case: Case, now: datetime) -> bool:
        """Whether the channel takes free text now (WhatsApp: 24 hours from the last inbound message)."""
        channel = self.channel(case)
        window = channel.limits.window if channel is not None else None
        if window is None:
            return True
        return case.last_inbound_at is not None and now - case.last_inbound_at < window

    async def send(
        self, conn: AsyncConnection, case: Case, message_id: int, outbound: Outbound, actor: str
    ) -> None:
        """Queue a stored message, in the caller's transaction, and wake the sender."""
        channel = self.channel(case)
        if channel is not None:
            await outbox.enqueue(
                conn,
                channel,
                endpoint_id=case.endpoint_id,
                message_id=message_id,
                outbound=outbound,
                epoch=None,
            )
            await self.wake(conn, case)
        await self.announce(conn, case, message_id, actor)

    async def wake(self, conn: AsyncConnection, case: Case) -> None:
        """Wake the conversation's sender when the caller's transaction commits."""
        await self._jobs.wake(conn, case.thread)

    async def say_line(
        self, conn: AsyncConnection, case: Case, key: str, now: datetime, **values: str
    ) -> None:
        """Let the bot say one of its answers; silently not, where the channel would refuse it."""
        if case.blocked or self.channel(case) is None or not self.window_open(case, now):
            return
        await self._catalogue.refresh(conn)
        text = self._catalogue.say(key, case.language, **values)
        message_id = await self._add(conn, case, NewMessage("bot", text=text), now)
        await self.send(conn, case, message_id, Outbound(text), "bot")

    async def note_system(
        self, conn: AsyncConnection, case: Case, code: str, now: datetime, agent_id: int | None = None
    ) -> None:
        """Write a system line into the conversation; the console words it."""
        message_id = await self._add(
            conn, case, NewMessage("system", kind="system", text=code, agent_id=agent_id), now
        )
        await self.announce(conn, case, message_id, f"agent:{agent_id}" if agent_id else "system")

    async def announce(self, conn: AsyncConnection, case: Case, message_id: int, actor: str) -> None:
        """Tell the live stream about a new message."""
        await events.append(
            conn, kind="message.created", actor=actor, conversation_id=case.id, message_id=message_id
        )

    async def _add(self, conn: AsyncConnection, case: Case, message: NewMessage, now: datetime) -> int:
        ids = await messages.add_messages(
            conn, [message], conversation_id=case.id, endpoint_id=case.endpoint_id, now=now
        )
        return ids[0]

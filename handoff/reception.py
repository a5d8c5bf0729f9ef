"""Where handoffs arrive: what we promise, who is needed, what it is about, and whether we kept it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.write_back import WriteBack
from bot.desk import Handoff, Promise
from bot.jobs import Jobs
from bot.opening import OpeningHours
from bot.storage import desk, events
from bot.storage.database import Database
from handoff.alarm import ALARM
from handoff.brief import brief
from handoff.deadlines import due_at, words
from handoff.routing import skill_for
from handoff.voice import Voice

DEADLINE = "deadline"  # the name of the job that looks whether a promise was kept


class Reception:
    """The desk as the talk sees it (`bot.desk.Desk`). `phone` is whom to call when we are late."""

    def __init__(
        self,
        database: Database,
        voice: Voice,
        jobs: Jobs,
        hours: OpeningHours,
        phone: str,
        write_back: WriteBack,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._voice = voice
        self._jobs = jobs
        self._hours = hours
        self._phone = phone
        self._write_back = write_back
        self._now = now

    async def receive(self, conn: AsyncConnection, handoff: Handoff) -> Promise:
        """Promise a time, watch it, and tell the CRM, in the caller's transaction."""
        due = due_at(handoff.urgency, handoff.now, self._hours)
        await self._jobs.at(conn, due, DEADLINE, conversation_id=handoff.conversation_id)
        await self._write_back.handed_off(conn, handoff.conversation_id)
        return Promise(
            due,
            words(due, handoff.urgency, handoff.now, self._hours),
            skill_for(handoff.intent, handoff.reasons, handoff.case),
            brief(handoff.words, handoff.values, _context(handoff)),
        )

    async def check(self, conversation_id: int) -> None:
        """Look whether a promise was kept, when its time has come; the job of name `DEADLINE`.

        A conversation that still waits is marked overdue and its installer told, once. A timer that
        was set for an earlier or broken promise finds nothing to do.
        """
        now = self._now()
        async with self._database.begin() as conn:
            case = await desk.lock(conn, conversation_id)
            if case is None or case.turn != "WAITING" or case.overdue:
                return
            if case.due_at is None:
                return
            if case.due_at > now:
                # The job queue's clock and ours may differ, and the promise may have been renewed.
                await self._jobs.at(conn, case.due_at, DEADLINE, conversation_id=conversation_id)
                return
            await desk.mark_overdue(conn, conversation_id)
            await events.append(conn, kind="handoff.overdue", actor="system", conversation_id=conversation_id)
            await self._voice.note_system(conn, case, "overdue", now)
            await self._voice.say_line(conn, case, "handoff_overdue", now, phone=self._phone)
            if case.urgency == 2:
                await self._jobs.at(conn, None, ALARM, conversation_id=conversation_id)


def _context(handoff: Handoff) -> list[str]:
    """What stands first in the brief: best contract ("★ A"), open case and who has it ("#12 Anna")."""
    tier, case = handoff.whom.tier, handoff.case
    told = [f"★ {tier}"] if tier is not None and "top_tier" in handoff.reasons else []
    if case is not None:
        told.append(" ".join(filter(None, (f"#{case.conversation_id}", case.agent))))
    return told

"""What the talk needs from the desk where people work: take this over, and say until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.conversations import Whom
from bot.storage.open_cases import OpenCase


@dataclass(frozen=True, slots=True)
class Handoff:
    """A conversation on its way to a person.

    `reasons` are codes of `bot.triage.REASONS`; `urgency` 0-2; `words` is what the installer wrote in
    this turn; `values` are the entities known so far, by name; `case` is what is open about the same
    matter already, with the same person or a colleague.
    """

    conversation_id: int
    urgency: int
    reasons: tuple[str, ...]
    intent: str
    language: str
    whom: Whom
    words: str
    values: Mapping[str, str]
    now: datetime
    case: OpenCase | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """What the desk answers: until when somebody will have looked (`words` by language, such as
    "bis heute 14:30 Uhr"), who it goes to (`skill`), and the brief an agent reads first.
    """

    due_at: datetime
    words: Mapping[str, str]
    skill: str
    brief: str


class Desk(Protocol):
    """The people's side, as the talk sees it."""

    async def receive(self, conn: AsyncConnection, handoff: Handoff) -> Promise:
        """Take a conversation over, in the caller's transaction, and watch its deadline.

        The caller writes the promise into the conversation. Called again for a conversation that
        waits already when it has become more urgent.
        """
        ...

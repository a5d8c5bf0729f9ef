"""What a skill is: it looks something up and words a reply. One small module each.

A skill never decides about people or turns: it says what it found, what it still needs, or that a
person has to take over.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.recognition import Origin
from bot.accounts.steps import Step
from bot.accounts.trust import Unlocks
from bot.answers.catalogue import Catalogue
from bot.messages import Choice
from bot.storage.conversations import Whom
from bot.storage.knowledge import Document
from bot.storage.open_cases import OpenCase


@dataclass(frozen=True, slots=True)
class Ask:
    """What a skill may look at. `slots` are the values known so far, by entity name; `remedies` counts
    the remedies tried in vain; `zone` is where the installer's clock hangs; `bot_name` is what the
    Telegram bot is called, if there is one; `named` are the values of this very turn.
    """

    conn: AsyncConnection
    catalogue: Catalogue
    language: str
    whom: Whom
    slots: Mapping[str, str]
    origin: Origin
    zone: ZoneInfo
    remedies: int = 0
    bot_name: str | None = None
    named: Mapping[str, str] = field(default_factory=dict)

    def say(self, key: str, **values: Any) -> str:
        """A sentence from the catalogue in the installer's language."""
        return self.catalogue.say(key, self.language, **values)

    def reply(self, key: str, **values: Any) -> Reply:
        """A reply made of one catalogue entry with its buttons."""
        return Reply(self.say(key, **values), self.catalogue.choices(key, self.language))

    def date(self, day: date | None) -> str:
        """A date as people write it, or that it is still open."""
        if day is None:
            return self.say("date_unknown")
        return f"{day.day:02}.{day.month:02}.{day.year}" if self.language == "de" else f"{day:%-d %B %Y}"

    def time(self, moment: datetime) -> str:
        """A moment as people write it; today's without the date."""
        local = moment.astimezone(self.zone)
        if local.date() == self.origin.now.astimezone(self.zone).date():
            return self.say("time_today", time=f"{local:%H:%M}")
        return self.say("time_on", date=self.date(local.date()), time=f"{local:%H:%M}")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a skill came to.

    `expecting` names the slot it asked for, `slots` are values that it found and talked about. `failed`
    marks an answer that did not help, `missed` is a value that we know nothing about, `unhelped` says
    that a remedy was tried in vain. `reason` is a triage reason when a person has to take over; the
    wording then comes from `handoff_key`, a catalogue entry that knows {promise}. `needs` is what the
    installer's trust does not unlock: they are offered to prove more before `reason` counts. `steps` is
    what was found out about who it is. `ask_contact` asks for their own phone, where the channel has a
    button for it. `case` is what is open about the same matter already; `meanwhile` is said beside a
    handoff.
    """

    text: str = ""
    choices: tuple[Choice, ...] = ()
    documents: tuple[Document, ...] = ()
    expecting: str | None = None
    failed: bool = False
    missed: str | None = None
    unhelped: bool = False
    reason: str | None = None
    handoff_key: str = "handoff"
    slots: Mapping[str, str] = field(default_factory=dict)
    needs: Unlocks | None = None
    ask_contact: bool = False
    steps: tuple[Step, ...] = ()
    case: OpenCase | None = None
    meanwhile: str = ""


def joined(replies: Sequence[Reply]) -> Reply:
    """One reply to several questions, in their order. It waits for the first thing that was asked back,
    and its buttons are those of that question. A person takes over when one of them needs a person.
    """
    for reply in replies:
        if reply.reason is not None:
            return reply
    asking = next((reply for reply in replies if reply.expecting is not None), replies[-1])
    return replace(
        asking,
        text="\n\n".join(reply.text for reply in replies),
        documents=tuple(document for reply in replies for document in reply.documents),
        failed=all(reply.failed for reply in replies),
        steps=tuple(step for reply in replies for step in reply.steps),
    )


def found(reply: Reply) -> bool:
    """Whether a reply says something by itself, and asks for nothing but whether it helped."""
    failed = reply.failed or reply.missed is not None or reply.reason is not None or reply.needs is not None
    return not failed and reply.expecting in (None, "remedy")


Skill = Callable[[Ask], Awaitable[Reply]]


def to_person(reason: str, handoff_key: str) -> Reply:
    """A person has to take over."""
    return Reply(reason=reason, handoff_key=handoff_key)

"""Rehearsing dialogues: the whole system on a database of its own, with a clock that skips the pauses.

What an installer says goes the way of live traffic, through the inbox and `Turns.take` into the record;
only the outbox is never opened, so that nothing leaves the house. Each dialogue begins in a fresh copy
of the prepared database.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from bot.demo.world import DEMO_AGENTS, seed
from bot.messages import Inbound, Kind, Location, Sender
from bot.settings import Settings
from bot.storage import agents, conversations, guests, scratch
from bot.storage.agents import DeskAgent
from bot.storage.database import Database
from bot.storage.inbox import Arrival
from bot.thought import Thought
from nlu.understanding import Understander
from webhooks.script import Caller, Line, Script
from webhooks.system import System, build_system

Act = Literal["answer", "clarify", "handoff", "silent"]


@dataclass(frozen=True, slots=True)
class Predicted:
    """What the bot did with one turn. `said` is its reply, empty while a person holds the conversation."""

    intent: str
    urgency: int
    complex: bool
    action: Act
    reasons: tuple[str, ...]
    said: str


class _Clock:
    """Moves only when a dialogue says so."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def __call__(self) -> datetime:
        return self._now

    def forward(self, gap: timedelta) -> None:
        self._now += gap


class Rehearsals:
    """A scratch server with the demo world on it, copied for each dialogue."""

    def __init__(self, server: str, settings: Settings, understander: Understander, begins: datetime) -> None:
        self._server = server
        self._settings = settings
        self._understander = understander
        self._begins = begins
        self._host: DeskAgent | None = None

    async def prepare(self) -> None:
        """Fill the template. Called once, before the first dialogue."""
        database = Database(scratch.template(self._server), pool_size=1)
        async with database.begin() as conn:
            await seed(conn, self._settings.media_dir, self._begins.astimezone(self._settings.zone).date())
            host = DEMO_AGENTS[0]
            self._host = await agents.add(
                conn,
                name=host.name,
                email=host.email,
                role=host.role,
                language=host.language,
                password_hash="",
            )
        await database.close()

    async def rehearse(self, script: Script) -> list[Predicted]:
        """Play one dialogue; what was predicted for each of its turns, in order."""
        if self._host is None:
            raise RuntimeError("prepare comes first")
        clock = _Clock(self._begins)
        with scratch.copy(self._server) as url:
            system = build_system(
                self._settings, url, demo=True, clock=clock, understander=self._understander
            )
            async with system.running(work=False, serve=False):
                stage = _Stage(system, clock, script.channel, self._host)
                return [await stage.turn(line, line.by or script.caller) for line in script.lines]


class _Stage:
    """One dialogue under way."""

    def __init__(self, system: System, clock: _Clock, channel: str, host: DeskAgent) -> None:
        self._host = host
        self._system = system
        self._clock = clock
        self._channel = channel
        self._strangers = 0
        self._senders: dict[Caller, Sender] = {}

    async def turn(self, line: Line, caller: Caller) -> Predicted:
        self._clock.forward(line.gap)
        sender = self._senders.get(caller) or await self._welcome(caller)
        if line.resolved:
            await self._resolve(sender)
        await self._system.intake.accept(self._arrival(sender, line))
        while True:
            taken = await self._system.turns.take(sender.thread)
            if taken is None:
                raise RuntimeError("the turn was not taken")
            if taken.thought is not None:
                return _predicted(taken.thought)

    async def _welcome(self, caller: Caller) -> Sender:
        """Give the caller a phone, and make them known as the file says."""
        self._strangers += caller.phone is None
        phone = caller.phone or f"+49171392099{self._strangers}"
        known_by_phone = self._channel == "whatsapp"
        sender = Sender(self._channel, phone if known_by_phone else phone.removeprefix("+"))
        if caller.customer_number is not None and caller.phone is not None:
            async with self._system.database.begin() as conn:
                account_id = await guests.account(conn, caller.customer_number)
                person_id = await guests.person(conn, account_id, caller.phone)
                if not known_by_phone:
                    await guests.recognise(conn, sender, person_id)
        self._senders[caller] = sender
        return sender

    async def _resolve(self, sender: Sender) -> None:
        """Let somebody at the desk close what is open with this sender."""
        now = self._clock()
        async with self._system.database.read() as conn:
            known = await conversations.load(conn, sender, now.date())
        if known.conversation is not None:
            await self._system.takeover.resolve(self._host, known.conversation.id)

    def _arrival(self, sender: Sender, line: Line) -> Arrival:
        key = str(uuid4())
        location = Location(52.5, 13.4) if line.kind is Kind.LOCATION else None
        inbound = Inbound(sender, key, line.kind, self._clock(), line.text, message_id=key, location=location)
        return Arrival(sender.channel, key, b"", inbound)


def _predicted(thought: Thought) -> Predicted:
    decision, reply = thought.response.decision, thought.response.reply
    return Predicted(
        thought.intent,
        decision.urgency,
        thought.understanding.complex,
        "silent" if thought.silent else decision.action.value,
        decision.reasons,
        "" if thought.silent or reply is None else reply.text,
    )


@contextmanager
def rehearsals(settings: Settings, understander: Understander) -> Iterator[Rehearsals]:
    """Open a place to rehearse; it is gone at the end. Dialogues begin on a working day at nine."""
    with (
        tempfile.TemporaryDirectory(prefix="bauruf-rehearsal-") as folder,
        scratch.scratch_server() as server,
    ):
        private = settings.model_copy(
            update={
                "data_dir": Path(folder),
                "public_url": None,
                "telegram_token": None,
                "twilio_account_sid": None,
                "twilio_auth_token": None,
                "whatsapp_from": None,
                "hubspot_token": None,
                "salesforce_url": None,
                "accounts_drop_dir": None,
            }
        )
        yield Rehearsals(server, private, understander, _next_monday(datetime.now(settings.zone)))


def _next_monday(now: datetime) -> datetime:
    """Nine o'clock of the Monday after. In the future, so that no deadline is over in between."""
    day = now + timedelta(days=7 - now.weekday())
    return day.replace(hour=9, minute=0, second=0, microsecond=0).astimezone(UTC)


def as_json(predicted: Predicted) -> dict[str, Any]:
    """The form in which a prediction is printed."""
    return {
        "intent": predicted.intent,
        "urgency": predicted.urgency,
        "complex": int(predicted.complex),
        "action": predicted.action,
        "reasons": list(predicted.reasons),
    }

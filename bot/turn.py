"""One turn: what waits on a thread and was said in one breath becomes one decision and one commit.

Reading and thinking happen outside the transaction; the commit then checks the conversation's
version, so that whatever happened meanwhile (an agent took over) wins and the turn is thought again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.directory import AccountDirectory
from bot.accounts.recognition import Origin, recognise
from bot.accounts.steps import Doubted, Step
from bot.accounts.trust import CHANGED_HANDS, CLAIMED
from bot.answers.catalogue import Catalogue
from bot.answers.skill import to_person
from bot.breath import one_turn
from bot.channel import Channel
from bot.dialogue import Dialogue, read_dialogue
from bot.hearing import Heard, hear
from bot.jobs import Jobs
from bot.messages import Kind, Language, Sender
from bot.moment import Moment, Response
from bot.policy import LivePolicy
from bot.record import Record, Stale
from bot.storage import conversations, inbox, messages
from bot.storage.conversations import Thread
from bot.storage.database import Database
from bot.storage.deliveries import Claimed
from bot.storage.inbox import Waiting
from bot.talk import Talk, listen
from bot.thought import Thought
from bot.triage import Action, Decision
from nlu.understanding import Understander, Understanding

log = structlog.get_logger(__name__)

ALBUM_PAUSE = timedelta(seconds=1)
IDLE_AFTER = timedelta(days=7)

TURNS = Counter("bauruf_turns_total", "Turns by what came of them", ["action"])


@dataclass(frozen=True, slots=True)
class Taken:
    """A turn was taken. `part` is its answer's first part, claimed in the same commit, unless an older
    part has to go first. `thought` is what was written down; None when the turn has to be thought again.
    `more` says that further turns wait already.
    """

    part: Claimed | None = None
    thought: Thought | None = None
    more: bool = False


class Turns:
    """Takes turns, one thread at a time: the caller holds the thread's lock."""

    def __init__(
        self,
        database: Database,
        understander: Understander,
        directory: AccountDirectory,
        catalogue: Catalogue,
        talk: Talk,
        record: Record,
        jobs: Jobs,
        channels: Mapping[str, Channel],
        policy: LivePolicy,
        clock: Callable[[], datetime],
    ) -> None:
        self._policy = policy
        self._database = database
        self._understander = understander
        self._directory = directory
        self._catalogue = catalogue
        self._talk = talk
        self._record = record
        self._jobs = jobs
        self._channels = channels
        self._clock = clock

    async def take(self, thread: str) -> Taken | None:
        """Take the first turn that waits on a thread; None when nothing does."""
        now = self._clock()
        async with self._database.direct() as conn:
            items = await inbox.waiting(conn, thread)
            if not items:
                return None
            backlog, items = len(items), one_turn(items)
            sender = items[-1].inbound.sender
            known = await conversations.load(conn, sender, now.date())
        items, unanswered = await self._sort_edits(items, known)
        if _album_is_arriving(items, now):
            async with self._database.begin() as conn:
                await self._jobs.wake_at(conn, thread, now + ALBUM_PAUSE)
            return None
        heard = hear([item.inbound for item in items], unanswered)
        understanding = await self._understander.understand(heard.text)
        thought = await self._think(sender, known, items, heard, understanding, now)
        try:
            part = await self._record.write(thought, now)
        except Stale:
            log.info("turn thought again", channel=sender.channel)
            return Taken()
        TURNS.labels("silent" if thought.silent else thought.response.decision.action.value).inc()
        await self._acknowledge_taps(items, thought.response.tap_note)
        return Taken(part, thought, more=len(items) < backlog)

    async def _sort_edits(self, items: list[Waiting], known: Thread) -> tuple[list[Waiting], frozenset[str]]:
        """What the edits among the items are about.

        An edit of a message that never reached us is that message. Returns the items, and the messages
        an edit may still change the answer of: those of the open conversation nobody has answered yet.
        """
        edited = {item.inbound.message_id for item in items if item.inbound.kind is Kind.EDIT}
        if not edited:
            return items, frozenset()
        ours: set[str | None] = set()
        unanswered: frozenset[str] = frozenset()
        if known.endpoint_id is not None:
            async with self._database.read() as conn:
                ours |= await messages.stored(conn, known.endpoint_id, [key for key in edited if key])
                if known.conversation is not None:
                    unanswered = await messages.unanswered(conn, known.endpoint_id)
        told = []
        for item in items:
            said = item.inbound
            if said.kind is Kind.EDIT and said.message_id not in ours:
                item = replace(item, inbound=replace(said, kind=Kind.TEXT))
            ours.add(said.message_id)
            told.append(item)
        return told, unanswered

    async def _think(
        self,
        sender: Sender,
        known: Thread,
        items: Sequence[Waiting],
        heard: Heard,
        understanding: Understanding,
        now: datetime,
    ) -> Thought:
        conversation = known.conversation
        idle = (
            conversation is not None
            and conversation.turn == "BOT"
            and now - conversation.last_message_at > IDLE_AFTER
        )
        fresh = conversation is None or idle
        language: Language = understanding.language or (  # type: ignore[assignment]
            conversation.language if conversation is not None else sender.language or "de"
        )
        dialogue = (
            Dialogue()
            if conversation is None or fresh
            else read_dialogue(conversation.state, conversation.last_message_at, now)
        )
        silent = conversation is not None and conversation.turn != "BOT"
        async with self._database.read() as conn:
            await self._catalogue.refresh(conn)
            await self._policy.refresh(conn)
            whom = known.whom
            if fresh or known.doubt is not None:
                whom = await recognise(conn, self._directory, sender, known.endpoint_id)
            doubted: tuple[Step, ...] = ()
            if known.doubt in CHANGED_HANDS and max(whom.trust, known.whom.trust) > CLAIMED:
                doubted = (Doubted(whom.person_id, known.doubt),)
                whom = replace(whom, trust=CLAIMED, evidence=known.doubt, until=None)
            if known.doubt is not None and whom.trust <= CLAIMED:
                dialogue = replace(dialogue, asked_company=False, claimed=None)
            conversation_id = None if conversation is None or fresh else conversation.id
            origin = Origin(sender, known.endpoint_id, conversation_id, now)
            moment = Moment(heard, understanding, dialogue, whom, language, origin, self._policy.current)
            if silent and heard.signal is None:
                response = await self._talk.overhear(conn, moment)
            elif heard.silent:
                response = listen(moment)
            else:
                response = await self._respond(conn, moment)
            response = replace(response, steps=(*doubted, *response.steps))
        return Thought(
            sender, known, items, heard, understanding, response, language, silent, fresh, dialogue
        )

    async def _respond(self, conn: AsyncConnection, moment: Moment) -> Response:
        try:
            return await self._talk.respond(conn, moment)
        except Exception:
            # Whatever goes wrong in the bot's head, the installer gets a person, never silence.
            log.exception("the bot failed")
            decision = Decision(Action.HANDOFF, ("bot_failed",), max(moment.understanding.urgency, 1))
            return Response(moment.dialogue, moment.whom, decision, to_person("bot_failed", "handoff"))

    async def _acknowledge_taps(self, items: Sequence[Waiting], note: str | None) -> None:
        for item in items:
            if item.inbound.tap_id is not None:
                await self._channels[item.inbound.sender.channel].acknowledge(item.inbound.tap_id, note)


def _album_is_arriving(items: Sequence[Waiting], now: datetime) -> bool:
    """Files sent together come one by one; wait for the rest of a young album."""
    return any(item.inbound.album is not None and now - item.received_at < ALBUM_PAUSE for item in items[-1:])

"""Writing one turn down: the installer's messages, the bot's reply and the new state, in one commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from zlib import crc32

from psycopg.errors import UniqueViolation
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers.catalogue import Catalogue
from bot.answers.skill import Reply
from bot.channel import Channel
from bot.desk import Desk, Handoff, Promise
from bot.dialogue import write_dialogue
from bot.jobs import Jobs
from bot.messages import Attachment, Kind, Outbound, Part
from bot.notary import Notary, Superseded, trust_event
from bot.proposing import propose
from bot.settings import Settings
from bot.storage import conversations, deliveries, inbox, media, reviews, turns
from bot.storage.conversations import Open, Whom
from bot.storage.deliveries import Claimed
from bot.storage.events import NewEvent
from bot.storage.knowledge import Document
from bot.storage.messages import NewMessage
from bot.storage.turns import Entry
from bot.thought import Thought
from bot.transcript import Transcript
from bot.triage import REASONS, Action
from bot.worded import worded


class Stale(Exception):
    """Somebody else has written to the conversation meanwhile: think again."""


class Record:
    """The only writer of turns."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        catalogue: Catalogue,
        jobs: Jobs,
        desk: Desk,
        settings: Settings,
    ) -> None:
        self._channels = channels
        self._catalogue = catalogue
        self._transcript = Transcript(jobs)
        self._notary = Notary(jobs)
        self._desk = desk
        self._settings = settings

    async def write(self, conn: AsyncConnection, thought: Thought, now: datetime) -> Claimed | None:
        """Write a turn in the caller's transaction; returns its first part to send, claimed, if it is its
        turn. Raises Stale when the turn must be thought again.
        """
        endpoint_id = thought.thread.endpoint_id
        if endpoint_id is None or thought.thread.endpoint_changed:
            endpoint_id = await conversations.keep_endpoint(conn, thought.sender)
        if thought.fresh and thought.response.reply is None and thought.only_corrects:
            # A correction of something in a closed case opens no new one.
            await self._transcript.correct(conn, thought, endpoint_id, now)
            await inbox.mark_done(conn, [item.id for item in thought.items])
            return None
        conversation = await self._conversation(conn, thought, endpoint_id, now)
        happened: list[NewEvent] = []
        promise = await self._hand_off(conn, thought, conversation, now, happened)
        await self._identify(conn, thought, conversation.id, endpoint_id, now, happened)
        happened.append(NewEvent("conversation.changed", "bot", conversation.id))
        reply = self._reply(thought, promise)
        said = self._transcript.told(thought)
        if reply is not None:
            said.append(NewMessage("bot", text=reply.text, content=_choices(reply)))
        # The word that a person is coming is said whoever holds the turn by then.
        epoch = None if promise is not None else conversation.epoch
        # A part can name its file only after the message it belongs to is written.
        parts = [] if reply is None or reply.documents else self._render(thought, reply)
        written = await turns.write(
            conn,
            Entry(
                thread=thought.sender.thread,
                endpoint_id=endpoint_id,
                conversation_id=conversation.id,
                version=conversation.version,
                values=self._state(thought, promise, said, now),
                messages=said,
                parts=parts,
                epoch=epoch,
                events=happened,
                inbox_ids=[item.id for item in thought.items],
                now=now,
            ),
        )
        if written is None:
            raise Stale
        await self._transcript.fetch_files(conn, thought, written.message_ids)
        await self._transcript.correct(conn, thought, endpoint_id, now)
        await self._have_reviewed(conn, thought, conversation.id)
        if reply is not None and reply.documents:
            message_id = written.message_ids[-1]
            parts = self._render(thought, reply, await self._attach(conn, message_id, reply.documents))
            await deliveries.queue(conn, parts, endpoint_id=endpoint_id, message_id=message_id, epoch=epoch)
        return written.part

    async def _identify(
        self,
        conn: AsyncConnection,
        thought: Thought,
        conversation_id: int,
        endpoint_id: int,
        now: datetime,
        happened: list[NewEvent],
    ) -> None:
        """Write down what was found out about who is writing, and that it has changed."""
        before = Whom() if thought.fresh else thought.thread.whom
        changed = trust_event(before, thought.response.whom, conversation_id, "bot")
        if changed is not None:
            happened.append(changed)
        try:
            happened += await self._notary.take_down(
                conn, thought.response.steps, conversation_id, endpoint_id, now
            )
        except Superseded:
            raise Stale from None
        await propose(conn, thought, conversation_id)

    async def _conversation(
        self, conn: AsyncConnection, thought: Thought, endpoint_id: int, now: datetime
    ) -> Open:
        current = thought.thread.conversation
        if current is not None and not thought.fresh:
            return current
        if current is not None and not await conversations.change_turn(
            conn, current.id, to="CLOSED", only_from=["BOT"], agent_id=None, now=now
        ):
            raise Stale
        try:
            return await conversations.begin(
                conn, endpoint_id, whom=thought.response.whom, language=thought.language, now=now
            )
        except UniqueViolation:
            # The same person writes on another thread (a phone and its scoped id), which was faster.
            raise Stale from None

    async def _have_reviewed(self, conn: AsyncConnection, thought: Thought, conversation_id: int) -> None:
        """Put what admins can teach from into their inbox: doubt, an answer that did not help, a sample."""
        if not thought.words.strip():
            return
        if not thought.understanding.sure:
            await reviews.note_turn(conn, conversation_id, "unsure")
        elif _drawn(thought.items[-1].id, self._settings.review_sample):
            await reviews.note_turn(conn, conversation_id, "sampled")
        if thought.did_not_help:
            await reviews.note_turn(conn, conversation_id, "not_helpful", back=1)

    async def _hand_off(
        self,
        conn: AsyncConnection,
        thought: Thought,
        conversation: Open,
        now: datetime,
        happened: list[NewEvent],
    ) -> Promise | None:
        decision = thought.response.decision
        if decision.action is not Action.HANDOFF:
            return None
        if thought.silent and decision.urgency <= conversation.urgency:
            return None
        promise = await self._desk.receive(
            conn,
            Handoff(
                conversation.id,
                decision.urgency,
                decision.reasons,
                thought.intent,
                thought.language,
                thought.response.whom,
                thought.words,
                thought.response.dialogue.slots,
                now,
                thought.response.reply.case if thought.response.reply is not None else None,
            ),
        )
        happened.append(
            NewEvent(
                "handoff.raised" if thought.silent else "handoff.opened",
                "bot",
                conversation.id,
                data={"reasons": list(decision.reasons), "urgency": decision.urgency},
            )
        )
        return promise

    def _reply(self, thought: Thought, promise: Promise | None) -> Reply | None:
        if thought.silent:
            return None
        until = promise.words[thought.language] if promise is not None else None
        phone = self._settings.emergency_phone
        return worded(self._catalogue, thought.response, thought.language, until, phone)

    def _render(
        self, thought: Thought, reply: Reply, attachments: tuple[Attachment, ...] = ()
    ) -> Sequence[Part]:
        outbound = Outbound(reply.text, reply.choices, attachments, ask_contact=thought.response.ask_contact)
        return self._channels[thought.sender.channel].render(outbound)

    async def _attach(
        self, conn: AsyncConnection, message_id: int, documents: Sequence[Document]
    ) -> tuple[Attachment, ...]:
        files = [
            media.NewFile(
                Kind.IMAGE if document.mime.startswith("image/") else Kind.DOCUMENT,
                document.path,
                document.mime,
                PurePosixPath(document.path).name,
                document.size,
            )
            for document in documents
        ]
        ids = await media.attach(conn, message_id, files)
        folder = self._settings.media_dir
        return tuple(
            Attachment(media_id, folder / file.path, file.mime, file.filename, file.size)
            for media_id, file in zip(ids, files, strict=True)
        )

    def _state(
        self, thought: Thought, promise: Promise | None, messages: Sequence[NewMessage], now: datetime
    ) -> dict[str, Any]:
        response, conversation = thought.response, thought.thread.conversation
        values: dict[str, Any] = {
            "language": thought.language,
            "last_message_at": now,
            "state": write_dialogue(response.dialogue),
            "person_id": response.whom.person_id,
            "account_id": response.whom.account_id,
            "trust": response.whom.trust,
            "evidence": response.whom.evidence,
            "trusted_until": response.whom.until,
        }
        said = [item.received_at for item in thought.items if item.inbound.kind is not Kind.SIGNAL]
        if said:
            values["last_inbound_at"] = said[-1]
        if messages:
            values["preview"] = messages[-1].preview
        if said and not thought.silent:
            values["intent"] = thought.intent
        if promise is None:
            return values
        values |= {
            "urgency": response.decision.urgency,
            "reasons": [{"code": code, "text": dict(REASONS[code])} for code in response.decision.reasons],
            "brief": promise.brief,
            "skill": promise.skill,
            "due_at": promise.due_at,
            "overdue": False,
        }
        if not thought.silent:
            epoch = conversation.epoch if conversation is not None and not thought.fresh else 0
            values |= {"turn": "WAITING", "epoch": epoch + 1, "waiting_since": now}
        return values


def _drawn(item_id: int, percent: float) -> bool:
    """Whether a message belongs to the sample; the same one always does, or never."""
    return crc32(str(item_id).encode()) % 10_000 < 100 * percent


def _choices(reply: Reply) -> dict[str, Any]:
    return {"choices": [asdict(choice) for choice in reply.choices]} if reply.choices else {}

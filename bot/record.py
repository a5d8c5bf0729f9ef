"""Writing one turn down: the installer's messages, the bot's reply and the new state, in one commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from zlib import crc32

from psycopg.errors import UniqueViolation
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk import Desk, Handoff, Promise
from bot.draft import Drafts
from bot.jobs import Jobs
from bot.messages import Attachment, Kind
from bot.notary import Notary, Superseded, trust_event
from bot.proposing import propose, proposes
from bot.settings import Settings
from bot.storage import conversations, deliveries, inbox, media, reviews, turns
from bot.storage.conversations import Open, Whom
from bot.storage.database import Database
from bot.storage.deliveries import Claimed
from bot.storage.events import NewEvent
from bot.storage.knowledge import Document
from bot.storage.reviews import Why
from bot.thought import Thought
from bot.transcript import Transcript
from bot.triage import Action


class Stale(Exception):
    """Somebody else has written to the conversation meanwhile: think again."""


class Record:
    """The only writer of turns."""

    def __init__(
        self, database: Database, drafts: Drafts, jobs: Jobs, desk: Desk, settings: Settings
    ) -> None:
        self._database = database
        self._drafts = drafts
        self._transcript = Transcript(jobs)
        self._notary = Notary(jobs)
        self._desk = desk
        self._settings = settings

    async def write(self, thought: Thought, now: datetime) -> Claimed | None:
        """Write a turn; returns its first part to send, claimed, if it is its turn. Raises Stale when the
        turn must be thought again.
        """
        if self._stands_alone(thought):
            return await self._write_alone(thought, now)
        async with self._database.begin() as conn:
            return await self._write(conn, thought, now)

    def _stands_alone(self, thought: Thought) -> bool:
        """Whether there is nothing to write but the turn itself, in a conversation that is open already.

        Most turns are like that. Theirs is one statement, which needs no transaction around it.
        """
        response = thought.response
        return not (
            thought.thread.endpoint_changed
            or thought.fresh
            or response.decision.action is Action.HANDOFF
            or response.steps
            or (response.reply is not None and response.reply.documents)
            or any(item.inbound.kind is Kind.EDIT or item.inbound.media for item in thought.items)
            or proposes(thought)
            or any(self._to_review(thought))
        )

    async def _write_alone(self, thought: Thought, now: datetime) -> Claimed | None:
        endpoint_id, conversation = thought.thread.endpoint_id, thought.thread.conversation
        if endpoint_id is None or conversation is None:
            raise ValueError("only a turn of an open conversation stands alone")
        changed = trust_event(thought.thread.whom, thought.response.whom, conversation.id, "bot")
        happened = [changed] if changed is not None else []
        entry = self._drafts.entry(thought, conversation, endpoint_id, happened, None, now)
        async with self._database.direct() as conn:
            written = await turns.write(conn, entry)
        if written is None:
            raise Stale
        self._database.hint()
        return written.part

    async def _write(self, conn: AsyncConnection, thought: Thought, now: datetime) -> Claimed | None:
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
        entry = self._drafts.entry(thought, conversation, endpoint_id, happened, promise, now)
        written = await turns.write(conn, entry)
        if written is None:
            raise Stale
        await self._transcript.fetch_files(conn, thought, written.message_ids)
        await self._transcript.correct(conn, thought, endpoint_id, now)
        for why, back in self._to_review(thought):
            await reviews.note_turn(conn, conversation.id, why, back=back)
        reply = self._drafts.reply(thought, promise)
        if reply is not None and reply.documents:
            message_id = written.message_ids[-1]
            attachments = await self._attach(conn, message_id, reply.documents)
            parts = self._drafts.parts(thought, reply, attachments)
            await deliveries.queue(
                conn, parts, endpoint_id=endpoint_id, message_id=message_id, epoch=entry.epoch
            )
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

    def _to_review(self, thought: Thought) -> Iterator[tuple[Why, int]]:
        """What admins can teach from, and in which turn back: doubt, a sample, no help given."""
        if thought.did_not_help and (thought.rated or thought.words.strip()):
            yield "not_helpful", 1
        if thought.rated or not thought.words.strip():
            return
        if not thought.understanding.sure:
            yield "unsure", 0
        elif _drawn(thought.items[-1].id, self._settings.review_sample):
            yield "sampled", 0

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


def _drawn(item_id: int, percent: float) -> bool:
    """Whether a message belongs to the sample; the same one always does, or never."""
    return crc32(str(item_id).encode()) % 10_000 < 100 * percent

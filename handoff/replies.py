"""What agents say: replies, templates and notes, each once however often it is clicked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channel import Limits
from bot.errors import BadInput, BaurufError, Conflict, NotFound
from bot.messages import Attachment, Kind, Outbound, Recipient, Template
from bot.settings import WhatsAppTemplate
from bot.storage import conversations, deliveries, desk, events, media, messages
from bot.storage.agents import DeskAgent
from bot.storage.database import Database
from bot.storage.desk import Case
from bot.storage.media import NewFile
from bot.storage.messages import NewMessage
from handoff.files import Files, Upload, too_large
from handoff.takeover import locked, not_yours
from handoff.voice import Voice

MAX_TEXT = 10_000
MAX_FILES = 10
_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


def template_variables(template: WhatsAppTemplate) -> list[str]:
    """The names of a template's variables ("1", "2", …) in the order of its words."""
    return list(dict.fromkeys(_VARIABLE.findall(template.text)))


class Replies:
    """Stores and queues what agents say. Methods return the id of the message, new or said already."""

    def __init__(
        self,
        database: Database,
        voice: Voice,
        files: Files,
        media_dir: Path,
        templates: Sequence[WhatsAppTemplate],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._voice = voice
        self._files = files
        self._media_dir = media_dir
        self._templates = {template.sid: template for template in templates}
        self._now = now

    async def reply(
        self,
        agent: DeskAgent,
        conversation_id: int,
        key: UUID,
        text: str,
        uploads: Sequence[Upload] = (),
    ) -> int:
        """Send words and files to the installer.

        Raises Conflict("not_yours") unless the agent holds the turn, Conflict("window_closed") when
        the channel takes only templates now, BadInput for nothing to say, and TooLarge.
        """
        text = _checked(text, empty=bool(uploads))
        if len(uploads) > MAX_FILES:
            raise BadInput("too_many_files", f"At most {MAX_FILES} files at once; there are {len(uploads)}.")
        kept = await self._files.keep(uploads)
        try:
            message_id, new = await self._reply(agent, conversation_id, key, text, kept)
        except BaurufError:
            # Refused, so certainly not stored; after any other error the message may refer to them.
            await self._files.discard(kept)
            raise
        if not new:
            await self._files.discard(kept)
        return message_id

    async def _reply(
        self, agent: DeskAgent, conversation_id: int, key: UUID, text: str, kept: Sequence[NewFile]
    ) -> tuple[int, bool]:
        async with self._database.begin() as conn:
            case = await locked(conn, conversation_id)
            said = await _said_already(conn, case, agent, key)
            if said is not None:
                return said, False
            self._check_turn(case, agent)
            if not self._voice.window_open(case, self._now()):
                raise Conflict(
                    "window_closed",
                    "The last message is more than 24 hours old; WhatsApp takes only a template now.",
                )
            self._check_limits(case, kept)
            kind = kept[0].kind if kept else Kind.TEXT
            message_id = await self._store(conn, case, agent, key, kind, text, {})
            media_ids = await media.attach(conn, message_id, kept) if kept else []
            attachments = tuple(
                Attachment(media_id, self._media_dir / file.path, file.mime, file.filename, file.size)
                for media_id, file in zip(media_ids, kept, strict=True)
            )
            await self._voice.send(
                conn, case, message_id, Outbound(text, attachments=attachments), f"agent:{agent.id}"
            )
        return message_id, True

    async def template(
        self, agent: DeskAgent, conversation_id: int, key: UUID, sid: str, variables: Mapping[str, str]
    ) -> int:
        """Send an approved template. Raises Conflict("not_yours") and BadInput for a wrong template."""
        async with self._database.begin() as conn:
            case = await locked(conn, conversation_id)
            said = await _said_already(conn, case, agent, key)
            if said is not None:
                return said
            self._check_turn(case, agent)
            template = self._templates.get(sid) if case.channel == "whatsapp" else None
            if template is None:
                raise BadInput("unknown_template", "This template is not available here.")
            needed = template_variables(template)
            missing = [name for name in needed if not variables.get(name, "").strip()]
            if missing or set(variables) - set(needed):
                raise BadInput(
                    "template_variables",
                    f"The template needs exactly: {', '.join(needed) or 'no variables'}.",
                    missing=missing,
                )
            text = _VARIABLE.sub(lambda match: variables[match[1]], template.text)
            content = {"template": {"sid": sid, "variables": dict(variables)}}
            message_id = await self._store(conn, case, agent, key, Kind.TEXT, text, content)
            outbound = Outbound(template=Template(sid, dict(variables)))
            await self._voice.send(conn, case, message_id, outbound, f"agent:{agent.id}")
        return message_id

    async def note(self, agent: DeskAgent, conversation_id: int, key: UUID, text: str) -> int:
        """Leave a note that only agents see, whoever holds the turn."""
        text = _checked(text, empty=False)
        async with self._database.begin() as conn:
            case = await locked(conn, conversation_id)
            said = await _said_already(conn, case, agent, key)
            if said is not None:
                return said
            message_id = await self._add(
                conn, case, NewMessage("note", text=text, agent_id=agent.id, client_key=str(key))
            )
            await self._voice.announce(conn, case, message_id, f"agent:{agent.id}")
        return message_id

    async def retry(self, agent: DeskAgent, message_id: int) -> None:
        """Queue a failed send again. Raises NotFound, and Conflict when nothing of it has failed."""
        async with self._database.begin() as conn:
            conversation_id = await desk.conversation_of(conn, message_id)
            if conversation_id is None:
                raise NotFound("no_message", "There is no such message.")
            case = await locked(conn, conversation_id)
            if not await deliveries.retry_message(conn, message_id):
                raise Conflict("not_failed", "Nothing of this message has failed.")
            await self._voice.wake(conn, case)
            await events.append(
                conn,
                kind="delivery.changed",
                actor=f"agent:{agent.id}",
                conversation_id=case.id,
                message_id=message_id,
            )

    async def typing(self, agent: DeskAgent, conversation_id: int) -> None:
        """Show the installer that the agent is writing, if the agent holds the turn."""
        async with self._database.begin() as conn:
            case = await locked(conn, conversation_id)
            if case.turn != "AGENT" or case.agent_id != agent.id:
                return
            last = await desk.last_inbound_id(conn, case.endpoint_id)
            await events.append(
                conn,
                kind="typing",
                actor=f"agent:{agent.id}",
                conversation_id=case.id,
                data={"by": "agent", "endpoint": case.endpoint_id},
            )
        channel = self._voice.channel(case)
        if channel is not None:
            await channel.typing(Recipient(case.address, case.scoped_id), last)

    def _check_turn(self, case: Case, agent: DeskAgent) -> None:
        if case.turn != "AGENT" or case.agent_id != agent.id:
            raise not_yours(case)
        if self._voice.channel(case) is None:
            raise Conflict("not_connected", f"The channel {case.channel} is not connected any more.")

    def _check_limits(self, case: Case, files: Sequence[NewFile]) -> None:
        channel = self._voice.channel(case)
        if channel is not None:
            for file in files:
                limit = _limit(channel.limits, file)
                if limit is not None and file.size > limit:
                    raise too_large(file.filename, limit)

    async def _store(
        self,
        conn: AsyncConnection,
        case: Case,
        agent: DeskAgent,
        key: UUID,
        kind: Kind,
        text: str,
        content: Mapping[str, object],
    ) -> int:
        message = NewMessage(
            "agent", kind=kind.value, text=text, content=content, agent_id=agent.id, client_key=str(key)
        )
        message_id = await self._add(conn, case, message)
        await conversations.touch(conn, case.id, preview=message.preview, now=self._now())
        return message_id

    async def _add(self, conn: AsyncConnection, case: Case, message: NewMessage) -> int:
        ids = await messages.add_messages(
            conn, [message], conversation_id=case.id, endpoint_id=case.endpoint_id, now=self._now()
        )
        return ids[0]


def _limit(limits: Limits, file: NewFile) -> int | None:
    return limits.image_bytes if file.kind is Kind.IMAGE else limits.file_bytes


def _checked(text: str, *, empty: bool) -> str:
    text = text.replace("\x00", "").strip()
    if not text and not empty:
        raise BadInput("empty", "There is nothing to send: expected words or a file.")
    if len(text) > MAX_TEXT:
        raise BadInput("too_long", f"The text has {len(text)} characters; at most {MAX_TEXT} fit.")
    return text


async def _said_already(conn: AsyncConnection, case: Case, agent: DeskAgent, key: UUID) -> int | None:
    found = await desk.find_key(conn, str(key))
    if found is None:
        return None
    message_id, conversation_id, agent_id = found
    if conversation_id != case.id or agent_id != agent.id:
        raise Conflict("key_used", "This key belongs to another message.")
    return message_id

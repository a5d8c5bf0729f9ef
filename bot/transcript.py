"""The installer's side of the conversation, as it is written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue import Dialogue, write_dialogue
from bot.jobs import Jobs
from bot.messages import Kind
from bot.storage import events, media, messages
from bot.storage.events import NewEvent
from bot.storage.inbox import Waiting
from bot.storage.messages import NewMessage
from bot.thought import Thought


class Transcript:
    """Writes what the installer said, in the transaction of the turn, and notes what happened."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    async def fetch_files(self, conn: AsyncConnection, thought: Thought, message_ids: Sequence[int]) -> None:
        """Have the files of the messages fetched, once those are written under `message_ids`."""
        for message_id, item in zip(message_ids, _told(thought), strict=False):
            if item.inbound.media:
                for media_id in await media.expect(conn, message_id, item.inbound.media):
                    await self._jobs.at(conn, None, "fetch_media", media_id=media_id)

    async def correct(self, conn: AsyncConnection, thought: Thought, endpoint_id: int, now: datetime) -> None:
        """Take over the installer's edits of what they had said before, or in this turn."""
        happened: list[NewEvent] = []
        for item in thought.items:
            said = item.inbound
            if said.kind is Kind.EDIT and said.message_id is not None:
                edited = await messages.edit_message(conn, endpoint_id, said.message_id, said.text, now)
                if edited is not None:
                    message_id, conversation_id = edited
                    happened.append(NewEvent("message.changed", "installer", conversation_id, message_id))
        await events.append_all(conn, happened)


def told(thought: Thought) -> list[NewMessage]:
    """The installer's messages in order. What the engine made of the turn stands with the last one."""
    new = [_message(item, thought.offered) for item in _told(thought)]
    if new:
        new[-1] = replace(new[-1], understanding=_understood(thought))
    return new


def _told(thought: Thought) -> list[Waiting]:
    return [item for item in thought.items if item.inbound.kind not in (Kind.EDIT, Kind.SIGNAL)]


def _message(item: Waiting, offered: Dialogue) -> NewMessage:
    said = item.inbound
    content: dict[str, Any] = {}
    text = said.text
    if said.location is not None:
        content["location"] = asdict(said.location)
    if said.contact is not None:
        content["contact"] = asdict(said.contact)
    if said.problem is not None:
        content["problem"] = said.problem
    if said.tap is not None:
        content["tap"] = said.tap
        buttons = [*offered.choices, *([offered.rate] if offered.rate else [])]
        text = next((c.label for c in buttons if c.value == said.tap), text or said.tap)
    return NewMessage(
        "installer",
        said.kind.value,
        text,
        content,
        inbox_id=item.id,
        provider_id=said.message_id,
        client_key=said.provider_id if said.sender.channel == "webchat" else None,
    )


def _understood(thought: Thought) -> dict[str, Any]:
    understanding, decision = thought.understanding, thought.response.decision
    return {
        "intent": understanding.intent,
        "confidence": round(understanding.confidence, 4),
        "sure": understanding.sure,
        "urgency": understanding.urgency,
        "entities": [{"entity": e.name, "value": e.value} for e in understanding.entities],
        "model": f"{understanding.engine}:{understanding.model_version}",
        "decision": {
            "intent": thought.intent,
            "action": "silent" if thought.silent else decision.action.value,
            "urgency": decision.urgency,
            "reasons": list(decision.reasons),
        },
        "before": write_dialogue(thought.offered),
    }

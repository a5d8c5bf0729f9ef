"""What a turn says, and how its conversation stands afterwards: worked out without reading or writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.answers.catalogue import Catalogue
from bot.answers.skill import Reply
from bot.channel import Channel
from bot.desk import Promise
from bot.dialogue import write_dialogue
from bot.messages import Attachment, Choice, Kind, Outbound, Part
from bot.settings import Settings
from bot.storage.conversations import Open
from bot.storage.events import NewEvent
from bot.storage.messages import NewMessage
from bot.storage.turns import Entry
from bot.thought import Thought
from bot.transcript import told
from bot.triage import REASONS
from bot.worded import worded


class Drafts:
    """Words a turn, for the channel it is on."""

    def __init__(self, channels: Mapping[str, Channel], catalogue: Catalogue, settings: Settings) -> None:
        self._channels = channels
        self._catalogue = catalogue
        self._settings = settings

    def entry(
        self,
        thought: Thought,
        conversation: Open,
        endpoint_id: int,
        events: Sequence[NewEvent],
        promise: Promise | None,
        now: datetime,
    ) -> Entry:
        """The turn as it is written down: what was said, what is answered, and how things stand."""
        reply = self.reply(thought, promise)
        said = told(thought)
        if reply is not None:
            said.append(NewMessage("bot", text=reply.text, content=_buttons(reply, thought.response.rate)))
        return Entry(
            thread=thought.sender.thread,
            endpoint_id=endpoint_id,
            conversation_id=conversation.id,
            version=conversation.version,
            values=_state(thought, promise, said, now),
            messages=said,
            # A part can name its file only after the message it belongs to is written.
            parts=[] if reply is None or reply.documents else self.parts(thought, reply),
            # The word that a person is coming is said whoever holds the turn by then.
            epoch=None if promise is not None else conversation.epoch,
            events=[*events, NewEvent("conversation.changed", "bot", conversation.id)],
            inbox_ids=[item.id for item in thought.items],
            now=now,
        )

    def reply(self, thought: Thought, promise: Promise | None) -> Reply | None:
        """What the bot says; `promise` is the desk's, when the turn hands over."""
        if thought.silent:
            return None
        until = promise.words[thought.language] if promise is not None else None
        phone = self._settings.emergency_phone
        return worded(self._catalogue, thought.response, thought.language, until, phone)

    def parts(
        self, thought: Thought, reply: Reply, attachments: tuple[Attachment, ...] = ()
    ) -> Sequence[Part]:
        """A reply cut to its channel's limits."""
        response = thought.response
        outbound = Outbound(
            reply.text, reply.choices, attachments, ask_contact=response.ask_contact, rate=response.rate
        )
        return self._channels[thought.sender.channel].render(outbound)


def _state(
    thought: Thought, promise: Promise | None, messages: Sequence[NewMessage], now: datetime
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


def _buttons(reply: Reply, rate: Choice | None) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if reply.choices:
        content["choices"] = [asdict(choice) for choice in reply.choices]
    if rate is not None:
        content["rate"] = asdict(rate)
    return content

"""The bot's memory within one conversation: what it asked, offered, and failed at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from bot.messages import Choice

EXPIRES_AFTER = timedelta(hours=12)
MATTER = "matter"  # what is expected of somebody who has announced a question
HUMAN = "human_request"  # the choice that is one tap away everywhere


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Stored as JSON in `Conversation.state`.

    `intent` is what is being talked about, `slots` what is known for it, `expecting` the slot that
    was asked for last. `choices` were offered last: a tap, their number or their words pick one.
    `failed` counts failed answers in a row, `remedies` those that were tried in vain; `missed` are the
    values given that we know nothing about; `in_vain` counts all that failed, in a row or not.
    `claimed` is the company as the installer wrote it, `told` the mark of our last answer. `rate` is the
    button below it that says it was no help, `unhelpful` counts how often that was said. `greeted`,
    `asked_company` and `refused_group` are what happens only once.
    """

    intent: str | None = None
    slots: Mapping[str, str] = field(default_factory=dict)
    expecting: str | None = None
    choices: tuple[Choice, ...] = ()
    failed: int = 0
    remedies: int = 0
    missed: tuple[str, ...] = ()
    in_vain: int = 0
    claimed: str | None = None
    told: str | None = None
    rate: Choice | None = None
    unhelpful: int = 0
    greeted: bool = False
    asked_company: bool = False
    refused_group: bool = False

    def expired(self) -> Dialogue:
        """What is left of it after a long pause: only what must never happen twice."""
        return Dialogue(
            claimed=self.claimed,
            greeted=self.greeted,
            asked_company=self.asked_company,
            refused_group=self.refused_group,
        )

    def chosen(self, text: str) -> str | None:
        """The value of the offered choice that a text names: by number ("2", "2.") or by its words."""
        said = text.strip().rstrip(".)").strip().casefold()
        if said.isascii() and said.isdigit() and 1 <= int(said[:3]) <= len(self.choices):
            return self.choices[int(said[:3]) - 1].value
        return next((c.value for c in self.choices if c.label.casefold() == said), None)

    def offers(self, value: str) -> bool:
        """Whether a tapped value is one of the choices offered last; a person is always on offer."""
        return value == HUMAN or any(choice.value == value for choice in self.choices)


_DIALOGUE = TypeAdapter(Dialogue)


def recall(state: Mapping[str, Any]) -> Dialogue:
    """A dialogue from its JSON form, however old."""
    return _DIALOGUE.validate_python(dict(state))


def read_dialogue(state: Mapping[str, Any], last_message_at: datetime, now: datetime) -> Dialogue:
    """Read a conversation's state; slots and questions older than EXPIRES_AFTER are dropped."""
    dialogue = recall(state)
    return dialogue if now - last_message_at < EXPIRES_AFTER else dialogue.expired()


def write_dialogue(dialogue: Dialogue) -> dict[str, Any]:
    """The JSON form of a dialogue."""
    written: dict[str, Any] = _DIALOGUE.dump_python(dialogue, mode="json", exclude_defaults=True)
    return written

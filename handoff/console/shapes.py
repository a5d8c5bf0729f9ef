"""The values of the console's HTTP interface. docs/console-api.md says what they are for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

Moment = Annotated[datetime, AfterValidator(lambda value: value.astimezone(UTC))]
Turn = Literal["BOT", "WAITING", "AGENT", "CLOSED"]
Author = Literal["installer", "bot", "agent", "note", "system"]
Role = Literal["agent", "admin"]


class Shape(BaseModel):
    """Base of all: immutable, and nothing is taken that is not named."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Shape):
    """One text in both languages of the console."""

    de: str
    en: str


class AgentName(Shape):
    """An agent as others see them."""

    id: int
    name: str


class Reason(Shape):
    """Why a conversation was handed over: a code for programs and words for people."""

    code: str
    text: Words


class Who(Shape):
    """Who is writing, as far as we know. `address` is empty where it means nothing to a person."""

    name: str | None
    company: str | None
    customer_number: str | None
    city: str | None
    tier: str | None
    roles: list[str]
    trust: int
    address: str


class Preview(Shape):
    """The beginning of the last message."""

    author: str
    kind: str
    text: str


class Card(Shape):
    """One conversation in the queue. `window_until` null means that text may always be sent."""

    id: int
    channel: str
    turn: Turn
    epoch: int
    version: int
    urgency: int
    reasons: list[Reason]
    intent: str | None
    brief: str | None
    language: str
    who: Who
    agent: AgentName | None
    waiting_since: Moment | None
    due_at: Moment | None
    overdue: bool
    last_message_at: Moment
    window_until: Moment | None
    preview: Preview | None
    blocked: bool


class Choice(Shape):
    """A button under a message."""

    value: str
    label: str


class Location(Shape):
    """A point on the map, degrees."""

    latitude: float
    longitude: float
    label: str | None = None


class Contact(Shape):
    """A shared contact card."""

    name: str
    phone: str | None = None
    own: bool = False


class File(Shape):
    """A file of a message; `url` answers once it is stored, `size` in bytes."""

    id: int
    kind: str
    mime: str | None
    filename: str | None
    size: int | None
    state: Literal["waiting", "stored", "failed"]
    problem: str | None
    url: str


class DeliveryState(Shape):
    """What became of a sent message: of several parts, the one that is least far."""

    state: str
    error: str | None
    code: str | None
    resent: bool


class Meaning(Shape):
    """What the engine made of an installer's words; `corrected` is what an agent says instead."""

    intent: str
    confidence: float
    sure: bool
    urgency: int
    corrected: str | None = None


class Message(Shape):
    """One line of a conversation."""

    id: int
    conversation_id: int
    author: Author
    agent: AgentName | None
    kind: str
    text: str
    at: Moment
    edited_at: Moment | None
    key: str | None
    choices: list[Choice]
    rate: Choice | None
    location: Location | None
    contact: Contact | None
    problem: str | None
    media: list[File]
    delivery: DeliveryState | None
    understanding: Meaning | None


class AuditLine(Shape):
    """One line of a conversation's audit trail. `text` says more than `kind`, or is empty."""

    at: Moment
    kind: str
    actor: str
    text: str


class StandingNotice(Shape):
    """A problem that only the operator can mend."""

    key: str
    text: str
    since: Moment


class NoticeBoard(Shape):
    """All standing notices."""

    notices: list[StandingNotice]


class TrainingView(Shape):
    """One training. `problem` is "lost" when its machine died, "stopped" when its worker ended."""

    id: int
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    step: str
    progress: int
    problem: str | None
    version: str | None
    by: str | None
    created_at: Moment
    started_at: Moment | None
    ended_at: Moment | None


class TrainingNow(Shape):
    """The newest training, and the version that answers."""

    training: TrainingView | None
    live: str | None


class HandoffLine(Shape):
    """How well the bot handed over, by intent or by service level; see handoff/queue/handoffs.py."""

    name: str
    handoffs: int
    ended: int
    needless: int
    late: int
    missed: int


class Page(Shape):
    """Some messages, oldest first, and whether there are earlier ones."""

    messages: list[Message]
    has_earlier: bool

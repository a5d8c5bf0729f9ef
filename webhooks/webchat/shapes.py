"""The values of the phone's HTTP interface. docs/console-api.md says what they are for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from bot import messages
from bot.messages import Delivery, Language
from handoff.console.parts import Words
from handoff.console.shapes import Card, Choice, Contact, Location, Message, Moment, Shape
from handoff.queue.history import Placed
from webhooks.text import numbered

MAX_TEXT = 10_000
VISIBLE = ("installer", "bot", "agent")
_OUT = frozenset({Delivery.SENT.value, Delivery.DELIVERED.value, Delivery.READ.value})
_HOLDERS: dict[str, Literal["bot", "waiting", "agent"]] = {"WAITING": "waiting", "AGENT": "agent"}


class Begin(Shape):
    """Who wants to chat, and where. Everything but the language is for a demo."""

    channel: Literal["whatsapp", "telegram", "webchat"] = "webchat"
    person: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None
    name: Annotated[Words, Field(max_length=80)] | None = None
    language: Language = "de"


class Begun(Shape):
    """A chat session; `token` goes into the Authorization header."""

    token: str
    channel: str
    title: str
    language: str


class PersonView(Shape):
    """Somebody to be on the demo phone."""

    id: int
    name: str
    company: str
    role: str
    language: str
    phone: str
    about: dict[str, str]


class People(Shape):
    """Everybody the demo phone can be."""

    people: list[PersonView]


class Point(Shape):
    """A shared location, degrees."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class ContactCard(Shape):
    """A shared contact card."""

    name: Annotated[Words, Field(max_length=120)]
    phone: Annotated[Words, Field(max_length=40)] | None = None
    own: bool = False


class Said(Shape):
    """One message of a page: words, a tapped choice, a location, or a contact."""

    key: UUID
    text: Annotated[Words, Field(max_length=MAX_TEXT)] = ""
    tap: Annotated[Words, Field(max_length=200)] | None = None
    label: Annotated[Words, Field(max_length=200)] = ""
    location: Point | None = None
    contact: ContactCard | None = None


class SaidForm(Shape):
    """The fields of a message that comes with files."""

    key: UUID
    text: Annotated[Words, Field(max_length=MAX_TEXT)] = ""


class Accepted(Shape):
    """The message is safe."""

    accepted: Literal[True] = True


class PhoneFile(Shape):
    """A file of a message, `size` in bytes."""

    id: int
    kind: str
    mime: str | None
    filename: str | None
    size: int | None
    state: str
    url: str


class PhoneMessage(Shape):
    """One bubble."""

    id: int
    author: Literal["installer", "bot", "agent"]
    name: str | None
    kind: str
    text: str
    at: Moment
    edited_at: Moment | None
    key: str | None
    choices: list[Choice]
    rate: Choice | None
    location: Location | None
    contact: Contact | None
    media: list[PhoneFile]
    delivery_state: str | None
    ask_contact: bool


class Holder(Shape):
    """Who answers now; `agent` is their name."""

    holder: Literal["bot", "waiting", "agent"]
    agent: str | None


class Chat(Holder):
    """The chat so far; `head` is where the stream goes on."""

    head: str
    messages: list[PhoneMessage]


def visible(placed: Placed) -> bool:
    """Whether the page may see a message: said by or to the installer, and gone out."""
    message = placed.message
    if message.author == "installer":
        return True
    return message.author in VISIBLE and message.delivery is not None and message.delivery.state in _OUT


def bubble(placed: Placed, channel: str, asking: Collection[int]) -> PhoneMessage:
    """A visible message as the page shows it. On WhatsApp choices are a numbered list, as in real life."""
    message: Message = placed.message
    lists = channel == "whatsapp" and bool(message.choices)
    choices = [messages.Choice(choice.value, choice.label) for choice in message.choices]
    return PhoneMessage(
        id=message.id,
        author="installer" if message.author == "installer" else "agent" if message.agent else "bot",
        name=message.agent.name if message.agent else None,
        kind=message.kind,
        text=numbered(message.text, choices) if lists else message.text,
        at=message.at,
        edited_at=message.edited_at,
        key=placed.provider_id if message.author == "installer" else None,
        choices=[] if lists else message.choices,
        rate=None if channel == "whatsapp" else message.rate,
        location=message.location,
        contact=message.contact,
        media=[
            PhoneFile(
                id=file.id,
                kind=file.kind,
                mime=file.mime,
                filename=file.filename,
                size=file.size,
                state=file.state,
                url=f"/chat/media/{file.id}",
            )
            for file in message.media
        ],
        delivery_state=message.delivery.state if message.delivery else None,
        ask_contact=message.id in asking,
    )


def holder(card: Card | None) -> Holder:
    """Who answers now."""
    if card is None:
        return Holder(holder="bot", agent=None)
    who = _HOLDERS.get(card.turn, "bot")
    return Holder(holder=who, agent=card.agent.name if card.agent and who == "agent" else None)

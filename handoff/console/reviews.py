"""What was misunderstood, and what people say it means."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from bot.reviewing import Group, Label
from handoff.console.parts import (
    AdminChanging,
    AdminReading,
    Changing,
    Id,
    Number,
    SmallBody,
    TheConsole,
    Words,
)
from handoff.console.shapes import Moment, Shape

router = APIRouter(route_class=SmallBody, tags=["reviews"])

Ids = Annotated[list[Number], Field(min_length=1, max_length=500)]
IntentName = Annotated[Words, Field(max_length=64)]


class Suggestion(Shape):
    """What a text may be about."""

    intent: str
    confidence: float


class GroupView(Shape):
    """Nearly same messages, labelled together. `text` is what would become an example, `others` the further
    wordings; `said` is the intent an agent has given.
    """

    ids: list[int]
    conversations: list[int]
    text: str
    others: list[str]
    why: list[Literal["unsure", "corrected", "handed_back", "not_helpful", "sampled"]]
    language: Literal["de", "en"]
    suggestions: list[Suggestion]
    said: str | None
    urgency: int
    at: Moment


class Inbox(Shape):
    """What waits, the most useful first; how many messages wait, and how many were labelled lately."""

    groups: list[GroupView]
    open: int
    done: int


class LabelBody(Shape):
    """What somebody says about messages."""

    ids: Ids
    intent: IntentName
    urgency: Annotated[int, Field(ge=0, le=2)] | None = None
    complex: bool | None = None
    language: Literal["de", "en", "mul"] | None = None


class Chosen(Shape):
    """Messages of the inbox."""

    ids: Ids


class Labelled(Shape):
    """How many messages were labelled."""

    labelled: int


class Correction(Shape):
    """What a message is about."""

    intent: IntentName


@router.get("/reviews")
async def inbox(console: TheConsole, _: AdminReading) -> Inbox:
    """What to look at first."""
    found = await console.reviewing.inbox()
    return Inbox(groups=[_view(group) for group in found.groups], open=found.open, done=found.done)


@router.post("/reviews/label")
async def label(console: TheConsole, session: AdminChanging, body: LabelBody) -> Labelled:
    """Label messages; each becomes an example."""
    said = Label(body.intent, body.urgency, body.complex, body.language)
    return Labelled(labelled=await console.reviewing.label(body.ids, said, session.agent.id))


@router.post("/reviews/dismiss", status_code=204)
async def dismiss(console: TheConsole, session: AdminChanging, body: Chosen) -> None:
    """Nothing is to be learned from these."""
    await console.reviewing.dismiss(body.ids, session.agent.id)


@router.post("/reviews/undo", status_code=204)
async def undo(console: TheConsole, session: AdminChanging, body: Chosen) -> None:
    """Take labels and dismissals back."""
    await console.reviewing.undo(body.ids, session.agent.id)


@router.put("/messages/{message_id}/intent", status_code=204)
async def correct(console: TheConsole, session: Changing, message_id: Id, body: Correction) -> None:
    """Say what a message is about; it waits in the admins' inbox."""
    await console.reviewing.correct(message_id, body.intent, session.agent.id)


def _view(group: Group) -> GroupView:
    return GroupView(
        ids=list(group.ids),
        conversations=list(group.conversations),
        text=group.text,
        others=list(group.others),
        why=list(group.why),
        language=group.language,
        suggestions=[Suggestion(intent=i, confidence=round(c, 4)) for i, c in group.suggestions],
        said=group.said,
        urgency=group.urgency,
        at=group.at,
    )

"""How far whoever writes is trusted: seen, raised and lowered by agents; and links that bring people here."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import AfterValidator, Field

from bot.accounts.trust import unlocked
from bot.storage import identity
from handoff.console.inbox import find
from handoff.console.parts import Changing, Id, Number, SignedIn, SmallBody, TheConsole, Words
from handoff.console.shapes import Card, Moment, Shape
from handoff.vouching import highest

router = APIRouter(route_class=SmallBody, tags=["trust"])


def _said(value: str) -> str:
    if not value.strip():
        raise ValueError("expected a reason")
    return value.strip()


class Trust(Shape):
    """The level, what proves it (a code of `bot.accounts.trust.Evidence`) until when, what it unlocks,
    and the highest level that an agent could give.
    """

    level: int
    evidence: str
    until: Moment | None
    unlocks: list[str]
    highest: int


class Level(Shape):
    """The new level, why, and who of the company it is, where that was not known."""

    level: Annotated[int, Field(ge=0, le=4)]
    reason: Annotated[Words, AfterValidator(_said), Field(max_length=300)]
    person_id: Number | None = None


class Invite(Shape):
    """Somebody of the company; null for one we do not know."""

    person_id: Number | None = None


class Invited(Shape):
    """A link for one use, or the command to write to the bot where its name is not set."""

    link: str
    expires_at: Moment


@router.get("/conversations/{conversation_id}/trust")
async def trust(console: TheConsole, _: SignedIn, conversation_id: Id) -> Trust:
    """How far whoever writes is trusted, and why."""
    async with console.database.read() as conn:
        await find(console, conn, conversation_id)
        now = await identity.standing(conn, conversation_id, None, console.clock().date())
    return Trust(
        level=now.trust,
        evidence=now.evidence,
        until=now.until,
        unlocks=[what.value for what in unlocked(now.trust)],
        highest=highest(now),
    )


@router.put("/conversations/{conversation_id}/trust")
async def change_trust(console: TheConsole, session: Changing, conversation_id: Id, body: Level) -> Card:
    """Raise or lower it, with a reason."""
    await console.vouching.set_level(session.agent, conversation_id, body.level, body.reason, body.person_id)
    async with console.database.read() as conn:
        return (await find(console, conn, conversation_id)).card


@router.post("/accounts/{account_id}/invitations", status_code=201)
async def invite(console: TheConsole, session: Changing, account_id: Id, body: Invite) -> Invited:
    """Make a one-time link to the Telegram bot for somebody of the company."""
    made = await console.vouching.invite(session.agent, account_id, body.person_id)
    return Invited(link=made.link, expires_at=made.expires_at)

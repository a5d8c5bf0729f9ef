"""Reading the queue and opened conversations."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound
from bot.messages import Language
from bot.storage import events, media
from handoff.console.parts import Console, Id, SignedIn, TheConsole, Words
from handoff.console.shapes import AuditLine, Card, Page, Shape, StandingNotice
from handoff.live import read_notices
from handoff.queue import audit, crm, history, panel
from handoff.queue.cards import Placed
from handoff.queue.crm import Told
from handoff.queue.panel import Panel
from handoff.replies import template_variables
from handoff.serving import serve

router = APIRouter(tags=["inbox"])


class Queue(Shape):
    """The queue at one moment; `head` is where the live stream goes on from it."""

    head: str
    cards: list[Card]
    notices: list[StandingNotice]


class Found(Shape):
    """What a search found, newest first."""

    cards: list[Card]


class TemplateOffer(Shape):
    """An approved WhatsApp template an agent can choose."""

    sid: str
    name: str
    language: Language
    text: str
    variables: list[str]


class View(Page):
    """An opened conversation."""

    card: Card
    account: Panel | None
    templates: list[TemplateOffer]
    events: list[AuditLine]
    crm: list[Told]


@router.get("/queue")
async def queue(console: TheConsole, session: SignedIn) -> Queue:
    """The queue, and the position from which the live stream goes on."""
    async with console.database.read() as conn:
        head = await events.head(conn)
        cards = await console.cards.queue(conn)
        notices = await read_notices(conn) if session.agent.role == "admin" else ()
    return Queue(head=str(head), cards=cards, notices=list(notices))


@router.get("/search")
async def search(
    console: TheConsole, _: SignedIn, q: Annotated[Words, Query(min_length=1, max_length=200)]
) -> Found:
    """Find conversations by company, customer number, person, phone, or words of their messages."""
    async with console.database.read() as conn:
        return Found(cards=await console.cards.search(conn, q))


@router.get("/conversations/{conversation_id}")
async def conversation(console: TheConsole, _: SignedIn, conversation_id: Id) -> View:
    """Open a conversation."""
    async with console.database.read() as conn:
        placed = await find(console, conn, conversation_id)
        page = await history.page(conn, placed.endpoint_id, until_conversation=conversation_id)
        account = None
        if placed.account_id is not None:
            today = console.clock().date()
            account = await panel.read(conn, placed.account_id, but=conversation_id, today=today)
        trail = await audit.trail(conn, conversation_id)
        told = await crm.told(conn, conversation_id)
    return View(
        card=placed.card,
        account=account,
        messages=page.messages,
        has_earlier=page.has_earlier,
        templates=_templates(console) if placed.card.channel == "whatsapp" else [],
        events=trail,
        crm=told,
    )


@router.get("/conversations/{conversation_id}/messages")
async def earlier(
    console: TheConsole,
    _: SignedIn,
    conversation_id: Id,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
) -> Page:
    """Scroll back, into earlier conversations with the same endpoint too."""
    async with console.database.read() as conn:
        placed = await find(console, conn, conversation_id)
        return await history.page(conn, placed.endpoint_id, until_conversation=conversation_id, before=before)


@router.get("/media/{media_id}", response_class=FileResponse)
async def file(
    console: TheConsole, _: SignedIn, media_id: Id, download: Annotated[bool, Query()] = False
) -> FileResponse:
    """A file of a message."""
    async with console.database.read() as conn:
        found = await media.stored(conn, media_id)
    return serve(console.settings.media_dir, found, download=download)


async def find(console: Console, conn: AsyncConnection, conversation_id: int) -> Placed:
    """One conversation's card. Raises NotFound."""
    found = await console.cards.by_ids(conn, [conversation_id])
    if not found:
        raise NotFound("no_conversation", "There is no such conversation.")
    return found[0]


def _templates(console: Console) -> list[TemplateOffer]:
    return [
        TemplateOffer(
            sid=template.sid,
            name=template.name,
            language=template.language,
            text=template.text,
            variables=template_variables(template),
        )
        for template in console.settings.whatsapp_templates
    ]

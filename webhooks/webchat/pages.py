"""What a page shows: the chat so far, and what happens in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from fastapi.sse import KEEPALIVE_COMMENT

from bot.messages import Delivery
from bot.storage import desk, events, webchat
from bot.storage.events import Position
from handoff.batch import Batch, Behind, wire
from handoff.queue import history
from handoff.queue.history import Placed
from webhooks.system import System
from webhooks.webchat.shapes import VISIBLE, Chat, PhoneMessage, bubble, holder, visible
from webhooks.webchat.visitors import Guest

_START = b"retry: 1000\n\n"


async def read_chat(system: System, guest: Guest) -> Chat:
    """The chat so far, its latest messages last."""
    async with system.database.read() as conn:
        head = await events.head(conn)
        placed = await history.latest(conn, guest.endpoint_id, VISIBLE)
        open_id = await desk.open_conversation(conn, guest.endpoint_id)
        cards = await system.cards.by_ids(conn, [open_id] if open_id is not None else [])
    messages = await _show(system, guest, placed)
    now = holder(cards[0].card if cards else None)
    return Chat(head=str(head), messages=messages, holder=now.holder, agent=now.agent)


async def follow(system: System, guest: Guest, after: Position | None) -> AsyncIterator[bytes]:
    """Server-sent events: message, holder, typing, reset. No notes, no reasons, no understanding."""
    yield _START
    async for heard in system.live.follow(after, guest.endpoint_id):
        match heard:
            case Batch():
                shown = await _show(system, guest, heard.messages)
                lines = [("message", message.model_dump_json()) for message in shown]
                # A closed conversation and the next one can be in the same batch: the newest counts.
                newest = max(heard.cards, key=lambda placed: placed.card.id, default=None)
                if newest is not None:
                    lines.append(("holder", holder(newest.card).model_dump_json()))
                lines += [("typing", "{}") for typing in heard.typing if typing.by == "agent"]
                if lines:
                    yield wire(lines, heard.position)
            case Behind(position=reached):
                yield wire([("reset", "{}")], reached)
            case None:
                yield KEEPALIVE_COMMENT


async def _show(system: System, guest: Guest, placed: Sequence[Placed]) -> list[PhoneMessage]:
    """The bubbles of those messages that may be seen; what has just gone out has now arrived."""
    seen = [one for one in placed if visible(one)]
    ours = [one.message.id for one in seen if one.message.author != "installer"]
    arrived = [
        one.message.id
        for one in seen
        if one.message.delivery is not None and one.message.delivery.state == Delivery.SENT.value
    ]
    async with system.database.read() as conn:
        asking = await webchat.asking_for_contact(conn, ours)
    if arrived:
        async with system.database.begin() as conn:
            await webchat.mark_delivered(conn, arrived)
    return [bubble(one, guest.sender.channel, asking) for one in seen]

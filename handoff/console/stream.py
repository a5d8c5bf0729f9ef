"""The console's live stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse

from bot.errors import BadInput
from bot.storage.events import Position
from handoff.batch import Batch, Behind, wire
from handoff.console.parts import COOKIE, Console, SignedIn, TheConsole
from handoff.sessions import Session

router = APIRouter(tags=["stream"])

_LOOK_AGAIN = 30.0  # seconds until we look again whether the session still lives
_START = b"retry: 1000\n\n"  # the browser reconnects after a second
STREAM: dict[int | str, dict[str, Any]] = {200: {"content": {"text/event-stream": {}}}}
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def read_position(after: str | None, last_event_id: str | None) -> Position | None:
    """Where a stream goes on: what the browser has seen last, else what the page asked for.

    Raises BadInput for what is no position.
    """
    value = last_event_id or after
    if not value:
        return None
    try:
        return Position.parse(value)
    except ValueError as error:
        raise BadInput("bad_position", str(error)) from None


# Not as response_class: then FastAPI would take the route itself for the generator of events.
@router.get("/stream", responses=STREAM)
async def stream(
    console: TheConsole,
    session: SignedIn,
    request: Request,
    after: Annotated[str | None, Query(max_length=60)] = None,
    last_event_id: Annotated[str | None, Header(max_length=60)] = None,
) -> EventSourceResponse:
    """What happens, as it happens: card, message, typing, account, notice, training, reset."""
    position = read_position(after, last_event_id)
    token = request.cookies[COOKIE]
    return EventSourceResponse(_events(console, token, session, position), headers=HEADERS)


async def _events(
    console: Console, token: str, session: Session, position: Position | None
) -> AsyncIterator[bytes]:
    yield _START
    now = asyncio.get_running_loop().time
    looked_at = now()
    known: Session | None = session
    async for heard in console.live.follow(position):
        if now() - looked_at > _LOOK_AGAIN:
            looked_at = now()
            known = await console.sessions.peek(token)
        if known is None:
            return
        match heard:
            case Batch():
                lines = heard.for_admins if known.agent.role == "admin" else heard.for_agents
                if lines:
                    yield lines
            case Behind(position=reached):
                yield wire([("reset", "{}")], reached)
            case None:
                yield KEEPALIVE_COMMENT

"""The HTTP interface of the web chat and the demo phone, under /chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import FileResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from fastapi.sse import EventSourceResponse
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from bot.demo.personas import personas
from bot.errors import BadInput, Forbidden, NotFound
from bot.messages import Inbound
from bot.storage import desk, events, media
from handoff.console.parts import Id, SmallBody, check_length
from handoff.console.routes import ERRORS
from handoff.console.stream import HEADERS, STREAM, read_position
from handoff.files import Upload
from handoff.replies import MAX_FILES
from handoff.serving import serve
from webhooks.system import System
from webhooks.webchat import pages, saying, visitors
from webhooks.webchat.channel import WebChatChannel
from webhooks.webchat.parsing import CHANNEL, arrival
from webhooks.webchat.rate import RateLimit
from webhooks.webchat.shapes import (
    MAX_TEXT,
    Accepted,
    Begin,
    Begun,
    Chat,
    People,
    PersonView,
    Said,
    SaidForm,
)
from webhooks.webchat.visitors import Guest

_A_MINUTE = timedelta(minutes=1)
_SESSIONS = 60  # from one address: a whole company may share it
_MESSAGES = 60
_TYPING = 60

_bearer = HTTPBearer(auto_error=False, scheme_name="chat")


@dataclass(frozen=True)
class Door:
    """The system behind the page, and how often one may knock."""

    system: System
    sessions: RateLimit
    messages: RateLimit
    typing: RateLimit


def the_door(request: Request) -> Door:
    """The door these routes belong to; `routes` puts it there."""
    door: Door = request.state.webchat
    return door


TheDoor = Annotated[Door, Depends(the_door)]


async def the_guest(
    door: TheDoor, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Guest:
    """Who is calling, by the token. Raises NotSignedIn."""
    token = credentials.credentials if credentials is not None else None
    system = door.system
    async with system.database.read() as conn:
        return await visitors.recognise(conn, token, system.channels.by_name, demo=system.demo)


TheGuest = Annotated[Guest, Depends(the_guest)]

router = APIRouter(route_class=SmallBody)
uploads = APIRouter()


@router.get("/people")
async def people(door: TheDoor) -> People:
    """Everybody the demo phone can be; nothing here outside a demo."""
    if not door.system.demo:
        raise NotFound("no_demo", "This is no demo.")
    async with door.system.database.read() as conn:
        known = await personas(conn)
    return People(
        people=[
            PersonView(
                id=one.id,
                name=one.name,
                company=one.company,
                role=one.role,
                language=one.language,
                phone=one.phone,
                about=dict(one.about),
            )
            for one in known
        ]
    )


@router.post("/session")
async def begin(door: TheDoor, request: Request, wish: Begin) -> Begun:
    """Begin a chat, or in a demo be one of its people on a channel."""
    system = door.system
    door.sessions.check(request.client.host if request.client is not None else "unknown")
    if wish.channel != CHANNEL or wish.person is not None:
        if not system.demo:
            raise Forbidden("no_demo", "Only a demo lets you be somebody else.")
        if not isinstance(system.channels.by_name.get(wish.channel), WebChatChannel):
            raise Forbidden("connected", f"{wish.channel} is connected: please write from a real phone.")
    async with system.database.begin() as conn:
        language = wish.language
        if wish.person is not None:
            persona = next((one for one in await personas(conn) if one.id == wish.person), None)
            if persona is None:
                raise NotFound("no_person", "There is no such person in the demo.")
            language = "en" if persona.language == "en" else "de"
            token = await visitors.be(conn, persona, wish.channel)
        elif wish.channel == CHANNEL:
            token = await visitors.welcome(conn, wish.name, language)
        else:
            token = await visitors.be_stranger(conn, wish.channel, wish.name, language)
    return Begun(token=token, channel=wish.channel, title=system.settings.company, language=language)


@router.get("/messages")
async def read(door: TheDoor, guest: TheGuest) -> Chat:
    """The chat so far."""
    return await pages.read_chat(door.system, guest)


# Not as response_class: then FastAPI would take the route itself for the generator of events.
@router.get("/stream", responses=STREAM)
async def stream(
    door: TheDoor,
    guest: TheGuest,
    after: Annotated[str | None, Query(max_length=60)] = None,
    last_event_id: Annotated[str | None, Header(max_length=60)] = None,
) -> EventSourceResponse:
    """What happens in the chat: message, holder, typing, reset."""
    position = read_position(after, last_event_id)
    return EventSourceResponse(pages.follow(door.system, guest, position), headers=HEADERS)


@router.get("/media/{media_id}", response_class=FileResponse)
async def file(door: TheDoor, guest: TheGuest, media_id: Id) -> FileResponse:
    """A file of the chat."""
    async with door.system.database.read() as conn:
        found = await media.stored(conn, media_id)
    if found is not None and found.endpoint_id != guest.endpoint_id:
        found = None
    return serve(door.system.settings.media_dir, found)


@router.post("/typing", status_code=204)
async def typing(door: TheDoor, guest: TheGuest) -> None:
    """Show the agent that the installer is writing."""
    door.typing.check(str(guest.endpoint_id))
    async with door.system.database.begin() as conn:
        conversation_id = await desk.open_conversation(conn, guest.endpoint_id)
        if conversation_id is not None:
            await events.append(
                conn,
                kind="typing",
                actor="installer",
                conversation_id=conversation_id,
                data={"by": "installer", "endpoint": guest.endpoint_id},
            )


_MESSAGE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["key"],
                    "properties": {
                        "key": {"type": "string", "format": "uuid"},
                        "text": {"type": "string", "maxLength": MAX_TEXT},
                        "files": {
                            "type": "array",
                            "maxItems": MAX_FILES,
                            "items": {"type": "string", "format": "binary"},
                        },
                    },
                }
            },
            "application/json": {"schema": Said.model_json_schema(ref_template="#/$defs/{model}")},
        },
    }
}


@uploads.post("/messages", status_code=202, openapi_extra=_MESSAGE_BODY)
async def say(door: TheDoor, guest: TheGuest, request: Request) -> Accepted:
    """Say something; it is stored when this answers. The same key again changes nothing."""
    door.messages.check(str(guest.endpoint_id))
    system = door.system
    check_length(request, 2 * system.settings.media_bytes)
    try:
        if request.headers.get("content-type", "").startswith("application/json"):
            said = Said.model_validate_json(await request.body())
            await _accept_said(system, guest, said)
        else:
            await _accept_form(system, guest, request)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise BadInput("bad_input", f"{where}: {first['msg']}", field=where) from None
    return Accepted()


async def _accept_said(system: System, guest: Guest, said: Said) -> int:
    async with system.database.read() as conn:
        inbound = await saying.read_said(conn, guest, said, system.clock())
    return await _accept(system, inbound)


async def _accept_form(system: System, guest: Guest, request: Request) -> None:
    async with request.form(max_files=MAX_FILES, max_fields=5) as form:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        body = SaidForm.model_validate(fields)
        parts = [part for part in form.getlist("files") if isinstance(part, UploadFile)]
        if not parts:
            await _accept_said(system, guest, Said(key=body.key, text=body.text))
            return
        kept = await system.files.keep(
            [Upload(part.file, part.filename or "file", part.content_type) for part in parts]
        )
    new = await _accept(system, saying.with_files(guest, body.key, body.text, kept, system.clock()))
    if not new:
        await system.files.discard(kept)


async def _accept(system: System, inbound: Inbound) -> int:
    return await system.intake.accept(arrival(inbound))


def routes(system: System) -> APIRouter:
    """The routes of one web chat."""
    door = Door(
        system,
        sessions=RateLimit(_SESSIONS, _A_MINUTE, system.clock),
        messages=RateLimit(_MESSAGES, _A_MINUTE, system.clock),
        typing=RateLimit(_TYPING, _A_MINUTE, system.clock),
    )

    def provide(request: Request) -> None:
        request.state.webchat = door

    whole = APIRouter(prefix="/chat", tags=["phone"], dependencies=[Depends(provide)], responses=ERRORS)
    whole.include_router(router)
    whole.include_router(uploads)
    return whole

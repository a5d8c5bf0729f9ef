"""What agents do with a conversation."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field, ValidationError
from starlette.datastructures import UploadFile

from bot.errors import BadInput
from handoff.console.inbox import find
from handoff.console.parts import Changing, Console, Id, SmallBody, TheConsole, Words, check_length
from handoff.console.shapes import Card, Message, Shape
from handoff.files import Upload
from handoff.queue import history
from handoff.replies import MAX_FILES, MAX_TEXT

router = APIRouter(route_class=SmallBody, tags=["actions"])
uploads = APIRouter(tags=["actions"])


class NoteBody(Shape):
    """A note for colleagues."""

    key: UUID
    text: Annotated[Words, Field(max_length=MAX_TEXT)]


class TemplateChoice(Shape):
    """A template and what goes into it."""

    sid: Annotated[str, Field(max_length=64)]
    variables: Annotated[dict[str, Annotated[Words, Field(max_length=1000)]], Field(default_factory=dict)]


class TemplateBody(Shape):
    """A reply by template."""

    key: UUID
    template: TemplateChoice


class ReplyForm(Shape):
    """The fields of a reply's form beside its files."""

    key: UUID
    text: Annotated[Words, Field(max_length=MAX_TEXT)] = ""


@router.post("/conversations/{conversation_id}/take")
async def take(console: TheConsole, session: Changing, conversation_id: Id) -> Card:
    """Take the conversation over."""
    await console.takeover.take(session.agent, conversation_id)
    return await _card(console, conversation_id)


@router.post("/conversations/{conversation_id}/return")
async def give_back(console: TheConsole, session: Changing, conversation_id: Id) -> Card:
    """Let the bot speak again."""
    await console.takeover.give_back(session.agent, conversation_id)
    return await _card(console, conversation_id)


@router.post("/conversations/{conversation_id}/resolve")
async def resolve(console: TheConsole, session: Changing, conversation_id: Id) -> Card:
    """Close the case."""
    await console.takeover.resolve(session.agent, conversation_id)
    return await _card(console, conversation_id)


@router.post("/conversations/{conversation_id}/note", status_code=201)
async def note(console: TheConsole, session: Changing, conversation_id: Id, body: NoteBody) -> Message:
    """Leave a note that only agents see."""
    message_id = await console.replies.note(session.agent, conversation_id, body.key, body.text)
    return await _message(console, message_id)


@router.post("/conversations/{conversation_id}/typing", status_code=204)
async def typing(console: TheConsole, session: Changing, conversation_id: Id) -> None:
    """Show the installer that somebody is writing."""
    await console.replies.typing(session.agent, conversation_id)


@router.post("/messages/{message_id}/retry")
async def retry(console: TheConsole, session: Changing, message_id: Id) -> Message:
    """Queue a failed send again."""
    await console.replies.retry(session.agent, message_id)
    return await _message(console, message_id)


_REPLY_BODY: dict[str, Any] = {
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
            "application/json": {"schema": TemplateBody.model_json_schema()},
        },
    }
}


@uploads.post("/conversations/{conversation_id}/reply", status_code=201, openapi_extra=_REPLY_BODY)
async def reply(console: TheConsole, session: Changing, conversation_id: Id, request: Request) -> Message:
    """Answer the installer: words and files as a form, a template as JSON."""
    # Several files of the largest size would fill the disk before each is looked at.
    check_length(request, 2 * console.settings.media_bytes)
    try:
        if request.headers.get("content-type", "").startswith("application/json"):
            body = TemplateBody.model_validate_json(await request.body())
            message_id = await console.replies.template(
                session.agent, conversation_id, body.key, body.template.sid, body.template.variables
            )
        else:
            message_id = await _reply_by_form(console, session, conversation_id, request)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise BadInput("bad_input", f"{where}: {first['msg']}", field=where) from None
    return await _message(console, message_id)


async def _reply_by_form(console: Console, session: Changing, conversation_id: int, request: Request) -> int:
    async with request.form(max_files=MAX_FILES, max_fields=5) as form:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        body = ReplyForm.model_validate(fields)
        files = [
            Upload(part.file, part.filename or "file", part.content_type)
            for part in form.getlist("files")
            if isinstance(part, UploadFile)
        ]
        return await console.replies.reply(session.agent, conversation_id, body.key, body.text, files)


async def _card(console: Console, conversation_id: int) -> Card:
    async with console.database.read() as conn:
        return (await find(console, conn, conversation_id)).card


async def _message(console: Console, message_id: int) -> Message:
    async with console.database.read() as conn:
        (placed,) = await history.by_ids(conn, [message_id])
    return placed.message

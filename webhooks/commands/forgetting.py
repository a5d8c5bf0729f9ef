"""`bauruf forget`: delete all that was said over one address, for a person who asks for it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import NotFound
from bot.settings import read_settings
from bot.storage import conversations, inbox, media
from webhooks.runtime import opened, out, run


def forget(
    channel: Annotated[str, typer.Argument(help="whatsapp, telegram or webchat")],
    address: Annotated[str, typer.Argument(help="The phone (+49…) or chat id")],
) -> None:
    """Delete an address with its conversations, files and raw calls. The company's record stays."""
    run(_forget(channel, address))


async def _forget(channel: str, address: str) -> None:
    settings = read_settings()
    async with opened(settings) as database, database.begin() as conn:
        paths = await media.paths_of_address(conn, channel, address)
        thread = await conversations.forget_endpoint(conn, channel, address)
        if thread is None:
            raise NotFound("no_such_address", f"Nobody has written from {address} on {channel}.")
        await inbox.forget_thread(conn, thread)
    await asyncio.to_thread(_delete, [settings.media_dir / path for path in paths])
    out.print(f"Forgotten, with {len(paths)} files.", highlight=False)


def _delete(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)

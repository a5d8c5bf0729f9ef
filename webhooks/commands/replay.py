"""`bauruf replay`: what the bot does with whole dialogues, without sending anything."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import sys
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.progress import Progress

from bot.settings import read_settings
from webhooks.engine import connect_engine
from webhooks.logs import set_up_logs
from webhooks.parsing import Unnoticed
from webhooks.rehearsal import as_json, rehearsals
from webhooks.runtime import err, run
from webhooks.script import read_scripts

_ENDED = 128 + signal.SIGTERM


def replay(
    file: Annotated[Path, typer.Option(help="Dialogues as JSON lines.")],
) -> None:
    """Print each dialogue of a file with what the bot does at each turn, as JSON lines.

    They run through the same code as live traffic, on a database of their own that is thrown away;
    nothing is sent and no live data is touched.
    """
    set_up_logs(level=logging.WARNING)
    if not run(_replay(file)):
        raise typer.Exit(_ENDED)


async def _replay(file: Path) -> bool:
    """Whether all were rehearsed: told to end, the dialogue under way is the last one."""
    ended = asyncio.Event()
    # Nobody else would stop the server that the rehearsal has started.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    settings = read_settings()
    scripts = read_scripts(file)
    async with httpx.AsyncClient() as http:
        engine = await asyncio.to_thread(
            connect_engine, settings, http, Unnoticed(), lambda line: err.print(line, style="dim")
        )
        with Progress(console=err, transient=True) as progress, rehearsals(settings, engine) as stage:
            task = progress.add_task("Rehearsing", total=len(scripts))
            await stage.prepare()
            for script in scripts:
                if ended.is_set():
                    return False
                predicted = await stage.rehearse(script)
                turns = [
                    {**turn, "predicted": as_json(what)}
                    for turn, what in zip(script.raw["turns"], predicted, strict=True)
                ]
                sys.stdout.write(json.dumps({**script.raw, "turns": turns}, ensure_ascii=False) + "\n")
                progress.advance(task)
    return True

"""`bauruf worker`: a process that works without HTTP."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

import uvicorn

from bot.settings import Settings
from bot.storage.schema import migrate
from bot.storage.server import database_url
from webhooks.system import System, build_system


def work_until_stopped(settings: Settings, *, progress: Callable[[str], None]) -> None:
    """Work until SIGINT or SIGTERM; a turn under way is finished first."""
    url = database_url(settings)
    migrate(url)
    system = build_system(settings, url, progress=progress)
    progress("Working. Stop with Ctrl+C.")
    # The same event loop that uvicorn would choose: uvloop where there is one.
    loop_factory = uvicorn.Config("", loop="auto").get_loop_factory()
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(_work(system))


async def _work(system: System) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with system.running(work=True, serve=False):
        await stop.wait()

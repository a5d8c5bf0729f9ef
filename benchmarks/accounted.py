"""`bauruf` with the processor time of each of its parts counted: `python -m benchmarks.accounted serve`.

A coroutine is timed step by step, so what other tasks do meanwhile does not count; time within a
counted part belongs to the innermost. On SIGUSR1 the counts so far are written as JSON to the file
named by BENCH_ACCOUNT.
"""

from __future__ import annotations

import functools
import inspect
import json
import os
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Generator
from pathlib import Path
from typing import Any

import psycopg
from procrastinate.manager import JobManager
from procrastinate.worker import Worker
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from bot.drain import Drain
from bot.outbox import Outbox
from bot.record import Record
from bot.storage.database import Database
from bot.turn import Turns
from bot.wakeup_worker import WakeupWorker
from handoff.live import Live
from nlu.linear import LinearUnderstander
from webhooks.cli import main
from webhooks.intake import Intake
from webhooks.telegram.channel import TelegramChannel

PARTS: dict[str, list[tuple[Any, str]]] = {
    "HTTP, parsing": [(RequestResponseCycle, "run_asgi")],
    "door: store and wake": [(Intake, "accept")],
    "fetch and finish jobs (procrastinate)": [
        (WakeupWorker, "_follow"),
        (WakeupWorker, "_swap"),
        (WakeupWorker, "_work"),
        (Worker, "_fetch_and_process_jobs"),
        (JobManager, "fetch_job"),
        (JobManager, "finish_job"),
        (JobManager, "update_heartbeat"),
    ],
    "turn: read": [(Drain, "__call__"), (Turns, "take")],
    "turn: understand": [(LinearUnderstander, "understand")],
    "turn: think": [(Turns, "_think")],
    "turn: write and commit": [(Record, "write")],
    "claim a part": [(Outbox, "next")],
    "send: Telegram's client": [(TelegramChannel, "send")],
    "send: write and commit": [(Outbox, "send")],
    "live stream, hints": [(Live, "run"), (Live, "_read_forever"), (Database, "_notify")],
}
STATEMENTS = "statements"

_seconds: defaultdict[str, float] = defaultdict(float)
_calls: Counter[str] = Counter()
_inner: list[float] = []  # time of counted parts within each part that is running


class _Steps:
    """An awaitable whose own processor time is added to a part."""

    def __init__(self, awaited: Awaitable[Any], part: str) -> None:
        self._awaited, self._part = awaited, part

    def __await__(self) -> Generator[Any, Any, Any]:
        steps = self._awaited.__await__()
        step: Callable[[], Any] = functools.partial(next, steps)
        while True:
            try:
                yielded = _timed(self._part, step)
            except StopIteration as end:
                return end.value
            try:
                value = yield yielded
            except BaseException as error:  # noqa: BLE001 - handed on to whom it belongs
                step = functools.partial(steps.throw, error)
            else:
                step = functools.partial(steps.send, value)


def _timed(part: str, step: Callable[[], Any]) -> Any:
    _inner.append(0.0)
    began = time.thread_time()
    try:
        return step()
    finally:
        spent = time.thread_time() - began
        _seconds[part] += spent - _inner.pop()
        if _inner:
            _inner[-1] += spent


def _count(owner: Any, name: str, part: str) -> None:
    original = getattr(owner, name)
    if not inspect.iscoroutinefunction(original):
        raise TypeError(f"{owner}.{name} is no coroutine any more; mend benchmarks/accounted.py")

    @functools.wraps(original)
    async def counted(*args: Any, **kwargs: Any) -> Any:
        return await _Steps(original(*args, **kwargs), part)

    setattr(owner, name, counted)


def _count_statements() -> None:
    original = psycopg.AsyncCursor.execute

    @functools.wraps(original)
    async def execute(*args: Any, **kwargs: Any) -> Any:
        _calls[STATEMENTS] += 1
        return await original(*args, **kwargs)

    psycopg.AsyncCursor.execute = execute  # type: ignore[method-assign]


def _write(*_: object) -> None:
    target = Path(os.environ["BENCH_ACCOUNT"])
    draft = target.with_suffix(".draft")
    draft.write_text(json.dumps({"seconds": _seconds, "calls": _calls, "total": time.thread_time()}), "utf-8")
    draft.replace(target)


if __name__ == "__main__":
    for title, places in PARTS.items():
        for place, method in places:
            _count(place, method, title)
    _count_statements()
    signal.signal(signal.SIGUSR1, _write)
    main()

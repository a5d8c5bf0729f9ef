"""Bauruf under load: its processes, a database of their own with full durability, and Telegram around it."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import psycopg

from benchmarks import cpu
from benchmarks.load import TELEGRAM, Plan
from benchmarks.pipes import Helper
from benchmarks.steps import CONVERSATIONS, Step, judge, times
from bot.storage.schema import migrate
from bot.storage.server import start_embedded
from tests.conftest import named
from tests.drill.processes import BAURUF, Process
from tests.drill.stock import stock

_LEFT = """
    SELECT (SELECT count(*) FROM inbox WHERE state <> 'done')
         + (SELECT count(*) FROM deliveries WHERE state IN ('queued', 'sending'))
         + (SELECT count(*) FROM procrastinate_jobs)"""
_QUIET_WITHIN = 90.0  # seconds


def _value(connection: psycopg.Connection[tuple[Any, ...]], query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


class Server:
    """One embedded PostgreSQL as it comes: fsync, synchronous_commit and full_page_writes are on."""

    def __init__(self, folder: Path) -> None:
        self._url = start_embedded(folder / "postgres")
        self.pid = int((folder / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])
        with psycopg.connect(self._url) as connection:
            self.version = str(_value(connection, "SHOW server_version"))
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                if _value(connection, f"SHOW {setting}") != "on":
                    raise RuntimeError(f"PostgreSQL is not durable: {setting} is off")

    def close(self) -> None:
        """Stop it before its folder goes."""
        process = psutil.Process(self.pid)
        process.send_signal(signal.SIGINT)
        process.wait(10)

    def database(self, name: str) -> str:
        """A new database with the schema."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        url = named(self._url, name)
        migrate(url)
        return url


@dataclass(frozen=True)
class Around:
    """What every desk needs: the server, a folder, load generator, fake provider and its address."""

    server: Server
    folder: Path
    load: Helper
    provider: Helper
    api: str


class Desk:
    """A running Bauruf; the first of its processes has the door."""

    def __init__(self, url: str, around: Around, processes: list[Process]) -> None:
        self.pid = processes[0].pid
        self._logs = [process.log for process in processes]
        self._url = url
        self._load, self._provider = around.load, around.provider
        self._urls = [f"http://127.0.0.1:{processes[0].port}/webhooks/telegram"]
        self._groups = {
            "bauruf": [p.pid for p in processes],
            "postgresql": [around.server.pid],
            "load": [around.load.pid],
            "provider": [around.provider.pid],
        }

    def step(self, rate: float, seconds: float) -> Step:
        """Load it for so long, then wait until all is answered. Raises RuntimeError when nothing is."""
        before = cpu.read(self._groups)
        plan = Plan(TELEGRAM, self._urls, seconds, CONVERSATIONS, rate)
        outcomes = self._load.ask(asdict(plan))
        self._wait_until_quiet()
        used = cpu.spent(before, cpu.read(self._groups))
        step = judge(rate, seconds, times(outcomes, self._provider.ask("take")), used)
        if not step.latencies:
            said = "\n".join(log.read_text("utf-8", "replace")[-2000:] for log in self._logs)
            raise RuntimeError(f"No message was answered. The processes said:\n{said}")
        return step

    def _wait_until_quiet(self) -> None:
        deadline = time.monotonic() + _QUIET_WITHIN
        with psycopg.connect(self._url, autocommit=True) as connection:
            while _value(connection, _LEFT) and time.monotonic() < deadline:
                time.sleep(0.1)


@contextmanager
def desk(around: Around, workers: int, program: tuple[str, ...] = BAURUF, **more: str) -> Iterator[Desk]:
    """One process that does everything, or with `workers` one door and so many workers.

    `program` is what Python runs as `bauruf`, `more` are further environment variables.
    """
    folder, name = around.folder, f"bench_{uuid4().hex[:8]}"
    url = around.server.database(name)
    asyncio.run(stock(url, folder / "data" / "media"))
    settings = {
        "BAURUF_DATABASE_URL": url,
        "BAURUF_DATA_DIR": str(folder / "data"),
        "BAURUF_TELEGRAM_API_URL": f"{around.api}/bauruf",
        **more,
    }
    command = ("serve", "--no-worker") if workers else ("serve",)
    door = Process(f"{name}-door", command, settings, folder, program)
    others = [Process(f"{name}-{number}", ("worker",), settings, folder) for number in range(workers)]
    with ExitStack() as stack:
        for process in (door, *others):
            stack.callback(process.stop)
            process.start()
            if process is door:
                asyncio.run(process.listening())
        asyncio.run(door.working(url, 2 * max(workers, 1)))
        yield Desk(url, around, [door, *others])

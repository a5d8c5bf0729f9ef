"""Bauruf's own processes, started as an operator would start them."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg

from tests.conftest import REPOSITORY
from tests.drill.bot_api import TOKEN
from tests.drill.telegram import Door

SECRET = "drill-secret"
BAURUF = ("-c", "from webhooks.cli import main; main()")
_START_SECONDS = 180.0  # the first one trains the language model


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """One process: `serve`, `serve --no-worker` or `worker`. What it says is kept in `log`."""

    def __init__(
        self,
        name: str,
        command: tuple[str, ...],
        settings: Mapping[str, str],
        folder: Path,
        program: tuple[str, ...] = BAURUF,
    ) -> None:
        self.name = name
        self.port = free_port()
        self.log = folder / f"{name}.log"
        self._command = (sys.executable, *program, *command)
        self._folder = folder
        clean = {key: value for key, value in os.environ.items() if not key.startswith("BAURUF_")}
        self._environment = {
            **clean,
            "PYTHONPATH": str(REPOSITORY),
            "BAURUF_PORT": str(self.port),
            "BAURUF_TELEGRAM_TOKEN": TOKEN,
            "BAURUF_TELEGRAM_SECRET": SECRET,
            "BAURUF_PUBLIC_URL": "https://desk.example",
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id while it runs."""
        assert self._process is not None
        return self._process.pid

    def door(self) -> Door:
        """Where Telegram calls it."""
        url = f"http://127.0.0.1:{self.port}/webhooks/telegram"
        return Door(url, {"X-Telegram-Bot-Api-Secret-Token": SECRET})

    def start(self) -> None:
        """Start it (again); what it says is added to its log."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command line
                self._command, env=self._environment, cwd=self._folder, stdout=log, stderr=log
            )

    async def listening(self) -> None:
        """Wait until it accepts calls. Raises RuntimeError when it ends instead."""
        async with asyncio.timeout(_START_SECONDS):
            while True:
                self._check()
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                except ConnectionError:
                    await asyncio.sleep(0.05)
                    continue
                writer.close()
                return

    async def working(self, url: str, workers: int) -> None:
        """Wait until so many of procrastinate's workers are registered (two a process)."""
        async with asyncio.timeout(_START_SECONDS):
            while True:
                self._check()
                with psycopg.connect(url) as connection:
                    row = connection.execute("SELECT count(*) FROM procrastinate_workers").fetchone()
                if row is not None and row[0] >= workers:
                    return
                await asyncio.sleep(0.1)

    def _check(self) -> None:
        if self._process is None:
            raise RuntimeError(f"{self.name} was never started")
        code = self._process.poll()
        if code is not None:
            said = self.log.read_text("utf-8", "replace")
            raise RuntimeError(f"{self.name} ended with code {code}; it said:\n{said}")

    def kill(self) -> None:
        """End it without a chance to tidy up (SIGKILL)."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """Ask it to end; kill it when it does not within ten seconds."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

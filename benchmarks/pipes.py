"""Talking to a helper process in lines of JSON over its standard input and output."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

from tests.conftest import REPOSITORY


async def lines_of_stdin() -> AsyncIterator[str]:
    """The helper's side: the commands, until the other side closes."""
    reader = asyncio.StreamReader(limit=2**20)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    while line := await reader.readline():
        yield line.decode()


class Helper:
    """A helper module in a process of its own."""

    def __init__(self, module: str) -> None:
        self._process = subprocess.Popen(
            (sys.executable, "-m", module),
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.pid = self._process.pid
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("a helper process has no pipes")
        self._commands, self._answers = self._process.stdin, self._process.stdout

    def ask(self, command: Any) -> Any:
        """Send one command and wait for its answer."""
        self._commands.write(json.dumps(command) + "\n")
        self._commands.flush()
        return self.hear()

    def hear(self) -> Any:
        """Wait for one line."""
        line = self._answers.readline()
        if not line:
            raise RuntimeError("a helper process has ended; see above why")
        return json.loads(line)

    def close(self) -> None:
        self._commands.close()
        self._process.wait(10)

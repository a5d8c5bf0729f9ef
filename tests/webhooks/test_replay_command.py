"""`bauruf replay` as a process: told to end, it leaves nothing behind."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.house import eventually
from tests.project import write_project


async def test_told_to_end_it_takes_its_server_along(tmp_path: Path) -> None:
    write_project(tmp_path / "project")
    dialogue = {"id": "x", "channel": "webchat", "sender": None, "turns": [{"text": "hallo"}] * 2}
    file = tmp_path / "dialogues.jsonl"
    file.write_text(f"{json.dumps(dialogue)}\n" * 500, "utf-8")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "webhooks", "replay", "--file", str(file)),
        cwd=REPOSITORY,
        env={
            **os.environ,
            "BAURUF_DATA_DIR": str(tmp_path / "data"),
            "BAURUF_NLU_PROJECT": str(tmp_path / "project"),
            "TMPDIR": str(scratch),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    assert json.loads(await process.stdout.readline())["id"] == "x"
    (server,) = scratch.glob("bauruf-scratch-*/postgres/postmaster.pid")
    started_as = int(server.read_text("utf-8").splitlines()[0])
    process.send_signal(signal.SIGTERM)
    await process.stdout.read()
    assert await process.wait() == 128 + signal.SIGTERM
    assert list(scratch.glob("bauruf-*")) == []

    async def running() -> bool:
        try:
            os.kill(started_as, 0)
        except ProcessLookupError:
            return False
        return True

    await eventually(running, lambda there: not there)

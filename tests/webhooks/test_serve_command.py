"""What the command line says when it cannot serve."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from pathlib import Path


async def test_a_taken_port_is_told_before_anything_is_set_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "from webhooks.cli import main; main()",
            "serve",
            env={**os.environ, "BAURUF_DATA_DIR": str(tmp_path / "data"), "BAURUF_PORT": str(port)},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await process.communicate()
    words = " ".join(said.decode().split())
    assert process.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in words
    assert "BAURUF_PORT" in words
    assert not (tmp_path / "data").exists()

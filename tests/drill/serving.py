"""Serving an ASGI application on a free port, within this process."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn


def listen() -> socket.socket:
    """A free port, taken at once, so that its address can be told before anything is served there."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    return listening


def address(listening: socket.socket) -> str:
    """The address of a port of this machine."""
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


@asynccontextmanager
async def serving(app: Any, listening: socket.socket | None = None) -> AsyncIterator[str]:
    """Serve until the block is left, on a port of its own if none is given; yields the address.

    Connections are taken from the start.
    """
    listening = listening or listen()
    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, timeout_keep_alive=600)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield address(listening)
    finally:
        server.should_exit = True
        await running

"""A real Rasa server for the time of a test."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from nlu import rasa_environment

TOKEN = "test-token"


@dataclass
class RunningRasa:
    """A Rasa server of our own."""

    url: str
    process: subprocess.Popen[bytes]


@contextmanager
def serving(models: Path) -> Iterator[RunningRasa]:
    """Serve the newest model of this folder; what the server says goes to server.log beside it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with (
        (models.parent / "server.log").open("w", encoding="utf-8") as log,
        subprocess.Popen(  # noqa: S603 - our own command line
            rasa_environment.server_command(rasa_environment.location(), models, port, TOKEN),
            env=rasa_environment.quiet(),
            cwd=models.parent,
            stdout=log,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            # The port opens when the model is loaded; the transport tries again for about two minutes.
            with httpx.Client(transport=httpx.HTTPTransport(retries=9), timeout=60) as client:
                client.get(f"{url}/status", params={"token": TOKEN}).raise_for_status()
            yield RunningRasa(url, process)
        finally:
            process.kill()

"""Rasa's own programs as processes of ours: they end with the block that started them, and with us."""

from __future__ import annotations

import asyncio
import secrets
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import IO

import httpx

from nlu import rasa_environment
from nlu.linear import LinearUnderstander
from nlu.rasa import RasaUnderstander
from nlu.rasa_server import RasaServer
from nlu.understanding import EngineUnavailable

_LOOK = 0.5  # seconds
_START_TRIES = 360  # a model of the project's corpus is loaded within 15 to 30 seconds
_DEADLINE = 30.0  # seconds; nobody waits for these answers, and a busy machine is no reason to give up
_LAST_WORDS = 300  # characters


def train(project: Path, models: Path, name: str, alive: Callable[[], None]) -> Path:
    """Train the project's NLU model; returns the file, which stands in `models` under this name.

    `alive` is called twice a second; what it raises ends the training. Raises EngineUnavailable with
    Rasa's last words when it refuses the project.
    """
    arguments = ["train", "nlu", "--config", str(project / "config.yml"), "--nlu", str(project / "data")]
    arguments += ["--domain", str(project / "domain.yml"), "--out", str(models)]
    models.mkdir(parents=True, exist_ok=True)
    with _running([*arguments, "--fixed-model-name", name], models) as (process, said):
        while True:
            alive()
            try:
                code = process.wait(_LOOK)
            except subprocess.TimeoutExpired:
                continue
            break
        file = models / f"{name}.tar.gz"
        if code or not file.is_file():
            raise EngineUnavailable(f"Rasa could not train; its last words: {_last_words(said)}")
    return file


@asynccontextmanager
async def serving(model: Path, own: LinearUnderstander) -> AsyncIterator[RasaUnderstander]:
    """A Rasa server of its own with this model, for as long as the block lasts; `own` as for
    RasaUnderstander. Raises EngineUnavailable when it does not start.
    """
    port, token = _free_port(), secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="bauruf-rasa-") as folder:
        arguments = ["run", "--enable-api", "-i", "127.0.0.1", "--port", str(port), "--auth-token", token]
        with _running([*arguments, "-m", str(model)], Path(folder)) as (process, said):
            async with httpx.AsyncClient() as client:
                engine = RasaUnderstander(
                    RasaServer(client, f"http://127.0.0.1:{port}", token, _DEADLINE), own
                )
                await _loaded(engine, process, said)
                yield engine


async def _loaded(engine: RasaUnderstander, process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    for _ in range(_START_TRIES):
        try:
            await engine.look()
        except EngineUnavailable:
            if process.poll() is not None:
                break
            await asyncio.sleep(_LOOK)
        else:
            return
    raise EngineUnavailable(f"Rasa's server does not start; its last words: {_last_words(said)}")


@contextmanager
def _running(arguments: Sequence[str], folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """Rasa's command line in this folder, where it leaves its cache, and what it says."""
    python = rasa_environment.binary(rasa_environment.installed(), "python")
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - our own command line
            [str(python), "-m", "nlu.leash", "rasa", *arguments],
            cwd=folder,
            env=rasa_environment.quiet(),
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        with process:
            try:
                yield process, said
            finally:
                process.kill()


def _last_words(said: IO[bytes]) -> str:
    said.seek(0)
    return " ".join(said.read().decode("utf-8", "replace").split())[-_LAST_WORDS:]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port

"""Understanding alone, next to Rasa: training on the project's corpus, and parses a second over HTTP.

Both train on the same four fifths of the examples, Rasa with the project's own pipeline. Both are asked
over HTTP on one address, by clients that ask again as soon as they are answered, one process each.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks import rasa
from nlu import rasa_environment
from nlu.corpus import read_corpus
from nlu.evaluation import LINEAR, Figures, Labelled, Sets, evaluate
from nlu.evaluation import rasa as rasa_trial
from tests.drill.processes import free_port
from tests.drill.telegram import Door

_CLIENTS = 8
_START_SECONDS = 600.0


@dataclass(frozen=True)
class Engine:
    """One engine's figures: what its trial measured, and parses a second over HTTP."""

    title: str
    trial: Figures
    parses: float


def measure(*, with_rasa: bool, seconds: float) -> str:
    """The section of the report: a table, with ratios when Rasa is there."""
    sets = _sets()
    texts = [example.text for example in sets.test]
    with _serving([sys.executable, "-m", "benchmarks.parse_server"], {}) as url:
        engines = [Engine("linear", evaluate(LINEAR, sets, _quiet), _rate(url, texts, seconds))]
    if with_rasa:
        trial = evaluate(rasa_trial(str(rasa_environment.PROJECT / "config.yml")), sets, _quiet)
        command = [str(rasa_environment.location() / "bin" / "rasa"), "run", "--enable-api"]
        command += ["-i", "127.0.0.1", "-m", str(rasa.folder() / "models"), "--port"]
        with _serving(command, rasa_environment.quiet()) as url:
            engines.append(Engine("Rasa 3.6.21", trial, _rate(url, texts, seconds)))
    return _table(engines)


def _quiet(done: int, of: int) -> None:
    pass


def _sets() -> Sets:
    examples = [
        Labelled(example.text, example.intent, example.place)
        for example in read_corpus(rasa_environment.PROJECT).examples
    ]
    return Sets(
        tuple(example for place, example in enumerate(examples) if place % 5),
        tuple(examples[::5]),
    )


@contextmanager
def _serving(command: Sequence[str], variables: Mapping[str, str]) -> Iterator[str]:
    port = free_port()
    url = f"http://127.0.0.1:{port}/model/parse"
    process = subprocess.Popen(
        [*command, str(port)],
        env=dict(variables) or None,
        cwd=rasa.folder() if variables else None,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        asyncio.run(_up(url, process))
        yield url
    finally:
        process.terminate()
        process.wait()


async def _up(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait for the first answer. Raises RuntimeError when the server ends or takes too long."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        door = Door(url, {})
        try:
            status, _ = await door.post(b'{"text": "hallo"}')
        except ConnectionError:
            status = 0
        finally:
            door.close()
        if status == 200:
            return
        await asyncio.sleep(0.5)
    raise RuntimeError(f"Nothing answers at {url}.")


def _rate(url: str, texts: Sequence[str], seconds: float) -> float:
    return asyncio.run(_ask_all(url, texts, seconds))


async def _ask_all(url: str, texts: Sequence[str], seconds: float) -> float:
    """Answers a second to so many clients."""
    door, answered = Door(url, {}), 0
    began = time.monotonic()

    async def client(number: int) -> None:
        nonlocal answered
        place = number
        while time.monotonic() - began < seconds:
            status, _ = await door.post(json.dumps({"text": texts[place % len(texts)]}).encode())
            if status != 200:
                raise RuntimeError(f"{url} answered with {status}.")
            answered, place = answered + 1, place + _CLIENTS

    await asyncio.gather(*(client(number) for number in range(_CLIENTS)))
    door.close()
    return answered / (time.monotonic() - began)


def _table(engines: Sequence[Engine]) -> str:
    rows = [
        "| | training | peak memory | right intents | parse p50 in process | parses/s over HTTP, 8 clients |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for engine in engines:
        trial = engine.trial
        rows.append(
            f"| {engine.title} | {trial.train_seconds:.1f} s | {trial.peak_memory_mb:.0f} MB"
            f" | {trial.accuracy:.1f} % | {trial.parse_ms_p50:.1f} ms | {engine.parses:.0f} |"
        )
    if len(engines) == 2:
        ours, theirs = engines
        rows.append(
            f"| *linear against Rasa* | {theirs.trial.train_seconds / ours.trial.train_seconds:.0f} × faster"
            f" | {theirs.trial.peak_memory_mb / ours.trial.peak_memory_mb:.1f} × less | |"
            f" {theirs.trial.parse_ms_p50 / ours.trial.parse_ms_p50:.1f} × faster"
            f" | {ours.parses / theirs.parses:.1f} × |"
        )
    examples = engines[0].trial
    return (
        f"On the project's corpus: {examples.train} examples to learn from, {examples.test} held out.\n\n"
        + "\n".join(rows)
    )


if __name__ == "__main__":
    sys.stdout.write(measure(with_rasa=rasa.is_there(), seconds=10.0) + "\n")

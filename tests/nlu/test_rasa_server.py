"""The real Rasa: it accepts the project, trains it, serves it, and may die."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from nlu import rasa_environment
from nlu.linear import LinearUnderstander
from nlu.rasa import FallbackUnderstander, RasaUnderstander
from tests.nlu.conftest import PROJECT
from tests.nlu.dev_report import read_dev_set

pytestmark = [
    pytest.mark.rasa,
    pytest.mark.skipif(
        not rasa_environment.is_built(rasa_environment.location()),
        reason="no Rasa environment; run: make rasa",
    ),
]

TOKEN = "test-token"


@dataclass
class RunningRasa:
    """A Rasa server of our own."""

    url: str
    process: subprocess.Popen[bytes]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRasa]:
    models = tmp_path_factory.mktemp("rasa") / "models"
    environment = rasa_environment.location()
    rasa_environment.validate(environment, PROJECT)
    rasa_environment.train(environment, PROJECT, models)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with (
        (models.parent / "server.log").open("w", encoding="utf-8") as log,
        subprocess.Popen(  # noqa: S603 - our own command line
            rasa_environment.server_command(environment, models, port, TOKEN),
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


async def test_it_understands_and_the_linear_engine_steps_in_when_it_dies(
    server: RunningRasa, ear: LinearUnderstander
) -> None:
    told: list[str | None] = []
    async with httpx.AsyncClient() as client:
        engine = RasaUnderstander(client, server.url, TOKEN, ear)
        both = FallbackUnderstander(engine, ear, told.append, lambda: 0.0)

        understood = await both.understand("Moin, wo bleibt meine Bestellung 4500123456?")
        assert (understood.engine, understood.intent, understood.sure) == ("rasa", "order_status", True)
        assert understood.entity("order_number") == "4500123456"
        assert (understood.language, understood.urgency) == ("de", 0)
        answers = [await both.understand(message.text) for message in read_dev_set()]
        unsure = [answer for answer in answers if not answer.sure]
        assert 0 < len(unsure) < len(answers) / 4
        assert all(answer.intent in ear.intents for answer in answers)
        for text in ("\ud800 \x00 hallo", "🔥" * 5_000, "wort" * 1_000_000):
            assert (await both.understand(text)).engine == "rasa"
        assert told == []

        server.process.kill()
        server.process.wait()
        assert (await both.understand("hallo")).engine == "linear"
        assert told == ["Rasa cannot be reached (ConnectError)."]


def test_the_project_folder_stays_clean(server: RunningRasa) -> None:
    files = {file.relative_to(PROJECT) for file in PROJECT.rglob("*") if file.is_file()}
    ours = ("concepts.yml", "families.yml")
    expected = (*ours, "config.yml", "domain.yml", "data/nlu_de.yml", "data/nlu_en.yml")
    assert files == {Path(name) for name in expected}

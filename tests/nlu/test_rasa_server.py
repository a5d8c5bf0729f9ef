"""The real Rasa: it accepts the project, trains it, serves it, and may die."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from nlu import rasa_environment, rasa_process
from nlu.fallback import FallbackUnderstander
from nlu.linear import LinearUnderstander
from nlu.rasa import RasaUnderstander
from nlu.rasa_server import RasaServer
from tests.nlu.conftest import PROJECT
from tests.nlu.dev_report import read_dev_set
from tests.nlu.serving import TOKEN, RunningRasa, serving

pytestmark = [
    pytest.mark.rasa,
    pytest.mark.skipif(
        not rasa_environment.is_built(rasa_environment.location()),
        reason="no Rasa environment; run: make rasa",
    ),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRasa]:
    models = tmp_path_factory.mktemp("rasa") / "models"
    rasa_environment.validate(rasa_environment.location(), PROJECT)
    rasa_process.train(PROJECT, models, "rasa-test", lambda: None)
    with serving(models) as running:
        yield running


async def test_it_understands_and_the_linear_engine_steps_in_when_it_dies(
    server: RunningRasa, ear: LinearUnderstander
) -> None:
    told: list[str | None] = []

    async def tell(problem: str | None) -> None:
        told.append(problem)

    async with httpx.AsyncClient() as client:
        engine = RasaUnderstander(RasaServer(client, server.url, TOKEN), ear)
        both = FallbackUnderstander(engine, ear, tell, lambda: 0.0)

        understood = await both.understand("Moin, wo bleibt meine Bestellung 4500123456?")
        assert (understood.engine, understood.intent, understood.sure) == ("rasa", "order_status", True)
        assert understood.model_version == "rasa-test"
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
    ours = ("concepts.yml", "families.yml", "labels.yml")
    examples = ("data/nlu_de.yml", "data/nlu_en.yml", "data/nlu_mul.yml")
    expected = (*ours, *examples, "config.yml", "domain.yml")
    assert files == {Path(name) for name in expected}

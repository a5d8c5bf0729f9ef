"""Our classifier inside the real Rasa: trained by `rasa train`, kept in its model, served by `rasa run`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from nlu import rasa_environment, rasa_process
from nlu.corpus import read_corpus
from nlu.linear import LinearUnderstander
from tests.nlu.serving import TOKEN, RunningRasa, serving

pytestmark = [
    pytest.mark.rasa,
    pytest.mark.skipif(
        not rasa_environment.is_built(rasa_environment.location()),
        reason="no Rasa environment; run: make rasa",
    ),
]

CONFIG = """
recipe: default.v1
assistant_id: ours
language: de
pipeline:
- name: nlu.rasa_component.BaurufLinear
  concepts: {concepts}
policies: null
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("ours")
    (project / "data").mkdir()
    (project / "concepts.yml").write_text("smoke: rauch qualm\n", "utf-8")
    (project / "config.yml").write_text(CONFIG.format(concepts=project / "concepts.yml"), "utf-8")
    (project / "domain.yml").write_text('version: "3.1"\nintents:\n- order\n- wiring\n- alarm\n', "utf-8")
    (project / "data" / "nlu_de.yml").write_text(
        'version: "3.1"\nnlu:\n'
        "- intent: order\n  examples: |\n    - wo bleibt die lieferung\n    - wann kommt die ware\n"
        "    - wo ist meine bestellung\n"
        "- intent: wiring\n  examples: |\n    - welche klemme für das kabel\n    - klemme am motor\n"
        "    - wie schließe ich den motor an\n"
        "- intent: alarm\n  examples: |\n    - da kommt rauch raus\n    - rauch aus dem gerät\n"
        "    - hier ist überall rauch\n",
        "utf-8",
    )
    return project


@pytest.fixture(scope="module")
def server(project: Path) -> Iterator[RunningRasa]:
    rasa_process.train(project, project / "models", "ours", lambda: None)
    with serving(project / "models") as running:
        yield running


def ask(server: RunningRasa, text: str) -> dict[str, Any]:
    reply = httpx.post(f"{server.url}/model/parse", params={"token": TOKEN}, json={"text": text}, timeout=30)
    return dict(reply.raise_for_status().json())


def test_rasa_answers_what_the_engine_answers_in_process(server: RunningRasa, project: Path) -> None:
    """Same intents and, two versions of the libraries apart, the same confidences."""
    own = LinearUnderstander(read_corpus(project))
    for text in ("wo bleibt meine lieferung", "welche klemme am motor", "hier kommt qualm raus", "xqzt wfk"):
        ranking = [entry for entry in ask(server, text)["intent_ranking"] if entry["name"] != "nlu_fallback"]
        chances = own.classifier.guess(text).chances
        expected = dict(zip(own.intents, chances, strict=True))
        assert {entry["name"] for entry in ranking} == set(own.intents)
        for entry in ranking:
            assert entry["confidence"] == pytest.approx(expected[entry["name"]], abs=1e-3)


def test_a_concept_makes_an_unseen_word_known(server: RunningRasa) -> None:
    assert ask(server, "qualm aus dem gerät")["intent"]["name"] == "alarm"


@pytest.mark.parametrize("text", ["xqzt wfk", "🔥🔥", "<b>{{7*7}}</b>"])
def test_what_it_is_not_sure_of_is_a_fallback(server: RunningRasa, text: str) -> None:
    understood = ask(server, text)
    assert understood["intent"]["name"] == "nlu_fallback"
    assert understood["intent_ranking"][1]["name"] in {"order", "wiring", "alarm"}

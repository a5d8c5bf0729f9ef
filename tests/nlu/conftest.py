"""The ear, trained once on the project's own corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.corpus import Corpus, read_corpus
from nlu.linear import LinearUnderstander

PROJECT = Path(__file__).parents[2] / "nlu" / "project"


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return read_corpus(PROJECT)


@pytest.fixture(scope="session")
def ear(corpus: Corpus) -> LinearUnderstander:
    return LinearUnderstander(corpus, "linear-test")


@pytest.fixture
def small_project(tmp_path: Path) -> Path:
    """A project of two intents that trains in no time."""
    project = tmp_path / "project"
    (project / "data").mkdir(parents=True)
    (project / "domain.yml").write_text('version: "3.1"\nintents:\n- greet\n- wiring\n', "utf-8")
    (project / "data" / "nlu_de.yml").write_text(
        'version: "3.1"\nnlu:\n'
        "- intent: greet\n  examples: |\n    - hallo\n    - guten tag\n    - hallo zusammen\n"
        "- intent: wiring\n  examples: |\n    - welche klemme\n"
        "    - klemme für 0-10V\n    - wo ist die klemme\n",
        "utf-8",
    )
    return project

"""What an evaluation measures, on a small set whose answers are plain, and how it refuses bad files."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from nlu.evaluation import LINEAR, Trial, evaluate, rasa, read_labelled, read_sets
from nlu.understanding import CorpusError, EngineUnavailable

TRAIN = [
    ("wo bleibt meine lieferung", "order"),
    ("wann kommt die bestellung", "order"),
    ("wo ist die ware", "order"),
    ("welche klemme nehme ich", "wiring"),
    ("klemme für das kabel", "wiring"),
    ("wie wird der motor angeschlossen", "wiring"),
]


def write(file: Path, *pairs: tuple[str, str]) -> Path:
    file.write_text("".join(json.dumps({"text": t, "intent": i}) + "\n" for t, i in pairs), "utf-8")
    return file


@pytest.fixture
def train(tmp_path: Path) -> Path:
    return write(tmp_path / "train.jsonl", *TRAIN)


def test_the_engine_is_trained_asked_and_measured(train: Path, tmp_path: Path) -> None:
    test = write(
        tmp_path / "test.jsonl",
        ("wo bleibt die bestellung", "order"),
        ("welche klemme für den motor", "wiring"),
        ("wo ist die klemme für das kabel", "order"),
        ("rechnung bitte", "invoice"),
    )
    oos = write(tmp_path / "oos.jsonl", ("xylophon 🎵", "oos"), ("qqq", "oos"))
    sets = read_sets(train, test, oos)
    assert [example.place for example in sets.untrained()] == ["test.jsonl:4"]
    told: list[tuple[int, int]] = []
    figures = evaluate(LINEAR, sets, lambda done, of: told.append((done, of)))
    assert told == [(0, 6)]
    assert (figures.engine, figures.train, figures.test, figures.oos) == ("linear", 6, 4, 2)
    assert figures.accuracy == 50.0  # two are right, one is mislabelled on purpose, one is not trained
    # order: 1 of 1 named is right, 1 of 2 found; wiring: 1 of 2 or 3 named, 1 of 1 found; invoice: none.
    assert 0.0 < figures.macro_f1 < 50.0
    assert figures.oos_recall == 100.0
    assert figures.oos_auroc is not None
    assert figures.oos_auroc > 50.0
    assert 20.0 < figures.peak_memory_mb < 2_000.0
    assert 0.0 < figures.parse_ms_p50 <= figures.parse_ms_p95


def test_without_texts_out_of_scope_their_figures_are_empty(train: Path) -> None:
    figures = evaluate(LINEAR, read_sets(train, train), lambda *_: None)
    assert (figures.oos_auroc, figures.oos_recall, figures.accuracy) == (None, None, 100.0)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "bad.jsonl:1: the file is empty"),
        (b'{"text": "a", "intent": "x"}\n{"text": "b"', "bad.jsonl:2: broken JSON"),
        (b'\n["a"]\n', "bad.jsonl:2: expected an object"),
        (b'{"text": 5, "intent": "x"}', "bad.jsonl:1: expected an object"),
        (b'{"text": "  ", "intent": "x"}', "bad.jsonl:1: the example is empty"),
        (b'{"text": "a", "intent": ""}', "bad.jsonl:1: the intent is empty"),
        (b'{"text": "\xff", "intent": "x"}', "bad.jsonl:1: byte 10 is not UTF-8"),
        (b"[" * 100_000, "bad.jsonl:1: broken JSON"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, content: bytes, complaint: str) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_bytes(content)
    with pytest.raises(CorpusError) as refused:
        read_labelled(file)
    assert str(refused.value).startswith(complaint)


def test_a_missing_file_and_a_single_intent_are_named(tmp_path: Path, train: Path) -> None:
    with pytest.raises(CorpusError, match=r"gone.jsonl: cannot be read \(No such file"):
        read_labelled(tmp_path / "gone.jsonl")
    single = write(tmp_path / "single.jsonl", ("a", "x"), ("b", "x"))
    with pytest.raises(CorpusError, match=r"single.jsonl: only intent x; expected two"):
        read_sets(single, train)


def test_an_engine_that_dies_is_reported_with_its_last_words(train: Path) -> None:
    dying = Trial("dying", (sys.executable, "-c", "raise SystemExit('no more memory')"))
    with pytest.raises(EngineUnavailable, match="no more memory"):
        evaluate(dying, read_sets(train, train), lambda *_: None)


@pytest.mark.rasa
@pytest.mark.parametrize(
    "pipeline", ["nowhere.yml", "nothing"], ids=["a missing file", "none of our pipelines"]
)
def test_an_unknown_pipeline_is_named(pipeline: str) -> None:
    with pytest.raises(CorpusError, match=r"cannot be read .* expected diet, linear, logistic"):
        rasa(pipeline)

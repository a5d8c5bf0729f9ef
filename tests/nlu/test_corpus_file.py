"""The corpus out of the house and into it again."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.corpus import read_corpus
from nlu.corpus_file import as_csv, as_rasa, read_csv, read_rasa
from nlu.understanding import CorpusError
from tests.project import write_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path / "project")


def test_an_exported_project_is_the_same_corpus(project: Path, tmp_path: Path) -> None:
    corpus = read_corpus(project)
    for name, content in as_rasa(corpus).items():
        file = tmp_path / "again" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, "utf-8")
    again = read_corpus(tmp_path / "again")
    assert again.intents == corpus.intents
    assert {(e.text, e.intent) for e in again.examples} == {(e.text, e.intent) for e in corpus.examples}


def test_a_table_comes_back_as_it_went(project: Path) -> None:
    corpus = read_corpus(project)
    changes = read_csv("corpus.csv", as_csv(corpus.examples).encode(), corpus.intents, "en")
    assert [(c.text, c.intent, c.language) for c in changes] == [
        (e.text, e.intent, e.language) for e in corpus.examples
    ]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "no column 'text'"),
        (b"words,intent\nhi,greet\n", "no column 'text'"),
        (b"text,intent\nhi,gret\n", "corpus.csv:2: unknown intent 'gret'"),
        (b"text,intent\nhi,greet\n ,greet\n", "corpus.csv:3: the text is empty"),
        (b"text;intent;language\nhi;greet;fr\n", "unknown language 'fr'"),
        (b"text,intent\n\xff,greet\n", "not UTF-8"),
        (b'text,intent\n"' + b"x" * 200_000 + b'",greet\n', "broken CSV"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(content: bytes, complaint: str) -> None:
    with pytest.raises(CorpusError, match=complaint.replace("(", r"\(")):
        read_csv("corpus.csv", content, ["greet"], "de")


def test_semicolons_and_tabs_are_read_too() -> None:
    for separator in ";\t":
        content = f"Intent{separator}Text\ngreet{separator}hallo, ihr\n".encode("utf-8-sig")
        (change,) = read_csv("a.csv", content, ["greet"], "de")
        assert (change.text, change.place) == ("hallo, ihr", "a.csv:2")


def test_a_rasa_file_is_read_and_its_errors_carry_its_own_name(tmp_path: Path) -> None:
    good = b'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - moin [E07](error_code)\n'
    (change,) = read_rasa("mine.yml", good, ["greet"], "en", tmp_path)
    assert (change.text, change.language, change.place) == ("moin E07", "en", "mine.yml:5")
    for content, complaint in ((b"nlu: [", "mine.yml:2: broken YAML"), (good, "unknown intent 'greet'")):
        with pytest.raises(CorpusError, match=complaint.replace("[", r"\[")):
            read_rasa("mine.yml", content, ["wiring"], "de", tmp_path)

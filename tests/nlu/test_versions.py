"""A stored model is used when it fits, refused when it does not, and never half there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from nlu.corpus import read_corpus
from nlu.linear import LinearUnderstander
from nlu.understanding import CorpusError, ModelError
from nlu.versions import load, load_or_train, save, version_of


@pytest.fixture
def stored(small_project: Path, tmp_path: Path) -> Path:
    """The file of a trained model."""
    models = tmp_path / "models"
    version = load_or_train(small_project, models, lambda _: None).version
    return models / f"{version}.model"


def test_the_second_time_nothing_is_trained(small_project: Path, tmp_path: Path) -> None:
    said: list[str] = []
    first = load_or_train(small_project, tmp_path / "models", said.append)
    second = load_or_train(small_project, tmp_path / "models", said.append)
    assert [sentence.split()[0] for sentence in said] == ["Training", "Language", "Language"]
    assert first is not second
    assert first.parse("welche klemme") == second.parse("welche klemme")
    assert second.parse("hallo").model_version == version_of(read_corpus(small_project))


def test_another_corpus_is_another_version(small_project: Path, stored: Path) -> None:
    with (small_project / "data" / "nlu_de.yml").open("a", encoding="utf-8") as file:
        file.write("- intent: greet\n  examples: |\n    - moin\n")
    other = load_or_train(small_project, stored.parent, lambda _: None)
    assert f"{other.version}.model" != stored.name
    assert len(list(stored.parent.iterdir())) == 2


@pytest.mark.parametrize("cut", [0, 10, 500], ids=["empty", "in the head", "in the body"])
def test_a_cut_file_is_refused_and_trained_again(small_project: Path, stored: Path, cut: int) -> None:
    whole = stored.read_bytes()
    stored.write_bytes(whole[:cut])
    with pytest.raises(ModelError, match=stored.name):
        load(stored, stored.stem)
    said: list[str] = []
    load_or_train(small_project, stored.parent, said.append)
    assert said[0].endswith("It is trained again.")
    assert load(stored, stored.stem).version == stored.stem


def test_an_altered_or_foreign_file_is_refused_before_it_is_unpickled(stored: Path) -> None:
    whole = stored.read_bytes()
    stored.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(ModelError, match="is damaged"):
        load(stored, stored.stem)
    stored.write_bytes(whole)
    with pytest.raises(ModelError, match="expected version linear-other"):
        load(stored, "linear-other")
    with pytest.raises(ModelError, match="cannot be read"):
        load(stored.with_name("gone.model"), "gone")


def test_an_unusable_corpus_leaves_the_stored_model_alone(small_project: Path, stored: Path) -> None:
    before = stored.read_bytes()
    (small_project / "data" / "nlu_de.yml").write_text("nlu: [", "utf-8")
    with pytest.raises(CorpusError):
        load_or_train(small_project, stored.parent, lambda _: None)
    assert [file.name for file in stored.parent.iterdir()] == [stored.name]
    assert stored.read_bytes() == before


def test_several_writers_leave_one_whole_file(small_project: Path, tmp_path: Path) -> None:
    corpus = read_corpus(small_project)
    model = LinearUnderstander(corpus, version_of(corpus))
    file = tmp_path / "models" / f"{model.version}.model"
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: save(model, file), range(20)))
    assert [found.name for found in file.parent.iterdir()] == [file.name]
    assert load(file, model.version).version == model.version

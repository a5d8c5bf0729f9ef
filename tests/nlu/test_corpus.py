"""The corpus is read as Rasa reads it, and refused with a place when it is unusable."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from nlu.corpus import LANGUAGES, OTHERS, Corpus, read_corpus
from nlu.labels import Labels
from nlu.understanding import CorpusError

INTENTS = {
    *("greet", "goodbye", "thanks", "affirm", "deny", "introduction"),
    *("order_status", "stock_availability", "spare_part"),
    *(
        "wiring",
        "error_code",
        "commissioning",
        "datasheet",
        "warranty_return",
        "product_advice",
        "price_quote",
    ),
    *(
        "invoice",
        "appointment",
        "case_status",
        "opening_hours",
        "complaint",
        "emergency",
        "human_request",
        "who_are_you",
    ),
    "out_of_scope",
}


def test_every_intent_has_enough_different_examples_in_both_languages(corpus: Corpus) -> None:
    assert set(corpus.intents) == INTENTS
    texts = {(e.intent, e.language, e.text.casefold()) for e in corpus.examples}
    per_intent = Counter((intent, language) for intent, language, _ in texts)
    counts = [per_intent[intent, language] for intent in INTENTS for language in LANGUAGES]
    assert min(counts) >= 15
    assert per_intent["emergency", "de"] >= 200
    assert per_intent["emergency", "en"] >= 100


def test_the_basics_are_known_in_other_languages(corpus: Corpus) -> None:
    basics = Counter(e.intent for e in corpus.examples if e.language == OTHERS)
    assert min(basics[intent] for intent in ("emergency", "human_request", "greet", "thanks")) >= 10


def test_examples_are_labelled(corpus: Corpus) -> None:
    labels = {e.text: e.labels for e in corpus.examples}
    assert labels["geht nix"] == Labels(urgency=0, complex=False, vague=True)
    assert labels["Pożar!"] == Labels(urgency=2, complex=True, vague=False)
    assert all(
        label is not None and (label.urgency == 2) == (e.intent == "emergency")
        for e in corpus.examples
        for label in [e.labels]
    )


def test_without_a_list_nothing_is_labelled(small_project: Path) -> None:
    assert {e.labels for e in read_corpus(small_project).examples} == {None}


def test_a_listed_example_has_its_label(small_project: Path) -> None:
    (small_project / "labels.yml").write_text("soon: |\n  - Welche Klemme\nvague: |\n  - hallo\n", "utf-8")
    labels = {e.text: e.labels for e in read_corpus(small_project).examples}
    assert labels["welche klemme"] == Labels(urgency=1, complex=False, vague=False)
    assert labels["hallo"] == Labels(urgency=0, complex=False, vague=True)
    assert labels["guten tag"] == Labels(urgency=0, complex=False, vague=False)


def test_places_name_file_and_line(small_project: Path) -> None:
    first = read_corpus(small_project).examples[0]
    assert (first.text, first.intent, first.language, first.place) == ("hallo", "greet", "de", "nlu_de.yml:5")


def test_entity_marks_are_reduced_and_parts_for_rasa_alone_are_skipped(small_project: Path) -> None:
    with (small_project / "data" / "nlu_de.yml").open("a", encoding="utf-8") as file:
        file.write('- intent: wiring\n  examples: |\n    - klemme am [FU](device) und [A]{"entity": "x"}\n')
        file.write(
            "- synonym: umrichter\n  examples: |\n    - FU\n- lookup: things\n  examples: |\n    - x\n"
        )
    texts = [example.text for example in read_corpus(small_project).examples]
    assert texts[-1] == "klemme am FU und A"
    assert len(texts) == 7


def test_the_digest_follows_every_byte(small_project: Path) -> None:
    before = read_corpus(small_project).digest
    with (small_project / "data" / "nlu_de.yml").open("a", encoding="utf-8") as file:
        file.write("# a remark\n")
    assert read_corpus(small_project).digest != before


HEAD = 'version: "3.1"\nnlu:\n'


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "nlu_en.yml:1: the file is empty"),
        ("nlu: [", "broken YAML"),
        ("nlu: 7\n", "nlu_en.yml:1: expected a list under 'nlu:'"),
        ("- 1\n", "nlu_en.yml:1: expected 'nlu:' with a list"),
        (HEAD + "- just text\n", "nlu_en.yml:3: expected 'intent:' and 'examples:'"),
        (HEAD + "- intent: gret\n  examples: |\n    - hello\n", "nlu_en.yml:3: unknown intent 'gret'"),
        (
            HEAD + "- examples: |\n    - hello\n",
            "nlu_en.yml:3: no intent; expected one of domain.yml: greet, wiring",
        ),
        (HEAD + "- intent: greet\n", "nlu_en.yml:3: expected 'examples: |'"),
        (HEAD + "- intent: greet\n  examples: hello\n", "nlu_en.yml:4: expected 'examples: |'"),
        (
            HEAD + "- intent: greet\n  examples: |\n    - hello\n    bye\n",
            "nlu_en.yml:6: expected a line that",
        ),
        (HEAD + "- intent: greet\n  examples: |\n    - hello\n    -\n", "nlu_en.yml:6: the example is empty"),
        (
            HEAD + "- intent: greet\n  examples: |\n    - Welche Klemme\n",
            "nlu_en.yml:5: the same text stands under",
        ),
    ],
)
def test_an_unusable_file_is_refused_with_its_line(small_project: Path, content: str, expected: str) -> None:
    (small_project / "data" / "nlu_en.yml").write_text(content, "utf-8")
    with pytest.raises(CorpusError) as refused:
        read_corpus(small_project)
    assert expected in str(refused.value)


def test_other_refusals(small_project: Path, tmp_path: Path) -> None:
    (tmp_path / "domain.yml").write_text("intents:\n- greet\n", "utf-8")
    with pytest.raises(CorpusError, match="no training data"):
        read_corpus(tmp_path)
    extra = small_project / "data" / "nlu_en.yml"
    extra.write_bytes(b"nlu: \xff")
    with pytest.raises(CorpusError, match="byte 5 is not UTF-8"):
        read_corpus(small_project)
    extra.rename(extra.with_name("nlu_xx.yml"))
    with pytest.raises(CorpusError, match=r"nlu_xx\.yml: which language is this\?"):
        read_corpus(small_project)
    extra.with_name("nlu_xx.yml").unlink()
    domain = small_project / "domain.yml"
    domain.write_text("intents:\n- greet\n- wiring\n- invoice\n", "utf-8")
    with pytest.raises(CorpusError, match="intent invoice has 0 examples"):
        read_corpus(small_project)
    domain.write_text("intents:\n- greet\n- greet\n", "utf-8")
    with pytest.raises(CorpusError, match=r"domain\.yml:3: intent greet stands here twice"):
        read_corpus(small_project)
    domain.unlink()
    with pytest.raises(CorpusError, match=r"domain\.yml: cannot be read"):
        read_corpus(small_project)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        (
            "concepts.yml",
            "smoke: >\n  qualm (rauch\n",
            "concepts.yml:1: concept smoke: '(rauch' is no",
        ),
        ("concepts.yml", "fire: brennt\nsmoke: [qualm]\n", "concepts.yml:2: concept smoke has no patterns"),
        ("concepts.yml", "- smoke\n", "concepts.yml:1: expected names of concepts"),
        ("labels.yml", "late: |\n  - hallo\n", "labels.yml:1: unknown label 'late'; expected one of soon"),
        ("labels.yml", "soon: hallo\n", "labels.yml:1: expected 'soon: |'"),
        ("labels.yml", "soon: |\n  - hallo\n  - nix\n", "labels.yml:3: 'nix' is no example of data/"),
        ("families.yml", "NW-RV: Rohrventilator\n", "families.yml:1: expected a list under 'NW-RV:'"),
        ("families.yml", "NW-RV:\n- Rohrventilator\n- ''\n", "families.yml:3: family NW-RV: expected a name"),
    ],
)
def test_unusable_words_are_refused_with_their_line(
    small_project: Path, name: str, content: str, expected: str
) -> None:
    (small_project / name).write_text(content, "utf-8")
    with pytest.raises(CorpusError) as refused:
        read_corpus(small_project)
    assert expected in str(refused.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("concepts.yml", "a: b\n"),
        ("families.yml", "A: [b]\n"),
        ("labels.yml", "soon: |\n  - hallo\n"),
    ],
)
def test_the_digest_follows_words_and_labels(small_project: Path, name: str, content: str) -> None:
    before = read_corpus(small_project).digest
    (small_project / name).write_text(content, "utf-8")
    assert read_corpus(small_project).digest != before

"""Concepts: words that mean the same become one feature, and pairs of them."""

from __future__ import annotations

import pickle
import re

import pytest

from nlu.concepts import Concepts
from nlu.corpus import Corpus
from nlu.wording import readable


def test_concepts_and_their_pairs() -> None:
    concepts = Concepts(
        {"smoke": "qualm rauch\\b", "place": "stall\\b \\bop\\b", "still": "(?:steht|tot)_still"}
    )
    assert concepts("qualm im huehnerstall") == ["place", "smoke", "place+smoke"]
    assert concepts("der ventilator steht still") == ["still"]
    assert concepts("stallbau, opa raucht") == []


def test_the_quick_look_up_finds_what_regular_expressions_find(corpus: Corpus) -> None:
    concepts = Concepts(corpus.concepts)
    patterns = {
        name: re.compile("|".join(words.split()).replace("_", " ")) for name, words in corpus.concepts.items()
    }
    for example in corpus.examples:
        text = readable(example.text)
        found = [name for name in concepts(text) if "+" not in name]
        assert found == sorted(name for name, pattern in patterns.items() if pattern.search(text))


def test_every_concept_is_touched_by_some_example(corpus: Corpus) -> None:
    concepts = Concepts(corpus.concepts)
    touched = {name for example in corpus.examples for name in concepts(readable(example.text))}
    assert corpus.concepts.keys() <= touched


def test_concepts_travel_with_a_model() -> None:
    concepts = Concepts({"smoke": "qualm"})
    assert pickle.loads(pickle.dumps(concepts))("qualm") == ["smoke"]  # noqa: S301 - our own bytes


def test_a_broken_pattern_is_named() -> None:
    with pytest.raises(ValueError, match=r"concept smoke: '\(qualm' is no regular expression"):
        Concepts({"smoke": "rauch (qualm"})

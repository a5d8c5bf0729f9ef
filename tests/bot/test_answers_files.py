"""The catalogue's files: complete in both languages, and fit for every channel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import bot.answers
from bot.answers.catalogue import MAX_CHARACTERS, variables_of

Entries = dict[str, dict[str, Any]]


def read(language: str) -> Entries:
    path = Path(bot.answers.__file__).parent / f"{language}.yaml"
    entries: Entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    return entries


GERMAN, ENGLISH = read("de"), read("en")


def test_both_languages_have_the_same_keys_in_the_same_order() -> None:
    assert list(GERMAN) == list(ENGLISH)


@pytest.mark.parametrize("key", GERMAN)
def test_both_languages_offer_the_same_variables_and_choices(key: str) -> None:
    german, english = GERMAN[key], ENGLISH[key]
    assert german.get("variables") == english.get("variables")
    assert list(german.get("choices", {})) == list(english.get("choices", {}))
    assert german["about"] != english["about"]


@pytest.mark.parametrize("entries", [GERMAN, ENGLISH], ids=["de", "en"])
@pytest.mark.parametrize("key", GERMAN)
def test_an_entry_is_well_formed(entries: Entries, key: str) -> None:
    entry = entries[key]
    assert set(entry) <= {"about", "text", "variables", "choices", "keeps"}
    assert entry["about"].strip()
    assert 0 < len(entry["text"]) <= MAX_CHARACTERS
    assert variables_of(entry["text"]) <= set(entry.get("variables", ()))
    labels = [*entry.get("choices", {}).values(), *([entry["text"]] if key.startswith("choice_") else [])]
    assert all(isinstance(label, str) and 0 < len(label) <= 20 for label in labels)
    assert len(entry.get("choices", {})) <= 3


@pytest.mark.parametrize("entries", [GERMAN, ENGLISH], ids=["de", "en"])
def test_an_emergency_begins_with_what_saves_lives(entries: Entries) -> None:
    first = entries["handoff_emergency"]["text"].splitlines()[0]
    assert "112" in first
    assert "{" not in first


def test_german_says_sie() -> None:
    for key, entry in GERMAN.items():
        words = entry["text"].lower().replace(",", " ").replace(".", " ").split()
        assert not {"du", "dich", "dir", "dein", "deine", "euch"} & set(words), key

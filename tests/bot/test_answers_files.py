"""The catalogue's files: complete in both languages, and fit for every channel."""

from __future__ import annotations

import re
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
    assert set(entry) <= {
        "about",
        "text",
        "variables",
        "choices",
        "keeps",
        *(["du"] if entries is GERMAN else []),
    }
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


FORMAL = re.compile(r"\b(?:Sie|Ihr\w{0,2}|Ihnen)\b")
FAMILIAR = re.compile(r"\b(?:du|dich|dir|dein\w{0,2}|euch|eu(?:er|re\w?))\b", re.I)


@pytest.mark.parametrize("key", GERMAN)
def test_german_addresses_with_sie_and_with_du_and_never_mixes(key: str) -> None:
    entry = GERMAN[key]
    words = [entry["text"], *entry.get("choices", {}).values()]
    assert not any(FAMILIAR.search(word) for word in words)
    assert not any(FORMAL.search(word) for word in words[1:]), "buttons read the same in both forms"
    assert ("du" in entry) == bool(FORMAL.search(entry["text"])), "worded twice where it differs"
    if "du" in entry:
        assert not FORMAL.search(entry["du"])
        assert variables_of(entry["du"]) == variables_of(entry["text"])
        assert 0 < len(entry["du"]) <= MAX_CHARACTERS

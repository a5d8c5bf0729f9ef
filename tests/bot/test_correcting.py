"""Corrections of who somebody is, and what is none."""

from __future__ import annotations

import pytest

from bot.correcting import find_correction, named_in


@pytest.mark.parametrize(
    ("text", "name", "other"),
    [
        ("nein, der andere Müller", "Müller", True),
        ("Nee, die andere Firma!", "Firma", True),
        ("no, the other one", None, True),
        ("nein, das andere Unternehmen", "Unternehmen", True),
        ("falsch, ich bin von Huber", "Huber", False),
        ("Nein, ich arbeite bei der Firma Sanitär Huber GmbH", "Sanitär Huber GmbH", False),
        ("wrong, I'm with Harper Ventilation", "Harper Ventilation", False),
        ("Ich bin nicht Thomas", None, False),
        ("Falsche Firma", None, False),
        ("ich arbeite nicht mehr bei Brandt", None, False),
    ],
)
def test_corrections_are_heard(text: str, name: str | None, other: bool) -> None:
    found = find_correction(text)
    assert found is not None
    assert (found.name, found.other) == (name, other)


@pytest.mark.parametrize(
    "text",
    [
        "nein, 4500123457",
        "Nein, hilft nicht",
        "falsch geliefert, es sollten 5 Stück sein",
        "Ich bin von der Firma Huber",
        "no, it still shows E07",
        "Der Lüfter läuft nicht",
        "und das andere halt",
        "nein " + "x" * 200,
    ],
)
def test_other_words_are_none(text: str) -> None:
    assert find_correction(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ich bin Thomas von der Firma Huber GmbH.", "Huber GmbH"),
        ("We are with Harper Ventilation", "Harper Ventilation"),
        ("Huber GmbH", "Huber GmbH"),
    ],
)
def test_a_name_is_found_in_an_introduction(text: str, name: str) -> None:
    assert named_in(text) == name

"""What does not matter is levelled out, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.wording import HEAD, TAIL, normalise, readable, windows

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Grüße\t aus\nMÜNCHEN ", "gruesse aus muenchen"),
        ("Bestellung 4500123456", "bestellung 0000000000"),
        ("Hallooooo", "halloo"),
        ("a\u0308ndern", "aendern"),
        ("Ｅ０７", "e00"),
        ("café", "cafe"),
        ("Połącz, YANGIN, yangın, đorđe", "polacz, yangin, yangin, dorde"),
        ("\u202eabc\u0000def\ud800", "abc def"),
        ("٣ Stück", "0 stueck"),
        ("🔥🔥🔥", "🔥🔥🔥"),
        ("", ""),
    ],
)
def test_normalise(text: str, expected: str) -> None:
    assert normalise(text) == expected


@given(ANY_TEXT)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(ANY_TEXT)
def test_a_normalised_text_can_be_stored_and_sent(text: str) -> None:
    assert "\x00" not in normalise(text)
    normalise(text).encode("utf-8")


def test_a_long_text_is_read_at_both_ends() -> None:
    text = "anfang " + "x " * 1_000_000 + "ende"
    parts = windows(text)
    assert [len(part) for _, part in parts] == [HEAD, TAIL]
    assert all(text[offset : offset + len(part)] == part for offset, part in parts)
    assert readable(text).startswith("anfang ")
    assert readable(text).endswith(" ende")

"""Cutting and cleaning text."""

from __future__ import annotations

import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Choice
from webhooks.text import clean, numbered, pages, split, units

FAMILY = "👨‍👩‍👧‍👦"
FLAG = "🇩🇪"
MIXED = st.lists(
    st.one_of(
        st.sampled_from([FAMILY, FLAG, "e\u0301", "\n\n", "\r\n", " ", ". ", "Lüfter", " \u0308", "👍🏽"]),
        st.text(max_size=5),
    ),
    max_size=80,
).map("".join)


def characters(text: str) -> list[str]:
    return regex.findall(r"\X", text)


@given(MIXED, st.integers(min_value=25, max_value=90))
def test_pieces_fit_join_to_the_text_and_keep_every_character_whole(text: str, limit: int) -> None:
    pieces = split(text, limit)

    assert "".join(pieces) == text
    assert all(0 < units(piece) <= limit for piece in pieces)
    ends = {0}
    for character in characters(text):
        ends.add(max(ends) + len(character))
    oversized = [character for character in characters(text) if units(character) > limit]
    position = 0
    for piece in pieces:
        position += len(piece)
        assert oversized or position in ends


def test_a_character_larger_than_the_limit_is_the_only_one_cut() -> None:
    tower = "a" + "\u0301" * 50

    pieces = split(tower, 20)

    assert "".join(pieces) == tower
    assert all(units(piece) <= 20 for piece in pieces)


def test_emoji_count_as_two_units_and_are_not_cut() -> None:
    assert units(FLAG) == 4
    assert split(FLAG * 3, 8) == [FLAG * 2, FLAG]
    assert split(FAMILY * 2, units(FAMILY) + 3) == [FAMILY, FAMILY]


def test_paragraphs_before_lines_before_sentences_before_words() -> None:
    assert split("Erster Absatz hier.\n\nZweiter. Absatz", 25) == [
        "Erster Absatz hier.\n\n",
        "Zweiter. Absatz",
    ]
    assert split("Ein Satz ist da. Noch ein Satz", 22) == ["Ein Satz ist da. ", "Noch ein Satz"]
    assert split("Lüftungsgerät Wandmontage", 20) == ["Lüftungsgerät ", "Wandmontage"]
    assert split("x" * 45, 20) == ["x" * 20, "x" * 20, "x" * 5]


def test_pages_leave_out_what_is_blank() -> None:
    assert pages("a" * 10 + " " * 30, 10) == ["a" * 10]
    assert pages("  \n ", 10) == []


def test_numbered_choices() -> None:
    choices = (Choice("a", "Auftrag verfolgen"), Choice("b", "Mensch"))

    assert numbered("Was kann ich tun?", choices) == "Was kann ich tun?\n\n1. Auftrag verfolgen\n2. Mensch"
    assert numbered("", choices) == "1. Auftrag verfolgen\n2. Mensch"
    assert numbered("Nur Text", ()) == "Nur Text"


@given(st.text(st.characters(exclude_categories=())))
def test_clean_text_can_be_stored(text: str) -> None:
    cleaned = clean(text)

    assert "\x00" not in cleaned
    assert len(cleaned) == len(text)
    cleaned.encode("utf-8")


def test_clean_keeps_everything_else() -> None:
    assert clean(f"Grüße {FAMILY}\t\n") == f"Grüße {FAMILY}\t\n"
    assert clean("a\x00b\ud800c") == "a\ufffdb\ufffdc"

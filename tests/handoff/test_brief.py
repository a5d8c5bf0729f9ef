"""The line an agent reads first, and who gets to read it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.brief import LONGEST, brief
from handoff.routing import skill_for


def test_facts_first_then_their_words() -> None:
    values = {"order_number": "4500123456", "error_code": "E07", "article_number": "NW-RV-250"}
    assert (
        brief("Lüfter läuft\n nicht an", values) == "E07 · NW-RV-250 · 4500123456 · „Lüfter läuft nicht an“"
    )


def test_what_they_said_themselves_is_not_repeated() -> None:
    assert brief("Mein nw-rv-250 brummt", {"article_number": "NW-RV-250"}) == "„Mein nw-rv-250 brummt“"


def test_long_words_are_cut_between_words() -> None:
    line = brief("Der Ventilator auf dem Dach der Schule in Köpenick macht seit gestern " * 4, {})
    assert len(line) <= LONGEST and line.endswith("…“") and not line.endswith(" …“")


def test_nothing_said_and_nothing_known() -> None:
    assert brief("  ", {}) == ""
    assert brief("", {"error_code": "E07"}) == "E07"


@given(st.text(max_size=400), st.dictionaries(st.sampled_from(["error_code", "date"]), st.text(max_size=90)))
def test_never_longer_than_a_line(words: str, values: dict[str, str]) -> None:
    line = brief(words, values)
    assert len(line) <= LONGEST and "\n" not in line


@pytest.mark.parametrize(
    ("intent", "reasons", "skill"),
    [
        ("wiring", ("complex",), "technical"),
        ("price_quote", ("needs_person",), "sales"),
        ("error_code", ("emergency",), "safety"),
        ("order_status", ("not_authorised",), "service"),
        ("thanks", ("human_request",), "service"),
    ],
)
def test_who_is_needed(intent: str, reasons: tuple[str, ...], skill: str) -> None:
    assert skill_for(intent, reasons) == skill

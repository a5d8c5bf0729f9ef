"""Several questions in one message are heard; one question is not taken for two."""

from __future__ import annotations

import pytest

from nlu.clauses import MOST, clauses
from nlu.linear import LinearUnderstander


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wo bleibt 4500123456 und was heißt E07?", ["Wo bleibt 4500123456", "was heißt E07"]),
        ("Lüfter brummt. Welche Klemme ist TK?", ["Lüfter brummt", "Welche Klemme ist TK"]),
        ("der Lüfter brummt und geht nicht", ["der Lüfter brummt und geht nicht"]),
        ("am 3.12. um 8.30 Uhr", ["am 3.12. um 8.30 Uhr"]),
        ("Hallo! Danke!", []),
        ("", []),
    ],
)
def test_parts(text: str, expected: list[str]) -> None:
    assert clauses(text) == expected


def test_a_long_list_is_cut() -> None:
    assert len(clauses("was ist E07? " * 1000)) == MOST


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("Wo bleibt 4500123456 und was heißt E07?", ("order_status", "error_code")),
        ("habt ihr den RV 200 da und was kostet der", ("stock_availability", "price_quote")),
        ("where's my order and what does E12 mean", ("order_status", "error_code")),
        (
            "Wo bleibt 4500123456, ist der NW-RV-250 auf Lager und ich brauche noch das Datenblatt",
            ("datasheet", "order_status", "stock_availability"),
        ),
        (
            "Wo bleibt 4500123456, ist der NW-RV-250 auf Lager und was heißt E07",
            ("order_status", "stock_availability", "error_code"),
        ),
        ("Hallo! Wo bleibt meine Lieferung? Danke euch!", ("order_status",)),
        ("Wo bleibt meine Bestellung? Wann kommt die Ware?", ("order_status",)),
        ("ich steh unter Strom. Wann kommt der Techniker?", ("appointment",)),
    ],
)
def test_further_intents(ear: LinearUnderstander, text: str, intents: tuple[str, ...]) -> None:
    understood = ear.parse(text)
    assert (understood.intent, *understood.also) == intents


def test_numbers_of_all_questions_are_found(ear: LinearUnderstander) -> None:
    understood = ear.parse("Wo bleibt 4500123456 und was heißt E07?")
    assert (understood.entity("order_number"), understood.entity("error_code")) == ("4500123456", "E07")

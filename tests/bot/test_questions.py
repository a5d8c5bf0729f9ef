"""How many matters one turn is about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.questions import count_questions
from nlu.understanding import Entity, Understanding

PLAIN = Understanding(
    "wiring", 0.9, True, (("wiring", 0.9),), (), 0, False, "de", engine="linear", model_version="1"
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Klemmenplan bitte", 1),
        ("Wo bleibt die Ware???", 1),
        ("Wo bleibt die Ware?! Wir warten!", 1),
        ("Wann kommt 4500123456 und was heißt E07?", 2),
        ("Wann kommt die Spedition, welche Klemme ist für den Tacho und was kostet ein Regler?", 3),
        ("1. Liefertermin? 2. Welche Klemme? 3. Habt ihr den Regler da?", 2),
        ("Passt der Filter? Und wie oft wechseln? Und gibts den auch als G4?", 3),
        ("Weiß jemand, wie man die Nachlaufzeit einstellt, und was Klemme 4 ist?", 1),
        ("How do I wire it, which fuse does it need and where do I get one?", 3),
        ("Der Lüfter läuft, wie er soll. Danke!", 1),
        ("", 1),
    ],
)
def test_questions_are_counted(text: str, number: int) -> None:
    assert count_questions(text, PLAIN) == number


def test_intents_and_different_things_count_too() -> None:
    assert count_questions("x", replace(PLAIN, also=("invoice", "error_code"))) == 3
    articles = tuple(
        Entity("article_number", f"NW-RV-{size}", at, at + 9) for at, size in enumerate((160, 250, 250, 315))
    )
    assert count_questions("x", replace(PLAIN, entities=articles)) == 3

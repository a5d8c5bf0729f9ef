"""Which words say that an answer was no help, and nothing else."""

from __future__ import annotations

import pytest

from bot.dialogue import Dialogue
from bot.hearing import Heard
from bot.messages import Choice
from bot.rating import NOT_HELPFUL, rates

ANSWERED = Dialogue(intent="wiring", rate=Choice(NOT_HELPFUL, "👎 Nicht hilfreich"))


@pytest.mark.parametrize(
    "text",
    [
        "nicht hilfreich",
        "Das war leider nicht sehr hilfreich!",
        "hilft nicht",
        "hilft mir nicht weiter",
        "Das hilft mir leider gar nicht",
        "hat nicht geholfen",
        "bringt mir nichts",
        "hilft mir nix",
        "not helpful",
        "that doesn't help",
        "this didn't help me at all",
        "unhelpful",
        "👎",
        "👎 Nicht hilfreich",
    ],
)
def test_words_that_rate(text: str) -> None:
    assert rates(Heard(text), ANSWERED)
    assert not rates(Heard(text), Dialogue(intent="wiring")), "there was nothing to rate"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nein",
        "hilfe, es brennt",
        "Aus dem Lüfter kommt Rauch, das hilft nicht",
        "hilft nicht, schickt mir jemanden",
        "der Schutzschalter hat nicht geholfen, was heißt E07",
        "nicht der Schaltplan, das Datenblatt",
        "hilft das auch beim RV-250?",
        "can you help?",
        "Quatsch, hilft mir nicht, ich will mit jemandem reden der sich auskennt",
    ],
)
def test_words_that_say_more_or_something_else(text: str) -> None:
    assert not rates(Heard(text), ANSWERED)


def test_a_tap_rates_the_last_answer_and_steps_to_try_have_a_way_of_their_own() -> None:
    assert rates(Heard(tap=NOT_HELPFUL), ANSWERED)
    assert not rates(Heard(tap="wiring"), ANSWERED)
    steps = Dialogue(intent="error_code", expecting="remedy", rate=ANSWERED.rate)
    assert not rates(Heard("hat nicht geholfen"), steps)

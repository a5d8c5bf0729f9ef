"""Remarks by the way are told from everything that may be meant."""

from __future__ import annotations

import pytest

from nlu.aside import by_the_way
from nlu.linear import LinearUnderstander
from nlu.wording import readable

REMARKS = [
    "hier ist schlechter Empfang",
    "hab grad keine Hand frei",
    "bin auf dem Dach",
    "Moment",
    "Foto kommt gleich",
    "I'm on the roof, one sec",
    "bad reception here",
    "Akku gleich leer",
]
MEANT = [
    "Mann liegt auf dem Dach",
    "bin auf dem Dach, es raucht",
    "keine Luft im Keller",
    "hab eine Hand im Lüfter",
    "Hand ist drin",
    "Hand ist weg",
    "wann kommt das",
    "steh unter Strom",
]


@pytest.mark.parametrize("text", REMARKS)
def test_a_remark(ear: LinearUnderstander, text: str) -> None:
    assert by_the_way(readable(text))
    assert ear.parse(text).urgency == 0


@pytest.mark.parametrize("text", MEANT)
def test_a_word_more_is_heard(text: str) -> None:
    assert not by_the_way(readable(text))

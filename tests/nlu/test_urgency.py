"""The safety net: unmistakable danger is urgent whatever the model says; false friends are not."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.costs import CostTable
from nlu.urgency import Alarm, Signs, danger_now
from nlu.wording import readable


@pytest.mark.parametrize(
    "text",
    [
        "Rauch kommt aus dem Gerät",
        "Kollege hat einen Stromschlag bekommen",
        "Störung E07. Jetzt qualmt es",
        "bei uns Gasgeruch im Keller",
        "the fan is on fire",
        "er ist bewusstlos",
        "Pożar w szafie!",
        "kolegę poraził prąd",
        "panodan duman geliyor",
        "YANGIN VAR",
        "пожар",
        "incendio nel quadro",
        "au secours",
    ],
)
def test_unmistakable_danger_needs_no_model(text: str) -> None:
    assert danger_now(readable(text))


@pytest.mark.parametrize(
    "text",
    [
        "Rauchmelder nachrüstbar?",
        "letztes Jahr hat einer einen Stromschlag bekommen, wie erden?",
        "es kommt kein Rauch",
        "was tun falls Rauch kommt",
        "uns brennt die Bude",
        "Schutz gegen Stromschlag",
        "Aufkleber Stromschlaggefahr nachbestellen",
        "you guys are on fire lately",
        "Entrauchung F400, wie anschließen",
        "Probealarm: Rauch kommt aus der Nebelmaschine",
    ],
)
def test_words_alone_are_no_danger(text: str) -> None:
    assert not danger_now(readable(text))


def test_signs_of_danger_are_concepts_of_it() -> None:
    signs = Signs({"fire": "brenn", "asking": "wie"})
    assert [signs.lacking(words) for words in ("es brennt", "wie am dach")] == [False, True]
    assert not Signs({"asking": "wie"}).lacking("wie am dach")


def _alarm() -> Alarm:
    """A hundred texts whose margins rise with their number; every tenth of the upper half is an emergency."""
    margins = np.stack([np.linspace(-2.0, 2.0, 100), np.zeros(100)], axis=1)
    positive = (np.arange(100) >= 50) & (np.arange(100) % 10 == 0)
    return Alarm(margins, 0, positive)


def test_the_alarm_rises_with_the_emergencys_lead() -> None:
    alarm = _alarm()
    chances = [alarm(np.array([margin, 0.0])) for margin in (-1.0, 0.0, 1.0)]
    assert chances == sorted(chances)
    assert 0.0 < chances[0] < chances[-1] < 1.0


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3])
def test_no_more_are_alarmed_than_the_costs_allow(share: float) -> None:
    alarm = _alarm()
    at = alarm.threshold(CostTable(most_false_alarms=share))
    assert (alarm.chances[~alarm.positive] > at).mean() <= share


def test_a_cheap_miss_needs_a_surer_alarm() -> None:
    alarm = _alarm()
    cheap, dear = CostTable(missed_emergency=1.0, most_false_alarms=1.0), CostTable(most_false_alarms=1.0)
    assert alarm.threshold(cheap) == 0.5
    assert alarm.threshold(dear) == pytest.approx(1 / 51)

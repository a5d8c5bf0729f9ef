"""Urgent, complex, vague: what the trained model makes of messages, and how costs change it."""

from __future__ import annotations

import pytest

from nlu.costs import CostTable
from nlu.judgement import Thresholds, judge
from nlu.linear import LinearUnderstander
from nlu.understanding import Chances
from nlu.wording import readable

EVEN = Thresholds(urgent=0.5, soon=0.5, complex=0.5, vague=0.5)


@pytest.mark.parametrize(
    ("intent", "chances", "expected"),
    [
        ("wiring", Chances(), (0, False, False)),
        ("wiring", Chances(urgent=0.6), (2, True, False)),
        ("emergency", Chances(), (2, True, False)),
        ("wiring", Chances(soon=0.6), (1, False, False)),
        ("complaint", Chances(), (1, False, False)),
        ("human_request", Chances(), (0, False, False)),
        ("wiring", Chances(complex=0.6), (0, True, False)),
        ("wiring", Chances(vague=0.6), (0, False, True)),
        ("wiring", Chances(complex=0.6, vague=0.6), (0, True, False)),
    ],
)
def test_chances_are_weighed(intent: str, chances: Chances, expected: tuple[int, bool, bool]) -> None:
    judgement = judge("irgendwas", intent, chances, EVEN)
    assert (judgement.urgency, judgement.complex, judgement.vague) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Auftrag stornieren",
        "mein Anwalt meldet sich",
        "hiermit bestellen wir",
        "Gewährleistung streitig",
        "Vertragsstrafe droht",
        "Rahmenvertrag kündigen",
        "wer übernimmt die Haftung?",
    ],
)
def test_law_and_orders_need_no_model(text: str) -> None:
    assert judge(readable(text), "order_status", Chances(), EVEN).complex


@pytest.mark.parametrize(
    ("text", "complex"),
    [
        ("ich will einen Menschen", False),
        ("wegen dem Rahmenvertrag bitte Rückruf vom Vertriebsleiter", True),
        ("so ein Saftladen", False),
        ("erst falscher Motor, dann falsche Rechnung, jetzt reicht's", True),
        ("1200 m³/h bei 200 Pa, welcher Ventilator", True),
        ("Nachfolger vom RV 200", False),
        ("Welchen Lüfter für eine Schule", True),
        ("falsches Gerät geliefert", True),
        ("wie lange ist die Garantie", False),
        ("4500123456 bitte stornieren", True),
        ("bei 4500123456 die Menge auf 6 erhöhen", True),
        ("Where is order 4500123474?", False),
        ("bestelle verbindlich 5 Stück NW-DV-400", True),
        ("Preis für 5 Stück NW-DV-400", False),
        ("Kurzschlussstrom vom Motor für die Auslegung?", False),
        ("Sensor schon getauscht, E07 kommt immer noch", True),
        ("was heißt E07", False),
        ("Datenblatt RV-250", False),
    ],
)
def test_what_needs_a_person(ear: LinearUnderstander, text: str, complex: bool) -> None:
    assert ear.parse(text).complex is complex


@pytest.mark.parametrize(
    "text", ["Kran steht ab 7, wo ist die Ware", "der Kunde wartet, wann kommt die Lieferung"]
)
def test_time_pressure_is_soon(ear: LinearUnderstander, text: str) -> None:
    assert ear.parse(text).urgency == 1


@pytest.mark.parametrize("text", ["geht nix", "Klemme?", "das ding geht nicht", "hab ein problem"])
def test_with_nothing_to_act_on_nobody_is_sure(ear: LinearUnderstander, text: str) -> None:
    assert not ear.parse(text).sure


@pytest.mark.parametrize(
    "text",
    [
        "dym leci z silnika",
        "motordan duman çıkıyor",
        "mi-a dat curent carcasa, ajutor",
        "c'è fumo dal motore, aiuto",
        "человека ударило током",
        "chef motor machen funke, kabel pali, schnell",
        "kolega dostał prądem i leży",
    ],
)
def test_danger_is_heard_in_the_languages_of_the_building_site(ear: LinearUnderstander, text: str) -> None:
    assert ear.parse(text).urgency == 2


@pytest.mark.parametrize("text", ["ja die Lüftung halt", "die im Gang, die große", "the one in the corridor"])
def test_a_device_and_a_place_are_no_alarm(ear: LinearUnderstander, text: str) -> None:
    assert ear.parse(text).urgency < 2


@pytest.mark.parametrize(
    "text",
    [
        *("człowiek", "insan", "persona", "человек", "людина", "čovjek", "personne", "om", "person"),
        *("chcę rozmawiać z człowiekiem", "bir insanla konuşmak istiyorum", "vorrei parlare con una persona"),
    ],
)
def test_a_person_is_one_word_away(ear: LinearUnderstander, text: str) -> None:
    assert ear.parse(text).intent == "human_request"


def test_other_costs_need_no_training(ear: LinearUnderstander) -> None:
    wary = ear.at(CostTable(missed_handoff=50.0, missed_hurry=50.0, most_false_alarms=0.5))
    bold = ear.at(CostTable(missed_emergency=0.1, missed_handoff=0.01))
    assert wary.thresholds.urgent < ear.thresholds.urgent < bold.thresholds.urgent
    assert wary.thresholds.complex < ear.thresholds.complex < bold.thresholds.complex
    text = "wo bleibt die Lieferung, es ist schon Mittwoch"
    assert wary.parse(text).chances == ear.parse(text).chances


@pytest.mark.parametrize(
    "wrong", [{"missed_emergency": 0.0}, {"missed_handoff": -1.0}, {"most_false_alarms": 1.5}]
)
def test_costs_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        CostTable(**wrong)

"""The safety net: unmistakable danger is urgent whatever the model says; false friends are not."""

from __future__ import annotations

import pytest

from nlu.urgency import Judgement, judge


@pytest.mark.parametrize(
    "text",
    [
        "Rauch kommt aus dem Gerät",
        "Kollege hat einen Stromschlag bekommen",
        "Störung E07. Jetzt qualmt es",
        "bei uns Gasgeruch im Keller",
        "the fan is on fire",
        "er ist bewusstlos",
    ],
)
def test_unmistakable_danger_needs_no_model(text: str) -> None:
    assert judge(text, "out_of_scope", alarming=False) == Judgement(2, complex=True)


@pytest.mark.parametrize(
    "text",
    [
        "Rauchmelder nachrüstbar?",
        "letztes Jahr hat einer einen Stromschlag bekommen, wie erden?",
        "es kommt kein Rauch",
        "was tun falls Rauch kommt",
        "uns brennt die Bude",
        "Schutz gegen Stromschlag",
        "Entrauchung F400, wie anschließen",
        "Probealarm: Rauch kommt aus der Nebelmaschine",
    ],
)
def test_words_alone_are_no_danger(text: str) -> None:
    assert judge(text, "product_advice", alarming=False).urgency < 2


def test_the_models_word_counts() -> None:
    assert judge("am Blech bitzelts", "emergency", alarming=False).urgency == 2
    assert judge("am Blech bitzelts", "error_code", alarming=True).urgency == 2


@pytest.mark.parametrize(
    "text",
    [
        "Kran steht ab 7",
        "der Kunde wartet",
        "Übergabe heute um 3",
        "brauche ich dringend",
        "our crew is waiting",
    ],
)
def test_time_pressure_is_soon(text: str) -> None:
    assert judge(text, "order_status", alarming=False).urgency == 1


@pytest.mark.parametrize(
    ("text", "intent", "expected"),
    [
        ("ich will einen Menschen", "human_request", True),
        ("so ein Saftladen", "complaint", True),
        ("1200 m³/h bei 200 Pa", "product_advice", True),
        ("Nachfolger vom RV 200", "product_advice", False),
        ("Welchen Lüfter für eine Schule", "product_advice", True),
        ("falsches Gerät geliefert", "warranty_return", True),
        ("wie lange ist die Garantie", "warranty_return", False),
        ("4500123456 bitte stornieren", "order_status", True),
        ("bei 4500123456 die Menge auf 6 erhöhen", "order_status", True),
        ("Where is order 4500123474?", "order_status", False),
        ("I want to order 3 NW-RV-250", "price_quote", True),
        ("bestelle 5 Stück NW-DV-400", "price_quote", True),
        ("Preis für 5 Stück NW-DV-400", "price_quote", False),
        ("Kurzschlussstrom vom Motor für die Auslegung?", "wiring", False),
        ("immer noch E07", "error_code", False),
        ("die haben uns eine Vertragsstrafe angedroht", "order_status", True),
        ("wo ist 4500123456", "order_status", False),
        ("Sensor schon getauscht, E07 kommt immer noch", "error_code", True),
        ("was heißt E07", "error_code", False),
        ("Datenblatt RV-250", "datasheet", False),
    ],
)
def test_what_needs_a_person(text: str, intent: str, expected: bool) -> None:
    assert judge(text, intent, alarming=False).complex is expected

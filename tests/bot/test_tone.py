"""What words say beside their topic, and whether the steps helped."""

from __future__ import annotations

import pytest

from bot.outcome import declines, helped
from bot.tone import hear_tone


@pytest.mark.parametrize(
    "text",
    [
        "Mensch", "mensch bitte", "Mitarbeiter", "agent", "AGENT!!", "człowiek", "insan", "human please",
        "Ich möchte mit einem Mitarbeiter sprechen",
        "bir insanla konuşmak istiyorum", "chcę rozmawiać z człowiekiem", "müşteri temsilcisi",
        "can I talk to a person", "Ruft mich bitte zurück", "please call me back", "Rückruf bitte",
    ],
)  # fmt: skip
def test_a_person_is_one_word_away_in_every_language(text: str) -> None:
    assert hear_tone(text).wants_person


@pytest.mark.parametrize(
    "text",
    [
        "Mensch Leute, wo bleibt denn 4500123456", "Kein Mensch versteht die Anleitung",
        "Ist die Person im Lager noch da?", "Rückrufaktion für den RV 250?", "Personenschutz", "Hallo",
        "Wie viele Personen schafft das WRG 300", "Gibt es jemanden der das Lager einzeln verkauft",
        "when will somebody get back to me",
    ],
)  # fmt: skip
def test_a_word_like_it_is_no_wish(text: str) -> None:
    assert not hear_tone(text).wants_person


@pytest.mark.parametrize(
    "text",
    [
        "Ist der Herr Baumann heute im Büro", "is die Frau Öztürk da", "stell mich zum Lager durch",
        "verbindet uns mit der Technik", "put me through to sales", "i mog wen vom Einkauf",
        "Habt ihr jemanden der mir das erklären kann, Auftrag 4500123456",
        "anybody there who could help me with E07",
    ],
)  # fmt: skip
def test_asking_for_somebody_by_name_or_through_the_switchboard_is_one(text: str) -> None:
    assert hear_tone(text).wants_person


@pytest.mark.parametrize(
    "text",
    [
        "ich brauch mal einen von euch an der Strippe", "krieg ich gleich wen ans Telefon, Abnahme läuft",
        "Monteur an den Apparat bitte", "Rückruf bitte, der Kran war bestellt und nichts passt",
        "kann mich bitte mal einer anrufen", "einem Computer erklär ich das nicht", "i red ned mim Bot",
        "I won't explain that to a machine", "was muss ich drücken damit wer abhebt",
        "das müssen wir in Ruhe besprechen", "möchte das nicht schriftlich klären",
        "could we sort this over the phone", "proszę o telefon", "beni arayın",
        "ist grad jemand von der Technik greifbar",
    ],
)  # fmt: skip
def test_a_call_or_anybody_but_a_machine_is_one(text: str) -> None:
    assert hear_tone(text).wants_person


@pytest.mark.parametrize(
    "text",
    [
        "Geht am Freitag noch jemand ans Telefon?", "ist samstags jemand erreichbar",
        "anrufen müsst ihr nicht", "Rückruf nicht nötig",
        "danke für den Rückruf", "der Rückruf kam gestern", "dreimal Rückruf versprochen",
        "die Kollegin am Telefon war unfreundlich", "wie telefonisch besprochen hier die Zeichnung",
        "der Fahrer soll mich vorher anrufen", "der Regler redet nicht mit dem Computer",
        "you never call back", "der Kollege am Telefon meinte RV-250",
    ],
)  # fmt: skip
def test_a_call_that_was_or_is_not_wanted_is_none(text: str) -> None:
    assert not hear_tone(text).wants_person


@pytest.mark.parametrize(
    ("text", "takes"),
    [
        ("passt, nimm i", True), ("ok den nehmen wir", True), ("order it please", True),
        ("schickt sie auf die Baustelle nach Ulm", True), ("bestell ihn", True),
        ("welchen nehm ich da", False), ("ich nehm mal an der passt", False),
        ("nehmen wir den 250er?", False),
        ("schick mir das Datenblatt", False), ("wie bestell ich den", False),
    ],
)  # fmt: skip
def test_taking_what_was_talked_about(text: str, takes: bool) -> None:
    assert hear_tone(text).takes is takes


@pytest.mark.parametrize(
    ("text", "anger"),
    [
        ("ihr verarscht uns doch", 2),
        ("WO BLEIBT UNSERE LIEFERUNG!!!", 2),
        ("WO BLEIBT UNSERE LIEFERUNG", 1),
        ("wo bleibt die Ware???? ihr wolltet euch melden", 1),
        ("Wo bleibt die Ware?", 0),
        ("Brauche WRG, FU und BSK für NW-RV-250", 0),
        ("NW-RV-250", 0),
    ],
)
def test_anger(text: str, anger: int) -> None:
    assert hear_tone(text).anger == anger


@pytest.mark.parametrize(
    "text",
    [
        "Bitte 4500123456 stornieren", "one more thing, I need to cancel that order",
        "Können wir die Lieferadresse vom Auftrag ändern?", "ok dann bestell ich davon 10 Stück",
        "wir nehmen 4 Stück NW-RV-250", "wir bestellen hiermit zwei NW-DV-400", "Menge auf 5 erhöhen bitte",
        "we'd like to order 3 of them",
        "Bitte 4500822002 auf nächsten Monat schieben", "Angebot passt, wir nehmen die 6 Stück",
        "please change the delivery address of our order",
    ],
)  # fmt: skip
def test_an_order_to_be_placed_or_changed(text: str) -> None:
    assert hear_tone(text).orders


@pytest.mark.parametrize(
    "text",
    [
        "Wo bleibt meine Bestellung?", "Wir haben gestern 4 Stück bestellt", "Wann kommt Auftrag 4500123456",
        "Was kostet es, wenn ich 10 Stück bestelle?", "Kann man bei euch online bestellen?",
        "Welches Ersatzteil muss ich bestellen", "Is my order on its way?",
        "Bestellnr für Filtermatten G4 WRG 250?", "Angebot über 6 Stück NW-RV-160 bitte",
    ],
)  # fmt: skip
def test_a_question_about_an_order_changes_none(text: str) -> None:
    assert not hear_tone(text).orders


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Ihr habt AC statt EC geliefert", True),
        ("da sind die falschen Filter gekommen", True),
        ("we received the wrong motor", True),
        ("your man brought the wrong actuator", True),
        ("faktura jest błędna", True),
        ("Gehäuse kam verbeult an", True),
        ("the fan was dented when it arrived", True),
        ("Dellen im Kanal, was tun", False),
        ("und außerdem stimmt die Rechnung nicht", True),
        ("Ich habe die Rechnung nicht bekommen", False),
        ("Wann wird geliefert?", False),
        ("Falscher Code, ich meine E07", False),
    ],
)
def test_wrong_goods(text: str, claim: bool) -> None:
    assert hear_tone(text).claim is claim


@pytest.mark.parametrize(
    "text", ["geht nix", "Klemme?", "Gerät geht nicht", "??", "asdf", "Hilfe", "doesn't work"]
)
def test_nothing_to_act_on(text: str) -> None:
    assert hear_tone(text).hollow


@pytest.mark.parametrize("text", ["E07", "Klemme 5 am NW-RV-250?", "Lüfter brummt", "Datenblatt", "👍"])
def test_something_to_act_on(text: str) -> None:
    assert not hear_tone(text).hollow


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("ja läuft wieder", True), ("hat geklappt, danke", True), ("Fehler kommt nicht mehr", True),
        ("works now", True),
        ("super, der Fehler ist weg", True), ("hab ich gemacht bringt nix", False), ("immer noch E07", False),
        ("nein", False), ("still the same", False), ("kommt nach 5 Minuten wieder", False),
        ("leider nicht", False), ("wo finde ich den Hauptschalter", None),
        ("Widerstand passt, Stecker auch", None),
    ],
)  # fmt: skip
def test_did_it_help(text: str, outcome: bool | None) -> None:
    assert helped(text) is outcome


def test_a_polite_refusal_is_no_failed_remedy() -> None:
    assert declines("Nein danke, das wars")
    assert declines("no thanks")
    assert not declines("nein, hilft nicht")


@pytest.mark.parametrize(
    ("text", "announces"),
    [
        ("Hab ne Frage", True),
        ("Hallo, ich hätte da mal eine kurze Frage", True),
        ("Guten Tag, I've got a question for you", False),
        ("I've got a quick question", True),
        ("Frage zur Rechnung", False),
        ("geht nix", False),
        ("habt ihr noch welche da", False),
    ],
)
def test_an_announced_question_is_none_yet(text: str, announces: bool) -> None:
    tone = hear_tone(text)
    assert tone.announces is announces
    assert tone.hollow or not announces

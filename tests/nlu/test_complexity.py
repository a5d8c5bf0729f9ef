"""What is for a person whatever the model says: orders taken back, law, and repairs in vain."""

from __future__ import annotations

import pytest

from nlu.complexity import for_a_person
from nlu.wording import readable


@pytest.mark.parametrize(
    "text",
    [
        "Bitte den Auftrag stornieren", "da schalten wir den Anwalt ein",
        "put in a new thermostat, same fault", "Platine neu, Fehler kommt immer wieder",
        "laut DHL zugestellt, hier ist aber nichts", "signed for but no parcel anywhere",
        "Mahnung bekommen, ist aber längst bezahlt",
        "I already swapped the fuse and it still trips", "trotzdem E07 obwohl der Fühler ersetzt ist",
    ],
)  # fmt: skip
def test_what_is_for_a_person(text: str) -> None:
    assert for_a_person(readable(text))


@pytest.mark.parametrize(
    "text",
    [
        "Haben den Motor getauscht, läuft wieder, danke", "Welche Sicherung kommt da rein?",
        "Do I need a new fuse?", "wird die Ware morgen zugestellt", "Mahnung bitte als PDF",
        "läuft immer noch nicht", "neuer Filter, wie stell ich die Anzeige zurück",
    ],
)  # fmt: skip
def test_what_is_not(text: str) -> None:
    assert not for_a_person(readable(text))

"""What a turn is about, in the light of what was asked before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dialogue import Dialogue, read_dialogue, write_dialogue
from bot.hearing import Heard
from bot.messages import Choice
from bot.topic import find_topic
from nlu.understanding import Chances, Entity, Understanding
from tests.conftest import Clock

UNSURE = Understanding(
    "out_of_scope", 0.1, False, (("wiring", 0.1),), (), 0, False, None, engine="linear", model_version="1"
)
ORDER = Entity("order_number", "4500123465", 0, 10)


def meaning(**changes: object) -> Understanding:
    return replace(UNSURE, **changes)  # type: ignore[arg-type]


def test_the_answer_to_our_question_continues_the_topic() -> None:
    asked = Dialogue(intent="order_status", expecting="order_number")
    topic = find_topic(Heard("4500123465"), meaning(entities=(ORDER,)), asked)
    assert topic.understanding.intent == "order_status"
    assert topic.understanding.sure
    assert topic.slots == {"order_number": "4500123465"}


def test_a_correction_replaces_the_value() -> None:
    known = Dialogue(intent="order_status", slots={"order_number": "4500123456"})
    no = meaning(intent="deny", sure=True, entities=(ORDER,))
    topic = find_topic(Heard("nein, 4500123465"), no, known)
    assert topic.understanding.intent == "order_status"
    assert topic.slots["order_number"] == "4500123465"


def test_a_number_alone_says_what_it_is_about() -> None:
    topic = find_topic(Heard("4500123465"), meaning(entities=(ORDER,)), Dialogue())
    assert topic.understanding.intent == "order_status"


def test_a_new_topic_drops_what_belonged_to_the_old_one_but_not_the_device() -> None:
    known = Dialogue(
        intent="error_code", slots={"error_code": "E07", "article_number": "NW-RV-250"}, expecting="remedy"
    )
    topic = find_topic(Heard("Anschlussplan?"), meaning(intent="wiring", sure=True), known)
    assert topic.slots == {"article_number": "NW-RV-250"}


def test_another_device_forgets_the_family_chosen_before() -> None:
    known = Dialogue(intent="wiring", slots={"family": "RV"})
    device = Entity("article_number", "NW-AX-400", 0, 9)
    topic = find_topic(
        Heard("und NW-AX-400?"), meaning(intent="wiring", sure=True, entities=(device,)), known
    )
    assert topic.slots == {"article_number": "NW-AX-400"}


@pytest.mark.parametrize(
    ("slots", "words", "sure"),
    [
        ({"article_number": "NW-RV-250"}, "und das Datenblatt?", True),
        ({"family": "NW-RV"}, "und das Datenblatt?", True),
        ({}, "und das Datenblatt?", False),
        ({"order_number": "4500123456"}, "und das Datenblatt?", False),
        ({"article_number": "NW-RV-250"}, "ich bräuchte da mal irgendwas für den Chef von gestern", False),
    ],
)
def test_few_words_ask_on_about_the_device_at_hand(slots: dict[str, str], words: str, sure: bool) -> None:
    vague = meaning(intent="datasheet", confidence=0.9, chances=Chances(vague=0.9))
    topic = find_topic(Heard(words), vague, Dialogue(intent="wiring", slots=slots))
    assert topic.understanding.sure is sure


def test_it_is_gone_alarms_nobody_after_steps_to_try() -> None:
    tried = Dialogue(intent="error_code", slots={"error_code": "E07"}, expecting="remedy")
    alarm = meaning(intent="emergency", sure=True, urgency=2, complex=True)
    gone = find_topic(Heard("ist auch weg jetzt"), alarm, tried).understanding
    assert (gone.intent, gone.urgency, gone.complex) == ("affirm", 0, False)
    smell = find_topic(Heard("geht wieder, aber es stinkt verbrannt"), alarm, tried).understanding
    assert smell.urgency == 2


def test_a_choice_is_understood_by_number_by_words_and_by_tap() -> None:
    offered = Dialogue(
        intent="wiring", choices=(Choice("family:RV", "Dachventilator"), Choice("human_request", "Mensch"))
    )
    for heard in (Heard("1"), Heard("1."), Heard("dachventilator"), Heard(tap="family:RV")):
        topic = find_topic(heard, UNSURE, offered)
        assert topic.picked == ("family", "RV")
        assert topic.understanding.intent == "wiring"
    assert find_topic(Heard("2"), UNSURE, offered).understanding.intent == "human_request"


def test_danger_said_beside_a_number_stays_danger() -> None:
    asked = Dialogue(intent="order_status", expecting="order_number")
    topic = find_topic(Heard("4500123465 und hier brennt es"), meaning(urgency=2, entities=(ORDER,)), asked)
    assert topic.understanding.urgency == 2


def test_memory_survives_storage_and_expires(clock: Clock) -> None:
    dialogue = Dialogue(
        intent="wiring",
        slots={"family": "RV"},
        expecting="family",
        choices=(Choice("a", "A"),),
        failed=1,
        asked_company=True,
    )
    written = write_dialogue(dialogue)
    said_at = clock()
    assert read_dialogue(written, said_at, clock()) == dialogue
    clock.forward(hours=13)
    assert read_dialogue(written, said_at, clock()) == Dialogue(asked_company=True)


@pytest.mark.parametrize("words", ["und die Rechnung dazu?", "Rechnung dafür?", "and the invoice for it"])
def test_an_order_that_the_words_point_back_to_is_known(words: str) -> None:
    known = Dialogue(intent="order_status", slots={"order_number": "4500123465"})
    for sure in (True, False):
        asked = meaning(intent="invoice", sure=sure, confidence=0.6)
        topic = find_topic(Heard(words), asked, known)
        assert (topic.understanding.intent, topic.understanding.sure) == ("invoice", True)
        assert topic.slots == {"order_number": "4500123465"}
        assert "order_number" in topic.referred


def test_a_question_of_its_own_is_about_no_order_of_before() -> None:
    known = Dialogue(intent="order_status", slots={"order_number": "4500123465"})
    asked = meaning(intent="invoice", sure=True)
    assert find_topic(Heard("Wohin muss ich die Rechnungen schicken?"), asked, known).slots == {}


@pytest.mark.parametrize(
    "words", ["und die andere?", "and the other one", "die zweite?", "Was ist mit der anderen?"]
)
def test_the_other_order_is_not_the_one_talked_about(words: str) -> None:
    known = Dialogue(intent="order_status", slots={"order_number": "4500123465"})
    topic = find_topic(Heard(words), meaning(), known)
    assert topic.understanding.intent == "order_status"
    assert topic.slots == {"other_than": "4500123465"}

"""When enough is enough."""

from __future__ import annotations

from bot.answers.skill import Reply
from bot.dialogue import Dialogue
from bot.topic import Topic
from bot.triage import Action, Decision
from bot.tries import count
from nlu.understanding import Understanding

ANSWER, CLARIFY = Decision(Action.ANSWER), Decision(Action.CLARIFY)


def about(intent: str, **slots: str) -> Topic:
    understanding = Understanding(
        intent, 0.9, True, ((intent, 0.9),), (), 0, False, "de", engine="linear", model_version="1"
    )
    return Topic(understanding, slots)


def test_a_corrected_number_is_no_failure_and_the_same_one_again_is() -> None:
    first = count(Dialogue(), about("order_status"), ANSWER, Reply(missed="4500999999"))
    assert (first.failed, first.missed) == (0, ("4500999999",))
    known = Dialogue(missed=first.missed)
    assert count(known, about("order_status"), ANSWER, Reply(missed="4500999998")).failed == 0
    assert count(known, about("order_status"), ANSWER, Reply(missed="4500999999")).failed > 2


def test_a_fourth_number_that_nobody_knows_is_enough() -> None:
    known = Dialogue(missed=("a", "b"))
    third = count(known, about("order_status"), ANSWER, Reply(missed="c"))
    assert (third.failed, third.missed) == (0, ("a", "b", "c"))
    known = Dialogue(missed=third.missed)
    assert count(known, about("order_status"), ANSWER, Reply(missed="d")).failed > 2


def test_an_answer_that_helps_clears_the_slate() -> None:
    known = Dialogue(missed=("a",), failed=1, remedies=1)
    fresh = count(known, about("wiring"), ANSWER, Reply("here"))
    assert (fresh.failed, fresh.remedies, fresh.missed) == (0, 0, ())


def test_small_talk_neither_helps_nor_fails() -> None:
    known = Dialogue(missed=("a",), failed=1, remedies=1)
    same = count(known, about("greet"), ANSWER, Reply("hello"))
    assert (same.failed, same.remedies, same.missed) == (1, 1, ("a",))


def test_questions_back_add_up() -> None:
    assert count(Dialogue(failed=1), about("wiring"), CLARIFY, Reply("?", expecting="family")).failed == 2


def test_the_same_question_is_asked_twice_at_most() -> None:
    asked = Dialogue(intent="wiring", expecting="family")
    question = Reply("which?", expecting="family")
    again = count(asked, about("wiring"), ANSWER, question)
    assert again.failed == 0
    asked = Dialogue(intent="wiring", expecting="family", missed=again.missed)
    assert count(asked, about("wiring"), ANSWER, question).failed > 2

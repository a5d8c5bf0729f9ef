"""The judge of the drill can say no: every kind of damage to a good run is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.drill.bot_api import Received
from tests.drill.questions import Question, questions
from tests.drill.verdict import Part, Said, complaints


class Run:
    """A run without fault: two chats, three questions each, every one answered."""

    def __init__(self) -> None:
        self.asked: list[Question] = list(questions([1, 2, 1, 2, 1, 2]))
        self.said: list[Said] = []
        self.parts: list[Part] = []
        self.received: list[Received] = []
        for question in self.asked:
            answer = f"Ventilator ({question.article}) ist am Lager, 3 Stück."
            self.said.append(Said(question.chat, "installer", question.text, str(question.nth)))
            self.said.append(Said(question.chat, "bot", answer, None))
            self.parts.append(Part(question.chat, answer, "sent", resent=False))
            self.received.append(Received(0.0, "one", question.chat, answer))

    def complaints(self) -> list[str]:
        return complaints(self.asked, self.said, self.parts, self.received)


def test_a_good_run_passes() -> None:
    assert Run().complaints() == []


def test_a_flagged_part_may_arrive_twice_in_its_place() -> None:
    run = Run()
    run.parts[2] = replace(run.parts[2], resent=True)
    run.received.insert(3, run.received[2])
    assert run.complaints() == []


def _lose_a_question(run: Run) -> None:
    del run.said[4:6], run.parts[2], run.received[2]


def _store_a_question_twice(run: Run) -> None:
    run.said.insert(4, run.said[4])


def _swap_questions(run: Run) -> None:
    run.said[0], run.said[4] = run.said[4], run.said[0]


def _answer_twice(run: Run) -> None:
    run.said.insert(5, run.said[5])
    run.parts.insert(2, run.parts[2])
    run.received.insert(2, run.received[2])


def _answer_another_question(run: Run) -> None:
    run.said[1] = replace(run.said[1], text=run.said[5].text)


def _leave_a_question_open(run: Run) -> None:
    del run.said[-1], run.parts[-1], run.received[-1]


def _answer_only_the_last(run: Run) -> None:
    del run.said[1], run.parts[0], run.received[0]


def _hand_off(run: Run) -> None:
    run.said.append(Said(1, "system", "Übergeben", None))


def _leave_a_part_waiting(run: Run) -> None:
    run.parts[3] = replace(run.parts[3], state="queued")


def _lose_a_send(run: Run) -> None:
    del run.received[2]


def _send_twice(run: Run) -> None:
    run.received.insert(3, run.received[2])


def _send_a_flagged_part_three_times(run: Run) -> None:
    run.parts[2] = replace(run.parts[2], resent=True)
    run.received[3:3] = [run.received[2]] * 2


def _swap_sends(run: Run) -> None:
    run.received[0], run.received[2] = run.received[2], run.received[0]


def _resend_out_of_place(run: Run) -> None:
    run.parts[0] = replace(run.parts[0], resent=True)
    run.received.append(run.received[0])


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        (_lose_a_question, "lost: "),
        (_store_a_question_twice, "stored 2 times: "),
        (_swap_questions, "stored out of order: "),
        (_answer_twice, "answered twice: "),
        (_answer_another_question, "was answered by: "),
        (_leave_a_question_open, "not answered: "),
        (_answer_only_the_last, "not answered: "),
        (_hand_off, "somebody else spoke (system): "),
        (_leave_a_part_waiting, "queued instead of sent: "),
        (_lose_a_send, "never arrived in its place: "),
        (_send_twice, "arrived 2 times: "),
        (_send_a_flagged_part_three_times, "arrived 3 times though resent: "),
        (_swap_sends, "arrived out of order or unasked: "),
        (_resend_out_of_place, "arrived out of order or unasked: "),
    ],
)
def test_every_damage_is_found(damage: Callable[[Run], None], word: str) -> None:
    run = Run()
    damage(run)
    found = run.complaints()
    assert any(word in complaint for complaint in found), found

"""The decision: danger first, then the wish for a person, then what the bot can do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.policy import Policy
from bot.tone import Tone
from bot.triage import REASONS, Action, Decision, Situation, decide, first_words, with_context
from nlu.understanding import Understanding

SURE = Understanding(
    "wiring", 0.9, True, (("wiring", 0.9),), (), 0, False, "de", engine="linear", model_version="1"
)


def meaning(**changes: object) -> Understanding:
    return replace(SURE, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("situation", "action", "reason"),
    [
        (Situation(SURE), Action.ANSWER, None),
        (Situation(meaning(urgency=2)), Action.HANDOFF, "emergency"),
        (Situation(meaning(urgency=2, sure=False)), Action.HANDOFF, "emergency"),
        (Situation(meaning(intent="human_request")), Action.HANDOFF, "human_request"),
        (Situation(meaning(intent="human_request", sure=False)), Action.HANDOFF, "human_request"),
        (Situation(SURE, wants_person=True), Action.HANDOFF, "human_request"),
        (Situation(meaning(intent="complaint")), Action.HANDOFF, "complaint"),
        (Situation(meaning(intent="price_quote")), Action.ANSWER, None),
        (Situation(SURE, Tone(orders=True)), Action.HANDOFF, "order_change"),
        (Situation(SURE, Tone(anger=2)), Action.HANDOFF, "complaint"),
        (Situation(SURE, Tone(anger=1)), Action.ANSWER, None),
        (Situation(SURE, Tone(damage=True), files=True), Action.HANDOFF, "photo_damage"),
        (Situation(SURE, Tone(damage=True)), Action.ANSWER, None),
        (Situation(SURE, hollow=True), Action.CLARIFY, None),
        (Situation(SURE, hollow=True, failed=1), Action.HANDOFF, "two_failed_answers"),
        (Situation(SURE, hollow=True, failed=1, policy=Policy(give_up_after=3)), Action.CLARIFY, None),
        (Situation(meaning(complex=True)), Action.HANDOFF, "complex"),
        (Situation(meaning(also=("invoice",))), Action.ANSWER, None),
        (Situation(SURE, questions=2), Action.ANSWER, None),
        (Situation(SURE, Tone(takes=True), about_goods=True), Action.HANDOFF, "order_change"),
        (Situation(SURE, Tone(takes=True)), Action.ANSWER, None),
        (Situation(SURE, questions=3), Action.HANDOFF, "many_questions"),
        (Situation(SURE, questions=3, policy=Policy(many_questions=4)), Action.ANSWER, None),
        (Situation(meaning(sure=False), in_vain=1), Action.CLARIFY, None),
        (Situation(meaning(sure=False), top_tier=True), Action.CLARIFY, None),
        (Situation(meaning(sure=False), in_vain=1, top_tier=True), Action.HANDOFF, "one_failed_answer"),
        (
            Situation(meaning(sure=False), in_vain=1, top_tier=True, policy=Policy(give_up_after_top_tier=3)),
            Action.CLARIFY,
            None,
        ),
        (Situation(SURE, in_vain=1, top_tier=True), Action.ANSWER, None),
        (Situation(meaning(urgency=2), questions=4, top_tier=True), Action.HANDOFF, "emergency"),
        (Situation(meaning(sure=False)), Action.CLARIFY, None),
        (Situation(meaning(sure=False), failed=1), Action.HANDOFF, "two_failed_answers"),
        (Situation(SURE, voice=True, wordless=True), Action.HANDOFF, "voice_note"),
        (Situation(SURE, files=True, wordless=True), Action.CLARIFY, None),
        (Situation(SURE, files=True, wordless=True, failed=1), Action.HANDOFF, "photo"),
    ],
)
def test_decisions(situation: Situation, action: Action, reason: str | None) -> None:
    decision = decide(situation)
    assert decision.action is action
    assert decision.reasons == ((reason,) if reason else ())


def test_danger_goes_before_everything_else() -> None:
    decision = decide(Situation(meaning(urgency=2, intent="human_request"), wants_person=True, failed=1))
    assert decision.reasons == ("emergency",)
    assert decision.urgency == 2


def test_what_an_agent_should_know_stands_beside_the_reason_of_a_handoff() -> None:
    complaint = Decision(Action.HANDOFF, ("complaint",), 1)
    told = with_context(complaint, case=True, top_tier=True, closed=True)
    assert told.reasons == ("complaint", "open_case", "top_tier", "closed")
    assert with_context(told, case=True, top_tier=True, closed=True) == told
    danger = Decision(Action.HANDOFF, ("emergency",), 2)
    assert with_context(danger, case=False, top_tier=False, closed=True) == danger, "danger knows no hours"
    answer = Decision(Action.ANSWER)
    assert with_context(answer, case=True, top_tier=True, closed=True) == answer


def test_a_raised_voice_is_never_less_than_soon() -> None:
    assert decide(Situation(SURE, Tone(anger=1))).urgency == 1
    assert decide(Situation(meaning(intent="thanks"), Tone(anger=1))).urgency == 0


def test_every_reason_has_words_in_both_languages() -> None:
    for words in REASONS.values():
        assert words["de"]
        assert words["en"]


def test_a_wish_for_a_person_is_what_a_text_is_about() -> None:
    assert first_words(SURE, "E07, bitte Rückruf").understanding.intent == "human_request"
    alarmed = replace(SURE, intent="emergency", urgency=2)
    assert first_words(alarmed, "Es brennt, Rückruf!").understanding.intent == "emergency"

"""What is said about the steps the bot gave: tried in vain, helped, or no code to be seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.dialogue import HUMAN, Dialogue
from bot.hearing import Heard
from bot.outcome import helped, only_helped
from bot.reading import SMALL_TALK, alarmed, as_intent, brief, needs_person
from nlu.understanding import Understanding
from nlu.urgency import danger_now
from nlu.wording import readable

# What can be said about steps that were tried; anything else is a new topic.
_ABOUT_REMEDIES = SMALL_TALK | {"error_code", "complaint", "human_request"}
_HEARD = 0.3  # how likely a second matter is that stands beside a word of thanks
_REPORT = 20  # words in which the outcome of steps is told, also by voice


def steps_given(dialogue: Dialogue) -> bool:
    """Whether we are waiting to hear if the steps to try have helped."""
    after_code = dialogue.expecting == "error_code" and "error_code" in dialogue.slots
    return dialogue.expecting == "remedy" or after_code


def tried(
    heard: Heard, understanding: Understanding, dialogue: Dialogue, said: Mapping[str, str]
) -> Understanding | None:
    """What is told about the steps that were tried, as affirm or deny; None when the turn is about something
    else. `said` are the values named.
    """
    known = dialogue.slots.get("error_code")
    other_code = said.get("error_code", known) != known
    plain = only_helped(heard.text)
    asks = any(chance >= _HEARD and intent not in _ABOUT_REMEDIES for intent, chance in understanding.ranking)
    news = understanding.sure and asks and not plain
    wants_person = understanding.sure and understanding.intent == HUMAN
    if other_code or news or wants_person or needs_person(heard) or "order_number" in said:
        return None
    outcome = helped(heard.text)
    if outcome is None:
        return None
    # Frustration about the device is none about us.
    calm = understanding
    if understanding.intent == "complaint":
        calm = replace(understanding, complex=False)
    relieved = outcome and plain and not danger_now(readable(heard.text))
    if relieved or not alarmed(heard, understanding):
        # "ist weg jetzt" and "brummt weiter" alarm nobody who knows what we asked.
        calm = replace(calm, urgency=0 if outcome else min(calm.urgency, 1))
    calm = brief(calm, heard, _REPORT)
    return as_intent(calm, "affirm" if outcome else "deny")


def has_no_code(heard: Heard, understanding: Understanding) -> bool:
    """Whether somebody says that the device shows no code."""
    talk = understanding.intent in _ABOUT_REMEDIES - {"human_request"} or not understanding.sure
    calm = not alarmed(heard, understanding) and not needs_person(heard)
    return talk and calm and helped(heard.text) is False

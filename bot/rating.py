"""One thumb down: an installer says that an answer was no help.

The button hangs below answers where a channel has room for it; the words are understood everywhere. Two
of them, or one after another failed answer, and a person takes over.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.answers.skill import Ask, Reply, to_person
from bot.dialogue import HUMAN, Dialogue
from bot.hearing import Heard
from bot.messages import Choice
from bot.moment import Moment, Response
from bot.reading import SMALL_TALK
from bot.remedies import steps_given
from bot.triage import Action, Decision
from nlu.wording import readable

NOT_HELPFUL = "not_helpful"
_LONGEST = 80  # characters; whoever writes more says more

_SAID = re.compile(
    r"(?:(?:das|es|war|ist|hat|leider|die|deine|ihre|antwort|nein|ne|sorry|aber|so|mir|mich|uns|jetzt|"
    r"gar|ueberhaupt|wirklich|sehr|that|this|it|was|is|the|answer|really|no|sadly|unfortunately) )*"
    r"(?:(?:nicht|nix|net|ned|wenig|null|kaum)(?: \w+)? (?:hilfreich|geholfen|weitergeholfen)|"
    r"(?:hilft|half|bringt)(?: (?:mir|uns|mich|leider|auch|da|so|aber|jetzt|gar|ueberhaupt))*"
    r" (?:nicht|nichts|nix|net|ned|null|wenig)|"
    r"(?:not|isn ?t|wasn ?t)(?: \w+)? helpful|unhelpful|useless|"
    r"(?:does ?n ?t|did ?n ?t|does not|did not|no) help)"
    r"(?: (?:weiter|me|us|at|all|leider|sehr|viel|much|nein|danke|so|das))*"
)


def rates(heard: Heard, dialogue: Dialogue) -> bool:
    """Whether the turn says, and says nothing else, that our last answer was no help."""
    if dialogue.rate is None:
        return False
    if heard.tap == NOT_HELPFUL and heard.wordless:
        return True
    if steps_given(dialogue) or heard.files or heard.voice:
        return False
    text = heard.text.strip()
    if len(text) > _LONGEST:
        return False
    said = " ".join(re.findall(r"[a-z0-9]+", readable(text)))
    return (text.startswith("\N{THUMBS DOWN SIGN}") and not said) or _SAID.fullmatch(said) is not None


def answer_rating(ask: Ask, moment: Moment) -> Response:
    """It counts as a failed answer: we ask for other words, or a person takes over."""
    dialogue = moment.dialogue
    unhelpful = dialogue.unhelpful + 1
    calm = replace(dialogue, rate=None, expecting=None, choices=(), in_vain=dialogue.in_vain + 1)
    if dialogue.failed + unhelpful >= moment.policy.give_up_after:
        decision = Decision(Action.HANDOFF, ("two_failed_answers",))
        reply = to_person("two_failed_answers", "unsure_again_handoff")
        calm = replace(calm, failed=0, unhelpful=0, in_vain=0)
    else:
        decision = Decision(Action.CLARIFY)
        person = Choice(HUMAN, ask.say(f"choice_{HUMAN}"))
        reply = Reply(ask.say(NOT_HELPFUL), (person,))
        calm = replace(calm, failed=dialogue.failed + 1, unhelpful=unhelpful, choices=(person,))
    return Response(calm, moment.whom, decision, reply, intent=dialogue.intent)


def offer_rating(decision: Decision, reply: Reply, intent: str, label: str) -> Choice | None:
    """The button below an answer; none below questions, small talk and what was no answer anyway."""
    answers = decision.action is Action.ANSWER and reply.expecting is None and intent not in SMALL_TALK
    if not answers or reply.failed or reply.missed is not None:
        return None
    return Choice(NOT_HELPFUL, label)

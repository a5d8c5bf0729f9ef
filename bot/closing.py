"""The end of a turn: the bot's memory put in order, once greeted, and a stranger asked once who they are."""

from __future__ import annotations

from dataclasses import replace

from bot.accounts.trust import DOUBTS, RECOGNISED
from bot.answers.catalogue import Catalogue
from bot.answers.skill import Reply, to_person
from bot.dialogue import Dialogue
from bot.moment import Moment, Response
from bot.opening import OpeningHours
from bot.rating import offer_rating
from bot.reading import SMALL_TALK
from bot.remedies import steps_given
from bot.repeating import mark
from bot.settings import Settings
from bot.storage.conversations import Whom
from bot.topic import Topic
from bot.triage import Action, Decision, with_context
from bot.tries import count

# Nobody in danger, and nobody who wants a person, is asked for their company first.
_NO_QUESTIONS = frozenset({"emergency", "human_request"})


class Closing:
    """Makes the response of what was decided and what is to be said."""

    def __init__(self, catalogue: Catalogue, settings: Settings, hours: OpeningHours) -> None:
        self._catalogue = catalogue
        self._hours = hours
        self._top_tiers = frozenset(tier.strip().casefold() for tier in settings.top_tiers.split(","))

    def is_top_tier(self, whom: Whom) -> bool:
        """Whether the company, as far as we believe it, has bought the best service."""
        return whom.trust >= RECOGNISED and whom.tier is not None and whom.tier.casefold() in self._top_tiers

    def close(self, moment: Moment, whom: Whom, topic: Topic, decision: Decision, reply: Reply) -> Response:
        """Put the bot's memory in order, greet once, and ask a stranger once who they are."""
        dialogue, intent = moment.dialogue, topic.understanding.intent
        tries = count(dialogue, topic, decision, reply)
        if tries.failed >= moment.policy.give_up_after and decision.action is not Action.HANDOFF:
            decision = replace(decision, action=Action.HANDOFF, reasons=("two_failed_answers",))
            reply = replace(to_person("two_failed_answers", "unsure_again_handoff"), case=reply.case)
        elif reply.reason is not None and decision.action is not Action.HANDOFF:
            decision = replace(decision, action=Action.HANDOFF, reasons=(reply.reason,))
        decision = with_context(
            decision,
            case=reply.case is not None,
            top_tier=self.is_top_tier(whom),
            closed=not self._hours.open_at(moment.origin.now),
        )
        told = dialogue.told if reply.failed or intent in SMALL_TALK else mark(reply.text)
        hands_off = decision.action is Action.HANDOFF
        greets = not dialogue.greeted and whom.trust >= RECOGNISED and bool(whom.person and whom.company)
        asks = (
            (whom.trust == 0 or whom.evidence in DOUBTS)
            and not dialogue.asked_company
            and reply.expecting is None
            and not set(decision.reasons) & _NO_QUESTIONS
            and intent not in SMALL_TALK
        )
        if greets and not hands_off and intent != "greet":
            hello = self._catalogue.say(
                "hello_known", moment.language, name=whom.person, company=whom.company
            )
            reply = replace(reply, text=f"{hello} {reply.text}")
        label = self._catalogue.say("choice_not_helpful", moment.language)
        rate = offer_rating(decision, reply, intent, label)
        return Response(
            replace(
                dialogue,
                intent=dialogue.intent if intent in SMALL_TALK else intent,
                slots={**topic.slots, **reply.slots},
                expecting="company" if asks else reply.expecting or still_expected(dialogue, intent),
                choices=reply.choices,
                failed=0 if hands_off else tries.failed,
                remedies=0 if hands_off else tries.remedies,
                missed=() if hands_off else tries.missed,
                in_vain=0 if hands_off else tries.in_vain,
                told=told,
                rate=rate,
                unhelpful=0 if hands_off else dialogue.unhelpful,
                greeted=dialogue.greeted or greets or intent == "greet",
                asked_company=dialogue.asked_company or asks,
            ),
            whom,
            decision,
            reply,
            ask_contact=(asks and moment.channel == "telegram") or reply.ask_contact,
            ask_company=asks,
            steps=reply.steps,
            intent=intent,
            rate=None if asks else rate,
        )


def still_expected(dialogue: Dialogue, intent: str) -> str | None:
    """A thank-you leaves the question open whether the steps have helped."""
    return dialogue.expecting if intent in ("thanks", "greet") and steps_given(dialogue) else None

"""What happens next in a conversation: from what was heard to what is said, or to a handoff.

Reads the database, never writes it; the turn commits what comes out of here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import introduction
from bot.accounts.directory import AccountDirectory
from bot.answering import Answering
from bot.answers import open_cases
from bot.answers.catalogue import Catalogue
from bot.answers.skill import Ask, Reply, found, to_person
from bot.answers.wishes import with_wish
from bot.closing import Closing, still_expected
from bot.dialogue import HUMAN, Dialogue
from bot.hearing import GROUP
from bot.inviting import hear_invitation, redeem
from bot.listed import listed
from bot.moment import Moment, Response
from bot.opening import OpeningHours
from bot.proving import Proved, Proving
from bot.questions import count_questions
from bot.rating import answer_rating, rates
from bot.reading import SAY_NO_TOPIC, SMALL_TALK, values
from bot.remedies import steps_given
from bot.repeating import repeats
from bot.settings import Settings
from bot.storage.conversations import Whom
from bot.tone import Tone
from bot.topic import (
    HANDOFF,
    Topic,
    find_topic,
    other_order,
    passed_on,
)
from bot.triage import Action, Decision, Situation, decide, is_hollow

_HANDOFF_KEYS: Mapping[str, str] = {
    "emergency": "handoff_emergency",
    "human_request": "handoff_human",
    "complaint": "handoff_complaint",
    "two_failed_answers": "unsure_again_handoff",
    "voice_note": "voice_note_handoff",
    "order_change": "handoff_order_change",
    "photo_damage": "handoff_warranty_return",
    "claim": "handoff_warranty_return",
    "one_failed_answer": "unsure_again_handoff",
}
# Outside opening hours, what can be looked up is said along with these handoffs.
_WAITS = frozenset({"complex", "many_questions"})
_GOODS = frozenset({"stock_availability", "price_quote", "product_advice", "spare_part"})
_LOOKED_UP = frozenset({"order_status", "stock_availability", "error_code", "wiring", "datasheet"})


class Talk:
    """The bot's side of the conversation."""

    def __init__(
        self,
        catalogue: Catalogue,
        directory: AccountDirectory,
        proving: Proving,
        settings: Settings,
        hours: OpeningHours,
    ) -> None:
        self._catalogue = catalogue
        self._directory = directory
        self._proving = proving
        self._settings = settings
        self._hours = hours
        self._closing = Closing(catalogue, settings, hours)
        self._answering = Answering(catalogue, directory, proving, settings, hours)

    async def respond(self, conn: AsyncConnection, moment: Moment) -> Response:
        """Decide what to do about one turn while the bot holds it."""
        understanding, dialogue = hear_invitation(moment.heard.text, moment.understanding, moment.dialogue)
        moment = replace(moment, understanding=understanding, dialogue=dialogue)
        heard, ask = moment.heard, self._ask(conn, moment)
        if GROUP in heard.problems:
            reply = None if dialogue.refused_group else ask.reply("group_refused")
            return _said(replace(dialogue, refused_group=True), moment.whom, reply)
        proved = await self._proving.step(ask, heard, understanding, dialogue)
        if proved is not None:
            return await self._go_on(ask, moment, proved)
        if rates(heard, dialogue):
            return answer_rating(ask, moment)
        if heard.tap is not None and heard.wordless and not dialogue.offers(heard.tap):
            return replace(
                _said(dialogue, moment.whom, ask.reply("stale_tap")), tap_note=ask.say("stale_tap")
            )
        introduced = await self._introduce(ask, moment)
        if introduced is not None:
            response = await self._go_on(ask, moment, introduced)
            return replace(response, ask_contact=introduced.ask_contact or response.ask_contact)
        if heard.wordless and heard.problems:
            return _said(dialogue, moment.whom, ask.reply("unsupported", problem=heard.problems[0]))
        if heard.wordless and heard.start:
            return _said(replace(dialogue, greeted=True), moment.whom, ask.reply("start"))
        return await self._about(ask, moment)

    async def overhear(self, conn: AsyncConnection, moment: Moment) -> Response:
        """While a person holds the turn the bot only listens: for danger, and for a code it has sent."""
        response = listen(moment)
        ask = self._ask(conn, moment)
        proved = await self._proving.overhear(ask, moment.heard, moment.understanding, moment.dialogue)
        if proved is None:
            return response
        return replace(response, dialogue=proved.dialogue, whom=proved.whom, steps=proved.steps)

    def _ask(self, conn: AsyncConnection, moment: Moment) -> Ask:
        return Ask(
            conn,
            self._catalogue,
            moment.language,
            moment.whom,
            moment.dialogue.slots,
            moment.origin,
            self._settings.zone,
            moment.dialogue.remedies,
            self._settings.telegram_bot,
        )

    async def _introduce(self, ask: Ask, moment: Moment) -> introduction.Introduced | None:
        heard, dialogue = moment.heard, moment.dialogue
        if heard.start_token is not None:
            return await redeem(ask, self._directory, heard.start_token, dialogue)
        if not heard.wordless and moment.tone.wants_person:
            return None
        if heard.contact is not None and heard.wordless and moment.channel == "telegram":
            return await introduction.share_contact(ask, self._directory, heard, dialogue)
        if (heard.tap or dialogue.chosen(heard.text)) == introduction.OTHER_COMPANY:
            return await introduction.other_company(ask, dialogue)
        if dialogue.chosen(heard.text) is None and not heard.wordless and not other_order(heard, dialogue):
            corrected = await introduction.correct(
                ask, self._directory, heard, moment.understanding, dialogue
            )
            if corrected is not None:
                return corrected
        introduces = moment.understanding.intent == "introduction" and moment.understanding.sure
        asked = dialogue.expecting == "company" and dialogue.chosen(heard.text) is None
        if (asked or introduces) and not heard.wordless:
            return await introduction.named_company(
                ask, self._directory, heard, moment.understanding, dialogue
            )
        return None

    async def _go_on(self, ask: Ask, moment: Moment, step: Proved | introduction.Introduced) -> Response:
        """Say what a step about who is writing came to, and answer what was asked before it."""
        dialogue, whom = step.dialogue, step.whom
        if step.reply is None or not step.resume or dialogue.intent is None:
            reply = step.reply
            if reply is not None:
                # Saying who they are leaves the question open whether the steps have helped.
                expecting = reply.expecting or dialogue.expecting or still_expected(moment.dialogue, "greet")
                dialogue = replace(dialogue, expecting=expecting)
                dialogue = replace(dialogue, choices=reply.choices) if reply.choices else dialogue
            return replace(_said(dialogue, whom, reply), steps=step.steps, intent=dialogue.intent)
        understanding = replace(
            moment.understanding, intent=dialogue.intent, sure=True, urgency=0, complex=False
        )
        slots = dict(dialogue.slots)
        if moment.whom.account_id not in (None, whom.account_id):
            slots.pop("order_number", None)  # it was the other company's
        topic = Topic(understanding, slots)
        fresh = replace(dialogue, expecting=None, choices=(), greeted=True)
        answer = await self._answering.answer(replace(ask, whom=whom, slots=topic.slots), topic, fresh)
        if answer.reason is None:
            answer = replace(answer, text=f"{step.reply.text} {answer.text}")
        response = self._closing.close(
            replace(moment, dialogue=fresh), whom, topic, Decision(Action.ANSWER), answer
        )
        return replace(response, steps=(*step.steps, *response.steps))

    async def _about(self, ask: Ask, moment: Moment) -> Response:
        heard, dialogue, whom = moment.heard, moment.dialogue, moment.whom
        topic = find_topic(heard, moment.understanding, dialogue)
        if topic.picked is not None and topic.picked[0] == "account":
            whom = await introduction.picked_company(ask, self._directory, topic.picked[1])
        if topic.picked is not None and topic.picked[0] == HANDOFF:
            topic = passed_on(topic)
            decision = Decision(Action.HANDOFF, ("needs_person",))
            reply = to_person("needs_person", self._handoff_key(decision, topic))
            return self._closing.close(moment, whom, topic, decision, reply)
        if topic.picked is None:
            about = (topic.understanding.intent, *topic.understanding.also)
            said = {entity.name for entity in topic.understanding.entities} | topic.referred
            topic = replace(topic, slots=with_wish(about, heard.text, said, topic.slots))
        ask = replace(ask, slots=topic.slots, whom=whom, named=values(moment.understanding))
        tone = moment.tone
        hollow = _hollow(moment, topic, tone)
        decision = decide(
            Situation(
                topic.understanding,
                tone,
                moment.policy,
                failed=dialogue.failed,
                wants_person=topic.understanding.intent == HUMAN or (tone.wants_person and not hollow),
                voice=heard.voice,
                files=heard.files or heard.location,
                wordless=heard.wordless and heard.tap is None,
                hollow=hollow,
                about_order=dialogue.intent == "order_status",
                about_goods=dialogue.intent in _GOODS,
                in_vain=dialogue.in_vain,
                top_tier=self._closing.is_top_tier(whom),
                questions=count_questions(heard.text, topic.understanding),
            )
        )
        match decision.action:
            case Action.HANDOFF:
                reply = to_person(decision.reasons[0], self._handoff_key(decision, topic))
                closed = not self._hours.open_at(moment.origin.now)
                if closed and topic.understanding.sure and not hollow:
                    reply = await self._meanwhile(ask, topic, dialogue, reply)
            case Action.CLARIFY:
                reply = await self._answering.ask_back(ask, heard, topic)
            case Action.ANSWER:
                beside = listed(heard.text, topic.understanding.entities)
                reply = await self._answering.answer_all(ask, topic, dialogue, beside)
                if repeats(heard, ask.named, topic, dialogue, reply):
                    reply = replace(ask.reply("told_already"), failed=True)
        if reply.reason is not None and reply.case is None:
            intent = topic.understanding.intent
            before = dialogue.intent if intent in SAY_NO_TOPIC | SMALL_TALK else None
            reply = replace(reply, case=await open_cases.find(ask, before or intent))
        return self._closing.close(moment, whom, topic, decision, reply)

    async def _meanwhile(self, ask: Ask, topic: Topic, dialogue: Dialogue, handoff: Reply) -> Reply:
        """A handoff that waits for the morning, with what we can look up now."""
        if handoff.reason not in _WAITS or topic.understanding.intent not in _LOOKED_UP:
            return handoff
        answer = await self._answering.answer(ask, topic, dialogue)
        if not found(answer):
            return handoff
        text = ask.say("meanwhile", answer=answer.text)
        return replace(handoff, meanwhile=text, documents=answer.documents, case=answer.case)

    def _handoff_key(self, decision: Decision, topic: Topic) -> str:
        intent = topic.understanding.intent
        about = "document" if intent in ("datasheet", "wiring") else intent
        key = _HANDOFF_KEYS.get(decision.reasons[0], f"handoff_{about}")
        return key if key in self._catalogue else "handoff"


def listen(moment: Moment) -> Response:
    """Nothing is said, whatever was; danger is heard."""
    decision = Decision(Action.ANSWER)
    if not moment.heard.wordless:
        decision = decide(Situation(moment.understanding, moment.tone, moment.policy))
        if decision.urgency < 2:
            decision = replace(decision, action=Action.ANSWER)
    return Response(moment.dialogue, moment.whom, decision, None)


def _hollow(moment: Moment, topic: Topic, tone: Tone) -> bool:
    """Whether there is nothing to act on, and no question of ours that it could answer."""
    for_code = moment.dialogue.expecting == "error_code" and not moment.dialogue.failed
    tried = (for_code or steps_given(moment.dialogue)) and topic.understanding.intent in ("affirm", "deny")
    other = other_order(moment.heard, moment.dialogue)
    answered = moment.heard.tap is not None or topic.picked is not None or topic.declined or tried or other
    return not answered and is_hollow(topic.understanding, tone)


def _said(dialogue: Dialogue, whom: Whom, reply: Reply | None) -> Response:
    return Response(dialogue, whom, Decision(Action.ANSWER), reply)

"""What the bot says to a question: the skills that look something up, the catalogue, or a question back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from bot import introduction
from bot.accounts.directory import AccountDirectory
from bot.accounts.phones import spell
from bot.accounts.trust import RECOGNISED
from bot.answers import articles, cases, documents, faults, invoices, open_cases, orders, visits
from bot.answers.catalogue import Catalogue
from bot.answers.skill import Ask, Reply, joined, to_person
from bot.dialogue import HUMAN, MATTER, Dialogue
from bot.hearing import Heard
from bot.inviting import INTENT as INVITE
from bot.inviting import invite_colleague
from bot.messages import Choice
from bot.opening import OpeningHours
from bot.proving import Proving
from bot.remedies import steps_given
from bot.settings import Settings
from bot.tone import hear_tone
from bot.topic import Topic

_SUGGESTED = 3
_POSSIBLE = 0.05  # likelier than one of all intents by chance: worth a button
_COMMON = ("order_status", "error_code", "spare_part")  # what most people want, where the words say nothing
_MORE = 2  # further questions of one turn that are answered with it
_VAGUE = 0.5  # from here on a text is unsure for want of content, not of understanding
_SKILLS: Mapping[str, Callable[[Ask], Awaitable[Reply]]] = {
    "order_status": orders.order_status,
    "stock_availability": articles.stock_availability,
    "spare_part": articles.spare_part,
    "error_code": faults.error_code,
    "wiring": documents.wiring,
    "datasheet": documents.datasheet,
    "product_advice": documents.product_advice,
    "appointment": visits.appointment,
    cases.INTENT: cases.case_status,
    "invoice": invoices.invoice,
    INVITE: invite_colleague,
}
# What depends on the company they write for.
_OF_COMPANY = frozenset({"order_status", INVITE})


class Answering:
    """Answers questions whose topic is known. Reads the database, never writes it."""

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

    async def answer_all(
        self, ask: Ask, topic: Topic, dialogue: Dialogue, beside: Sequence[tuple[str, str]] = ()
    ) -> Reply:
        """Answer what the turn is about, for the values `beside` (name, value) too, and what else it asks."""
        main = await self.answer(ask, topic, dialogue)
        if topic.picked is not None or main.needs is not None:
            return joined([main])
        replies = []
        for name, value in beside:
            slots = {**topic.slots, name: value}
            other = await self.answer(replace(ask, slots=slots), replace(topic, slots=slots), Dialogue())
            if other.text != main.text:
                replies.append(other)
        replies.append(main)
        for intent in topic.understanding.also[:_MORE]:
            asked = replace(topic, understanding=replace(topic.understanding, intent=intent))
            replies.append(await self.answer(ask, asked, Dialogue()))
        return joined(replies)

    async def answer(self, ask: Ask, topic: Topic, dialogue: Dialogue) -> Reply:
        """Answer one question: by a skill that looks something up, or in the catalogue's words."""
        intent = topic.understanding.intent
        if topic.declined:
            return ask.reply("deny")
        if topic.waiting is not None:
            return replace(ask.reply(topic.waiting), expecting=dialogue.expecting, choices=dialogue.choices)
        if steps_given(dialogue) and intent in ("affirm", "deny"):
            return faults.remedy(ask, helped=intent == "affirm")
        if steps_given(dialogue) and intent == "error_code" and topic.slots == dialogue.slots:
            # The same code on the same device once more: what was said did not help.
            return faults.remedy(ask, helped=False)
        if dialogue.expecting == "error_code" and _has_no_code(topic, dialogue):
            return faults.no_code(ask)
        several = ask.whom.trust >= RECOGNISED and ask.whom.account_id is None
        if several and intent in _OF_COMPANY:
            return await introduction.which_company(ask, self._directory)
        skill = _SKILLS.get(intent)
        if skill is not None:
            reply = await open_cases.mention(ask, intent, await skill(ask))
            return reply if reply.needs is None else await self._proving.offer(ask, reply, dialogue)
        if intent in ("greet", "introduction"):
            return self._greeting(ask)
        if intent == "opening_hours":
            return ask.reply(
                intent, hours=self._hours.spoken(ask.language), phone=spell(self._settings.service_phone)
            )
        if not self._catalogue.answers(intent, ask.language):
            # Admins have added this intent: it is for people, until it has words of its own.
            return to_person("no_knowledge", "handoff")
        return ask.reply(intent)

    def _greeting(self, ask: Ask) -> Reply:
        whom = ask.whom
        if whom.trust >= RECOGNISED and whom.person and whom.company:
            return ask.reply("greeting", name=whom.person, company=whom.company)
        return ask.reply("greeting_unknown")

    async def ask_back(self, ask: Ask, heard: Heard, topic: Topic) -> Reply:
        """Ask what is meant: by the topic's own question where there is one, else by the likeliest ones."""
        if heard.wordless:
            return ask.reply("no_content")
        if hear_tone(heard.text).announces:
            return replace(ask.reply("what_about"), expecting=MATTER)
        skill = _SKILLS.get(topic.understanding.intent)
        vague = topic.understanding.chances.vague >= _VAGUE
        if skill is not None and (topic.understanding.sure or vague):
            # There is a topic but nothing to go on: its own question is the best one.
            question = await skill(ask)
            if question.expecting is not None:
                return question
        likely = [
            intent
            for intent, chance in topic.understanding.ranking
            if chance >= _POSSIBLE and f"choice_{intent}" in self._catalogue and intent != HUMAN
        ]
        suggested = [*dict.fromkeys((*likely, *_COMMON))][:_SUGGESTED]
        choices = tuple(Choice(intent, ask.say(f"choice_{intent}")) for intent in (*suggested, HUMAN))
        return Reply(ask.say("unsure"), choices, expecting="topic")


def _has_no_code(topic: Topic, dialogue: Dialogue) -> bool:
    """Whether somebody whom we asked for the code says that there is none, or only tells what is wrong."""
    describes = topic.understanding.intent == dialogue.intent == "error_code"
    return topic.understanding.intent == "deny" or (describes and "error_code" not in topic.slots)

"""Getting to know somebody: a shared contact, a named company, which of several, and corrections.

The reply to a named company is the same for a hit and a miss, so that nobody can find out who our
customers are; only who is recognised is shown companies, and only their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.accounts.directory import AccountDirectory, Given
from bot.accounts.guessing import too_many
from bot.accounts.recognition import candidates, recognise_phone
from bot.accounts.steps import Doubted, Guessed, Proven, Step
from bot.accounts.trust import LASTS, RECOGNISED, Evidence
from bot.answers.skill import Ask, Reply
from bot.correcting import Correction, find_correction, named_in
from bot.dialogue import HUMAN, Dialogue
from bot.hearing import Heard
from bot.messages import Choice
from bot.reading import SMALL_TALK, alarming
from bot.storage.conversations import Whom
from nlu.aside import by_the_way
from nlu.understanding import Understanding
from nlu.wording import readable

OTHER_COMPANY = "company:other"  # the choice of somebody recognised who writes for yet another company
_LONGEST_NAME = 120
_VERY_NAME = 99.0
_NODS = frozenset({"affirm", "deny", "thanks", "goodbye", "greet"})
_SHORT_NOD = 2  # words: "ja bitte" names nobody, "Hallo, Maier aus Straubing" may
_WORD = re.compile(r"\w{3,}")
_SENTENCE = re.compile(
    r"\?|^\W*(?:it'?s|it is|that'?s|es ist|ist|das ist|aber|nein|no|not|kein\w*|weil|mit|ohne|with)\b", re.I
)
_COMPANY = re.compile(
    r"\b(?:GmbH|mbH|AG|KG|OHG|UG|GbR|e\.\s?K\.?|eK|SE|Ltd|Limited|Inc|Firma|Fa\.|company)(?!\w)", re.I
)


@dataclass(frozen=True, slots=True)
class Introduced:
    """What came out: who we take them for now, what to say, and what is to be written down.

    With `resume` the question that was asked before is answered, after `reply`.
    """

    whom: Whom
    reply: Reply
    dialogue: Dialogue
    steps: tuple[Step, ...] = ()
    ask_contact: bool = False
    resume: bool = False


async def share_contact(
    ask: Ask, directory: AccountDirectory, heard: Heard, dialogue: Dialogue
) -> Introduced:
    """A contact card came. Only the sender's own proves anything."""
    contact = heard.contact
    if contact is None or not contact.own or contact.phone is None:
        return Introduced(ask.whom, ask.reply("contact_not_own"), dialogue, ask_contact=True)
    whom = await recognise_phone(ask.conn, directory, contact.phone)
    same = whom.trust == ask.whom.trust and ask.whom.person_id is not None
    if same or whom.trust < ask.whom.trust:
        whom = ask.whom
    steps: tuple[Step, ...] = ()
    if whom.trust == RECOGNISED and whom is not ask.whom:
        until = ask.origin.now + LASTS
        whom = replace(whom, evidence=Evidence.OWN_CONTACT, until=until)
        steps = (Proven(whom.person_id, None, whom.trust, whom.evidence, until),)
    known = whom.trust >= RECOGNISED and whom.person is not None
    dialogue = replace(dialogue, greeted=dialogue.greeted or known, asked_company=True)
    if known and dialogue.intent is not None and dialogue.intent not in SMALL_TALK:
        hello = ask.reply("contact_known", name=whom.person)
        return Introduced(whom, hello, dialogue, steps, resume=True)
    if known and whom.company is not None:
        return Introduced(
            whom, ask.reply("greeting", name=whom.person, company=whom.company), dialogue, steps
        )
    return Introduced(whom, ask.reply("contact_thanks"), dialogue, steps)


async def named_company(
    ask: Ask, directory: AccountDirectory, heard: Heard, understanding: Understanding, dialogue: Dialogue
) -> Introduced | None:
    """The answer to "which company?", or a company named unasked; None when the turn is about something
    else (danger above all), or when we know better already.
    """
    if alarming(heard, understanding) if dialogue.expecting == "company" else understanding.urgency == 2:
        return None
    number = understanding.entity("customer_number")
    if ask.whom.trust >= RECOGNISED:
        return await _differs(ask, directory, number, dialogue)
    if number is None and not _reads_like_name(heard.text, understanding):
        return None
    return await _claim(ask, directory, heard.text, number, dialogue)


async def correct(
    ask: Ask, directory: AccountDirectory, heard: Heard, understanding: Understanding, dialogue: Dialogue
) -> Introduced | None:
    """Somebody says that they are not who we took them for; None when they do not."""
    correction = find_correction(heard.text)
    picks = correction is None and dialogue.expecting == "account"
    if picks:
        correction = Correction(heard.text, other=False)
    if correction is None or understanding.urgency == 2:
        return None
    if ask.whom.trust < RECOGNISED:
        if correction.name is None or (ask.whom.account_id is None and dialogue.claimed is None):
            return None
        number = understanding.entity("customer_number")
        return await _claim(ask, directory, correction.name, number, dialogue, but=ask.whom.account_id)
    own = await candidates(ask.conn, directory, ask.origin.sender, ask.origin.endpoint_id)
    if len(own) > 1:
        meant = _meant(own, correction, ask.whom)
        if meant is not None:
            reply = ask.reply("company_switched", company=meant.company)
            return Introduced(meant, reply, dialogue, resume=dialogue.intent is not None)
        return None if picks else Introduced(ask.whom, _choose(ask, own), dialogue)
    if picks:
        return None
    return await _deny(ask, directory, correction, dialogue)


async def other_company(ask: Ask, dialogue: Dialogue) -> Introduced:
    """Somebody recognised writes for a company we do not know them from: in this conversation, claimed."""
    whom = Whom(trust=0, evidence=Evidence.DENIED)
    asking = replace(ask.reply("ask_company"), expecting="company")
    return Introduced(whom, asking, replace(dialogue, asked_company=True))


async def which_company(ask: Ask, directory: AccountDirectory) -> Reply:
    """Ask somebody who works for several companies which one it is about."""
    return _choose(ask, await candidates(ask.conn, directory, ask.origin.sender, ask.origin.endpoint_id))


async def picked_company(ask: Ask, directory: AccountDirectory, account_id: str) -> Whom:
    """The company they picked, if they do work for it."""
    if ask.whom.trust < RECOGNISED:
        return ask.whom
    own = await candidates(ask.conn, directory, ask.origin.sender, ask.origin.endpoint_id)
    return next((whom for whom in own if str(whom.account_id) == account_id), ask.whom)


def _choose(ask: Ask, own: list[Whom], *, other: bool = False) -> Reply:
    choices = [Choice(f"account:{whom.account_id}", (whom.company or "")[:60]) for whom in own]
    if other:
        choices.append(Choice(OTHER_COMPANY, ask.say("choice_other_company")))
    return Reply(ask.say("ask_which_company", name=ask.whom.person), tuple(choices), expecting="account")


def _meant(own: list[Whom], correction: Correction, now: Whom) -> Whom | None:
    """Which of their own companies a correction means."""
    others = [whom for whom in own if whom.account_id != now.account_id]
    words = {word.casefold() for word in _WORD.findall(correction.name or "")} - {"firma"}
    named = [whom for whom in own if words & {word.casefold() for word in _WORD.findall(whom.company or "")}]
    if len(named) == 1:
        return named[0]
    return others[0] if correction.other and now.account_id is not None and len(others) == 1 else None


async def _differs(
    ask: Ask, directory: AccountDirectory, number: str | None, dialogue: Dialogue
) -> Introduced | None:
    """Phone and typed customer number disagree: ask; whether the number exists makes no difference."""
    if number is None or number == ask.whom.customer_number:
        return None
    own = await candidates(ask.conn, directory, ask.origin.sender, ask.origin.endpoint_id)
    meant = next((whom for whom in own if whom.customer_number == number), None)
    if meant is not None:
        reply = ask.reply("company_switched", company=meant.company)
        return Introduced(meant, reply, dialogue, resume=dialogue.intent is not None)
    return Introduced(ask.whom, _choose(ask, own, other=True), dialogue, (Guessed("customer_number"),))


async def _deny(
    ask: Ask, directory: AccountDirectory, correction: Correction, dialogue: Dialogue
) -> Introduced:
    """We took them for somebody else: what we believed counts no longer, and they are asked again."""
    doubt = Doubted(ask.whom.person_id, Evidence.DENIED)
    nobody = replace(ask, whom=Whom(evidence=Evidence.DENIED))
    asked = replace(dialogue, asked_company=True, greeted=True)
    if correction.name is None or correction.other:
        reply = replace(ask.reply("mistaken_ask"), expecting="company", choices=())
        whom = nobody.whom
        if correction.name is not None:
            asked = replace(asked, claimed=correction.name[:_LONGEST_NAME])
            but = ask.whom.account_id
            whom = await _lookup(nobody, directory, correction.name, None, but=but)
        return Introduced(whom, reply, asked, (doubt, Guessed("company")))
    claimed = await _claim(nobody, directory, correction.name, None, asked, but=ask.whom.account_id)
    return replace(claimed, reply=ask.reply("mistaken_noted"), steps=(doubt, *claimed.steps))


async def _claim(
    ask: Ask,
    directory: AccountDirectory,
    text: str,
    number: str | None,
    dialogue: Dialogue,
    *,
    but: int | None = None,
) -> Introduced:
    """Note a claimed company for the agent; what is said does not tell whether we know it."""
    kind = "company" if number is None else "customer_number"
    noted = replace(dialogue, claimed=text[:_LONGEST_NAME], asked_company=True, expecting=None, choices=())
    if await too_many(ask.conn, ask.origin):
        reply = replace(ask.reply("too_many_names"), choices=(Choice(HUMAN, ask.say(f"choice_{HUMAN}")),))
        return Introduced(
            ask.whom, reply, replace(noted, choices=reply.choices), (Guessed(kind, refused=True),)
        )
    whom = await _lookup(ask, directory, text, number, but=but)
    asked = dialogue.intent is not None and dialogue.intent not in SMALL_TALK
    reply = ask.reply("company_noted_besides" if asked else "company_noted")
    return Introduced(whom, reply, noted, (Guessed(kind),))


async def _lookup(
    ask: Ask, directory: AccountDirectory, text: str, number: str | None, *, but: int | None
) -> Whom:
    company = None
    if number is not None:
        company = await directory.find_by_customer_number(ask.conn, number)
    else:
        name = named_in(text)
        outcome = await directory.identify(ask.conn, Given(text=name))
        found = [match for match in outcome.accounts if match.account_id != but]
        if outcome.kind != "match" and not (but is not None and len(found) == 1):
            # A claim is a hint for people: the very name will do, though others come near.
            near = await directory.find_by_name(ask.conn, name)
            found = [match for match in near if match.account_id != but and match.score >= _VERY_NAME]
        if len(found) == 1:
            company = await directory.get_account(ask.conn, found[0].account_id)
    if company is not None:
        return company.whom(Evidence.TYPED)
    return ask.whom if but is None else Whom(evidence=Evidence.TYPED)


def _reads_like_name(text: str, understanding: Understanding) -> bool:
    """Whether this names a company; asking the directory would tell strangers whom it knows."""
    if len(text) > _LONGEST_NAME:
        return False
    if _COMPANY.search(text) is not None and not understanding.entities:
        return True
    if _SENTENCE.search(text) is not None and understanding.intent != "introduction":
        return False
    asks = understanding.sure and understanding.intent == "who_are_you"
    if asks or by_the_way(readable(text)):
        return False  # "wer bist du" wants to know before it tells; "bin auf dem Dach" is no company
    nod = understanding.intent in _NODS and len(text.split()) <= _SHORT_NOD
    return not understanding.sure or (understanding.intent in SMALL_TALK and not nod)

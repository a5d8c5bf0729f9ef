"""Getting to know a stranger: a shared contact, a named company, or which of several companies.

The reply to a named company is the same for a hit and a miss, so that nobody can find out who our
customers are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.accounts.directory import AccountDirectory, Given
from bot.accounts.recognition import CLAIMED, recognise_phone
from bot.answers.skill import Ask, Reply
from bot.dialogue import Dialogue
from bot.hearing import Heard
from bot.messages import Choice
from bot.storage.conversations import Whom
from bot.topic import SMALL_TALK
from nlu.understanding import Understanding

_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Introduced:
    """What came out: who we take them for now, what to say, and whether their own phone proved it."""

    whom: Whom
    reply: Reply
    dialogue: Dialogue
    proven_by_contact: bool = False
    ask_contact: bool = False


async def share_contact(
    ask: Ask, directory: AccountDirectory, heard: Heard, dialogue: Dialogue
) -> Introduced:
    """A contact card came. Only the sender's own proves anything."""
    contact = heard.contact
    if contact is None or not contact.own or contact.phone is None:
        return Introduced(ask.whom, ask.reply("contact_not_own"), dialogue, ask_contact=True)
    whom = await recognise_phone(ask.conn, directory, contact.phone)
    if whom.trust <= ask.whom.trust:
        whom = ask.whom
    known = whom.person is not None and whom.company is not None
    reply = (
        ask.reply("greeting", name=whom.person, company=whom.company)
        if known
        else ask.reply("contact_thanks")
    )
    return Introduced(
        whom, reply, replace(dialogue, greeted=dialogue.greeted or known, asked_company=True), known
    )


async def named_company(
    ask: Ask, directory: AccountDirectory, heard: Heard, understanding: Understanding, dialogue: Dialogue
) -> Introduced | None:
    """The answer to "which company?", or a company named unasked; None when the turn is about something
    else (danger above all), or when we know better already.
    """
    if ask.whom.person is not None or understanding.urgency == 2:
        return None
    number = understanding.entity("customer_number")
    company = None
    if number is not None:
        company = await directory.find_by_customer_number(ask.conn, number)
    elif len(heard.text) <= _LONGEST_NAME:
        outcome = await directory.identify(ask.conn, Given(text=heard.text))
        if outcome.kind == "match":
            company = await directory.get_account(ask.conn, outcome.accounts[0].account_id)
    if number is None and company is None:
        news = understanding.sure and understanding.intent not in SMALL_TALK
        if news or len(heard.text) > _LONGEST_NAME:
            return None
    whom = company.whom(CLAIMED) if company else ask.whom
    noted = replace(
        dialogue, claimed=heard.text[:_LONGEST_NAME], asked_company=True, expecting=None, choices=()
    )
    return Introduced(whom, ask.reply("company_noted"), noted)


async def which_company(ask: Ask, directory: AccountDirectory) -> Reply:
    """Ask somebody who works for several companies which one it is about."""
    assert ask.whom.person_id is not None  # noqa: S101 - asked only of people we recognised
    memberships = await directory.find_by_person(ask.conn, ask.whom.person_id)
    choices = tuple(Choice(f"account:{m.account_id}", m.company[:60]) for m in memberships)
    return Reply(ask.say("ask_which_company", name=ask.whom.person), choices, expecting="account")


async def picked_company(ask: Ask, directory: AccountDirectory, account_id: str) -> Whom:
    """The company they picked, if they do work for it."""
    if ask.whom.person_id is None:
        return ask.whom
    memberships = await directory.find_by_person(ask.conn, ask.whom.person_id)
    return next((m.whom(ask.whom.trust) for m in memberships if str(m.account_id) == account_id), ask.whom)

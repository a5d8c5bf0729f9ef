"""What is open already: a colleague has brought the same thing up, and somebody at the desk has it."""

from __future__ import annotations

from dataclasses import replace

from bot.accounts.trust import RECOGNISED, Unlocks, may
from bot.answers.skill import Ask, Reply, found
from bot.storage import open_cases
from bot.storage.open_cases import OpenCase

_MATTERS = frozenset({"order_number", "error_code", "article_number"})
# What somebody may be working on. Stock, prices and documents are asked for by many at once.
_WORKED_ON = frozenset(
    {"order_status", "error_code", "commissioning", "spare_part", "warranty_return", "appointment", "invoice"}
)


async def find(ask: Ask, intent: str) -> OpenCase | None:
    """The open case of this person or a colleague about the same matter. Asks the database only when we
    know the company and an order, a code or an article was named.
    """
    whom = ask.whom
    if whom.trust < RECOGNISED or whom.account_id is None:
        return None
    if intent not in _WORKED_ON or not _MATTERS & ask.slots.keys():
        return None
    return await open_cases.about(ask.conn, whom.account_id, intent, ask.slots, but=ask.origin.endpoint_id)


async def mention(ask: Ask, intent: str, reply: Reply) -> Reply:
    """Add to an answer that somebody is on it already, for those who may know of the company's cases, or
    who were told about the order itself.
    """
    if not found(reply):
        return reply
    case = await find(ask, intent)
    if case is None:
        return reply
    own = case.person_id is not None and case.person_id == ask.whom.person_id
    told_of_order = intent == "order_status" and "order_number" in ask.slots
    if not (own or told_of_order or may(ask.whom.trust, Unlocks.COMPANY_TICKETS)):
        return reply
    key = "own_case" if own else "colleagues_case"
    note = ask.say(f"{key}_in_work", agent=case.agent) if case.agent else ask.say(f"{key}_in_queue")
    return replace(reply, text=f"{reply.text}\n{note}", case=case)

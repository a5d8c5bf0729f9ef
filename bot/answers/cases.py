"""What has become of my case? Told to whom it belongs; what colleagues have open, from trust level 3 on.

Only other chats can have something open: while people hold this one, the bot is silent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.accounts.trust import Unlocks, may
from bot.answers.skill import Ask, Reply
from bot.messages import Choice
from bot.storage import cases, crm_copy
from bot.storage.cases import Case

INTENT = "case_status"
_SHOWN = 5  # each of the desk's cases and of a CRM's tickets
_LATELY = timedelta(days=30)
# Topics whose button says what to do, not what it is about.
_UNNAMED = frozenset({"order_status", "human_request", INTENT})


async def case_status(ask: Ask) -> Reply:
    """Say what is open at the desk and in the CRM, since when, and what was promised; or that nothing is."""
    whom = ask.whom
    if not may(whom.trust, Unlocks.OWN_TICKETS):
        return replace(ask.reply("case_not_yours"), missed="any case", needs=Unlocks.OWN_TICKETS)
    if whom.account_id is not None and may(whom.trust, Unlocks.COMPANY_TICKETS):
        return await _of_company(ask, whom.account_id)
    if ask.slots.get("cases") == "company":
        return replace(ask.reply("case_not_yours"), missed="all cases", needs=Unlocks.COMPANY_TICKETS)
    own = await cases.open_of_person(ask.conn, whom.person_id, _SHOWN) if whom.person_id is not None else []
    told = ask.reply("case_open", list=_lines(ask, own)) if own else await _nothing(ask)
    if whom.account_id is None:
        return told
    of_company = Choice("cases:company", ask.say("choice_company_cases"))
    return replace(told, choices=(*told.choices, of_company))


async def _of_company(ask: Ask, account_id: int) -> Reply:
    own = await cases.open_of_person(ask.conn, ask.whom.person_id, _SHOWN) if ask.whom.person_id else []
    known = {case.conversation_id for case in own}
    others = await cases.open_of_account(ask.conn, account_id, _SHOWN + len(own))
    found = [*own, *(case for case in others if case.conversation_id not in known)][:_SHOWN]
    parts = []
    if found:
        parts.append(ask.say("case_open_company", company=ask.whom.company, list=_lines(ask, found)))
    parts += await _tickets(ask, account_id)
    if not parts:
        return await _nothing(ask)
    return Reply("\n".join(parts), ask.catalogue.choices("case_open", ask.language))


async def _tickets(ask: Ask, account_id: int) -> list[str]:
    """The CRM's open tickets as last read, without those that stand for conversations of ours."""
    parts = []
    for record in await crm_copy.known_as(ask.conn, account_id):
        ours = await cases.tickets_of(ask.conn, [item.reference for item in record.open_items])
        items = [item for item in record.open_items if item.reference not in ours][:_SHOWN]
        if items and record.open_items_at is not None:
            lines = "\n".join(
                ask.say("case_ticket_line", number=item.reference, title=item.title) for item in items
            )
            parts.append(ask.say("case_tickets", time=ask.time(record.open_items_at), list=lines))
    return parts


async def _nothing(ask: Ask) -> Reply:
    person_id = ask.whom.person_id
    since = ask.origin.now - _LATELY
    closed = await cases.last_closed(ask.conn, person_id, since) if person_id is not None else None
    if closed is None or closed.closed is None:
        return ask.reply("case_none")
    return ask.reply("case_none_since", topic=_topic(ask, closed), time=ask.time(closed.closed))


def _lines(ask: Ask, found: Sequence[Case]) -> str:
    return "\n".join(_line(ask, case) for case in found)


def _line(ask: Ask, case: Case) -> str:
    topic = _topic(ask, case)
    if case.person_id != ask.whom.person_id and case.person is not None:
        topic = ask.say("case_of", topic=topic, name=case.person)
    if case.ticket is not None:
        topic = ask.say("case_with_ticket", topic=topic, number=case.ticket)
    if case.agent is not None:
        key = "case_in_hand"
    else:
        key = (
            "case_overdue" if case.overdue else "case_waiting" if case.due is not None else "case_unpromised"
        )
    due = ask.time(case.due) if case.due is not None else ""
    return ask.say(key, topic=topic, since=ask.time(case.since), due=due, agent=case.agent or "")


def _topic(ask: Ask, case: Case) -> str:
    if case.order is not None:
        return ask.say("case_topic_order", number=case.order)
    named = f"choice_{case.intent}"
    return ask.say(named if case.intent not in _UNNAMED and named in ask.catalogue else "case_topic")

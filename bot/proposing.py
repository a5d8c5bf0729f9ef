"""Noticing people who are not on file: a phone whose owner names their company, and contact cards.

They are proposed to the desk. Who somebody says they work for proves nothing, so nothing is written
by itself, and whoever writes does not learn of it.
"""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.phones import BadPhone, read_phone
from bot.storage import proposals
from bot.thought import Thought

NAMED_COMPANY, CARD = "named_company", "contact_card"  # how somebody was found out


def proposes(thought: Thought) -> bool:
    """Whether this turn may have brought up somebody who is not on file."""
    whom = thought.response.whom
    named = whom.person_id is None and thought.sender.phone is not None
    carded = any(item.inbound.contact is not None for item in thought.items)
    return whom.account_id is not None and (named or carded)


async def propose(conn: AsyncConnection, thought: Thought, conversation_id: int) -> None:
    """Propose whom this turn has brought up, in the transaction that writes it down."""
    whom, sender = thought.response.whom, thought.sender
    if whom.account_id is None:
        return
    if whom.person_id is None and sender.phone is not None:
        await proposals.propose(
            conn,
            whom.account_id,
            sender.phone,
            name=sender.name,
            evidence=NAMED_COMPANY,
            conversation_id=conversation_id,
        )
    for item in thought.items:
        card = item.inbound.contact
        if card is None or card.own or card.phone is None:
            continue
        try:
            phone = read_phone(card.phone)
        except BadPhone:
            continue
        await proposals.propose(
            conn, whom.account_id, phone.e164, name=card.name, evidence=CARD, conversation_id=conversation_id
        )

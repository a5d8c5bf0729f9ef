"""Recognising who writes, at the first word of a conversation.

A link made before counts most; then the phone the channel vouches for, when it belongs to exactly
one active person. A shared phone or a switchboard proves a company at most (trust level 1).
"""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.directory import AccountDirectory, Membership
from bot.messages import Sender
from bot.storage.conversations import Whom

CLAIMED, RECOGNISED = 1, 2


async def recognise(
    conn: AsyncConnection, directory: AccountDirectory, sender: Sender, endpoint_id: int | None
) -> Whom:
    """Who we take this sender for; an empty `Whom` for a stranger."""
    if endpoint_id is not None:
        linked = await directory.find_by_link(conn, endpoint_id)
        if linked:
            return _person([membership for membership, _ in linked], linked[0][1])
    if sender.phone is None:
        return Whom()
    return await recognise_phone(conn, directory, sender.phone)


async def recognise_phone(conn: AsyncConnection, directory: AccountDirectory, phone: str) -> Whom:
    """Who has this E.164 phone, vouched for by the channel."""
    memberships = await directory.find_by_phone(conn, phone)
    people = {membership.person_id for membership in memberships}
    if len(people) == 1:
        return _person(memberships, RECOGNISED)
    accounts = {membership.account_id for membership in memberships}
    if len(accounts) == 1:
        shared = memberships[0]
        return Whom(
            None,
            None,
            shared.account_id,
            shared.company,
            shared.customer_number,
            shared.tier,
            shared.owner,
            (),
            CLAIMED,
        )
    if memberships:
        return Whom()
    companies = await directory.find_by_trunk(conn, phone)
    return companies[0].whom(CLAIMED) if len(companies) == 1 else Whom()


def _person(memberships: list[Membership], trust: int) -> Whom:
    """One person; the company only when they work for exactly one."""
    first = memberships[0]
    if len(memberships) == 1:
        return first.whom(trust)
    return Whom(person_id=first.person_id, person=first.person, trust=trust)

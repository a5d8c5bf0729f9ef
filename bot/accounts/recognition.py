"""Recognising who writes, at the first word of a conversation.

What was proven over the endpoint before counts most; then the phone the channel vouches for, when it
belongs to exactly one active person, unless that has been doubted. A shared phone or a switchboard
stands for a company at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.directory import AccountDirectory, Link, Membership
from bot.accounts.trust import CLAIMED, RECOGNISED, Evidence
from bot.messages import Sender
from bot.storage.conversations import Whom


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a turn comes from: the ids are None at the first word ever, or of a new conversation."""

    sender: Sender
    endpoint_id: int | None
    conversation_id: int | None
    now: datetime


async def recognise(
    conn: AsyncConnection, directory: AccountDirectory, sender: Sender, endpoint_id: int | None
) -> Whom:
    """Who we take this sender for; an empty `Whom` for a stranger."""
    return _whom(await candidates(conn, directory, sender, endpoint_id))


async def candidates(
    conn: AsyncConnection, directory: AccountDirectory, sender: Sender, endpoint_id: int | None
) -> list[Whom]:
    """Who this sender may be: one person at each of their companies, or one company."""
    links = await directory.find_by_link(conn, endpoint_id) if endpoint_id is not None else []
    links = sorted(links, key=lambda link: -link.trust)
    found = await by_phone(conn, directory, sender.phone) if sender.phone is not None else []
    if links and links[0].trust > CLAIMED:
        linked = _at_each([link for link in links if link.membership.person_id == _first(links)])
        known = {whom.account_id for whom in linked}
        same = [whom for whom in found if whom.person_id == linked[0].person_id]
        return linked + [whom for whom in same if whom.account_id not in known]
    doubts = {link.membership.person_id: link.evidence for link in links if not link.expired}
    if found:
        return [_doubted(whom, doubts) for whom in found]
    if links:
        return _at_each([link for link in links if link.membership.person_id == _first(links)])
    companies = await directory.find_company_by_link(conn, endpoint_id) if endpoint_id is not None else []
    return [company.whom(Evidence.INVITATION) for company in companies] if len(companies) == 1 else []


async def recognise_phone(conn: AsyncConnection, directory: AccountDirectory, phone: str) -> Whom:
    """Who has this E.164 phone, vouched for by the channel."""
    return _whom(await by_phone(conn, directory, phone))


async def by_phone(conn: AsyncConnection, directory: AccountDirectory, phone: str) -> list[Whom]:
    """Who has this E.164 phone: one person at each of their companies, or one company."""
    memberships = await directory.find_by_phone(conn, phone)
    if len({membership.person_id for membership in memberships}) == 1:
        return [membership.whom(RECOGNISED, Evidence.PHONE) for membership in memberships]
    if len({membership.account_id for membership in memberships}) == 1:
        return [_company_of(memberships[0])]
    if memberships:
        return []
    companies = await directory.find_by_trunk(conn, phone)
    if companies:
        return [companies[0].whom(Evidence.TRUNK)] if len(companies) == 1 else []
    former = await directory.find_former(conn, phone)
    return [former[0].whom(Evidence.PERSON_LEFT)] if len(former) == 1 else []


def _first(links: Sequence[Link]) -> int:
    return links[0].membership.person_id


def _at_each(links: Sequence[Link]) -> list[Whom]:
    """The firmest link of each company."""
    firmest: dict[int, Link] = {}
    for link in links:
        firmest.setdefault(link.membership.account_id, link)
    return [link.membership.whom(link.trust, link.evidence, link.until) for link in firmest.values()]


def _doubted(whom: Whom, doubts: dict[int, str]) -> Whom:
    evidence = doubts.get(whom.person_id) if whom.person_id is not None else None
    return whom if evidence is None else replace(whom, trust=CLAIMED, evidence=evidence)


def _company_of(membership: Membership) -> Whom:
    shared = membership.whom(CLAIMED, Evidence.SHARED_PHONE)
    return replace(shared, person_id=None, person=None, roles=())


def _whom(found: Sequence[Whom]) -> Whom:
    """One person; the company only when they work for exactly one."""
    if len(found) == 1:
        return found[0]
    if not found:
        return Whom()
    least = min(found, key=lambda whom: whom.trust)
    return Whom(
        person_id=least.person_id,
        person=least.person,
        trust=least.trust,
        evidence=least.evidence,
        until=least.until,
    )

"""Companies of a CRM in our tables: each stands for one record over there, known by its origin.

A company is found by its origin, else by its customer number, else it is new. The CRM is right in what
it knows, except for what was edited here; that is kept, and what the CRM says instead is noted. A
company without a customer number over there goes by the CRM's id: "HS-501". `source` stays what
brought the account first; the origin says since when the CRM's word is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.crm import CrmAccount, MergedInto
from bot.accounts.phones import BadPhone, read_phone
from bot.storage import merging
from bot.storage.accounts_import import EVIDENCE
from bot.storage.tables import Account, Endpoint, IdentityLink, Membership, Origin

PREFIX = {"hubspot": "HS", "salesforce": "SF"}
_FIELDS = ("name", "city", "tier", "owner")

_PARENTS = text(
    """
    UPDATE accounts AS a SET parent_id = p.account_id
    FROM origins AS o LEFT JOIN origins AS p
        ON p.source = o.source AND p.kind = 'account' AND p.external_id = o.parent AND p.gone_at IS NULL
    WHERE o.source = :source AND o.kind = 'account' AND a.id = o.account_id
    AND (o.external_id = ANY(:ids) OR o.parent = ANY(:ids))
    AND p.account_id IS DISTINCT FROM a.parent_id AND p.account_id IS DISTINCT FROM a.id
    AND (o.parent IS NULL OR p.account_id IS NOT NULL)
    """
)


async def take(
    conn: AsyncConnection, source: str, accounts: Sequence[CrmAccount], now: datetime
) -> list[str]:
    """Take companies over; returns what was wrong with them, in words for the operator."""
    problems: list[str] = []
    for account in accounts:
        account_id, leads = await _place(conn, source, account, now)
        if leads:
            await _write(conn, source, account_id, account, now)
        problems += await _switchboard(conn, account_id, account)
    ids = [account.external_id for account in accounts]
    await conn.execute(_PARENTS, {"source": source, "ids": ids})
    return problems


async def _place(conn: AsyncConnection, source: str, account: CrmAccount, now: datetime) -> tuple[int, bool]:
    """The account a record stands for, and whether this record leads it (the first of several does)."""
    number = account.customer_number
    known = await find(conn, source, "account", account.external_id)
    if known is None:
        number = number or f"{PREFIX[source]}-{account.external_id}"
        known = await _by_number(conn, number) or await merging.survivor(conn, number)
    if known is None:
        known = (
            await conn.execute(
                upsert(Account)
                .values(customer_number=number, name=account.name, source=source, synced_at=now)
                .on_conflict_do_update(index_elements=["customer_number"], set_={"synced_at": now})
                .returning(Account.id)
            )
        ).scalar_one()
    elif number is not None:
        known = await _renumber(conn, known, number)
    values = {"account_id": known, "url": account.url, "parent": account.parent}
    await conn.execute(
        upsert(Origin)
        .values(source=source, kind="account", external_id=account.external_id, synced_at=now, **values)
        .on_conflict_do_update(
            index_elements=["source", "kind", "external_id"],
            set_={**values, "synced_at": now, "gone_at": None},
        )
    )
    first = await conn.scalar(
        select(Origin.external_id)
        .where(Origin.source == source, Origin.account_id == known, Origin.gone_at.is_(None))
        .order_by(Origin.id)
        .limit(1)
    )
    return known, first == account.external_id


async def _by_number(conn: AsyncConnection, number: str) -> int | None:
    found: int | None = await conn.scalar(select(Account.id).where(Account.customer_number == number))
    return found


async def _renumber(conn: AsyncConnection, account_id: int, number: str) -> int:
    """Give an account the customer number it has over there; whoever has it here is the same company."""
    current = await conn.scalar(select(Account.customer_number).where(Account.id == account_id))
    if current == number:
        return account_id
    holder = await _by_number(conn, number)
    if holder is not None:
        await merging.merge(conn, holder, account_id, actor="system")
        return holder
    if await merging.survivor(conn, number) != account_id:
        await conn.execute(update(Account).where(Account.id == account_id).values(customer_number=number))
    return account_id


async def _write(
    conn: AsyncConnection, source: str, account_id: int, account: CrmAccount, now: datetime
) -> None:
    said = {name: value for name, value in asdict(account).items() if name in _FIELDS and value is not None}
    columns = [Account.edited, Account.source, *(getattr(Account, name) for name in _FIELDS)]
    row = (await conn.execute(select(*columns).where(Account.id == account_id).with_for_update())).one()
    here, edited = row._mapping, row.edited
    values: dict[str, Any] = {name: value for name, value in said.items() if name not in edited}
    if account.domains:
        values["domains"] = list(account.domains)
    differs = {name: said[name] for name in edited if name in said and said[name] != here[name]}
    if row.source == source:
        values["synced_at"] = now
    if values:
        await conn.execute(update(Account).where(Account.id == account_id).values(**values))
    await conn.execute(
        update(Origin)
        .where(Origin.source == source, Origin.kind == "account", Origin.external_id == account.external_id)
        .values(differs=differs)
    )


async def _switchboard(conn: AsyncConnection, account_id: int, account: CrmAccount) -> list[str]:
    """Let the company's phone stand for the company alone."""
    if account.phone is None:
        return []
    try:
        phone = read_phone(account.phone)
    except BadPhone as error:
        return [f"company {account.external_id}: phone: {error}"]
    endpoint_id = (
        await conn.execute(
            upsert(Endpoint)
            .values(channel="phone", address=phone.e164, thread=f"phone:{phone.e164}", shared=phone.block)
            .on_conflict_do_update(
                index_elements=["channel", "address"], set_={"shared": Endpoint.shared | phone.block}
            )
            .returning(Endpoint.id)
        )
    ).scalar_one()
    await conn.execute(update(Account).where(Account.id == account_id).values(trunk_phones=[phone.written]))
    on_file = IdentityLink.evidence == EVIDENCE
    # The company's former phone, and a person who was thought to have this one alone.
    await conn.execute(
        delete(IdentityLink).where(
            IdentityLink.account_id == account_id,
            IdentityLink.person_id.is_(None),
            on_file,
            IdentityLink.endpoint_id != endpoint_id,
        )
    )
    await conn.execute(
        delete(IdentityLink).where(
            IdentityLink.endpoint_id == endpoint_id, IdentityLink.person_id.is_not(None), on_file
        )
    )
    await conn.execute(
        upsert(IdentityLink)
        .values(endpoint_id=endpoint_id, account_id=account_id, trust=1, evidence=EVIDENCE)
        .on_conflict_do_nothing()
    )
    return []


async def find(conn: AsyncConnection, source: str, kind: str, external_id: str) -> int | None:
    """The account or person that a CRM's record stands for."""
    found: int | None = await conn.scalar(
        select(func.coalesce(Origin.account_id, Origin.person_id)).where(
            Origin.source == source, Origin.kind == kind, Origin.external_id == external_id
        )
    )
    return found


async def go_on(conn: AsyncConnection, source: str, merge: MergedInto) -> None:
    """Let what stood for a merged record stand for its survivor, a record of its own that is new here."""
    record = Origin.source == source, Origin.kind == merge.kind, Origin.external_id == merge.external_id
    await conn.execute(update(Origin).where(*record).values(external_id=merge.survivor))


async def merged(conn: AsyncConnection, source: str, gone: str, survivor: str) -> bool:
    """Two records have become one over there, and so do their accounts; whether that was news."""
    losing = await find(conn, source, "account", gone)
    if losing is None:
        return False
    await conn.execute(
        delete(Origin).where(Origin.source == source, Origin.kind == "account", Origin.external_id == gone)
    )
    kept = await find(conn, source, "account", survivor)
    if kept is not None and kept != losing:
        await merging.merge(conn, kept, losing, actor="system")
    return True


async def take_away(conn: AsyncConnection, source: str, external_id: str, now: datetime, today: date) -> bool:
    """A company was deleted over there; whether that was news.

    What was said and ordered stays. Nobody is recognised for the company any more, unless another
    source still has it.
    """
    account_id = await mark_gone(conn, source, "account", external_id, now)
    if account_id is None or await _kept_elsewhere(conn, source, account_id):
        return account_id is not None
    yesterday = today - timedelta(days=1)
    await conn.execute(
        update(Membership)
        .where(Membership.account_id == account_id, func.coalesce(Membership.valid_until, today) >= today)
        .values(valid_until=yesterday)
    )
    await conn.execute(
        delete(IdentityLink).where(
            IdentityLink.account_id == account_id,
            IdentityLink.person_id.is_(None),
            IdentityLink.evidence == EVIDENCE,
        )
    )
    return True


async def mark_gone(
    conn: AsyncConnection, source: str, kind: str, external_id: str, now: datetime
) -> int | None:
    """Note that a record is no more; the account or person it stood for, None if that is no news."""
    row = (
        await conn.execute(
            update(Origin)
            .where(
                Origin.source == source,
                Origin.kind == kind,
                Origin.external_id == external_id,
                Origin.gone_at.is_(None),
            )
            .values(gone_at=now)
            .returning(Origin.account_id, Origin.person_id)
        )
    ).first()
    return (row.account_id or row.person_id) if row else None


async def _kept_elsewhere(conn: AsyncConnection, source: str, account_id: int) -> bool:
    others = await conn.scalar(
        select(func.count())
        .select_from(Origin)
        .where(Origin.account_id == account_id, Origin.gone_at.is_(None))
    )
    kept_by = await conn.scalar(select(Account.source).where(Account.id == account_id))
    return bool(others) or kept_by != source

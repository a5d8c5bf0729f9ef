"""Copies of invoices, for whoever may have them. Read only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import tables
from bot.storage.knowledge import Document


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice with its PDF; `order` is the order it bills, where it bills one."""

    number: str
    account_id: int
    order: str | None
    issued_on: date
    copy: Document


async def find(conn: AsyncConnection, number: str) -> Invoice | None:
    """The invoice with this number, whoever it belongs to: the caller checks whether it may be told."""
    query = select(tables.Invoice.__table__).where(tables.Invoice.number == number)
    row = (await conn.execute(query)).first()
    return _invoice(row) if row else None


async def of_account(conn: AsyncConnection, account_id: int, order: str | None, limit: int) -> list[Invoice]:
    """A company's invoices, the latest first; those of one order if given."""
    query = (
        select(tables.Invoice.__table__)
        .where(tables.Invoice.account_id == account_id)
        .order_by(tables.Invoice.issued_on.desc(), tables.Invoice.number.desc())
        .limit(limit)
    )
    if order is not None:
        query = query.where(tables.Invoice.order_number == order)
    return [_invoice(row) for row in await conn.execute(query)]


def _invoice(row: Row[Any]) -> Invoice:
    words = {"de": row.number, "en": row.number}
    copy = Document(words, row.path, "application/pdf", row.size)
    return Invoice(row.number, row.account_id, row.order_number, row.issued_on, copy)

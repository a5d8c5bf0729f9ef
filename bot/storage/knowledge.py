"""What the bot looks up: orders, articles, spare parts, error codes and documents. Read only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, bindparam, exists, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import tables
from bot.storage.database import run_for_one

Words = Mapping[str, str]
"""The same words by language: {"de": …, "en": …}."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An article and how many of it."""

    article: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Order:
    """An order as the ERP knows it.

    `status` is confirmed, production, shipped, delivered or delayed. `promised_on` is the expected
    day of delivery, for a delivered order the day itself.
    """

    number: str
    account_id: int
    person_id: int | None
    status: str
    ordered_on: date
    promised_on: date | None
    carrier: str | None
    tracking: str | None
    lines: tuple[OrderLine, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """Something that can be ordered; `lead_days` are the working days it takes when out of stock."""

    number: str
    name: Words
    family: str
    stock: int
    lead_days: int


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """What a code means on one family of devices. `steps` are the remedies in order, by language."""

    family: str
    code: str
    meaning: Words
    steps: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Family:
    """A family of devices, by the name on its data sheet; its code where there is none."""

    code: str
    name: Words


@dataclass(frozen=True, slots=True)
class Document:
    """A stored file to send. `path` is relative to the media directory, `size` in bytes."""

    title: Words
    path: str
    mime: str
    size: int


def _order(row: Row[Any]) -> Order:
    lines = tuple(OrderLine(line["article"], line["quantity"]) for line in row.lines)
    return Order(
        row.number,
        row.account_id,
        row.person_id,
        row.status,
        row.ordered_on,
        row.promised_on,
        row.carrier,
        row.tracking,
        lines,
    )


def _article(row: Row[Any]) -> Article:
    return Article(row.number, row.name, row.family, row.stock, row.lead_days)


_ORDER = select(tables.Order.__table__).where(tables.Order.number == bindparam("number"))
# What is asked for most runs on the driver (`docs/decisions/0009-few-round-trips.md`).
_ARTICLE = """
    SELECT number, name, family, stock, lead_days FROM articles WHERE number = %(number)s"""


async def order(conn: AsyncConnection, number: str) -> Order | None:
    """The order with this number, whoever it belongs to: the caller checks whether it may be told."""
    row = (await conn.execute(_ORDER, {"number": number})).first()
    return _order(row) if row else None


async def open_orders(
    conn: AsyncConnection, account_id: int, person_id: int | None, limit: int
) -> list[Order]:
    """Orders of a company not yet delivered, the next delivery first; of one person if given."""
    query = (
        select(tables.Order.__table__)
        .where(tables.Order.account_id == account_id, tables.Order.status != "delivered")
        .order_by(tables.Order.promised_on.asc().nulls_last(), tables.Order.number)
        .limit(limit)
    )
    if person_id is not None:
        query = query.where(tables.Order.person_id == person_id)
    return [_order(row) for row in await conn.execute(query)]


async def article(conn: AsyncConnection, number: str) -> Article | None:
    """The article with this number."""
    row = await run_for_one(conn, _ARTICLE, {"number": number})
    return _article(row) if row else None


async def spare_parts(conn: AsyncConnection, article: str) -> list[Article]:
    """The spare parts that fit an article, by number."""
    query = (
        select(tables.Article.__table__)
        .where(tables.Article.spare_for.bool_op("@>")([article]))
        .order_by(tables.Article.number)
    )
    return [_article(row) for row in await conn.execute(query)]


async def error_codes(conn: AsyncConnection, code: str, family: str | None) -> list[ErrorCode]:
    """What a code means, once per family that knows it; on one family if given."""
    query = (
        select(tables.ErrorCode.__table__)
        .where(tables.ErrorCode.code == code)
        .order_by(tables.ErrorCode.family)
    )
    if family is not None:
        query = query.where(tables.ErrorCode.family == family)
    return [
        ErrorCode(
            row.family,
            row.code,
            row.meaning,
            {language: tuple(steps) for language, steps in row.steps.items()},
        )
        for row in await conn.execute(query)
    ]


async def families(conn: AsyncConnection, kind: str | None = None) -> list[Family]:
    """All families of devices by code; only those that have a document of this kind if given."""
    codes = select(tables.Article.family).where(tables.Article.spare_for == []).distinct()
    if kind is not None:
        of_kind = and_(tables.Document.family == tables.Article.family, tables.Document.kind == kind)
        codes = codes.where(exists().where(of_kind))
    known = codes.subquery()
    query = (
        select(known.c.family, tables.Document.title)
        .ext(distinct_on(known.c.family))
        .outerjoin(
            tables.Document,
            and_(tables.Document.family == known.c.family, tables.Document.kind == "datasheet"),
        )
        .order_by(known.c.family, tables.Document.id)
    )
    return [
        Family(row.family, row.title or {"de": row.family, "en": row.family})
        for row in await conn.execute(query)
    ]


async def documents(conn: AsyncConnection, family: str, kind: str, language: str) -> list[Document]:
    """The documents of this kind for a family: those in the language, else those that fit every language."""
    fits = tables.Document.language.is_(None) | (tables.Document.language == language)
    query = (
        select(tables.Document.__table__)
        .where(tables.Document.family == family, tables.Document.kind == kind, fits)
        .order_by(tables.Document.id)
    )
    rows = (await conn.execute(query)).all()
    spoken = [row for row in rows if row.language is not None]
    return [Document(row.title, row.path, row.mime, row.size) for row in spoken or rows]

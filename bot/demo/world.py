"""Seeding the demo: a fictitious maker of fans, its customers, their orders, and what it knows.

The world is data: `world/*.csv` are accounts and people in the import format and come in through the
ordinary import, `world/*.yaml` is the rest, `assets/library/` the pictures and data sheets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from sqlalchemy import insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.csv_import import import_csv
from bot.demo.library import copy_to, documents, invoice
from bot.storage.tables import Account, Article, Document, ErrorCode, Invoice, Membership, Order, Person

SOURCE = "demo"
WORLD = Path(__file__).parent / "world"
FILES = (WORLD / "accounts.csv", WORLD / "people.csv")


@dataclass(frozen=True, slots=True)
class DemoAgent:
    """Somebody at the demo's service desk, with a password that is no secret."""

    name: str
    email: str
    password: str
    role: Literal["agent", "admin"]
    language: str


DEMO_AGENTS = (
    DemoAgent("Anna Keller", "anna.keller@nordwind.example", "nordwind-anna", "admin", "de"),
    DemoAgent("David Sommer", "david.sommer@nordwind.example", "nordwind-david", "agent", "de"),
    DemoAgent("Miriam Brooks", "miriam.brooks@nordwind.example", "nordwind-miriam", "agent", "en"),
)


@dataclass(frozen=True, slots=True)
class WorldSummary:
    """What there is after seeding. `seeded` is False when it was there already."""

    seeded: bool
    accounts: int
    people: int
    orders: int
    articles: int
    documents: int


@cache
def read_world(name: str) -> dict[str, Any]:
    """One of the YAML files of the world, by its name without ending."""
    content: dict[str, Any] = yaml.safe_load((WORLD / f"{name}.yaml").read_text(encoding="utf-8"))
    return content


async def seed(conn: AsyncConnection, media_dir: Path, today: date) -> WorldSummary:
    """Bring the demo world in, once; orders are dated from `today`. The caller commits.

    A second call changes nothing in the tables; files missing from the library are copied again.
    """
    copy_to(media_dir)
    await conn.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('bauruf:seed', 0))"))
    known = await conn.scalar(select(Account.id).where(Account.source == SOURCE).limit(1))
    if known is None:
        await import_csv(conn, FILES, today=today, source=SOURCE)
        await _describe_people(conn)
        await _fill_shelves(conn)
        await _place_orders(conn, today)
    return await _count(conn, seeded=known is None)


async def _describe_people(conn: AsyncConnection) -> None:
    """Add what the import files cannot say: owners and languages."""
    personas = read_world("personas")
    for number, owner in personas["owners"].items():
        await conn.execute(update(Account).where(Account.customer_number == number).values(owner=owner))
    people = select(Membership.person_id).join(Account, Account.id == Membership.account_id)
    demo = people.where(Account.source == SOURCE)
    await conn.execute(update(Person).where(Person.id.in_(demo)).values(language="de"))
    for number, language in personas["languages"].items():
        there = people.where(Account.customer_number == number)
        await conn.execute(update(Person).where(Person.id.in_(there)).values(language=language))


async def _fill_shelves(conn: AsyncConnection) -> None:
    """Articles, spare parts, error codes and documents."""
    articles = read_world("articles")
    devices = [
        _article(number, code, values, [])
        for code, family in articles["families"].items()
        for number, values in family["articles"].items()
    ]
    parts = [
        _article(number, values["family"], values, values["fits"])
        for number, values in articles["spare_parts"].items()
    ]
    await conn.execute(insert(Article), devices + parts)
    codes = [
        {"family": family, "code": code, **values}
        for family, known in read_world("error_codes").items()
        for code, values in known.items()
    ]
    await conn.execute(insert(ErrorCode), codes)
    await conn.execute(insert(Document), documents(articles["families"]))


def _article(number: str, family: str, values: Mapping[str, Any], fits: list[str]) -> dict[str, Any]:
    return {
        "number": number,
        "name": {"de": values["de"], "en": values["en"]},
        "family": family,
        "stock": values["stock"],
        "lead_days": values["lead_days"],
        "spare_for": fits,
    }


async def _place_orders(conn: AsyncConnection, today: date) -> None:
    """The orders, each placed by the person it names, and the invoices of those that have left."""
    who = await memberships(conn)
    rows = []
    for order in read_world("orders")["orders"]:
        account_id, person_id = who[order["by"]]
        promised = order.get("promised")
        rows.append(
            {
                "number": order["number"],
                "account_id": account_id,
                "person_id": person_id,
                "status": order["status"],
                "ordered_on": _weekday(today, order["ordered"]),
                "promised_on": None if promised is None else _weekday(today, promised),
                "carrier": order.get("carrier"),
                "tracking": order.get("tracking"),
                "lines": [{"article": a, "quantity": n} for a, n in order["lines"].items()],
            }
        )
    await conn.execute(insert(Order), rows)
    placed = {row["number"]: row for row in rows}
    bills = [
        {
            "number": bill["number"],
            "account_id": placed[bill["order"]]["account_id"],
            "order_number": bill["order"],
            "issued_on": _weekday(today, bill["issued"]),
            **invoice(bill["number"]),
        }
        for bill in read_world("invoices")["invoices"]
    ]
    await conn.execute(insert(Invoice), bills)


def _weekday(today: date, days: int) -> date:
    """So many days from today; a weekend's day moves away from today, so that past stays past."""
    day = today + timedelta(days=days)
    if day.weekday() < 5:
        return day
    return day + timedelta(days=7 - day.weekday()) if days >= 0 else day - timedelta(days=day.weekday() - 4)


async def memberships(conn: AsyncConnection) -> dict[str, tuple[int, int]]:
    """Account id and person id of everybody in the demo, by "customer number/name"."""
    query = (
        select(Account.customer_number, Person.name, Account.id, Person.id.label("person_id"))
        .join(Membership, Membership.account_id == Account.id)
        .join(Person, Person.id == Membership.person_id)
        .where(Account.source == SOURCE)
    )
    return {f"{row.customer_number}/{row.name}": (row.id, row.person_id) for row in await conn.execute(query)}


async def _count(conn: AsyncConnection, *, seeded: bool) -> WorldSummary:
    counts = (
        await conn.execute(
            text(
                "SELECT (SELECT count(*) FROM accounts) AS accounts, (SELECT count(*) FROM people) AS people,"
                " (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM articles) AS articles,"
                " (SELECT count(*) FROM documents) AS documents"
            )
        )
    ).one()
    return WorldSummary(
        seeded, counts.accounts, counts.people, counts.orders, counts.articles, counts.documents
    )

"""Two accounts made one, and taken apart again exactly as they were."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, insert, literal_column, select, text, update
from sqlalchemy.dialects.postgresql import JSONB

from bot.errors import Conflict, NotFound
from bot.messages import Sender
from bot.storage import conversations, merging
from bot.storage.conversations import Whom
from bot.storage.database import Database
from bot.storage.tables import Account, Conversation, Endpoint, Event, IdentityLink, Membership, Order, Person

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TABLES = ("accounts", "people", "memberships", "identity_links", "orders", "conversations")


class Book:
    """Two Müllers that may be one: K1 (the one to keep) and K2, a child K3, and Jens, who is in both."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.id: dict[str, int] = {}

    async def write(self) -> None:
        async with self.database.begin() as conn:
            values: dict[str, Any]
            for number, name, values in (
                ("K1", "Müller GmbH", {"trunk_phones": ["+4930231251000"], "tier": "A"}),
                (
                    "K2",
                    "Mueller",
                    {
                        "trunk_phones": ["+4930231252000"],
                        "domains": ["mueller.example"],
                        "city": "Berlin",
                        "tier": "B",
                    },
                ),
                ("K3", "Müller Süd", {}),
                ("K4", "Andere", {}),
            ):
                self.id[number] = await self._add(
                    conn, Account, customer_number=number, name=name, source="csv", **values
                )
            await conn.execute(
                update(Account).where(Account.id == self.id["K3"]).values(parent_id=self.id["K2"])
            )
            await conn.execute(
                update(Account).where(Account.id == self.id["K1"]).values(parent_id=self.id["K2"])
            )
            for name, numbers in (("Jens", ["K1", "K2"]), ("Kemal", ["K2"]), ("Anna", ["K1"])):
                person = self.id[name] = await self._add(conn, Person, name=name, source="csv")
                for number in numbers:
                    role = "purchasing" if number == "K2" else "fitter"
                    await self._add(
                        conn, Membership, person_id=person, account_id=self.id[number], roles=[role]
                    )
            shared = await self._add(conn, Endpoint, channel="phone", address="+49301", thread="phone:1")
            own = await self._add(conn, Endpoint, channel="phone", address="+49302", thread="phone:2")
            for endpoint, number in ((shared, "K1"), (shared, "K2"), (own, "K2")):
                await self._add(
                    conn,
                    IdentityLink,
                    endpoint_id=endpoint,
                    account_id=self.id[number],
                    trust=1,
                    evidence="file",
                )
            await conn.execute(
                insert(Order).values(
                    number="4500123456",
                    account_id=self.id["K2"],
                    status="shipped",
                    ordered_on=date(2026, 11, 1),
                    lines=[],
                )
            )
            self.id["talk"] = await self.talk(conn, "Kemal", "K2")

    async def _add(self, conn: Any, table: Any, **values: Any) -> int:
        return int((await conn.execute(insert(table).values(**values).returning(table.id))).scalar_one())

    async def talk(self, conn: Any, name: str, number: str) -> int:
        """Somebody writes about an account."""
        endpoint = await conversations.keep_endpoint(conn, Sender("telegram", str(self.id[name]), name=name))
        whom = Whom(person_id=self.id[name], account_id=self.id[number], trust=2)
        return (await conversations.begin(conn, endpoint, whom=whom, language="de", now=NOW)).id

    async def state(self) -> dict[str, list[dict[str, Any]]]:
        """Every row of the tables that a merge touches; but for what only says "look again"."""
        found = {}
        async with self.database.read() as conn:
            for table in TABLES:
                row = func.to_jsonb(literal_column(f"{table}.*"), type_=JSONB)
                rows = (await conn.execute(select(row).select_from(text(table)))).scalars().all()
                found[table] = sorted(
                    (
                        {key: value for key, value in row.items() if key not in ("version", "changed")}
                        for row in rows
                    ),
                    key=str,
                )
        return found

    async def merge(self, kept: str, gone: str) -> int:
        async with self.database.begin() as conn:
            return await merging.merge(conn, self.id[kept], self.id[gone], actor="agent:1")

    async def undo(self, merge_id: int) -> tuple[int, int]:
        async with self.database.begin() as conn:
            return await merging.undo(conn, merge_id, actor="agent:1", now=NOW)

    async def account(self, number: str) -> Any:
        async with self.database.read() as conn:
            return (await conn.execute(select(Account).where(Account.customer_number == number))).first()


@pytest.fixture
async def book(database: Database) -> Book:
    book = Book(database)
    await book.write()
    return book


async def test_everything_of_the_one_goes_to_the_other(book: Book) -> None:
    await book.merge("K1", "K2")
    k1 = book.id["K1"]
    assert await book.account("K2") is None
    kept = await book.account("K1")
    assert (kept.name, kept.city, kept.tier) == ("Müller GmbH", "Berlin", "A")
    assert kept.trunk_phones == ["+4930231251000", "+4930231252000"]
    assert kept.former_names == ["Mueller"]
    assert kept.parent_id is None
    state = await book.state()
    assert {row["account_id"] for row in state["orders"]} == {k1}
    assert {row["account_id"] for row in state["conversations"]} == {k1}
    assert {row["parent_id"] for row in state["accounts"] if row["name"] == "Müller Süd"} == {k1}
    roles = {row["person_id"]: row["roles"] for row in state["memberships"] if row["account_id"] == k1}
    assert roles == {
        book.id["Jens"]: ["fitter", "purchasing"],
        book.id["Kemal"]: ["purchasing"],
        book.id["Anna"]: ["fitter"],
    }
    assert len(state["identity_links"]) == 2
    async with book.database.read() as conn:
        assert await merging.survivor(conn, "K2") == k1
        assert await merging.survivor(conn, "K1") is None


async def test_undoing_leaves_everything_as_it_was(book: Book) -> None:
    before = await book.state()
    merge_id = await book.merge("K1", "K2")
    assert await book.state() != before
    assert await book.undo(merge_id) == (book.id["K1"], book.id["K2"])
    assert await book.state() == before
    async with book.database.read() as conn:
        assert await merging.survivor(conn, "K2") is None
    with pytest.raises(NotFound):
        await book.undo(merge_id)


async def test_what_came_after_the_merge_stays(book: Book) -> None:
    merge_id = await book.merge("K1", "K2")
    async with book.database.begin() as conn:
        await conn.execute(update(Account).values(tier="C").where(Account.id == book.id["K1"]))
        later = await book.talk(conn, "Anna", "K1")
    await book.undo(merge_id)
    assert (await book.account("K1")).tier == "C"
    async with book.database.read() as conn:
        rows = await conn.execute(select(Conversation.id, Conversation.account_id))
        assert {row.id: row.account_id for row in rows} == {
            book.id["talk"]: book.id["K2"],
            later: book.id["K1"],
        }


async def test_merges_in_a_row_are_undone_in_a_row(book: Book) -> None:
    before = await book.state()
    first = await book.merge("K1", "K2")
    second = await book.merge("K4", "K1")
    async with book.database.read() as conn:
        assert await merging.survivor(conn, "K2") == book.id["K4"]
    with pytest.raises(Conflict) as moved_on:
        await book.undo(first)
    assert moved_on.value.code == "merged_on"
    await book.undo(second)
    await book.undo(first)
    assert await book.state() == before


async def test_what_cannot_be_merged_is_said(book: Book) -> None:
    with pytest.raises(Conflict) as same:
        await book.merge("K1", "K1")
    assert same.value.code == "same_account"
    book.id["none"] = 4711
    with pytest.raises(NotFound):
        await book.merge("K1", "none")
    merge_id = await book.merge("K1", "K2")
    async with book.database.begin() as conn:
        await conn.execute(insert(Account).values(customer_number="K2", name="Neu", source="csv"))
    with pytest.raises(Conflict) as taken:
        await book.undo(merge_id)
    assert taken.value.code == "number_taken"


async def test_two_at_once_do_not_wait_for_each_other_for_ever(book: Book) -> None:
    outcomes = await asyncio.gather(book.merge("K1", "K2"), book.merge("K2", "K1"), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NotFound", "int"]


async def test_open_conversations_are_told(book: Book) -> None:
    await book.merge("K1", "K2")
    async with book.database.read() as conn:
        rows = await conn.execute(select(Event.kind, Event.conversation_id).order_by(Event.id))
        assert [(row.kind, row.conversation_id) for row in rows][-2:] == [
            ("account.merged", None),
            ("account.changed", book.id["talk"]),
        ]


async def test_some_people_get_an_account_of_their_own(book: Book) -> None:
    async with book.database.begin() as conn:
        new = await merging.split(
            conn,
            book.id["K2"],
            [book.id["Kemal"]],
            customer_number="K9",
            name="Kemal Lüftung",
            city=None,
            actor="agent:1",
        )
    state = await book.state()
    assert [row["account_id"] for row in state["memberships"] if row["person_id"] == book.id["Kemal"]] == [
        new
    ]
    assert [row["account_id"] for row in state["conversations"]] == [new]
    assert [row["account_id"] for row in state["orders"]] == [book.id["K2"]]
    for people, number, error in (
        ([], "K10", NotFound),
        ([book.id["Anna"]], "K10", NotFound),
        ([1], "K1", Conflict),
    ):
        with pytest.raises(error):
            async with book.database.begin() as conn:
                await merging.split(
                    conn, book.id["K2"], people, customer_number=number, name="x", city=None, actor="agent:1"
                )

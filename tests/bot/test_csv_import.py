"""Importing accounts and people: all or nothing, repeatable, and honest about who is who."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from bot.accounts.csv_file import COLUMNS
from bot.accounts.csv_import import BadFiles, import_csv
from bot.errors import NotFound
from bot.storage import import_undo
from bot.storage.accounts_import import Merged
from bot.storage.database import Database
from bot.storage.tables import Account, Endpoint, IdentityLink, Membership, Person

TODAY = date(2026, 11, 23)
ACCOUNTS = [
    "K1,Müller Elektro,Berlin,A,030 23125 20-0,mueller.example,",
    "K2,Brandt Haustechnik,Berlin,B,030 23125 300,brandt.example,K1",
]


class Files:
    """Writes CSV files and imports them."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder

    def write(self, name: str, lines: Sequence[str]) -> Path:
        kind = "people" if name.startswith("people") else "accounts"
        path = self.folder / f"{name}.csv"
        path.write_text("\n".join([",".join(COLUMNS[kind]), *lines]), encoding="utf-8")  # type: ignore[index]
        return path

    async def load(
        self, *, accounts: Sequence[str] = (), people: Sequence[str] = (), today: date = TODAY
    ) -> Merged:
        paths = [self.write("people", people), self.write("accounts", accounts)]
        async with self.database.begin() as conn:
            return await import_csv(conn, paths, today=today)

    async def rows(self, query: Any) -> list[Any]:
        async with self.database.begin() as conn:
            return [tuple(row) for row in await conn.execute(query)]

    async def everything(self) -> list[Any]:
        """What is known, without ids and times."""
        return [
            await self.rows(
                text(
                    "SELECT a.customer_number, a.name, a.city, a.tier, a.trunk_phones, a.domains, a.source,"
                    " p.customer_number FROM accounts AS a LEFT JOIN accounts AS p ON p.id = a.parent_id"
                    " ORDER BY 1"
                )
            ),
            await self.members(),
            await self.links(),
        ]

    async def members(self) -> list[Any]:
        return await self.rows(
            select(Account.customer_number, Person.name, Membership.roles, Membership.valid_until)
            .join(Membership, Membership.account_id == Account.id)
            .join(Person, Person.id == Membership.person_id)
            .order_by(Account.customer_number, Person.name, Person.id)
        )

    async def links(self) -> list[Any]:
        return await self.rows(
            select(
                Endpoint.address, Endpoint.shared, Person.name, Account.customer_number, IdentityLink.trust
            )
            .join(IdentityLink, IdentityLink.endpoint_id == Endpoint.id)
            .outerjoin(Person, Person.id == IdentityLink.person_id)
            .outerjoin(Account, Account.id == IdentityLink.account_id)
            .order_by(Endpoint.address, Person.name, Account.customer_number)
        )


@pytest.fixture
def files(database: Database, tmp_path: Path) -> Files:
    return Files(database, tmp_path)


PEOPLE = [
    "K1,Anna Huber,purchasing|accounting,0171 3920001,anna@mueller.example,yes",
    "K1,Ole Jansen,fitter,0171 3920002,,yes",
    "K2,Ole Jansen,site manager,0171 3920002,,yes",
    "K2,Deniz Demir,fitter,0171 3920003,,yes",
    "K2,Ali Demir,fitter,0171 3920003,,yes",
    "K2,Uwe Alt,management,0171 3920004,,no",
    "K2,Eva Neu,management,0171 3920004,info@brandt.example,yes",
    "K1,Rita Zentrale,,030 23125-200,,yes",
    "K1,Paul Durchwahl,,030 23125-20-0 App. 7,,yes",
]


async def test_companies_people_and_what_their_addresses_prove(files: Files) -> None:
    assert await files.load(accounts=ACCOUNTS, people=PEOPLE) == Merged(2, 8, 8)
    assert await files.members() == [
        ("K1", "Anna Huber", ["accounting", "purchasing"], None),
        ("K1", "Ole Jansen", ["fitter"], None),
        ("K1", "Paul Durchwahl", [], None),
        ("K1", "Rita Zentrale", [], None),
        ("K2", "Ali Demir", ["fitter"], None),
        ("K2", "Deniz Demir", ["fitter"], None),
        ("K2", "Eva Neu", ["management"], None),
        ("K2", "Ole Jansen", ["site manager"], None),
        ("K2", "Uwe Alt", ["management"], date(2026, 11, 22)),
    ]
    assert sorted(await files.links(), key=str) == sorted(
        [
            ("+491713920001", False, "Anna Huber", None, 2),
            ("+491713920002", False, "Ole Jansen", None, 2),
            ("+491713920003", True, "Ali Demir", None, 1),
            ("+491713920003", True, "Deniz Demir", None, 1),
            ("+491713920004", False, "Eva Neu", None, 2),
            ("+491713920004", False, "Uwe Alt", None, 1),
            ("+493023125200", True, None, "K1", 1),
            ("+493023125200;ext=7", False, "Paul Durchwahl", None, 2),
            ("+493023125300", False, None, "K2", 1),
            ("anna@mueller.example", False, "Anna Huber", None, 2),
            ("info@brandt.example", True, "Eva Neu", None, 1),
        ],
        key=str,
    )
    assert (await files.rows(select(Account.trunk_phones).order_by(Account.customer_number)))[0] == (
        ["+49302312520-0"],
    )


async def test_importing_again_changes_nothing(files: Files) -> None:
    await files.load(accounts=ACCOUNTS, people=PEOPLE)
    before = await files.everything()
    assert await files.load(accounts=ACCOUNTS, people=PEOPLE, today=date(2027, 1, 1)) == Merged(2, 8, 0)
    assert await files.everything() == before


async def test_people_may_come_after_their_accounts_in_a_file_of_their_own(files: Files) -> None:
    await files.load(accounts=ACCOUNTS)
    assert await files.load(people=["K1,Anna Huber,fitter,,,"]) == Merged(0, 1, 1)


async def test_a_later_file_is_right_about_whom_it_names_and_silent_about_others(files: Files) -> None:
    await files.load(accounts=ACCOUNTS, people=PEOPLE)
    await files.load(
        accounts=["K2,Brandt GmbH,Potsdam,A,,brandt.example|brandt-klima.example,"],
        people=[
            "K1,anna huber,management,0171 3920009,,yes",
            "K2,Deniz Demir,fitter,0171 3920003,,no",
            "K2,Uwe Alt,fitter,,,yes",
        ],
    )
    accounts = await files.rows(
        select(Account.name, Account.trunk_phones, Account.domains, Account.parent_id)
    )
    assert ("Brandt GmbH", [], ["brandt.example", "brandt-klima.example"], None) in accounts
    members = {(number, name.lower()): (roles, until) for number, name, roles, until in await files.members()}
    assert len(members) == 9
    assert members["K1", "anna huber"] == (["management"], None)
    assert members["K2", "deniz demir"][1] == date(2026, 11, 22)
    assert members["K2", "uwe alt"] == (["fitter"], None)
    links = {
        (address, name or number): (shared, trust)
        for address, shared, name, number, trust in await files.links()
    }
    assert ("+491713920001", "anna huber") not in links
    assert links["+491713920009", "anna huber"] == (False, 2)
    assert links["anna@mueller.example", "anna huber"] == (False, 2)
    assert links["+491713920003", "Ali Demir"] == (False, 2)
    assert links["+491713920003", "Deniz Demir"] == (False, 1)
    assert links["+491713920004", "Eva Neu"] == (True, 1)
    assert ("+493023125300", "K2") not in links


async def test_roles_of_several_rows_come_together(files: Files) -> None:
    people = ["K1,Anna Huber,fitter,,,", "K1,Anna Huber,accounting|fitter,0171 3920001,,"]
    await files.load(accounts=ACCOUNTS, people=people)
    assert await files.members() == [("K1", "Anna Huber", ["accounting", "fitter"], None)]


async def test_people_of_one_name_at_two_companies_are_two_people(files: Files) -> None:
    people = ["K1,Thomas Müller,fitter,0171 3920001,,", "K2,Thomas Müller,fitter,0171 3920002,,"]
    assert (await files.load(accounts=ACCOUNTS, people=people)).new_people == 2


async def test_a_number_that_becomes_a_switchboard_stands_for_nobody_anymore(files: Files) -> None:
    await files.load(accounts=ACCOUNTS, people=["K1,Anna Huber,fitter,030 23125 400,,"])
    await files.load(accounts=["K1,Müller Elektro,Berlin,A,030 23125 400,,"])
    assert [link for link in await files.links() if link[0] == "+493023125400"] == [
        ("+493023125400", False, None, "K1", 1)
    ]


async def test_stronger_evidence_is_left_alone(files: Files, database: Database) -> None:
    await files.load(accounts=ACCOUNTS, people=PEOPLE)
    async with database.begin() as conn:
        await conn.execute(
            text(
                "UPDATE identity_links SET trust = 3, evidence = 'code' FROM endpoints AS e"
                " WHERE e.id = endpoint_id AND e.address = '+491713920001'"
            )
        )
    await files.load(people=["K1,Anna Huber,fitter,0171 3920008,,"])
    links = {address: trust for address, _, _, _, trust in await files.links()}
    assert (links["+491713920001"], links["+491713920008"]) == (3, 2)


async def test_every_bad_row_is_named_and_nothing_is_imported(files: Files) -> None:
    accounts = [*ACCOUNTS, "K3,Los,,,abc,,", "K4,Waise,,,,,K9", "K1,Doppelt,,,,,"]
    with pytest.raises(BadFiles) as caught:
        await files.load(accounts=accounts, people=["K7,Wer,,,,", "K1,Anna,,,anna,"])
    assert [problem.split(": ", 1)[0] for problem in caught.value.problems] == [
        "accounts.csv, line 4",
        "accounts.csv, line 5",
        "accounts.csv, line 6",
        "people.csv, line 2",
        "people.csv, line 3",
    ]
    assert 'parent: there is no account "K9"' in caught.value.problems[1]
    assert 'customer_number: there is no account "K7"' in caught.value.problems[3]
    assert await files.everything() == [[], [], []]


async def test_a_company_in_two_files_is_named(files: Files, database: Database) -> None:
    first, second = files.write("accounts", ACCOUNTS), files.write("accounts2", ACCOUNTS[:1])
    with pytest.raises(BadFiles, match=r'accounts2\.csv, line 2: customer_number: "K1" stands in another'):
        async with database.begin() as conn:
            await import_csv(conn, [first, second], today=TODAY)
    assert await files.everything() == [[], [], []]


async def test_files_that_cannot_be_read_are_all_named(files: Files, database: Database) -> None:
    (files.folder / "empty.csv").write_text("")
    paths = [files.folder / "empty.csv", files.folder / "missing.csv"]
    with pytest.raises(BadFiles) as caught:
        async with database.begin() as conn:
            await import_csv(conn, paths, today=TODAY)
    assert [problem.split(":")[0] for problem in caught.value.problems] == ["empty.csv", "missing.csv"]


GOOD = st.sampled_from(["K1,A,,,,,", "K2,B,,,0171 3920001,,", "K3,C,,,,c.example,", 'K4,"D; E",,,,,K1'])
BAD = st.sampled_from([",A,,,,,", "K5,A,,,x,,", "K6,A,,,,,K99", "K7,A", 'K8,"', "K9,A,,,,@,"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(good=st.lists(GOOD, unique=True), bad=st.lists(BAD, min_size=1, unique=True), data=st.data())
async def test_one_bad_row_anywhere_imports_nothing(
    files: Files, good: list[str], bad: list[str], data: st.DataObject
) -> None:
    lines = data.draw(st.permutations([*good, *bad]))
    with pytest.raises(BadFiles):
        await files.load(accounts=lines)
    assert await files.everything() == [[], [], []]


async def test_an_import_is_undone_and_the_one_before_too(files: Files) -> None:
    nothing = await files.everything()
    await files.load(accounts=ACCOUNTS, people=PEOPLE)
    first = await files.everything()
    await files.load(
        accounts=["K1,Müller Elektrotechnik GmbH,Bonn,B,030 23125 21-0,,", "K3,Neu GmbH,Ulm,C,,,K1"],
        people=[
            "K1,Anna Huber,fitter,0171 3920009,,yes",
            "K2,Ole Jansen,fitter,,,no",
            "K3,Ina Neu,,0171 3920003,ina@neu.example,yes",
        ],
    )
    assert await files.everything() != first
    async with files.database.begin() as conn:
        undone = await import_undo.undo_last(conn)
    assert undone.left == 0
    assert await files.everything() == first
    async with files.database.begin() as conn:
        await import_undo.undo_last(conn)
    assert await files.everything() == nothing
    assert await files.rows(select(Endpoint.id)) == []
    async with files.database.begin() as conn:
        with pytest.raises(NotFound):
            await import_undo.undo_last(conn)


async def test_undoing_leaves_what_somebody_has_changed_since(files: Files) -> None:
    await files.load(accounts=ACCOUNTS)
    await files.load(accounts=["K1,Müller GmbH,Bonn,B,,,", "K2,Brandt GmbH,Berlin,B,,,K1"])
    async with files.database.begin() as conn:
        await conn.execute(update(Account).where(Account.customer_number == "K1").values(tier="C"))
        undone = await import_undo.undo_last(conn)
    assert undone.left == 1
    rows = await files.rows(select(Account.name, Account.tier).order_by(Account.customer_number))
    assert rows == [("Müller GmbH", "C"), ("Brandt Haustechnik", "B")]

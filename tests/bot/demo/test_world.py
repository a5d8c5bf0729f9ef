"""The demo world: complete, idempotent, and consistent with what the bot looks up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text

from bot.accounts.recognition import recognise_phone
from bot.demo.library import LIBRARY
from bot.demo.personas import Persona, personas
from bot.demo.world import DEMO_AGENTS, memberships, read_world, seed
from bot.storage import invoices, knowledge
from bot.storage.accounts import LocalDirectory
from bot.storage.database import Database
from bot.storage.tables import Account, Base, Order
from tests.conftest import Clock

MONDAY = date(2026, 11, 23)


async def dump(database: Database) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    async with database.begin() as conn:
        return {
            table.name: sorted(str(tuple(row)) for row in await conn.execute(select(table)))
            for table in Base.metadata.sorted_tables
        }


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> Database:
    async with database.begin() as conn:
        summary = await seed(conn, tmp_path, MONDAY)
    assert summary.seeded
    return database


async def everybody(database: Database) -> dict[str, Persona]:
    async with database.begin() as conn:
        return {persona.name: persona for persona in await personas(conn)}


async def test_seeding_again_changes_nothing(world: Database, tmp_path: Path) -> None:
    before = await dump(world)
    (tmp_path / "library" / "nw-rv-wiring.png").unlink()
    async with world.begin() as conn:
        summary = await seed(conn, tmp_path, date(2027, 3, 1))
    assert not summary.seeded
    assert await dump(world) == before
    assert (tmp_path / "library" / "nw-rv-wiring.png").is_file()


async def test_companies_people_and_orders_are_all_there(world: Database) -> None:
    async with world.begin() as conn:
        longest = await conn.scalar(select(func.max(func.length(Account.name))))
        muellers = await conn.scalar(
            select(func.count(Account.city.distinct())).where(Account.name.contains("Müller"))
        )
        without_person = await conn.scalar(select(func.count()).where(Order.person_id.is_(None)))
        statuses = set(await conn.scalars(select(Order.status)))
        parents = await conn.scalar(select(func.count()).where(Account.parent_id.isnot(None)))
    assert longest == 60
    assert (muellers, without_person, parents) == (2, 0, 1)
    assert statuses == {"confirmed", "production", "shipped", "delivered", "delayed"}
    assert {agent.role for agent in DEMO_AGENTS} == {"agent", "admin"}


async def test_orders_are_dated_around_the_day_of_seeding_on_working_days(world: Database) -> None:
    async with world.begin() as conn:
        orders = [*await conn.execute(select(Order.status, Order.ordered_on, Order.promised_on))]
    for status, ordered, promised in orders:
        assert ordered <= MONDAY
        assert ordered.weekday() < 5
        if promised is not None:
            assert promised.weekday() < 5
            assert (promised < MONDAY) == (status == "delivered")


@pytest.mark.parametrize(
    ("name", "person", "company", "trust"),
    [
        ("Sandra Wolff", "Sandra Wolff", "Müller Elektrotechnik GmbH", 2),
        ("Andreas Müller", "Andreas Müller", "Elektro Müller e.K.", 2),
        ("Ole Jansen", "Ole Jansen", None, 2),
        ("Dennis Vogel", None, "Haustechnik Brandt & Söhne GmbH & Co. KG", 1),
        ("Deniz Yılmaz", None, "Elektro Yılmaz", 1),
        ("Ali Demir", None, "Elektro Yılmaz", 1),
        ("Heike Müller", None, "Elektro Müller e.K.", 1),
        ("Birgit Krause", None, "Müller Elektrotechnik GmbH", 1),
        ("Ralf Böhm", "Ralf Böhm", "Rheinisch-Westfälische Lüftungs- und Klimatechnik Hagen GmbH", 2),
    ],
)
async def test_people_are_recognised_by_their_phone_as_their_hint_says(
    world: Database, clock: Clock, name: str, person: str | None, company: str | None, trust: int
) -> None:
    persona = (await everybody(world))[name]
    async with world.begin() as conn:
        whom = await recognise_phone(conn, LocalDirectory(clock), persona.phone)
    assert (whom.person, whom.company, whom.trust) == (person, company, trust)


async def test_a_block_of_extensions_is_known_by_its_switchboard(world: Database, clock: Clock) -> None:
    async with world.begin() as conn:
        inside = await recognise_phone(conn, LocalDirectory(clock), "+493023125207")
        beside = await recognise_phone(conn, LocalDirectory(clock), "+493023125237")
    assert (inside.company, inside.trust) == ("Müller Elektrotechnik GmbH", 1)
    assert beside.company is None


async def test_personas_are_real_people_with_something_to_try(world: Database) -> None:
    people = await everybody(world)
    assert len(people) >= 40
    assert people["Ole Jansen"].company.count(" · ") == 1
    assert people["Priya Shah"].language == "en"
    assert len({persona.telegram for persona in people.values()}) == len(people)
    assert all(set(persona.about) == {"de", "en"} for persona in people.values())


async def test_hints_owners_and_languages_name_somebody_there(world: Database) -> None:
    hints = read_world("personas")
    async with world.begin() as conn:
        numbers = set(await conn.scalars(select(Account.customer_number)))
        owners = set(await conn.scalars(select(Account.owner)))
        people = set(await memberships(conn))
    assert set(hints["about"]) <= people
    assert set(hints["owners"]) == numbers
    assert owners == {agent.name for agent in DEMO_AGENTS}


async def test_every_family_of_devices_answers_what_the_bot_asks(world: Database, tmp_path: Path) -> None:
    async with world.begin() as conn:
        families = {family.code: family for family in await knowledge.families(conn)}
        drawn = {family.code for family in await knowledge.families(conn, "wiring")}
        assert set(families) - drawn == {"NW-AX-EX"}
        assert families["NW-AX-EX"].name == {"de": "NW-AX-EX", "en": "NW-AX-EX"}
        for code in drawn:
            assert max(map(len, families[code].name.values())) <= 20
            assert len(await knowledge.documents(conn, code, "wiring", "en")) == 1
            for language in ("de", "en"):
                (sheet,) = await knowledge.documents(conn, code, "datasheet", language)
                proofs = await knowledge.documents(conn, code, "certificate", language)
                assert len(proofs) == (2 if code == "NW-WRG" else 1)
                for file in (sheet, *proofs):
                    assert f"-{language}." in file.path
                    assert file.mime == "application/pdf"
                    assert (tmp_path / file.path).stat().st_size == file.size
        assert await knowledge.documents(conn, "NW-AX-EX", "wiring", "de") == []


async def test_invoices_go_with_their_account(world: Database, tmp_path: Path) -> None:
    async with world.begin() as conn:
        number = await conn.scalar(select(Account.id).where(Account.customer_number == "K10215"))
        assert number is not None
        latest, older = await invoices.of_account(conn, number, None, 9)
        assert (latest.number, latest.order, older.number) == ("90012117", "4500123456", "90012101")
        assert latest.issued_on.weekday() < 5
        assert (tmp_path / latest.copy.path).stat().st_size == latest.copy.size
        assert await invoices.of_account(conn, number, "4500123460", 9) == [older]
        await conn.execute(delete(Account).where(Account.id == number))
        assert await invoices.find(conn, latest.number) is None


async def test_look_ups(world: Database) -> None:
    people = await everybody(world)
    async with world.begin() as conn:
        order = await knowledge.order(conn, "4500123456")
        assert order is not None
        assert (order.status, order.carrier, order.person_id) == (
            "shipped",
            "Hansa Fracht",
            people["Sandra Wolff"].id,
        )
        assert knowledge.OrderLine("NW-RV-250", 4) in order.lines
        assert await knowledge.order(conn, "4599999999") is None

        company = await knowledge.open_orders(conn, order.account_id, None, 10)
        own = await knowledge.open_orders(conn, order.account_id, people["Thomas Müller"].id, 10)
        assert [o.number for o in company] == ["4500123456", "4500123457", "4500123458"]
        assert [o.number for o in own] == ["4500123457", "4500123458"]
        assert len(await knowledge.open_orders(conn, order.account_id, None, 1)) == 1

        article = await knowledge.article(conn, "NW-RV-250")
        assert article is not None
        assert article.family == "NW-RV"
        assert await knowledge.article(conn, "NW-RV-999") is None
        parts = [part.number for part in await knowledge.spare_parts(conn, "NW-RV-250")]
        assert parts == ["NW-KO-08", "NW-MO-250"]

        everywhere = await knowledge.error_codes(conn, "E01", None)
        assert [code.family for code in everywhere] == ["NW-AX-EC", "NW-DV", "NW-WRG"]
        (roof,) = await knowledge.error_codes(conn, "E01", "NW-DV")
        assert len(roof.steps["de"]) == len(roof.steps["en"]) == 3
        assert await knowledge.error_codes(conn, "E99", None) == []


async def test_references_within_the_world_hold(world: Database) -> None:
    async with world.begin() as conn:
        dangling = await conn.scalar(
            text(
                "SELECT count(*) FROM orders CROSS JOIN LATERAL jsonb_array_elements(lines) AS line"
                " WHERE NOT EXISTS (SELECT FROM articles WHERE number = line->>'article')"
            )
        )
        unfitting = await conn.scalar(
            text(
                "SELECT count(*) FROM articles AS part CROSS JOIN LATERAL unnest(spare_for) AS device"
                " WHERE NOT EXISTS (SELECT FROM articles WHERE number = device)"
            )
        )
        unknown = await conn.scalar(
            text("SELECT count(*) FROM error_codes WHERE family NOT IN (SELECT family FROM articles)")
        )
    assert (dangling, unfitting, unknown) == (0, 0, 0)


def test_files_of_the_library_are_small_enough_for_every_channel() -> None:
    sizes = {file.name: file.stat().st_size for file in LIBRARY.iterdir()}
    assert len(sizes) == 46
    assert max(sizes.values()) < 200_000


def test_remedies_come_in_both_languages() -> None:
    for codes in read_world("error_codes").values():
        for code in codes.values():
            assert set(code["meaning"]) == set(code["steps"]) == {"de", "en"}
            assert 2 <= len(code["steps"]["de"]) == len(code["steps"]["en"]) <= 4

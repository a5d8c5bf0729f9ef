"""The local copy of a CRM: what comes over, what stays, what goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, insert, select, update

from bot.accounts.crm import CrmAway, CrmForbids
from bot.accounts.crm_live import CrmLive, LiveDirectory
from bot.accounts.hubspot import HubSpot
from bot.accounts.recognition import recognise_phone
from bot.accounts.salesforce import Salesforce
from bot.accounts.sync import Sync
from bot.notices import Notices
from bot.storage import account_edits, crm_copy, crm_syncs, notices
from bot.storage.accounts import LocalDirectory
from bot.storage.conversations import Whom
from bot.storage.database import Database
from bot.storage.tables import Account, Endpoint, Membership, Origin, Person
from tests.conftest import Clock
from tests.crm.hubspot import Portal

JANA, UWE = "+491713920081", "+491713920082"


@pytest.fixture
def sync(database: Database, hubspot: HubSpot, clock: Clock) -> Sync:
    return Sync(database, {"hubspot": hubspot}, Notices(database), clock, ZoneInfo("Europe/Berlin"))


async def accounts(database: Database) -> dict[str, Any]:
    """All accounts by customer number."""
    async with database.read() as conn:
        return {row.customer_number: row for row in await conn.execute(select(Account))}


async def whom(database: Database, clock: Clock, phone: str) -> Whom:
    async with database.read() as conn:
        return await recognise_phone(conn, LocalDirectory(clock), phone)


async def board(database: Database) -> list[str]:
    async with database.read() as conn:
        return [notice.text for notice in await notices.standing(conn)]


async def test_the_first_sync_brings_everything(database: Database, sync: Sync, clock: Clock) -> None:
    report = await sync.sync("hubspot")
    assert (report.accounts, report.people, report.problems) == (2, 2, ())
    found = await accounts(database)
    assert set(found) == {"K70001", "HS-502"}
    kessler = found["K70001"]
    assert (kessler.name, kessler.tier, kessler.owner, kessler.source) == (
        "Kessler Klimatechnik GmbH", "A", "Karin Vogel", "hubspot",
    )  # fmt: skip
    jana = await whom(database, clock, JANA)
    assert (jana.person, jana.company, jana.roles, jana.trust) == (
        "Jana Kessler", "Kessler Klimatechnik GmbH", ("site manager",), 2,
    )  # fmt: skip
    assert (await whom(database, clock, UWE)).company is None  # of two firms: to be asked
    assert (await whom(database, clock, "+4930231250")).trust == 1
    async with database.read() as conn:
        (record,) = await crm_copy.known_as(conn, kessler.id)
    assert record.url.endswith("/record/0-2/501")
    assert record.synced_at == clock()


async def test_salesforce_brings_the_same(database: Database, salesforce: Salesforce, clock: Clock) -> None:
    sync = Sync(database, {"salesforce": salesforce}, Notices(database), clock, ZoneInfo("Europe/Berlin"))
    report = await sync.sync("salesforce")
    assert (report.accounts, report.people, report.problems) == (2, 2, ())
    assert "K70001" in await accounts(database)
    assert (await whom(database, clock, JANA)).roles == ("site manager",)


async def test_syncing_again_changes_nothing(database: Database, sync: Sync, hub: Portal) -> None:
    async def everything() -> list[Sequence[Any]]:
        async with database.read() as conn:
            return [
                (await conn.execute(select(table.__table__).order_by(table.__table__.c.id))).all()
                for table in (Account, Person, Membership, Endpoint, Origin)
            ]

    await sync.sync("hubspot")
    before = await everything()
    await sync.sync("hubspot", full=True)
    assert await everything() == before


async def test_a_company_on_file_is_found_by_its_number_and_a_person_by_name_and_phone(
    database: Database, sync: Sync, clock: Clock, hub: Portal
) -> None:
    await sync.sync("hubspot")
    async with database.begin() as conn:
        await conn.execute(delete(Origin))
    await sync.sync("hubspot", full=True)
    assert len(await accounts(database)) == 2
    async with database.read() as conn:
        assert len((await conn.execute(select(Person.id))).all()) == 2


async def test_what_was_edited_here_is_kept_and_shown_as_differing(
    database: Database, sync: Sync, hub: Portal, clock: Clock
) -> None:
    await sync.sync("hubspot")
    kessler = (await accounts(database))["K70001"]
    async with database.begin() as conn:
        await account_edits.edit(conn, kessler.id, {"city": "Baunatal"}, actor="agent:1")
    hub.change("companies", "501", city="Göttingen", tier="B")
    clock.forward(minutes=5)
    await sync.sync("hubspot")
    kessler = (await accounts(database))["K70001"]
    assert (kessler.city, kessler.tier) == ("Baunatal", "B")
    async with database.read() as conn:
        (record,) = await crm_copy.known_as(conn, kessler.id)
    assert record.differs == {"city": "Göttingen"}


async def test_who_left_the_firm_or_changed_the_phone_is_not_recognised(
    database: Database, sync: Sync, hub: Portal, clock: Clock
) -> None:
    await sync.sync("hubspot")
    hub.unlink("902", "501")
    hub.change("contacts", "902", phone="+491713920083")
    hub.change("contacts", "901", lastname="Sommer", mobilephone="")
    clock.forward(minutes=5)
    await sync.sync("hubspot")
    assert await whom(database, clock, UWE) == Whom()
    assert await whom(database, clock, JANA) == Whom()
    assert (await whom(database, clock, "+491713920083")).company == "Brandt Elektro e.K."


async def test_a_phone_of_two_people_proves_their_company_only(
    database: Database, sync: Sync, hub: Portal, clock: Clock
) -> None:
    other = hub.add("contacts", firstname="Ina", lastname="Falk", mobilephone=JANA)
    hub.link(other, "501")
    await sync.sync("hubspot")
    shared = await whom(database, clock, JANA)
    assert (shared.person, shared.company, shared.trust) == (None, "Kessler Klimatechnik GmbH", 1)
    hub.archive("contacts", other)
    clock.forward(hours=1)
    await sync.sync("hubspot", full=True)
    assert (await whom(database, clock, JANA)).person == "Jana Kessler"


async def test_a_merge_over_there_is_a_merge_here(
    database: Database, sync: Sync, hub: Portal, clock: Clock
) -> None:
    await sync.sync("hubspot")
    kept = (await accounts(database))["K70001"].id
    hub.merge("companies", "501", "502")
    clock.forward(minutes=5)
    report = await sync.sync("hubspot")
    assert report.merged == 1
    found = await accounts(database)
    assert [row.id for row in found.values()] == [kept]
    assert (await whom(database, clock, UWE)).company == "Kessler Klimatechnik GmbH"


async def test_two_contacts_that_become_one_are_one_person(
    database: Database, sync: Sync, hub: Portal, clock: Clock
) -> None:
    double = hub.add("contacts", firstname="J.", lastname="Kessler", mobilephone="+491713920089")
    hub.link(double, "501")
    await sync.sync("hubspot")
    hub.merge("contacts", "901", double)
    clock.forward(minutes=5)
    await sync.sync("hubspot")
    async with database.read() as conn:
        names = sorted((await conn.execute(select(Person.name))).scalars())
    assert names == ["Jana Kessler", "Uwe Brandt"]


async def test_a_number_given_over_there_joins_what_stands_here_twice(
    database: Database, sync: Sync, hub: Portal, clock: Clock
) -> None:
    async with database.begin() as conn:
        await conn.execute(insert(Account).values(customer_number="K70002", name="Brandt", source="csv"))
    await sync.sync("hubspot")
    assert set(await accounts(database)) == {"K70001", "K70002", "HS-502"}
    hub.change("companies", "502", customer_number="K70002")
    clock.forward(minutes=5)
    await sync.sync("hubspot")
    found = await accounts(database)
    assert set(found) == {"K70001", "K70002"}
    assert found["K70002"].name == "Brandt Elektro e.K."


async def test_the_night_takes_away_what_is_gone_and_what_comes_back_is_back(
    database: Database, sync: Sync, hub: Portal, clock: Clock
) -> None:
    await sync.sync("hubspot")
    hub.archive("contacts", "901")
    clock.forward(hours=20)  # 5 o'clock in the morning
    await sync.look()
    gone = await whom(database, clock, JANA)
    assert (gone.person, gone.trust) == (None, 1)  # whoever has the phone now says so themselves
    async with database.read() as conn:
        assert (await crm_syncs.standing(conn, "hubspot")).complete_at == clock()
    hub.objects["contacts"]["901"].archived = False
    hub.change("contacts", "901", jobtitle="Inhaberin")
    clock.forward(minutes=5)
    await sync.look()
    assert (await whom(database, clock, JANA)).roles == ("management",)


async def test_an_empty_answer_takes_nothing_away(
    database: Database, sync: Sync, hub: Portal, clock: Clock
) -> None:
    for number in range(20):
        hub.add("companies", name=f"Firma {number}")
    await sync.sync("hubspot")
    for company in list(hub.objects["companies"]):
        hub.archive("companies", company)
    clock.forward(days=1)
    report = await sync.sync("hubspot", full=True)
    assert report.gone == 0
    assert "none was taken away" in report.problems[0]
    assert len(await board(database)) == 1


async def test_a_cut_off_sync_goes_on_where_it_was(
    database: Database, sync: Sync, hub: Portal, clock: Clock
) -> None:
    for number in range(250):
        hub.add("companies", name=f"Firma {number}")
    hub.trouble.make("down", only="/objects/2026-09/contacts")
    with pytest.raises(CrmAway):
        await sync.sync("hubspot")
    assert len(await accounts(database)) == 252
    hub.trouble.end()
    clock.forward(minutes=2)
    before = len(hub.trouble.calls)
    await sync.look()
    assert not [call for call in hub.trouble.calls[before:] if call.endswith("/objects/2026-09/companies")]
    assert (await whom(database, clock, JANA)).person == "Jana Kessler"


async def test_the_operator_is_told_once_and_that_it_is_over(
    database: Database, sync: Sync, hub: Portal, clock: Clock
) -> None:
    hub.trouble.make("expired")
    for _ in range(3):
        with pytest.raises(CrmForbids):
            await sync.sync("hubspot")
    (told,) = await board(database)
    assert "BAURUF_HUBSPOT_TOKEN" in told
    hub.trouble.end()
    await sync.sync("hubspot")
    assert await board(database) == []


async def test_unreadable_phones_are_reported_and_the_rest_is_taken(
    database: Database, sync: Sync, hub: Portal, clock: Clock
) -> None:
    hub.change("contacts", "901", phone="siehe Karte")
    report = await sync.sync("hubspot")
    (problem,) = report.problems
    assert problem.startswith("contact 901: phone:")
    assert (await whom(database, clock, JANA)).person == "Jana Kessler"


async def test_an_unknown_phone_is_found_live_and_only_asked_once(
    database: Database, sync: Sync, hub: Portal, clock: Clock
) -> None:
    directory = LiveDirectory(clock, CrmLive(database, sync, Notices(database), clock))
    async with database.read() as conn:
        jana = await recognise_phone(conn, directory, JANA)
        assert (jana.person, jana.trust) == ("Jana Kessler", 2)
        before = len(hub.trouble.calls)
        assert (await recognise_phone(conn, directory, JANA)).person == "Jana Kessler"
        assert len(hub.trouble.calls) == before
        assert await recognise_phone(conn, directory, "+491713920099") == Whom()
        before = len(hub.trouble.calls)
        assert await recognise_phone(conn, directory, "+491713920099") == Whom()
        assert len(hub.trouble.calls) == before


@pytest.mark.parametrize("mode", ["down", "slow", "limited", "expired", "nonsense", "empty"])
async def test_a_crm_in_trouble_is_left_alone_after_a_while(
    database: Database, sync: Sync, hub: Portal, clock: Clock, mode: str
) -> None:
    live = CrmLive(database, sync, Notices(database), clock, deadline=1.0)
    hub.trouble.make(mode)
    for number in range(6):
        assert not await live.learn(f"+4917139200{50 + number}")
    (told,) = await board(database)
    assert "HubSpot" in told
    searches = [call for call in hub.trouble.calls if call.endswith("contacts/search")]
    before = len(hub.trouble.calls)
    assert not await live.learn(JANA)
    assert len(hub.trouble.calls) == before, searches
    hub.trouble.end()
    clock.forward(minutes=6)
    assert await live.learn(JANA)
    assert await board(database) == []


async def test_open_items_are_live_and_stale_when_the_crm_is_silent(
    database: Database, sync: Sync, hub: Portal, clock: Clock
) -> None:
    await sync.sync("hubspot")
    kessler = (await accounts(database))["K70001"].id
    ticket = hub.add("tickets", subject="Lüfter laut", hs_pipeline_stage="1")
    hub.associate("tickets", ticket, "companies", "501", [])
    live = CrmLive(database, sync, Notices(database), clock)
    (found,) = await live.open_items(kessler)
    assert ([item.title for item in found.items], found.stale) == (["Lüfter laut"], False)
    hub.trouble.make("down")
    clock.forward(minutes=30)
    (found,) = await live.open_items(kessler)
    assert ([item.title for item in found.items], found.stale) == (["Lüfter laut"], True)
    assert found.as_of is not None and found.as_of < clock()


async def test_what_is_as_it_was_is_left_alone_but_counts_as_seen(
    database: Database, sync: Sync, hub: Portal, clock: Clock
) -> None:
    await sync.sync("hubspot")
    # Somebody mends a name here without the console: only news from over there overwrites it.
    async with database.begin() as conn:
        await conn.execute(update(Account).where(Account.customer_number == "K70001").values(name="Kessler"))
    clock.forward(hours=1)
    await sync.sync("hubspot", full=True)
    kessler = (await accounts(database))["K70001"]
    assert (kessler.name, kessler.synced_at) == ("Kessler", clock())
    hub.change("companies", "501", tier="B")
    clock.forward(hours=1)
    await sync.sync("hubspot", full=True)
    assert (await accounts(database))["K70001"].name == "Kessler Klimatechnik GmbH"


async def test_a_contact_whose_company_comes_later_joins_it_then(
    database: Database, sync: Sync, hub: Portal, clock: Clock
) -> None:
    company = hub.add("companies", name="Spät GmbH", customer_number="K70009")
    hub.archive("companies", company)
    hub.link("901", company)
    await sync.sync("hubspot")
    hub.objects["companies"][company].archived = False
    hub.change("companies", company, city="Kassel")
    clock.forward(hours=1)
    await sync.sync("hubspot", full=True)
    assert (await whom(database, clock, JANA)).company is None  # of two companies now: to be asked

"""Reading and writing Salesforce, over HTTP."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from bot.accounts.crm import (
    Conversed,
    CrmAway,
    CrmForbids,
    CrmMembership,
    CrmNonsense,
    Gone,
    MergedInto,
    Notification,
    Ticket,
)
from bot.accounts.salesforce import Salesforce
from bot.accounts.salesforce_api import SalesforceApi
from tests.conftest import Clock
from tests.crm.salesforce import CLIENT_ID, CLIENT_SECRET, Org
from tests.crm.test_hubspot import all_of


def id_of(sf: Org, kind: str, name: str) -> str:
    return next(str(record["Id"]) for record in sf.all(kind) if record["Name"] == name)


async def test_everything_is_read_in_pages(http: httpx.AsyncClient, sf: Org, clock: Clock) -> None:
    for number in range(25):
        sf.add("Account", Name=f"Firma {number}")
    sf.page = 7  # the org cuts its answers, we ask for pages of our own
    api = SalesforceApi(http, sf.url, CLIENT_ID, CLIENT_SECRET)
    salesforce = Salesforce(api, sf.url, clock, page=10)
    first = await anext(salesforce.changes(None))
    rest = await all_of(salesforce.changes(first.cursor))
    accounts = [*first.accounts, *rest.accounts]
    assert len({account.external_id for account in accounts}) == len(accounts) == 27
    kessler = next(account for account in accounts if account.customer_number == "K70001")
    assert (kessler.tier, kessler.owner, kessler.city) == ("A", "Karin Vogel", "Kassel")
    assert kessler.domains == ("kessler.example",)
    assert kessler.url == f"{sf.url}/lightning/r/Account/{kessler.external_id}/view"
    uwe = next(person for person in rest.people if person.name == "Uwe Brandt")
    assert CrmMembership(kessler.external_id, ("Monteur", "Einkauf")) in uwe.memberships
    assert len(uwe.memberships) == 2
    jana = next(person for person in rest.people if person.name == "Jana Kessler")
    assert jana.memberships == (CrmMembership(kessler.external_id, ("Bauleiterin",)),)
    assert rest.complete_since == clock()


async def test_changes_deletes_merges_and_relations_come_after_the_cursor(
    salesforce: Salesforce, sf: Org, clock: Clock
) -> None:
    cursor = (await all_of(salesforce.changes(None))).cursor
    clock.forward(hours=1)
    kessler, brandt = (
        id_of(sf, "Account", name) for name in ("Kessler Klimatechnik GmbH", "Brandt Elektro e.K.")
    )
    jana = id_of(sf, "Contact", "Jana Kessler")
    sf.merge("Account", kessler, brandt)
    sf.delete("Contact", jana)
    later = await all_of(salesforce.changes(cursor))
    assert MergedInto("account", brandt, kessler) in later.merged
    assert Gone("person", jana) in later.gone
    clock.forward(hours=1)
    uwe = id_of(sf, "Contact", "Uwe Brandt")
    third = sf.add("Account", Name="Dritte GmbH")
    clock.forward(hours=1)
    cursor = (await all_of(salesforce.changes(later.cursor))).cursor
    clock.forward(hours=1)
    sf.relate(uwe, third, "Bauleitung")
    found = await all_of(salesforce.changes(cursor))
    assert [person.external_id for person in found.people] == [uwe]


async def test_a_phone_is_found_and_checked_again(salesforce: Salesforce, sf: Org) -> None:
    found = await salesforce.find_by_phone("+491713920082")
    assert [person.name for person in found.people] == ["Uwe Brandt"]
    assert {account.name for account in found.accounts} == {
        "Kessler Klimatechnik GmbH",
        "Brandt Elektro e.K.",
    }
    sf.lag = True
    sf.add("Contact", Name="Neu Neumann", MobilePhone="+491713920077")
    assert not (await salesforce.find_by_phone("+491713920077")).people
    sf.index()
    assert (await salesforce.find_by_phone("+491713920077")).people
    assert [a.customer_number for a in (await salesforce.find_by_phone("+4930231250")).accounts] == ["K70001"]


async def test_a_session_that_ends_is_renewed(salesforce: Salesforce, sf: Org) -> None:
    await salesforce.check()
    sf.end_session()
    assert await salesforce.check() == "14982 of 15000 calls left today"
    assert sf.tokens == 2


async def test_a_case_is_opened_once_and_the_task_stands_on_it(
    salesforce: Salesforce, sf: Org, clock: Clock
) -> None:
    kessler = id_of(sf, "Account", "Kessler Klimatechnik GmbH")
    ticket = Ticket("4711", "E07", "Lüfter läuft nicht an", 2, kessler, None)
    first = await salesforce.push_ticket(ticket)
    assert await salesforce.push_ticket(replace(ticket, text="Jetzt Rauch")) == first
    (case,) = sf.all("Case")
    assert (case["Description"], case["Priority"], case["AccountId"]) == ("Jetzt Rauch", "High", kessler)
    said = Conversed("Bauruf 4711/12", "whatsapp", clock(), "Hallo", first.id, kessler, None)
    await salesforce.push_note(said, repeated=False)
    await salesforce.push_note(said, repeated=True)
    (task,) = sf.all("Task")
    assert task["WhatId"] == first.id
    assert [item.title for item in await salesforce.open_items(kessler)] == ["E07"]


async def test_notified_records_that_are_missing_are_gone(salesforce: Salesforce, sf: Org) -> None:
    jana = id_of(sf, "Contact", "Jana Kessler")
    sf.delete("Contact", jana)
    assert list((await salesforce.fetch([Notification("person", jana)])).gone) == [Gone("person", jana)]


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("down", CrmAway),
        ("limited", CrmAway),
        ("expired", CrmForbids),
        ("nonsense", CrmNonsense),
        ("empty", CrmNonsense),
    ],
)
async def test_trouble_has_its_name(
    salesforce: Salesforce, sf: Org, mode: str, error: type[Exception]
) -> None:
    sf.trouble.make(mode)
    with pytest.raises(error) as told:
        await salesforce.find_by_phone("+491713920081")
    assert CLIENT_SECRET not in str(told.value)
    assert "3920081" not in str(told.value)

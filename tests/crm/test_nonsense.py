"""A CRM that answers JSON of another shape raises its own kind of error, never one of ours."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.accounts.crm import Conversed, CrmError, CrmSource, Notification, Ticket
from bot.accounts.hubspot import HubSpot
from bot.accounts.salesforce import Salesforce
from bot.accounts.sync import Sync
from bot.notices import Notices
from bot.storage.database import Database
from tests.conftest import Clock
from tests.crm.hubspot import Portal
from tests.crm.salesforce import Org

_RECORD = {"id": "7", "Id": "001A", "attributes": {"type": "Contact"}, "properties": {}}
ODD: list[Any] = [
    None,
    [],
    {},
    "ok",
    {"results": None, "records": 5, "searchRecords": {}},
    {"results": [1], "records": ["x"], "searchRecords": [None]},
    {"results": [{}], "records": [{}], "searchRecords": [{}], "paging": []},
    {"results": [_RECORD], "records": [_RECORD], "searchRecords": [_RECORD], "paging": {"next": 3}},
    {
        "results": [{**_RECORD, "properties": {"phone": ["0171"], "name": {}, "lastmodifieddate": 1}}],
        "records": [{**_RECORD, "Phone": ["0171"], "Name": {}, "Owner": 3, "IsDeleted": "no"}],
        "searchRecords": [{**_RECORD, "Phone": 1713920081}],
    },
    {"results": [{"from": {}, "to": [{}]}], "records": [{"Id": "1", "Roles": 4, "EndDate": "soon"}]},
    {"id": None, "access_token": 4, "fields": 3, "portalId": [], "DailyApiRequests": 3},
]


async def everything(crm: CrmSource, clock: Clock) -> None:
    """Call all of it; only CrmError may come out."""
    ticket = Ticket("1", "E07", "…", 1, "501", "901")
    conversed = Conversed("Bauruf 1/0", "whatsapp", clock(), "…", "7", "501", None)
    calls = (
        lambda: crm.fetch([Notification("person", "901"), Notification("account", "501")]),
        lambda: crm.find_by_phone("+491713920081"),
        lambda: crm.open_items("501"),
        lambda: crm.push_ticket(ticket),
        lambda: crm.push_note(conversed, repeated=True),
        crm.check,
    )
    for call in calls:
        with suppress(CrmError):
            await call()
    with suppress(CrmError):
        async for _ in crm.changes(None):
            pass


@pytest.mark.parametrize("odd", ODD)
async def test_hubspot(hubspot: HubSpot, hub: Portal, clock: Clock, odd: Any) -> None:
    hub.trouble.odd = odd
    hub.trouble.make("odd")
    await everything(hubspot, clock)


@pytest.mark.parametrize("odd", ODD)
async def test_salesforce(salesforce: Salesforce, sf: Org, clock: Clock, odd: Any) -> None:
    with suppress(CrmError):
        await salesforce.check()  # logs in
    sf.trouble.odd = odd
    for only in ("/data/", "/query", "/search", "/sobjects/", ""):
        sf.trouble.make("odd", only=only)
        await everything(salesforce, clock)


async def test_texts_that_no_database_takes_are_tidied(
    database: Database, hubspot: HubSpot, hub: Portal, clock: Clock
) -> None:
    hub.change("companies", "501", name="Kess\x00ler\u0007  GmbH", city="x" * 5_000)
    hub.change("contacts", "901", firstname="Ja\x00na", email="viel@zu@lang.example")
    sync = Sync(database, {"hubspot": hubspot}, Notices(database), clock, ZoneInfo("Europe/Berlin"))
    report = await sync.sync("hubspot")
    assert (report.accounts, report.people) == (2, 2)

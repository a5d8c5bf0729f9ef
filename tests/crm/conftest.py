"""CRMs with two firms and their people, and the adapters that talk to them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.accounts.hubspot import HubSpot
from bot.accounts.hubspot_api import HubSpotApi
from bot.accounts.salesforce import Salesforce
from bot.accounts.salesforce_api import SalesforceApi
from tests.conftest import Clock
from tests.crm.hubspot import TOKEN, Portal
from tests.crm.salesforce import CLIENT_ID, CLIENT_SECRET, Org
from tests.crm.trouble import served


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as http:
        yield http


@pytest.fixture
async def hub(clock: Clock) -> AsyncIterator[Portal]:
    """A portal in which two firms share a fitter."""
    async with served(Portal(clock)) as hub:
        hub.owners["77"] = {
            "firstName": "Karin",
            "lastName": "Vogel",
            "email": "karin.vogel@nordwind.example",
        }
        hub.add(
            "companies", id="501", name="Kessler Klimatechnik GmbH", customer_number="K70001", tier="A",
            city="Kassel", phone="(030) 23125-0", domain="kessler.example", hubspot_owner_id="77",
        )  # fmt: skip
        hub.add("companies", id="502", name="Brandt Elektro e.K.", city="Fulda")
        hub.add(
            "contacts", id="901", firstname="Jana", lastname="Kessler", email="Jana@kessler.example",
            mobilephone="0171 3920081", jobtitle="Bauleiterin",
        )  # fmt: skip
        hub.link("901", "501")
        hub.add("contacts", id="902", firstname="Uwe", lastname="Brandt", phone="+49 171 3920082")
        hub.link("902", "502", "Monteur")
        hub.link("902", "501", "Monteur", "Einkauf")
        yield hub


@pytest.fixture
def hubspot(http: httpx.AsyncClient, hub: Portal, clock: Clock) -> HubSpot:
    return HubSpot(HubSpotApi(http, hub.url, TOKEN), clock)


@pytest.fixture
async def sf(clock: Clock) -> AsyncIterator[Org]:
    """An org with the same two firms."""
    async with served(Org(clock)) as sf:
        kessler = sf.add(
            "Account", Name="Kessler Klimatechnik GmbH", AccountNumber="K70001", BillingCity="Kassel",
            Phone="(030) 23125-0", Website="https://www.kessler.example/", ParentId=None, Tier__c="A",
            OwnerName="Karin Vogel",
        )  # fmt: skip
        brandt = sf.add("Account", Name="Brandt Elektro e.K.", BillingCity="Fulda")
        sf.add(
            "Contact", Name="Jana Kessler", AccountId=kessler, Title="Bauleiterin",
            MobilePhone="0171 3920081", Email="Jana@kessler.example",
        )  # fmt: skip
        uwe = sf.add("Contact", Name="Uwe Brandt", AccountId=brandt, Phone="+49 171 3920082")
        sf.relate(uwe, kessler, "Monteur;Einkauf")
        yield sf


@pytest.fixture
def salesforce(http: httpx.AsyncClient, sf: Org, clock: Clock) -> Salesforce:
    return Salesforce(SalesforceApi(http, sf.url, CLIENT_ID, CLIENT_SECRET), sf.url, clock)

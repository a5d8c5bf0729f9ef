"""Reading and writing HubSpot, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from bot.accounts.crm import (
    Changes,
    Conversed,
    CrmAway,
    CrmForbids,
    CrmMembership,
    CrmNonsense,
    CrmRejects,
    Gone,
    MergedInto,
    Notification,
    Ticket,
)
from bot.accounts.hubspot import HubSpot
from bot.accounts.hubspot_api import HubSpotApi
from tests.conftest import Clock
from tests.crm.hubspot import TOKEN, Portal
from tests.webhooks.provider import closed_port

TICKET = Ticket("4711", "E07 · Kessler", "Lüfter läuft nicht an", 2, "501", "901")


async def all_of(parts: AsyncIterator[Changes]) -> Changes:
    """Everything that came, as one; the cursor is the last one."""
    found = Changes()
    async for part in parts:
        found = replace(
            part,
            accounts=[*found.accounts, *part.accounts],
            people=[*found.people, *part.people],
            gone=[*found.gone, *part.gone],
            merged=[*found.merged, *part.merged],
        )
    return found


async def test_everything_is_read_with_owners_roles_and_addresses(hubspot: HubSpot, clock: Clock) -> None:
    found = await all_of(hubspot.changes(None))
    kessler, brandt = found.accounts
    assert (kessler.customer_number, kessler.tier, kessler.owner) == ("K70001", "A", "Karin Vogel")
    assert kessler.url == "https://app-eu1.hubspot.com/contacts/145000001/record/0-2/501"
    assert kessler.domains == ("kessler.example",)
    assert brandt.customer_number is None
    jana, uwe = found.people
    assert jana.memberships == (CrmMembership("501", ("Bauleiterin",)),)
    assert jana.email == "jana@kessler.example"
    assert {link.account: link.roles for link in uwe.memberships} == {
        "502": ("Monteur",),
        "501": ("Monteur", "Einkauf"),
    }
    assert found.complete_since == clock()


async def test_reading_everything_goes_on_where_it_was_interrupted(hubspot: HubSpot, hub: Portal) -> None:
    for number in range(250):
        hub.add("companies", name=f"Firma {number}")
    parts = hubspot.changes(None)
    first = await anext(parts)
    rest = await all_of(hubspot.changes(first.cursor))
    ids = [account.external_id for account in (*first.accounts, *rest.accounts)]
    assert len(ids) == len(set(ids)) == 252
    assert len(rest.people) == 2


async def test_only_what_changed_comes_after_the_cursor(hubspot: HubSpot, hub: Portal, clock: Clock) -> None:
    clock.forward(hours=1)
    cursor = (await all_of(hubspot.changes(None))).cursor
    clock.forward(hours=1)
    hub.change("companies", "502", city="Gießen")
    clock.forward(minutes=10)
    later = await all_of(hubspot.changes(cursor))
    assert [account.city for account in later.accounts] == ["Gießen"]
    assert later.people == []
    assert later.complete_since is None
    clock.forward(hours=1)
    assert (await all_of(hubspot.changes(later.cursor))).accounts == []


@pytest.mark.parametrize("at_once", [False, True])
async def test_more_changes_than_a_search_shows_are_read_in_windows(
    http: httpx.AsyncClient, hub: Portal, clock: Clock, at_once: bool
) -> None:
    hub.cap = 400
    hubspot = HubSpot(HubSpotApi(http, hub.url, TOKEN), clock, cap=400)
    clock.forward(hours=1)
    cursor = (await all_of(hubspot.changes(None))).cursor
    clock.forward(hours=1)
    made = [hub.add("companies", name=f"Firma {number}") for number in range(1_100)]
    if at_once:
        for one in made[:900]:
            record = hub.objects["companies"][one]
            record.properties["hs_lastmodifieddate"] = hub.objects["companies"][made[0]].properties[
                "hs_lastmodifieddate"
            ]
        hub.index()
    found = {account.external_id for account in (await all_of(hubspot.changes(cursor))).accounts}
    assert found == set(made)


async def test_a_phone_is_found_in_whatever_form_and_checked_again(hubspot: HubSpot, hub: Portal) -> None:
    found = await hubspot.find_by_phone("+491713920081")
    assert [person.name for person in found.people] == ["Jana Kessler"]
    assert [account.name for account in found.accounts] == ["Kessler Klimatechnik GmbH"]
    hub.add("contacts", firstname="Fern", lastname="Fremd", phone="+43 1713920081")
    assert [person.name for person in (await hubspot.find_by_phone("+491713920081")).people] == [
        "Jana Kessler"
    ]
    nobody = await hubspot.find_by_phone("+491713920099")
    assert not nobody.people
    assert not nobody.accounts


async def test_what_the_index_has_not_seen_yet_is_not_found(hubspot: HubSpot, hub: Portal) -> None:
    hub.lag = True
    hub.add("contacts", firstname="Neu", lastname="Neumann", mobilephone="+491713920077")
    assert not (await hubspot.find_by_phone("+491713920077")).people
    hub.index()
    assert (await hubspot.find_by_phone("+491713920077")).people


async def test_a_switchboard_finds_the_company(hubspot: HubSpot) -> None:
    found = await hubspot.find_by_phone("+4930231250")
    assert [account.external_id for account in found.accounts] == ["501"]
    assert not found.people


async def test_notified_records_are_fetched_and_missing_ones_are_gone(hubspot: HubSpot, hub: Portal) -> None:
    into = hub.merge("companies", "501", "502")
    found = await hubspot.fetch([Notification("account", into), Notification("account", "501")])
    assert [account.external_id for account in found.accounts] == [into]
    assert set(found.merged) == {MergedInto("account", "501", into), MergedInto("account", "502", into)}
    assert list(found.gone) == [Gone("account", "501")]
    people = await hubspot.fetch([Notification("person", "901")])
    assert [account.external_id for account in people.accounts] == [into]


async def test_a_ticket_is_opened_once_and_brought_up_to_date(hubspot: HubSpot, hub: Portal) -> None:
    first = await hubspot.push_ticket(TICKET)
    again = await hubspot.push_ticket(replace(TICKET, text="Jetzt Rauch", urgency=1))
    assert first == again
    (ticket,) = hub.all("tickets")
    assert (ticket["content"], ticket["hs_ticket_priority"]) == ("Jetzt Rauch", "MEDIUM")
    assert set(hub.links["tickets", first.id, "companies"]) == {"501"}
    assert set(hub.links["tickets", first.id, "contacts"]) == {"901"}
    assert [item.reference for item in await hubspot.open_items("501")] == [first.id]


@pytest.mark.parametrize(("channel", "kind"), [("whatsapp", "communications"), ("telegram", "notes")])
async def test_what_was_said_is_put_there_once(
    hubspot: HubSpot, hub: Portal, clock: Clock, channel: str, kind: str
) -> None:
    ticket = await hubspot.push_ticket(TICKET)
    said = Conversed("Bauruf 4711/12", channel, clock(), "Bauruf 4711/12\nHallo", ticket.id, "501", None)
    await hubspot.push_note(said, repeated=False)
    await hubspot.push_note(said, repeated=True)
    (note,) = hub.all(kind)
    assert "Hallo" in (note.get("hs_note_body") or note["hs_communication_body"])
    if kind == "communications":
        assert note["hs_communication_channel_type"] == "WHATS_APP"


async def test_a_rule_of_the_portal_is_told_in_its_words(hubspot: HubSpot, hub: Portal) -> None:
    hub.rule = "product_family"
    with pytest.raises(CrmRejects, match="product_family is required"):
        await hubspot.push_ticket(TICKET)
    assert hub.all("tickets") == []


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
async def test_trouble_has_its_name(hubspot: HubSpot, hub: Portal, mode: str, error: type[Exception]) -> None:
    hub.trouble.make(mode)
    with pytest.raises(error) as told:
        await hubspot.find_by_phone("+491713920081")
    assert TOKEN not in str(told.value)
    assert "3920081" not in str(told.value)


async def test_a_limit_is_waited_for(hubspot: HubSpot, hub: Portal) -> None:
    hub.trouble.make("limited", times=2)
    assert (await hubspot.find_by_phone("+491713920081")).people


async def test_nobody_there(http: httpx.AsyncClient, clock: Clock) -> None:
    with pytest.raises(CrmAway):
        await HubSpot(HubSpotApi(http, closed_port(), TOKEN), clock).check()


async def test_the_check_names_the_portal(hubspot: HubSpot) -> None:
    assert await hubspot.check() == "portal 145000001"

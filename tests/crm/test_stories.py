"""Whole conversations over HTTP while a CRM stands behind the desk."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.messages import Sender
from bot.settings import Settings
from bot.storage import conversations, crm_outbox, notices, proposals
from bot.storage.accounts import LocalDirectory
from nlu.linear import LinearUnderstander
from tests.conftest import Clock
from tests.crm import hubspot, salesforce
from tests.crm.hubspot import Portal
from tests.crm.salesforce import Org
from tests.stories.stage import Installer, Stage, open_stage
from webhooks.app import create_app

SECRET = "hubspot-client-secret"
JANA = "+491713920081"


@pytest.fixture
async def stage(
    database_url: str, tmp_path: Path, engine: LinearUnderstander, clock: Clock, hub: Portal, sf: Org
) -> AsyncIterator[Stage]:
    """A demo whose customers stand in both CRMs."""
    hub.add("companies", id="601", name="Müller Elektrotechnik GmbH", customer_number="K10215", city="Berlin")
    hub.add("contacts", id="951", firstname="Thomas", lastname="Müller", mobilephone="+49 171 3920001")
    hub.link("951", "601", "Geschäftsführer")
    mueller = sf.add(
        "Account", Name="Müller Elektrotechnik GmbH", AccountNumber="K10215", BillingCity="Berlin"
    )
    sf.add("Contact", Name="Thomas Müller", AccountId=mueller, MobilePhone="0171 3920001")
    settings = Settings(
        _env_file=None,
        database_url=database_url,
        data_dir=tmp_path,
        hubspot_token=hubspot.TOKEN,
        hubspot_api_url=hub.url,
        hubspot_webhook_secret=SECRET,
        salesforce_url=sf.url,
        salesforce_client_id=salesforce.CLIENT_ID,
        salesforce_client_secret=salesforce.CLIENT_SECRET,
    )
    app = create_app(settings, work=False, demo=True, clock=clock, understander=engine)
    async with open_stage(app, clock) as stage:
        yield stage


async def sync(stage: Stage) -> None:
    """What happens every five minutes."""
    stage.clock.forward(minutes=10)
    await stage.system.crms.sync.look()


async def later(stage: Stage, **span: float) -> None:
    """Time goes by, and the write-back looks what is left to do."""
    stage.clock.forward(**span)
    await stage.system.crms.write_back.look()
    await stage.work()


async def board(stage: Stage) -> list[str]:
    async with stage.system.database.read() as conn:
        return [notice.text for notice in await notices.standing(conn)]


async def told(stage: Stage, conversation_id: int) -> dict[tuple[str, str], crm_outbox.Told]:
    async with stage.system.database.read() as conn:
        return {(one.source, one.kind): one for one in await crm_outbox.told(conn, conversation_id)}


async def phone_of(stage: Stage, number: str) -> Installer:
    """A WhatsApp phone with this number."""
    async with stage.system.database.begin() as conn:
        await conversations.keep_endpoint(conn, Sender("whatsapp", number))
    client = stage.browser()
    client.headers["Authorization"] = f"Bearer demo.de.whatsapp.{number}"
    return Installer(stage, client)


async def hubspot_calls(
    stage: Stage, *events: dict[str, Any], secret: str = SECRET, age: float = 0
) -> httpx.Response:
    """HubSpot calls the webhook, signed as version 3 is."""
    body = json.dumps([{"eventId": 1, "portalId": 145000001, **event} for event in events]).encode()
    timestamp = str(int((stage.clock().timestamp() - age) * 1000))
    message = b"POST" + b"http://desk.example/webhooks/hubspot" + body + timestamp.encode()
    signature = base64.b64encode(hmac.new(secret.encode(), message, hashlib.sha256).digest()).decode()
    headers = {"X-HubSpot-Signature-v3": signature, "X-HubSpot-Request-Timestamp": timestamp}
    answer = await stage.browser().post("/webhooks/hubspot", content=body, headers=headers)
    await stage.work()
    return answer


async def test_a_handoff_becomes_a_ticket_and_a_case_and_the_transcript_follows(
    stage: Stage, hub: Portal, sf: Org
) -> None:
    await sync(stage)
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("Anschlussplan für NW-RV-250")
    await thomas.says("Mensch")
    await stage.work()
    (ticket,), (case,) = hub.all("tickets"), sf.all("Case")
    card = await (anna := await stage.agent()).card()
    assert ticket["bot_conversation_id"] == case["Bot_Conversation_Id__c"] == str(card["id"])
    for text in (ticket["content"], case["Description"]):
        assert "Müller Elektrotechnik GmbH · K10215 (erkannt)" in text
        assert "+49 171 3920001" in text
    assert set(hub.links["tickets", ticket["hs_object_id"], "companies"]) == {"601"}
    assert set(hub.links["tickets", ticket["hs_object_id"], "contacts"]) == {"951"}
    assert not hub.all("communications")
    await anna.does(card["id"], "take")
    await anna.replies(card["id"], "Guten Tag, <b>worum</b> geht es?")
    await anna.does(card["id"], "resolve")
    await later(stage, seconds=15)
    await later(stage, seconds=15)
    (said,), (task,) = hub.all("communications"), sf.all("Task")
    assert said["hs_communication_channel_type"] == "WHATS_APP"
    assert "Thomas Müller: Mensch<br>" in said["hs_communication_body"]
    assert "&lt;b&gt;worum" in said["hs_communication_body"]
    assert "Anna Keller: Guten Tag" in task["Description"]
    assert task["WhatId"] == case["Id"]
    known = await told(stage, card["id"])
    assert {one.state for one in known.values()} == {"done"}
    assert known["hubspot", "ticket"].url == (
        f"https://app-eu1.hubspot.com/contacts/145000001/record/0-5/{ticket['hs_object_id']}"
    )


async def test_danger_named_while_waiting_updates_the_ticket(stage: Stage, hub: Portal) -> None:
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("Mensch")
    await stage.work()
    (before,) = hub.all("tickets")
    assert before["hs_ticket_priority"] == "LOW"
    await thomas.says("jetzt kommt Rauch aus dem Gerät, es brennt!")
    await stage.work()
    (after,) = hub.all("tickets")
    assert after["hs_ticket_priority"] == "HIGH"
    assert "Dringlichkeit: dringend" in after["content"]


@pytest.mark.parametrize("mode", ["down", "nonsense", "expired", "limited"])
async def test_a_crm_in_trouble_in_the_middle_of_a_conversation_is_not_noticed_in_the_chat(
    stage: Stage, hub: Portal, sf: Org, mode: str
) -> None:
    await sync(stage)
    thomas = await stage.installer("Thomas Müller")
    assert "Hallo Thomas Müller von Müller Elektrotechnik GmbH" in await thomas.says("Hallo")
    hub.trouble.make(mode)
    sf.trouble.make(mode)
    assert "am Lager" in await thomas.says("Ist NW-RV-250 auf Lager?")
    await thomas.says("Mensch")
    assert await thomas.holder() == "waiting"
    for _ in range(3):
        await later(stage, minutes=20)
        await sync(stage)
    card = await (await stage.agent()).card()
    assert {one.state for one in (await told(stage, card["id"])).values()} == {"waiting"}
    shown = await board(stage)
    assert len([line for line in shown if "The chat goes on" in line]) == 2, shown  # one for each CRM
    hub.trouble.end()
    sf.trouble.end()
    await later(stage, minutes=20)
    await sync(stage)
    assert len(hub.all("tickets")) == len(sf.all("Case")) == 1
    assert await board(stage) == []


async def test_a_ticket_that_a_rule_refuses_stands_as_a_note_and_says_why(stage: Stage, hub: Portal) -> None:
    await sync(stage)
    hub.rule = "product_family"
    thomas = await stage.installer("Thomas Müller", channel="telegram")
    await thomas.shares_contact("Thomas Müller", "+491713920001", own=True)
    await thomas.says("Mensch")
    await stage.work()
    assert hub.all("tickets") == []
    (note,) = hub.all("notes")
    assert "K10215" in note["hs_note_body"]
    card = await (await stage.agent()).card()
    ticket = (await told(stage, card["id"]))["hubspot", "ticket"]
    assert (ticket.state, "product_family is required" in (ticket.error or "")) == ("done", True)
    assert any("takes no ticket" in line for line in await board(stage))


async def test_a_refusal_with_nobody_to_hang_a_note_on_is_shown_and_tried_again(
    stage: Stage, hub: Portal
) -> None:
    hub.rule = "product_family"
    stranger = await stage.installer()
    await stranger.says("Hilfe, aus dem Ventilator kommt Rauch!")
    await stage.work()
    card = await (await stage.agent()).card()
    ticket = (await told(stage, card["id"]))["hubspot", "ticket"]
    assert ticket.state == "failed"
    assert "product_family is required" in (ticket.error or "")
    hub.rule = None
    assert await stage.system.crms.write_back.retry("hubspot") == 1
    await stage.work()
    assert len(hub.all("tickets")) == 1


async def test_somebody_who_names_their_company_is_proposed_and_not_written(
    stage: Stage, hub: Portal, sf: Org
) -> None:
    await sync(stage)
    stranger = await phone_of(stage, "+491713920095")
    assert "Für welche Firma" in await stranger.says("Ist NW-RV-250 auf Lager?")
    await stranger.says("Kundennummer K10215")
    await stranger.says("Mensch")
    await stage.work()
    (ticket,) = hub.all("tickets")
    assert "nach eigener Angabe" in ticket["content"]
    assert "Neuer Kontakt?: +491713920095" in ticket["content"]
    assert len(hub.all("contacts")) == len(sf.all("Contact")) == 3
    database = stage.system.database
    async with database.read() as conn:
        account = await LocalDirectory(stage.clock).find_by_customer_number(conn, "K10215")
        assert account is not None
        (proposed,) = await proposals.open_for(conn, account.account_id)
        assert await LocalDirectory(stage.clock).find_by_phone(conn, "+491713920095") == []
    anna = await stage.agent()
    page = (await anna.client.get(f"/api/accounts/{account.account_id}")).json()
    (line,) = page["proposals"]
    assert (line["id"], line["phone"], line["evidence"]) == (proposed.id, "+49 171 3920095", "named_company")
    accept = f"/api/accounts/proposals/{proposed.id}/accept"
    assert (await anna.client.post(accept, json={})).json()["error"]["code"] == "no_name"
    accepted = await anna.client.post(accept, json={"name": "Olaf Berg"})
    assert accepted.json()["proposals"] == []
    assert "Olaf Berg" in [person["name"] for person in accepted.json()["people"]]
    declined = await anna.client.post(f"/api/accounts/proposals/{proposed.id}/decline")
    assert declined.status_code == 404
    async with database.read() as conn:
        (olaf,) = await LocalDirectory(stage.clock).find_by_phone(conn, "+491713920095")
    assert (olaf.person, olaf.customer_number) == ("Olaf Berg", "K10215")

    assert {line["state"] for line in accepted.json()["contacts"]} == {"waiting"}
    await stage.work()
    await anna_sees_contacts(anna, account.account_id, {("hubspot", "done"), ("salesforce", "done")})
    (contact,) = [one for one in hub.all("contacts") if one.get("lastname") == "Berg"]
    assert (contact["firstname"], contact["mobilephone"]) == ("Olaf", "+491713920095")
    assert list(hub.links["contacts", contact["hs_object_id"], "companies"]) == ["601"]
    (there,) = [one for one in sf.all("Contact") if one.get("LastName") == "Berg"]
    assert there["MobilePhone"] == "+491713920095"
    # The next sync knows them again: nobody is on file twice.
    await sync(stage)
    async with database.read() as conn:
        assert len(await LocalDirectory(stage.clock).find_by_phone(conn, "+491713920095")) == 1


async def anna_sees_contacts(anna: Any, account_id: int, expected: set[tuple[str, str]]) -> list[Any]:
    page = (await anna.client.get(f"/api/accounts/{account_id}")).json()
    assert {(line["source"], line["state"]) for line in page["contacts"]} == expected
    return list(page["contacts"])


async def test_a_contact_that_cannot_be_written_is_shown_and_written_once_later(
    stage: Stage, hub: Portal, sf: Org
) -> None:
    await sync(stage)
    stranger = await phone_of(stage, "+491713920096")
    await stranger.says("Ist NW-RV-250 auf Lager?")
    await stranger.says("Kundennummer K10215")
    database = stage.system.database
    async with database.read() as conn:
        account = await LocalDirectory(stage.clock).find_by_customer_number(conn, "K10215")
        assert account is not None
        (proposed,) = await proposals.open_for(conn, account.account_id)
    anna = await stage.agent()
    hub.trouble.make("down", only="contacts")
    sf.trouble.make("expired")
    accept = f"/api/accounts/proposals/{proposed.id}/accept"
    assert (await anna.client.post(accept, json={"name": "Ina Falk"})).status_code == 200
    await stage.work()
    seen = await anna_sees_contacts(
        anna, account.account_id, {("hubspot", "waiting"), ("salesforce", "waiting")}
    )
    assert all(line["error"] for line in seen)
    hub.trouble.end()
    sf.trouble.end()
    # An answer that was lost: the contact is there already when it is tried again.
    mine = hub.add("contacts", firstname="Ina", lastname="Falk", mobilephone="0171 3920096")
    hub.link(mine, "601")
    await later(stage, minutes=10)
    await anna_sees_contacts(anna, account.account_id, {("hubspot", "done"), ("salesforce", "done")})
    assert len([one for one in hub.all("contacts") if one.get("lastname") == "Falk"]) == 1
    assert len([one for one in sf.all("Contact") if one.get("LastName") == "Falk"]) == 1


async def test_a_contact_whom_the_crm_has_elsewhere_is_related_and_not_doubled(
    stage: Stage, hub: Portal, sf: Org
) -> None:
    await sync(stage)
    stranger = await phone_of(stage, "+491713920097")
    await stranger.says("Ist NW-RV-250 auf Lager?")
    await stranger.says("Kundennummer K10215")
    async with stage.system.database.read() as conn:
        account = await LocalDirectory(stage.clock).find_by_customer_number(conn, "K10215")
        assert account is not None
        (proposed,) = await proposals.open_for(conn, account.account_id)
    elsewhere = hub.add("contacts", firstname="Pia", lastname="Rot", mobilephone="0171 3920097")
    hub.link(elsewhere, "502")
    brandt = next(one for one in sf.all("Account") if one["Name"] == "Brandt Elektro e.K.")
    there = sf.add("Contact", Name="Pia Rot", AccountId=brandt["Id"], MobilePhone="0171 3920097")
    anna = await stage.agent()
    answer = await anna.client.post(f"/api/accounts/proposals/{proposed.id}/accept", json={"name": "Pia Rot"})
    assert answer.status_code == 200
    await stage.work()
    await anna_sees_contacts(anna, account.account_id, {("hubspot", "done"), ("salesforce", "done")})
    assert set(hub.links["contacts", elsewhere, "companies"]) == {"502", "601"}
    assert len([one for one in sf.all("Contact") if one.get("MobilePhone") == "0171 3920097"]) == 1
    related = [one["AccountId"] for one in sf.all("AccountContactRelation") if one["ContactId"] == there]
    assert len(related) == 2


async def test_a_contact_whose_company_a_crm_lacks_says_so_and_follows_it(
    stage: Stage, hub: Portal, sf: Org
) -> None:
    hub.archive("companies", "601")
    await sync(stage)
    stranger = await phone_of(stage, "+491713920098")
    await stranger.says("Ist NW-RV-250 auf Lager?")
    await stranger.says("Kundennummer K10215")
    async with stage.system.database.read() as conn:
        account = await LocalDirectory(stage.clock).find_by_customer_number(conn, "K10215")
        assert account is not None
        (proposed,) = await proposals.open_for(conn, account.account_id)
    anna = await stage.agent()
    accept = f"/api/accounts/proposals/{proposed.id}/accept"
    assert (await anna.client.post(accept, json={"name": "Nele Frank"})).status_code == 200
    await stage.work()
    seen = await anna_sees_contacts(anna, account.account_id, {("hubspot", "failed"), ("salesforce", "done")})
    (missing,) = [line["error"] for line in seen if line["state"] == "failed"]
    assert missing.startswith(
        "HubSpot does not have this company. Create it there with customer number K10215"
    )
    assert any(missing in notice for notice in await board(stage))
    await later(stage, minutes=1)
    await anna_sees_contacts(anna, account.account_id, {("hubspot", "failed"), ("salesforce", "done")})

    hub.add("companies", id="777", name="Müller Elektrotechnik GmbH", customer_number="K10215")
    await sync(stage)
    await later(stage, seconds=15)
    await anna_sees_contacts(anna, account.account_id, {("hubspot", "done"), ("salesforce", "done")})
    (nele,) = [one for one in hub.all("contacts") if one.get("lastname") == "Frank"]
    assert list(hub.links["contacts", nele["hs_object_id"], "companies"]) == ["777"]
    assert not any(missing in notice for notice in await board(stage))


async def test_a_phone_that_only_the_crm_knows_is_recognised(stage: Stage) -> None:
    jana = await phone_of(stage, JANA)
    assert "Hallo Jana Kessler von Kessler Klimatechnik GmbH" in await jana.says("Hallo")


async def test_a_phone_is_asked_for_while_the_crm_is_slow_and_the_chat_goes_on(
    stage: Stage, hub: Portal, sf: Org
) -> None:
    hub.trouble.make("slow")
    sf.trouble.make("slow")
    jana = await phone_of(stage, JANA)
    assert "NW-RV-250" in await jana.says("Ist NW-RV-250 auf Lager?")
    assert len(await board(stage)) == 2


async def test_a_change_comes_by_webhook(stage: Stage, hub: Portal) -> None:
    await sync(stage)
    hub.change("contacts", "951", mobilephone="+491713920061")
    called = await hubspot_calls(
        stage, {"subscriptionType": "contact.propertyChange", "objectId": 951, "propertyName": "mobilephone"}
    )
    assert called.status_code == 204
    thomas = await phone_of(stage, "+491713920061")
    assert "Hallo Thomas Müller" in await thomas.says("Hallo")


async def test_who_is_erased_over_there_is_a_stranger_here(stage: Stage, hub: Portal, sf: Org) -> None:
    await sync(stage)
    jana = await phone_of(stage, JANA)
    hub.archive("contacts", "901")
    for contact in sf.all("Contact"):
        if contact["Name"] == "Jana Kessler":
            sf.delete("Contact", contact["Id"])
    await hubspot_calls(stage, {"subscriptionType": "contact.privacyDeletion", "objectId": 901})
    assert "Jana" not in await jana.says("Hallo")


async def test_calls_that_are_not_hubspots_are_refused(stage: Stage) -> None:
    event = {"subscriptionType": "contact.propertyChange", "objectId": 951}
    assert (await hubspot_calls(stage, event, secret="wrong")).status_code == 403
    assert (await hubspot_calls(stage, event, age=301)).status_code == 403
    client = stage.browser()
    assert (await client.post("/webhooks/hubspot", content=b"[]")).status_code == 403
    assert (await client.post("/webhooks/hubspot", content=b"x" * 300_000)).status_code == 413
    assert (await hubspot_calls(stage, event)).status_code == 204


async def test_a_merge_over_there_moves_the_conversations_to_the_survivor(stage: Stage, hub: Portal) -> None:
    await sync(stage)
    jana = await phone_of(stage, JANA)
    await jana.says("Mensch")
    anna = await stage.agent()
    card = await anna.card()
    assert card["who"]["company"] == "Kessler Klimatechnik GmbH"
    into = hub.merge("companies", "601", "501")
    await hubspot_calls(
        stage,
        {
            "subscriptionType": "company.merge",
            "primaryObjectId": 601,
            "mergedObjectIds": [501],
            "newObjectId": int(into),
        },
    )
    card = await anna.card()
    assert (card["who"]["company"], card["who"]["customer_number"]) == (
        "Müller Elektrotechnik GmbH",
        "K10215",
    )


async def test_agents_see_the_crm_behind_the_company_and_the_conversation(stage: Stage, hub: Portal) -> None:
    await sync(stage)
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("Mensch")
    await stage.work()
    anna = await stage.agent()
    view = await anna.reads((await anna.card())["id"])
    assert {(line["source"], line["kind"], line["state"]) for line in view["crm"]} == {
        ("hubspot", "ticket", "done"),
        ("salesforce", "ticket", "done"),
    }
    page = f"/api/accounts/{view['account']['id']}"
    before = {record["source"]: record for record in (await anna.client.get(page)).json()["records"]}
    assert before["hubspot"]["url"].startswith("https://app-eu1.hubspot.com/")
    assert before["hubspot"]["open_items"] == []
    read = (await anna.client.get(f"{page}/records")).json()["records"]
    items = {record["source"]: record["open_items"] for record in read}
    assert len(items["hubspot"]) == len(items["salesforce"]) == 1
    hub.trouble.make("down")
    again = (await anna.client.get(f"{page}/records")).json()["records"]
    assert {record["source"]: record["open_items"] for record in again} == items


async def test_news_for_an_old_ticket_are_tried_for_a_day_of_their_own(stage: Stage, hub: Portal) -> None:
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("Mensch")
    await stage.work()
    stage.clock.forward(days=3)
    hub.trouble.make("down")
    await thomas.says("jetzt kommt Rauch aus dem Gerät, es brennt!")
    await stage.work()
    card = await (await stage.agent()).card()
    assert (await told(stage, card["id"]))["hubspot", "ticket"].state == "waiting"
    stage.clock.forward(hours=25)
    await later(stage, minutes=1)
    assert (await told(stage, card["id"]))["hubspot", "ticket"].state == "failed"

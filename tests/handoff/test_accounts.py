"""The accounts at the desk: found, seen whole, mended, merged and taken apart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.demo import world
from bot.storage.conversations import Whom
from bot.storage.messages import NewMessage
from bot.storage.tables import Account, Event, Membership, Person
from tests.conftest import Clock
from tests.office import Office, open_office


@pytest.fixture
async def office(database_url: str, tmp_path: Path, clock: Clock) -> AsyncIterator[Office]:
    async with open_office(database_url, tmp_path, clock) as office:
        async with office.system.database.begin() as conn:
            await world.seed(conn, tmp_path / "media", clock().date())
        yield office


async def number(office: Office, customer_number: str) -> int:
    async with office.system.database.read() as conn:
        found = select(Account.id).where(Account.customer_number == customer_number)
        return int((await conn.execute(found)).scalar_one())


async def whom(office: Office, name: str, customer_number: str) -> Whom:
    async with office.system.database.read() as conn:
        person = await conn.scalar(
            select(Person.id)
            .join(Membership, Membership.person_id == Person.id)
            .join(Account, Account.id == Membership.account_id)
            .where(Person.name == name, Account.customer_number == customer_number)
        )
    return Whom(person_id=person, person=name, account_id=await number(office, customer_number), trust=2)


def meant(intent: str, entity: str, value: str) -> dict[str, Any]:
    entities = [{"entity": entity, "value": value}]
    return {"intent": intent, "confidence": 0.9, "sure": True, "urgency": 0, "entities": entities}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("K10231", ["K10231"]),
        ("brandt haus", ["K10231"]),
        ("Thomas Mü", ["K10215"]),
        ("0171 3920001", ["K10215"]),
        ("+49 30 2312520", []),
        ("4500123461", ["K10231"]),
        ("450012 3461", ["K10231"]),
        ("Elektro", ["K10228", "K10290", "K10215"]),
        ("Ole Jansen", ["K10266", "K10231"]),
        ("gibt es nicht", []),
        ("%", []),
    ],
)
async def test_an_account_is_found_by_whatever_is_at_hand(
    office: Office, words: str, found: list[str]
) -> None:
    anna = await office.seat()
    answer = await anna.get("/api/accounts", params={"q": words})
    assert answer.status_code == 200, answer.text
    assert [entry["customer_number"] for entry in answer.json()["accounts"]] == found


async def test_without_a_question_those_who_wrote_last_come_first(office: Office, clock: Clock) -> None:
    anna = await office.seat()
    assert (await anna.get("/api/accounts")).json()["accounts"] == []
    for name, customer_number in (("Uwe Schäfer", "K10231"), ("Thomas Müller", "K10215")):
        await office.conversation(whom=await whom(office, name, customer_number))
        clock.forward(minutes=1)
    listed = (await anna.get("/api/accounts")).json()["accounts"]
    assert [entry["customer_number"] for entry in listed] == ["K10215", "K10231"]


async def test_a_page_shows_the_whole_company(office: Office, clock: Clock) -> None:
    anna = await office.seat()
    conversation = await office.conversation(whom=await whom(office, "Thomas Müller", "K10215"))
    page = (await anna.get(f"/api/accounts/{await number(office, 'K10215')}")).json()
    assert (page["name"], page["tier"], page["city"]) == ("Müller Elektrotechnik GmbH", "A", "Berlin")
    assert {person["name"]: person["roles"] for person in page["people"]}["Marek Nowak"] == [
        "fitter",
        "site manager",
    ]
    assert [order["number"] for order in page["orders"]][:1] == ["4500123458"]
    assert [(device["article"], device["quantity"]) for device in page["devices"]] == [("NW-FU-022", 1)]
    assert page["devices"][0]["name"]["de"]
    (promise,) = page["promises"]
    assert promise["conversation_id"] == conversation and promise["overdue"] is False
    clock.forward(hours=3)
    late = (await anna.get(f"/api/accounts/{page['id']}")).json()["promises"]
    assert [promise["overdue"] for promise in late] == [True]
    south = (await anna.get(f"/api/accounts/{await number(office, 'K10289')}")).json()
    assert south["parent"]["name"] == "ProFacility Gebäudeservice GmbH"
    above = (await anna.get(f"/api/accounts/{south['parent']['id']}")).json()
    assert [child["name"] for child in above["children"]] == ["ProFacility Süd GmbH"]
    assert (await anna.get("/api/accounts/4711")).status_code == 404


async def test_who_was_told_something_else_is_shown(office: Office, clock: Clock) -> None:
    anna = await office.seat()

    async def asks(name: str, answer: str, *, by: str = "bot", article: str = "NW-RV-250") -> None:
        talk = await office.conversation(whom=await whom(office, name, "K10215"), text="Hallo", turn="BOT")
        understood = meant("stock_availability", "article_number", article)
        await office.say(talk, NewMessage("installer", text="Lieferbar?", understanding=understood))
        await office.say(talk, NewMessage(by, text=answer))
        clock.forward(minutes=5)

    await asks("Thomas Müller", "12 Stück am Lager.")
    await asks("Marek Nowak", "Am Lager sind 12 Stück, gern!")
    page = f"/api/accounts/{await number(office, 'K10215')}"
    assert (await anna.get(page)).json()["differing"] == []
    await asks("Kevin Lange", "Lieferbar in 10 Tagen.")
    await asks("Sandra Wolff", "Leider ausverkauft.", by="agent", article="NW-AX-400")
    (case,) = (await anna.get(page)).json()["differing"]
    assert (case["intent"], case["subject"]) == ("stock_availability", "NW-RV-250")
    assert [told["who"] for told in case["told"]] == ["Kevin Lange", "Marek Nowak", "Thomas Müller"]
    clock.forward(days=61)
    later = await office.seat()
    assert (await later.get(page)).json()["differing"] == []


async def test_an_account_is_changed_by_hand_and_the_trail_knows(office: Office) -> None:
    anna = await office.seat()
    talk = await office.conversation(whom=await whom(office, "Thomas Müller", "K10215"))
    account = await number(office, "K10215")
    changed = await anna.send("PATCH", f"/api/accounts/{account}", {"owner": " Ines Vogt ", "tier": None})
    assert changed.status_code == 200, changed.text
    assert (changed.json()["owner"], changed.json()["tier"]) == ("Ines Vogt", None)
    async with office.system.database.read() as conn:
        events = (
            await conn.execute(select(Event).where(Event.kind.like("account.%")).order_by(Event.id))
        ).all()
    assert [(event.kind, event.conversation_id) for event in events] == [
        ("account.edited", None),
        ("account.changed", talk),
    ]
    assert events[0].actor == f"agent:{anna.id}" and events[0].data["before"]["tier"] == "A"
    for bad in (
        {"name": ""},
        {"name": None},
        {"customer_number": "K1"},
        {"city": "x" * 201},
        {"city": "\x00"},
    ):
        assert (await anna.send("PATCH", f"/api/accounts/{account}", bad)).status_code == 422


async def test_what_somebody_does_at_a_company_is_changed(office: Office) -> None:
    anna = await office.seat()
    account = await number(office, "K10215")
    page = (await anna.get(f"/api/accounts/{account}")).json()
    kevin = next(person for person in page["people"] if person["name"] == "Kevin Lange")
    path = f"/api/accounts/{account}/people/{kevin['id']}"
    gone = await anna.send("PUT", path, {"roles": ["fitter", "site manager", "fitter"], "active": False})
    now = next(person for person in gone.json()["people"] if person["id"] == kevin["id"])
    assert (now["roles"], now["active"]) == (["fitter", "site manager"], False)
    back = await anna.send("PUT", path, {"roles": [], "active": True})
    assert next(person for person in back.json()["people"] if person["id"] == kevin["id"])["active"]
    assert (await anna.send("PUT", path, {"roles": ["boss"], "active": True})).status_code == 422
    nobody = f"/api/accounts/{account}/people/4711"
    assert (await anna.send("PUT", nobody, {"roles": [], "active": True})).status_code == 404


async def test_a_merge_and_its_undoing(office: Office) -> None:
    anna = await office.seat("Anna Keller")
    kept, gone = await number(office, "K10215"), await number(office, "K10228")
    before = [(await anna.get(f"/api/accounts/{account}")).json() for account in (kept, gone)]
    merged = await anna.post(f"/api/accounts/{kept}/merge", {"gone": gone})
    assert merged.status_code == 200, merged.text
    (line,) = merged.json()["merges"]
    assert (line["number"], line["name"], line["by"]) == ("K10228", "Elektro Müller e.K.", "Anna Keller")
    assert len(merged.json()["people"]) == len(before[0]["people"]) + len(before[1]["people"])
    assert (await anna.get(f"/api/accounts/{gone}")).status_code == 404
    found = await anna.get("/api/accounts", params={"q": "K10228"})
    assert [entry["id"] for entry in found.json()["accounts"]] == [kept]
    undone = await anna.post(f"/api/accounts/merges/{line['id']}/undo")
    assert undone.status_code == 200, undone.text
    after = [(await anna.get(f"/api/accounts/{account}")).json() for account in (kept, gone)]
    assert after == before
    assert (await anna.post(f"/api/accounts/merges/{line['id']}/undo")).status_code == 404
    assert (await anna.post(f"/api/accounts/{kept}/merge", {"gone": kept})).status_code == 409


async def test_some_people_get_an_account_of_their_own(office: Office) -> None:
    anna = await office.seat()
    account = await number(office, "K10215")
    page = (await anna.get(f"/api/accounts/{account}")).json()
    marek = next(person["id"] for person in page["people"] if person["name"] == "Marek Nowak")
    wish = {"people": [marek], "customer_number": "K20001", "name": "Nowak Montage"}
    new = await anna.post(f"/api/accounts/{account}/split", wish)
    assert new.status_code == 201, new.text
    assert [person["name"] for person in new.json()["people"]] == ["Marek Nowak"]
    again = await anna.post(f"/api/accounts/{account}/split", wish)
    assert again.status_code == 409 and again.json()["error"]["code"] == "number_taken"


async def test_nobody_without_a_session_sees_a_company(office: Office) -> None:
    stranger = office.browser()
    account = await number(office, "K10215")
    for path in ("/api/accounts?q=M", f"/api/accounts/{account}"):
        assert (await stranger.get(path)).status_code == 401
    assert (await stranger.post(f"/api/accounts/{account}/merge", json={"gone": 2})).status_code == 401
    anna = await office.seat()
    forged = await anna.client.post(f"/api/accounts/{account}/merge", json={"gone": 2})
    assert forged.status_code == 403

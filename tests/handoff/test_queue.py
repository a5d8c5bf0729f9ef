"""What the console reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import event, insert

from bot.storage.conversations import Whom
from bot.storage.messages import NewMessage
from bot.storage.tables import Account, Endpoint, IdentityLink, Membership, Order, Person
from tests.office import Office, Seat


@contextmanager
def counted(office: Office) -> Iterator[list[str]]:
    """The SELECTs made meanwhile, except the live reader's look for news."""
    engine, seen = office.system.database.engine.sync_engine, list[str]()

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT") and "(events.xact, events.id) >" not in statement:
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def company(office: Office, name: str, number: str, person: str, phone: str) -> Whom:
    async with office.system.database.begin() as conn:
        account_id = (
            await conn.execute(
                insert(Account)
                .values(
                    name=name,
                    customer_number=number,
                    city="Berlin",
                    tier="A",
                    owner="Anna Keller",
                    trunk_phones=["+493023125"],
                    source="test",
                )
                .returning(Account.id)
            )
        ).scalar_one()
        person_id = (
            await conn.execute(insert(Person).values(name=person, source="test").returning(Person.id))
        ).scalar_one()
        await conn.execute(
            insert(Membership).values(person_id=person_id, account_id=account_id, roles=["fitter"])
        )
        endpoint_id = (
            await conn.execute(
                insert(Endpoint)
                .values(channel="phone", address=phone, thread=f"phone:{phone}")
                .returning(Endpoint.id)
            )
        ).scalar_one()
        await conn.execute(
            insert(IdentityLink).values(
                endpoint_id=endpoint_id, person_id=person_id, trust=2, evidence="file"
            )
        )
    return Whom(person_id=person_id, account_id=account_id, trust=2)


async def test_cards_say_who_writes_and_why(office: Office) -> None:
    anna = await office.seat()
    whom = await company(office, "Müller Elektro GmbH", "K10215", "Sandra Wolff", "+491713920001")
    conversation_id = await office.conversation(
        channel="whatsapp", address="+491713920001", whom=whom, urgency=2, name="Sandy"
    )
    queue = (await anna.get("/api/queue")).json()
    (card,) = queue["cards"]
    assert card["id"] == conversation_id and card["urgency"] == 2
    assert card["who"] == {
        "name": "Sandra Wolff",
        "company": "Müller Elektro GmbH",
        "customer_number": "K10215",
        "city": "Berlin",
        "tier": "A",
        "roles": ["fitter"],
        "trust": 2,
        "address": "+49 171 3920001",
    }
    assert card["reasons"] == [{"code": "human_request", "text": {"de": "Mensch", "en": "Person"}}]
    assert card["waiting_since"] == "2026-11-23T09:00:00Z" and card["due_at"] == "2026-11-23T11:00:00Z"
    assert queue["notices"] == []


async def test_strangers_have_the_name_their_channel_gives(office: Office) -> None:
    anna = await office.seat()
    await office.conversation(channel="webchat", address="f" * 64, name="Kai")
    (card,) = (await anna.get("/api/queue")).json()["cards"]
    assert card["who"]["name"] == "Kai" and card["who"]["company"] is None
    assert card["who"]["address"] == "", "the key of a session is nobody's business"


async def test_queue_holds_all_that_waits_and_the_latest_of_the_rest(office: Office) -> None:
    anna = await office.seat()
    for turn, many in (("WAITING", 3), ("BOT", 103), ("CLOSED", 53)):
        for _ in range(many):
            office.clock.forward(seconds=1)
            await office.conversation(turn=turn)
    cards = (await anna.get("/api/queue")).json()["cards"]
    turns = [card["turn"] for card in cards]
    assert (turns.count("WAITING"), turns.count("BOT"), turns.count("CLOSED")) == (3, 100, 50)


async def test_number_of_queries_does_not_grow(office: Office) -> None:
    anna = await office.seat()
    whom = await company(office, "Müller Elektro GmbH", "K10215", "Sandra Wolff", "+491713920001")
    conversation_id = await office.conversation(whom=whom)
    urls = ("/api/queue", f"/api/conversations/{conversation_id}")

    async def counts() -> list[int]:
        result = []
        for url in urls:
            with counted(office) as seen:
                assert (await anna.get(url)).status_code == 200
            result.append(len(seen))
        return result

    few = await counts()
    for number in range(40):
        await office.conversation(whom=whom)
        await office.say(conversation_id, NewMessage("bot", text=str(number)))
    assert await counts() == few
    assert few[0] <= 4 and few[1] <= 11, few  # one of them for the session


async def test_history_reaches_back_into_earlier_conversations(office: Office) -> None:
    anna = await office.seat()
    first = await office.conversation(address="4711", turn="CLOSED", text="erstes Anliegen")
    second = await office.conversation(address="4711", text="zweites Anliegen")
    for number in range(60):
        await office.say(second, NewMessage("installer", text=str(number)))
    view = (await anna.get(f"/api/conversations/{second}")).json()
    assert [m["text"] for m in view["messages"]] == [str(number) for number in range(10, 60)]
    assert view["has_earlier"] is True
    before = view["messages"][0]["id"]
    page = (await anna.get(f"/api/conversations/{second}/messages", params={"before": before})).json()
    assert [m["text"] for m in page["messages"][:3]] == ["erstes Anliegen", "zweites Anliegen", "0"]
    assert page["has_earlier"] is False
    closed = (await anna.get(f"/api/conversations/{first}")).json()
    assert [m["text"] for m in closed["messages"]] == ["erstes Anliegen"], "what came later is not shown"


async def test_panel_shows_the_account(office: Office) -> None:
    anna = await office.seat()
    whom = await company(office, "Müller Elektro GmbH", "K10215", "Sandra Wolff", "+491713920001")
    async with office.system.database.begin() as conn:
        left = (
            await conn.execute(insert(Person).values(name="Alt Bekannt", source="test").returning(Person.id))
        ).scalar_one()
        await conn.execute(
            insert(Membership).values(
                person_id=left, account_id=whom.account_id, valid_until=date(2026, 1, 31)
            )
        )
        await conn.execute(
            insert(Order).values(
                number="4500123456",
                account_id=whom.account_id,
                status="shipped",
                ordered_on=date(2026, 11, 2),
                lines=[{"article": "NW-RV-250", "quantity": 2}],
            )
        )
    conversation_id = await office.conversation(whom=whom)
    other = await office.conversation(whom=whom, turn="CLOSED")
    account = (await anna.get(f"/api/conversations/{conversation_id}")).json()["account"]
    assert account["customer_number"] == "K10215" and account["owner"] == "Anna Keller"
    assert [(p["name"], p["active"], p["phone"]) for p in account["people"]] == [
        ("Alt Bekannt", False, None),
        ("Sandra Wolff", True, "+49 171 3920001"),
    ]
    assert account["orders"][0]["lines"] == [{"article": "NW-RV-250", "quantity": 2}]
    assert [c["id"] for c in account["conversations"]] == [other]


async def found(seat: Seat, words: str) -> list[int]:
    answer = await seat.get("/api/search", params={"q": words})
    assert answer.status_code == 200, answer.text
    return [card["id"] for card in answer.json()["cards"]]


async def test_search_finds_by_what_agents_know(office: Office) -> None:
    anna = await office.seat()
    whom = await company(office, "Müller-Schmidt Elektro GmbH", "K10215", "Sandra Wolff", "+491713920001")
    known = await office.conversation(channel="whatsapp", address="+491713920001", whom=whom, text="Hallo")
    stranger = await office.conversation(name="Jörg Überall", text="Der NW-RV-250 brummt und zeigt E07")
    for words in ("müller", "schmidt elek", "K10215", "wolff", "+49 171 3920001", "0171 3920001", "20001"):
        assert await found(anna, words) == [known], words
    for words in ("jörg", "brummt", "NW-RV-250", "nw-rv 250", "e07", "brum"):
        assert await found(anna, words) == [stranger], words
    for words in ("nirgends", "rummt", "%", "_", "' OR 1=1 --", "&|!():*", "\\"):
        assert await found(anna, words) == [], words


async def test_search_shows_the_latest_first_and_each_once(office: Office) -> None:
    anna = await office.seat()
    ids = []
    for _ in range(3):
        office.clock.forward(minutes=1)
        ids.append(await office.conversation(name="Lüfter Meier", text="Lüfter defekt"))
    assert await found(anna, "lüfter") == ids[::-1]

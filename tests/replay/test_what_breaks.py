"""What has broken in other systems of this kind, each tried on a running server."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest

from tests.house import House
from tests.office import Seat
from tests.replay.callers import bring
from tests.replay.collected import Collected, Shown
from tests.replay.desk import console, written
from tests.replay.providers import Providers
from tests.webhooks.telegram.updates import GROUP, message, update


def telegram(content: dict[str, Any], number: int, kind: str = "message") -> Collected:
    return Collected("telegram", f"update {number}", update(kind, content, number))


def whatsapp(sender: str, **fields: str) -> Collected:
    sid = "SM" + re.sub(r"\W", "", sender)
    body = urlencode({"MessageSid": sid, "From": f"whatsapp:{sender}", **fields})
    return Collected("whatsapp", sender, body.encode())


class Chat:
    """Calls a provider brings, one after the other, each answered before the next."""

    def __init__(self, house: House, providers: Providers) -> None:
        self._house, self._door, self._providers = house, house.client(), providers

    async def bring(self, *calls: Collected) -> list[str]:
        """Bring calls; returns what the bot says to them."""
        before = len(self._providers.sent)
        for call in calls:
            assert await bring(self._door, call) == 200
        await self._house.idle()
        return [text for _, text in self._providers.sent[before:]]


@pytest.fixture
def chat(house: House, providers: Providers) -> Chat:
    return Chat(house, providers)


async def only(seat: Seat) -> Any:
    """The only conversation there is."""
    (view,) = (await console(seat)).values()
    return view


async def test_what_cannot_be_stored_is_not_acknowledged_and_its_repeat_is_taken(
    house: House, database_url: str, providers: Providers
) -> None:
    door, david = house.client(), await house.seat("David Sommer")
    calls = [telegram(message(text="Hallo"), 1), whatsapp("+4917139200101", Body="Hallo")]
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE inbox RENAME TO inbox_away")
        for call in calls:
            assert await bring(door, call) >= 500
        connection.execute("ALTER TABLE inbox_away RENAME TO inbox")
    for call in calls:
        assert await bring(door, call) == 200
    await house.idle()

    wrote = [("telegram", "7001"), ("whatsapp", "+4917139200101")]
    assert written(await console(david)) == Counter(Shown(*who, "text", "Hallo") for who in wrote)
    assert len(providers.sent) == 2


async def test_an_edit_of_what_is_answered_is_shown_and_does_not_stop_the_channel(
    house: House, chat: Chat
) -> None:
    david = await house.seat("David Sommer")
    said = message(text="Wann haben Sie geöffnet?")
    assert len(await chat.bring(telegram(said, 1))) == 1

    edit = {**said, "edit_date": said["date"] + 9, "text": "Wann haben Sie morgen geöffnet?"}
    assert await chat.bring(telegram(edit, 2, "edited_message")) == []
    assert len(await chat.bring(telegram(message(message_id=8, text="Danke!"), 3))) == 1

    first, *_ = (await only(david))["messages"]
    assert first["text"] == "Wann haben Sie morgen geöffnet?"
    assert first["edited_at"] is not None


async def test_an_edit_of_what_never_came_is_taken_as_the_message(house: House, chat: Chat) -> None:
    said = message(text="Wann haben Sie geöffnet?")
    edit = {**said, "edit_date": said["date"] + 9}
    (answer,) = await chat.bring(telegram(edit, 2, "edited_message"))
    assert "07:00" in answer
    again = {**edit, "edit_date": said["date"] + 20, "text": "Wann haben Sie morgen geöffnet?"}
    assert await chat.bring(telegram(again, 3, "edited_message")) == []

    first, *_ = (await only(await house.seat("David Sommer")))["messages"]
    assert (first["kind"], first["text"]) == ("text", "Wann haben Sie morgen geöffnet?")


async def test_an_edit_in_a_closed_case_is_shown_there_and_opens_no_new_one(house: House, chat: Chat) -> None:
    david = await house.seat("David Sommer")
    said = message(text="Mensch")
    await chat.bring(telegram(said, 1))
    case = (await only(david))["card"]["id"]
    for step in ("take", "resolve"):
        assert (await david.post(f"/api/conversations/{case}/{step}")).status_code == 200
    await house.idle()

    edit = {**said, "edit_date": said["date"] + 9, "text": "Ein Mensch, bitte"}
    assert await chat.bring(telegram(edit, 2, "edited_message")) == []

    view = await only(david)
    assert (view["card"]["id"], view["card"]["turn"]) == (case, "CLOSED")
    assert view["messages"][0]["text"] == "Ein Mensch, bitte"


async def test_a_group_is_told_once_that_we_answer_in_private(chat: Chat, providers: Providers) -> None:
    words = [message(message_id=n, chat=GROUP, text=f"Hallo {n}") for n in (1, 2, 3)]
    (told,) = await chat.bring(*(telegram(said, n) for n, said in enumerate(words, 1)))
    assert "Einzelchat" in told
    assert [address for address, _ in providers.sent] == [str(GROUP["id"])]


async def test_a_location_is_kept_and_reacted_to(house: House, chat: Chat) -> None:
    david = await house.seat("David Sommer")
    here = {"latitude": 52.52, "longitude": 13.405}
    (answer,) = await chat.bring(telegram(message(location=here), 1))
    assert answer
    first, *_ = (await only(david))["messages"]
    assert (first["kind"], first["location"]) == ("location", {**here, "label": None})


async def test_the_longest_text_is_kept_whole_and_answered(house: House, chat: Chat) -> None:
    text = "Der Lüfter läuft nicht. 🔧 " * 150 + "Wann haben Sie geöffnet?"
    assert await chat.bring(telegram(message(text=text), 1))
    first, *_ = (await only(await house.seat("David Sommer")))["messages"]
    assert first["text"] == text


async def test_markup_in_a_text_is_text(house: House, chat: Chat) -> None:
    text = "*_[`<b>Wann haben Sie & Co. geöffnet?</i>"
    assert await chat.bring(telegram(message(text=text), 1))
    first, *_ = (await only(await house.seat("David Sommer")))["messages"]
    assert first["text"] == text


async def test_people_are_answered_at_exactly_the_address_they_wrote_from(
    chat: Chat, providers: Providers
) -> None:
    """Some hide their number behind a user id; some countries write the same number in two ways."""
    hidden = "DE.13491208655302741918"
    mexico, argentina, brazil = ("+5215512345678", "+525512345678"), "+5491123456789", "+5511987654321"
    senders = [hidden, *mexico, argentina, brazil]
    await chat.bring(*(whatsapp(sender, Body="Hello") for sender in senders))
    assert sorted(address for address, _ in providers.sent) == sorted(senders)


async def test_several_messages_at_once_are_answered_in_the_order_they_came(house: House, chat: Chat) -> None:
    words = ("Moin", "der NW-RV-250", "ist der auf Lager?")
    calls = [telegram(message(message_id=n, text=text), n) for n, text in enumerate(words, 1)]
    await chat.bring(*calls)
    shown = (await only(await house.seat("David Sommer")))["messages"]
    assert [m["text"] for m in shown if m["author"] == "installer"] == list(words)

"""What has broken in other systems of this kind, each tried on a running server."""

from __future__ import annotations

import psycopg
import pytest

from tests.replay.callers import bring
from tests.replay.town import Jana, Town, whatsapp
from tests.webhooks.telegram.updates import GROUP


@pytest.fixture
def jana(town: Town) -> Jana:
    return Jana(town)


async def test_what_cannot_be_stored_is_not_acknowledged_and_its_repeat_is_taken(
    town: Town, jana: Jana
) -> None:
    calls = [jana.call(jana.writes("Hallo")), whatsapp("+4917139200099", "Hallo")]
    with psycopg.connect(town.database_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE inbox RENAME TO inbox_away")
        for call in calls:
            assert await bring(town.house.client(), call) >= 500
        connection.execute("ALTER TABLE inbox_away RENAME TO inbox")

    told = await town.bring(*calls)
    assert sorted(address for address, _ in told) == ["+4917139200099", str(jana.chat)]
    assert [m["text"] for m in (await jana.case())["messages"] if m["author"] == "installer"] == ["Hallo"]


async def test_an_edit_of_what_is_answered_is_shown_and_does_not_stop_the_channel(jana: Jana) -> None:
    said = jana.writes("Wann haben Sie geöffnet?")
    assert len(await jana.does(said)) == 1

    edit = {**said, "edit_date": said["date"] + 9, "text": "Wann haben Sie morgen geöffnet?"}
    assert await jana.does(edit, kind="edited_message") == []
    assert len(await jana.does(jana.writes("Danke!", message_id=8))) == 1

    first, *_ = (await jana.case())["messages"]
    assert first["text"] == "Wann haben Sie morgen geöffnet?"
    assert first["edited_at"] is not None


async def test_an_edit_of_what_never_came_is_taken_as_the_message(jana: Jana) -> None:
    said = jana.writes("Wann haben Sie geöffnet?")
    edit = {**said, "edit_date": said["date"] + 9}
    (answer,) = await jana.does(edit, kind="edited_message")
    assert "7:00 bis 17:00 Uhr" in answer
    again = {**edit, "edit_date": said["date"] + 20, "text": "Wann haben Sie morgen geöffnet?"}
    assert await jana.does(again, kind="edited_message") == []

    first, *_ = (await jana.case())["messages"]
    assert (first["kind"], first["text"]) == ("text", "Wann haben Sie morgen geöffnet?")


async def test_an_edit_in_a_closed_case_is_shown_there_and_opens_no_new_one(town: Town, jana: Jana) -> None:
    said = jana.writes("Mensch")
    await jana.does(said)
    case = (await jana.case())["card"]["id"]
    for step in ("take", "resolve"):
        assert (await town.david.post(f"/api/conversations/{case}/{step}")).status_code == 200
    await town.house.idle()

    edit = {**said, "edit_date": said["date"] + 9, "text": "Ein Mensch, bitte"}
    assert await jana.does(edit, kind="edited_message") == []

    view = await jana.case()
    assert (view["card"]["id"], view["card"]["turn"]) == (case, "CLOSED")
    assert view["messages"][0]["text"] == "Ein Mensch, bitte"


async def test_a_group_is_told_once_that_we_answer_in_private(town: Town, jana: Jana) -> None:
    words = [jana.writes(f"Hallo {n}", message_id=n, chat=GROUP) for n in (1, 2, 3)]
    ((address, told),) = await town.bring(*(jana.call(said) for said in words))
    assert address == str(GROUP["id"])
    assert "Einzelchat" in told


async def test_a_location_is_kept_and_reacted_to(jana: Jana) -> None:
    here = {"latitude": 52.52, "longitude": 13.405}
    (answer,) = await jana.does(jana.writes(location=here))
    assert answer
    first, *_ = (await jana.case())["messages"]
    assert (first["kind"], first["location"]) == ("location", {**here, "label": None})


async def test_the_longest_text_is_kept_whole_and_answered(jana: Jana) -> None:
    text = "Der Lüfter läuft nicht. 🔧 " * 150 + "Wann haben Sie geöffnet?"
    assert await jana.does(jana.writes(text))
    first, *_ = (await jana.case())["messages"]
    assert first["text"] == text


async def test_markup_in_a_text_is_text(jana: Jana) -> None:
    text = "*_[`<b>Wann haben Sie & Co. geöffnet?</i>"
    assert await jana.does(jana.writes(text))
    first, *_ = (await jana.case())["messages"]
    assert first["text"] == text


async def test_people_are_answered_at_exactly_the_address_they_wrote_from(town: Town) -> None:
    """Some hide their number behind a user id; some countries write the same number in two ways."""
    hidden = "DE.13491208655302741918"
    mexico, argentina, brazil = ("+5215512345678", "+525512345678"), "+5491123456789", "+5511987654321"
    senders = [hidden, *mexico, argentina, brazil]
    told = await town.bring(*(whatsapp(sender, "Hello") for sender in senders))
    assert sorted(address for address, _ in told) == sorted(senders)


async def test_several_messages_at_once_are_shown_in_the_order_they_came(jana: Jana) -> None:
    words = [f"Frage {number}" for number in range(1, 9)]
    await jana.does(*(jana.writes(text, message_id=n) for n, text in enumerate(words, 1)))
    shown = (await jana.case())["messages"]
    assert [m["text"] for m in shown if m["author"] == "installer"] == words


async def test_a_tap_on_an_old_button_says_so_and_the_button_stops_spinning(town: Town, jana: Jana) -> None:
    question = jana.writes("Welcher Auftrag?")
    tap = {"id": "77", "from": question["from"], "chat_instance": "1", "data": "order:1", "message": question}
    (told,) = await jana.does(tap, kind="callback_query")
    assert "nicht mehr aktuell" in told
    assert town.providers.shown == [("77", told)]
    first, *_ = (await jana.case())["messages"]
    assert first["kind"] == "tap"

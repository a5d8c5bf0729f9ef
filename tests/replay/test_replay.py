"""Every collected provider call, through the running server, and what the people at the desk see of it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from zlib import crc32

import pytest

from bot.messages import Kind
from bot.storage.inbox import Arrival
from tests.house import House
from tests.office import Seat
from tests.replay.callers import bring, path_of, proof
from tests.replay.collected import REPEATS, TELEGRAM, WHATSAPP, Collected, read_collected
from tests.replay.desk import console, written
from tests.replay.providers import Providers
from webhooks.body import MOST_BYTES

pytestmark = pytest.mark.shared


async def quarantine(seat: Seat) -> Counter[tuple[str, int]]:
    """Channel and size of what is in quarantine."""
    items = (await seat.get("/api/quarantine")).raise_for_status().json()["items"]
    assert all(item["reason"] for item in items)
    return Counter((item["channel"], item["size"]) for item in items)


def renamed(call: Collected) -> Collected:
    """The same call, under an id that no other file has."""
    own = b"%d" % crc32(call.name.encode())
    if call.channel == "whatsapp":
        body = re.sub(rb"(?<![A-Za-z])MessageSid=[^&]*", b"MessageSid=SM" + own, call.body)
    else:
        body = re.sub(rb'"update_id": \d+', b'"update_id": ' + own, call.body)
    return Collected(call.channel, call.name, body)


async def test_every_collected_call_once_and_then_again(
    house: House, shared: Path, providers: Providers
) -> None:
    calls = read_collected(shared)
    door, david, anna = house.client(), await house.seat("David Sommer"), await house.seat("Anna Keller")
    before = await console(david)

    for call in calls:
        assert await bring(door, call) == 200, call.name
    await house.idle()

    messages = [call for call in calls if not call.is_status]
    expected = Counter(call.shown for call in messages if call.shown and call.name not in REPEATS)
    others = Counter({(c.channel, c.body): 1 for c in messages if c.shown is None})
    first = await console(david)
    assert written({key: view for key, view in first.items() if key not in before}) == expected
    assert await quarantine(anna) == Counter((channel, len(body)) for channel, body in others)
    said = list(providers.sent)
    assert said

    for call in calls:
        assert await bring(door, call) == 200, call.name
    await house.idle()

    assert await console(david) == first
    assert await quarantine(anna) == Counter((channel, len(body)) for channel, body in others)
    assert providers.sent == said


async def test_files_that_name_the_same_message_are_each_shown_under_an_id_of_their_own(
    house: House, shared: Path
) -> None:
    calls = [renamed(call) for call in read_collected(shared) if call.name in REPEATS]
    door, david = house.client(), await house.seat("David Sommer")

    for call in calls:
        assert await bring(door, call) == 200, call.name
    await house.idle()

    assert written(await console(david)) == Counter(call.shown for call in calls if call.shown)


async def test_status_reports_about_messages_we_do_not_know_are_taken(house: House, shared: Path) -> None:
    statuses = [call for call in read_collected(shared) if call.is_status]
    door, anna = house.client(), await house.seat("Anna Keller")

    for call in [*statuses, *reversed(statuses)]:
        assert await bring(door, call) == 200, call.name

    assert await quarantine(anna) == Counter()


async def test_without_signature_or_secret_nothing_is_stored(house: House, shared: Path) -> None:
    calls = read_collected(shared)
    door, david, anna = house.client(), await house.seat("David Sommer"), await house.seat("Anna Keller")
    before = await console(david)

    for call in calls[::5]:
        for headers in ({}, proof(call, token="guessed", secret="guessed")):
            answer = await door.post(path_of(call), content=call.body, headers=headers)
            assert answer.status_code == 403, call.name
    await house.idle()

    assert await console(david) == before
    assert await quarantine(anna) == Counter()


async def test_an_oversized_body_is_refused(house: House) -> None:
    door = house.client()
    for path in ("/webhooks/whatsapp", "/webhooks/whatsapp/status", "/webhooks/telegram"):
        answer = await door.post(path, content=b"x" * (MOST_BYTES + 1))
        assert answer.status_code == 413, path
    assert await quarantine(await house.seat("Anna Keller")) == Counter()


async def test_quarantine_is_taken_up_by_a_later_parser_and_only_once(
    house: House, shared: Path, providers: Providers
) -> None:
    """A call an older version could not read is read by today's; the provider's repeat changes nothing."""
    call = next(c for c in read_collected(shared) if c.name == "message_text_03.json")
    unread = Arrival("telegram", "sha256:0", call.body, None, "a kind of update this version does not know")
    await house.system.intake.accept(unread)
    door, david, anna = house.client(), await house.seat("David Sommer"), await house.seat("Anna Keller")
    (item,) = (await anna.get("/api/quarantine")).json()["items"]

    answer = await anna.post(f"/api/quarantine/{item['id']}/replay")
    assert answer.json() == {"state": "waiting", "reason": None}
    assert await bring(door, call) == 200
    await house.idle()

    assert written(await console(david)) == Counter([call.shown])
    assert await quarantine(anna) == Counter()
    assert len(providers.sent) == 1
    assert (await anna.post(f"/api/quarantine/{item['id']}/replay")).status_code == 404


async def test_quarantine_taken_up_after_the_provider_has_repeated_it_is_not_doubled(
    house: House, shared: Path, providers: Providers
) -> None:
    call = next(c for c in read_collected(shared) if c.name == "message_text_03.json")
    unread = Arrival("telegram", "sha256:0", call.body, None, "a kind of update this version does not know")
    await house.system.intake.accept(unread)
    door, david, anna = house.client(), await house.seat("David Sommer"), await house.seat("Anna Keller")
    (item,) = (await anna.get("/api/quarantine")).json()["items"]

    assert await bring(door, call) == 200
    assert (await anna.post(f"/api/quarantine/{item['id']}/replay")).status_code == 200
    await house.idle()

    assert written(await console(david)) == Counter([call.shown])
    assert await quarantine(anna) == Counter()
    assert len(providers.sent) == 1


async def test_what_still_cannot_be_read_stays_in_quarantine(house: House, shared: Path) -> None:
    call = next(c for c in read_collected(shared) if c.name == "poll_01.json")
    anna = await house.seat("Anna Keller")
    assert await bring(house.client(), call) == 200
    (item,) = (await anna.get("/api/quarantine")).json()["items"]

    answer = (await anna.post(f"/api/quarantine/{item['id']}/replay")).json()

    assert answer["state"] == "quarantined"
    assert answer["reason"]
    assert await quarantine(anna) == Counter([("telegram", len(call.body))])
    david = await house.seat("David Sommer")
    assert (await david.post(f"/api/quarantine/{item['id']}/replay")).status_code == 403


def test_the_table_names_collected_files_and_kinds_there_are(shared: Path) -> None:
    table = WHATSAPP | TELEGRAM
    assert table.keys() <= {call.name for call in read_collected(shared)}
    assert {shown.kind for shown in table.values()} <= {kind.value for kind in Kind}

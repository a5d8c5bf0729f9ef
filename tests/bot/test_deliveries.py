"""The outbound queue: in order, held back together, and never backwards."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.messages import Delivery, Part, Sender
from bot.storage import conversations, deliveries, messages, reports
from bot.storage.conversations import Whom
from bot.storage.database import Database
from bot.storage.messages import NewMessage
from bot.storage.tables import DeliveryPart
from tests.conftest import Clock

SENDER = Sender("whatsapp", "+4917139200101")


async def say(database: Database, clock: Clock, *texts: str, epoch: int | None = None) -> int:
    """Queue one part for each text in a conversation of SENDER; returns the conversation's id."""
    async with database.begin() as conn:
        endpoint_id = await conversations.keep_endpoint(conn, SENDER)
        known = await conversations.load(conn, SENDER, clock().date())
        conversation = known.conversation or await conversations.begin(
            conn, endpoint_id, whom=Whom(), language="de", now=clock()
        )
        for text in texts:
            (message_id,) = await messages.add_messages(
                conn,
                [NewMessage("bot", text=text)],
                conversation_id=conversation.id,
                endpoint_id=endpoint_id,
                now=clock(),
            )
            await deliveries.queue(
                conn, [Part({"text": text})], endpoint_id=endpoint_id, message_id=message_id, epoch=epoch
            )
        return conversation.id


async def claim(database: Database, clock: Clock) -> deliveries.Claimed | None:
    async with database.begin() as conn:
        return await deliveries.claim(conn, SENDER.thread, clock())


async def settle(database: Database, clock: Clock, part_id: int, state: Delivery, **more: object) -> None:
    async with database.begin() as conn:
        await deliveries.settle(conn, part_id, state, now=clock(), **more)  # type: ignore[arg-type]


async def settle_reported(database: Database, clock: Clock, part_id: int, provider_id: str) -> None:
    async with database.begin() as conn:
        await deliveries.settle_reported(conn, part_id, provider_id, now=clock())


async def row(database: Database, part_id: int) -> DeliveryPart:
    async with database.read() as conn:
        found = await conn.execute(select(DeliveryPart.__table__).where(DeliveryPart.id == part_id))
        return found.one()  # type: ignore[return-value]


async def test_parts_go_out_in_order(database: Database, clock: Clock) -> None:
    await say(database, clock, "eins", "zwei")
    first = await claim(database, clock)
    assert first is not None
    assert first.body == {"text": "eins"}
    await settle(database, clock, first.id, Delivery.SENT, provider_id="SM1")
    second = await claim(database, clock)
    assert second is not None
    assert second.body == {"text": "zwei"}


async def test_a_part_that_waits_holds_back_those_behind_it(database: Database, clock: Clock) -> None:
    await say(database, clock, "eins", "zwei")
    first = await claim(database, clock)
    assert first is not None
    await settle(
        database, clock, first.id, Delivery.QUEUED, not_before=clock() + timedelta(seconds=30), plain="429"
    )
    assert await claim(database, clock) is None
    clock.forward(seconds=31)
    again = await claim(database, clock)
    assert again is not None
    assert (again.id, again.attempts) == (first.id, 2)
    assert not (await row(database, first.id)).resent


async def test_what_a_crash_left_in_sending_is_resent_and_flagged(database: Database, clock: Clock) -> None:
    await say(database, clock, "eins")
    first = await claim(database, clock)
    again = await claim(database, clock)
    assert first is not None
    assert again is not None
    assert again.id == first.id
    assert (await row(database, first.id)).resent


async def test_the_bot_does_not_speak_under_an_old_epoch(database: Database, clock: Clock) -> None:
    conversation_id = await say(database, clock, "vom Bot", epoch=0)
    async with database.begin() as conn:
        await conversations.change_turn(
            conn, conversation_id, to="WAITING", only_from=["BOT"], agent_id=None, now=clock()
        )
    part = await claim(database, clock)
    assert part is not None
    assert part.stale


async def test_what_must_be_said_is_said_under_any_epoch(database: Database, clock: Clock) -> None:
    conversation_id = await say(database, clock, "Strom abschalten", epoch=None)
    async with database.begin() as conn:
        await conversations.change_turn(
            conn, conversation_id, to="WAITING", only_from=["BOT"], agent_id=None, now=clock()
        )
    part = await claim(database, clock)
    assert part is not None
    assert not part.stale


REPORTS = [Delivery.SENT, Delivery.DELIVERED, Delivery.READ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations([*REPORTS, "settled"]), repeats=st.lists(st.sampled_from(REPORTS), max_size=3))
async def test_reports_in_any_order_end_at_the_furthest(
    database: Database, clock: Clock, order: list[Delivery | str], repeats: list[Delivery]
) -> None:
    await say(database, clock, "hallo")
    part = await claim(database, clock)
    assert part is not None
    sid = f"SM{part.id}"
    seen = 0
    for step in [*order, *repeats]:
        if step == "settled":
            await settle_reported(database, clock, part.id, sid)
        else:
            async with database.begin() as conn:
                await reports.report(conn, "whatsapp", sid, Delivery(step), code=None, plain=None)
        rank = Delivery((await row(database, part.id)).state).rank
        assert rank >= seen
        seen = rank
    assert (await row(database, part.id)).state == "read"


async def test_a_report_racing_with_our_own_call_is_never_lost(database: Database, clock: Clock) -> None:
    for attempt in range(10):
        await say(database, clock, f"nummer {attempt}")
        part = await claim(database, clock)
        assert part is not None
        sid = f"SM-race-{attempt}"

        async def report(sid: str = sid) -> None:
            async with database.begin() as conn:
                await reports.report(conn, "whatsapp", sid, Delivery.DELIVERED, code=None, plain=None)

        await asyncio.gather(report(), settle_reported(database, clock, part.id, sid), report())
        assert (await row(database, part.id)).state == "delivered"


async def test_a_failed_message_can_be_sent_again(database: Database, clock: Clock) -> None:
    await say(database, clock, "eins")
    part = await claim(database, clock)
    assert part is not None
    await settle(database, clock, part.id, Delivery.FAILED, code="63016", plain="outside the window")
    assert await claim(database, clock) is None
    async with database.begin() as conn:
        assert await deliveries.retry_message(conn, part.message_id)
        assert not await deliveries.retry_message(conn, part.message_id)
    assert await claim(database, clock) is not None


@pytest.mark.parametrize("state", list(Delivery))
def test_ranks_follow_the_life_of_a_part(state: Delivery) -> None:
    assert Delivery.QUEUED.rank <= state.rank

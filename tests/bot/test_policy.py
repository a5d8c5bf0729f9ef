"""What mistakes cost: read with care, kept in versions, live without a restart."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import BadInput
from bot.policy import AS_DELIVERED, LivePolicy, Policy, read_policy, write_policy
from bot.storage import policies
from bot.storage.database import Database
from nlu.costs import CostTable
from nlu.linear import LinearUnderstander
from nlu.live import LiveUnderstander
from tests.conftest import Clock


def test_a_policy_survives_being_written_and_read() -> None:
    policy = Policy(missed_emergency=80, give_up_after=3)
    assert read_policy(write_policy(policy)) == policy
    assert read_policy({}) == AS_DELIVERED
    assert policy.alarm_from < AS_DELIVERED.alarm_from


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"missed_emergencies": 1}, "missed_emergencies"),
        ({"missed_emergency": 0}, "above 0"),
        ({"missed_emergency": "much"}, "number"),
        ({"missed_emergency": float("nan")}, "number"),
        ({"missed_emergency": True}, "number"),
        ({"most_false_alarms": 2}, "share"),
        ({"give_up_after": 0}, "whole number"),
        ({"give_up_after": 2.5}, "whole number"),
        ({"give_up_after_top_tier": 6}, "from 1 to 5"),
        ({"many_questions": 1}, "from 2 to 9"),
    ],
)
def test_a_bad_value_is_named(values: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_policy(values)
    assert complaint in refused.value.message


async def test_a_change_is_seen_by_every_process(database: Database, clock: Clock) -> None:
    told: list[CostTable] = []
    ticks = [0.0]
    here = LivePolicy(lambda _: None, lambda: ticks[0])
    elsewhere = LivePolicy(told.append, lambda: ticks[0])
    async with database.begin() as conn:
        await here.refresh(conn)
        await elsewhere.refresh(conn)
        dearer = Policy(missed_emergency=80)
        first = await policies.save(conn, write_policy(dearer), after=None, agent_id=None, now=clock())
        assert first is not None
        assert await policies.save(conn, {}, after=None, agent_id=None, now=clock()) is None
        here.changed()
        await here.refresh(conn)
        assert here.current == dearer
        ticks[0] += 5
        await elsewhere.refresh(conn)
        assert elsewhere.current == dearer
        assert told == [dearer.costs]
        assert [saved.version for saved in await policies.history(conn)] == [first]


def test_the_costs_move_the_line_between_the_bot_and_people(engine: LinearUnderstander) -> None:
    live = LiveUnderstander(engine)
    live.weigh(Policy(missed_handoff=500).costs)
    assert live.model.parse("Anschlussplan für NW-RV-250").complex
    live.replace(engine)
    assert live.model.parse("Anschlussplan für NW-RV-250").complex
    live.weigh(AS_DELIVERED.costs)
    assert not live.model.parse("Anschlussplan für NW-RV-250").complex

"""Trainings from the wish to the end; one open training an engine, whichever machine it runs on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import events
from bot.storage.tables import Agent, ModelVersion, Training

_OPEN = ("waiting", "running")
LOST_AFTER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Trained:
    """One training. `version` is the name of what came out of it."""

    id: int
    engine: str
    state: str
    step: str
    progress: int
    problem: str | None
    version: str | None
    agent_id: int | None
    by: str | None
    created_at: datetime
    started_at: datetime | None
    seen_at: datetime | None
    ended_at: datetime | None


_TRAININGS = (
    select(
        Training.id,
        Training.engine,
        Training.state,
        Training.step,
        Training.progress,
        Training.problem,
        ModelVersion.name.label("version"),
        Training.agent_id,
        Agent.name.label("by"),
        Training.created_at,
        Training.started_at,
        Training.seen_at,
        Training.ended_at,
    )
    .outerjoin(ModelVersion, ModelVersion.id == Training.version_id)
    .outerjoin(Agent, Agent.id == Training.agent_id)
)


async def latest(conn: AsyncConnection, limit: int = 10) -> list[Trained]:
    """The latest trainings, newest first."""
    rows = await conn.execute(_TRAININGS.order_by(Training.id.desc()).limit(limit))
    return [Trained(**row._asdict()) for row in rows]


async def find(conn: AsyncConnection, training_id: int) -> Trained | None:
    """One training."""
    row = (await conn.execute(_TRAININGS.where(Training.id == training_id))).first()
    return Trained(**row._asdict()) if row else None


async def ask(conn: AsyncConnection, engine: str, agent_id: int | None, now: datetime) -> int:
    """Wish for a training. Raises IntegrityError when one is open."""
    training_id: int = (
        await conn.execute(
            insert(Training)
            .values(engine=engine, agent_id=agent_id, created_at=now, seen_at=now)
            .returning(Training.id)
        )
    ).scalar_one()
    await _tell(conn, training_id)
    return training_id


async def begin(conn: AsyncConnection, training_id: int, now: datetime) -> Trained | None:
    """Take a waiting training on; None when it is not waiting (any more)."""
    if not await _move(conn, training_id, ("waiting",), state="running", started_at=now, seen_at=now):
        return None
    return await find(conn, training_id)


async def go_on(conn: AsyncConnection, training_id: int, step: str, progress: int, now: datetime) -> bool:
    """Note how far it is; False when somebody has ended it."""
    return await _move(conn, training_id, ("running",), step=step, progress=progress, seen_at=now)


async def end(
    conn: AsyncConnection,
    training_id: int,
    state: str,
    now: datetime,
    *,
    problem: str | None = None,
    version_id: int | None = None,
) -> bool:
    """End an open training; False when it has ended already."""
    more: dict[str, Any] = {"version_id": version_id, "progress": 100} if version_id is not None else {}
    return await _move(conn, training_id, _OPEN, state=state, problem=problem, ended_at=now, **more)


async def bury(conn: AsyncConnection, now: datetime) -> None:
    """End the trainings whose machine has died: they gave no sign of life for a minute."""
    lost = await conn.execute(
        select(Training.id).where(Training.state == "running", Training.seen_at < now - LOST_AFTER)
    )
    for row in lost.all():
        await end(conn, row.id, "failed", now, problem="lost")


async def is_open(conn: AsyncConnection, training_id: int) -> bool:
    """Whether it waits or runs."""
    state = (await conn.execute(select(Training.state).where(Training.id == training_id))).scalar()
    return state in _OPEN


async def _move(conn: AsyncConnection, training_id: int, states: tuple[str, ...], **values: Any) -> bool:
    moved = await conn.execute(
        update(Training)
        .where(Training.id == training_id, Training.state.in_(states))
        .values(values)
        .returning(Training.id)
    )
    if moved.first() is None:
        return False
    await _tell(conn, training_id)
    return True


async def _tell(conn: AsyncConnection, training_id: int) -> None:
    await events.append(conn, kind="training.changed", actor="system", data={"training": training_id})

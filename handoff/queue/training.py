"""The newest training, as consoles that watch are told."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import model_versions, trainings
from bot.storage.trainings import Trained
from handoff.console.shapes import TrainingNow, TrainingView


async def read_training(conn: AsyncConnection) -> TrainingNow:
    """What is being trained, or was last, and what answers."""
    latest = await trainings.latest(conn, limit=1)
    head = await model_versions.head(conn)
    return TrainingNow(training=view(latest[0]) if latest else None, live=head[2] if head else None)


def view(training: Trained) -> TrainingView:
    """A training as the console shows it."""
    return TrainingView(
        id=training.id,
        state=training.state,
        step=training.step,
        progress=training.progress,
        problem=training.problem,
        version=training.version,
        by=training.by,
        created_at=training.created_at,
        started_at=training.started_at,
        ended_at=training.ended_at,
    )

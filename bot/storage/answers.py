"""The admins' wordings of the answers: every save is a new version, an empty one is the original again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import Agent, Answer


@dataclass(frozen=True, slots=True)
class Wording:
    """One version of an answer in one language. An empty `text` is the wording of the product."""

    key: str
    language: str
    version: int
    text: str
    edited_by: str | None
    edited_at: datetime


def _latest() -> Any:
    return (
        select(
            Answer.key,
            Answer.language,
            Answer.version,
            Answer.text,
            Answer.at,
            Agent.name.label("agent"),
        )
        .outerjoin(Agent, Agent.id == Answer.agent_id)
        .ext(distinct_on(Answer.key, Answer.language))
        .order_by(Answer.key, Answer.language, Answer.version.desc())
    )


def _wording(row: Any) -> Wording:
    return Wording(row.key, row.language, row.version, row.text, row.agent, row.at)


async def rewordings(conn: AsyncConnection) -> Mapping[tuple[str, str], str]:
    """The live wordings under (key, language); originals are left out."""
    return {(wording.key, wording.language): wording.text for wording in await latest(conn) if wording.text}


async def latest(conn: AsyncConnection) -> list[Wording]:
    """The newest version of every answer that was ever reworded, taken back ones included."""
    return [_wording(row) for row in await conn.execute(_latest())]


async def find(conn: AsyncConnection, key: str, language: str) -> Wording | None:
    """The newest version of one answer; None if it was never reworded."""
    row = (
        await conn.execute(_latest().where(Answer.key == key, Answer.language == language).limit(1))
    ).first()
    return _wording(row) if row else None


async def save(
    conn: AsyncConnection,
    *,
    key: str,
    language: str,
    wording: str,
    after: int | None,
    agent_id: int,
    now: datetime,
) -> bool:
    """Add a version on top of version `after` (0: never reworded; None: whatever is the newest).

    False when somebody else has added one meanwhile.
    """
    await conn.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"),
        {"name": f"bauruf:answer:{language}:{key}"},
    )
    newest = (
        await conn.execute(
            select(func.coalesce(func.max(Answer.version), 0)).where(
                Answer.key == key, Answer.language == language
            )
        )
    ).scalar_one()
    if after is not None and after != newest:
        return False
    await conn.execute(
        insert(Answer).values(
            key=key, language=language, version=newest + 1, text=wording, agent_id=agent_id, at=now
        )
    )
    return True

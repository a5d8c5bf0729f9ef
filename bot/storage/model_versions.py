"""Trained models and which of them answers: versions, their files, and the history of promotions."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import exists, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import Agent, ModelVersion, Promotion

Engine = Literal["linear", "rasa"]
PromotionKind = Literal["start", "promote", "rollback"]
_HISTORY = 200
_FILES_KEPT = 12


@dataclass(frozen=True, slots=True)
class Version:
    """One trained model, without its file. `readable` says that the file is still kept."""

    id: int
    name: str
    engine: Engine
    program: str
    corpus: str
    examples: int
    metrics: dict[str, Any]
    sha256: str
    readable: bool
    made_by: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A model about to be kept; see tables.ModelVersion. `packed` are the bytes of its file, `rasa` those
    of Rasa's.
    """

    name: str
    engine: Engine
    program: str
    project: str
    corpus: str
    examples: int
    sha256: str
    packed: bytes
    rasa: bytes | None = None
    agent_id: int | None = None
    metrics: dict[str, Any] | None = None
    report: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Promoted:
    """A version that went live. `lost` as in tables.Promotion."""

    id: int
    version_id: int
    name: str
    kind: PromotionKind
    lost: int
    by: str | None
    at: datetime


_COLUMNS = (
    ModelVersion.id,
    ModelVersion.name,
    ModelVersion.engine,
    ModelVersion.program,
    ModelVersion.corpus,
    ModelVersion.examples,
    ModelVersion.metrics,
    ModelVersion.sha256,
    ModelVersion.artefact.is_not(None).label("readable"),
    Agent.name.label("made_by"),
    ModelVersion.created_at,
)
_VERSIONS = select(*_COLUMNS).outerjoin(Agent, Agent.id == ModelVersion.agent_id)
_HEAD = (
    select(Promotion.id, ModelVersion.id, ModelVersion.name)
    .join(ModelVersion, ModelVersion.id == Promotion.version_id)
    .order_by(Promotion.id.desc())
    .limit(1)
)


async def add(conn: AsyncConnection, new: NewVersion) -> int:
    """Keep a version; one of the same name gets the new file and, if measured, the new metrics."""
    values: dict[str, Any] = {
        "name": new.name,
        "engine": new.engine,
        "program": new.program,
        "project": new.project,
        "corpus": new.corpus,
        "examples": new.examples,
        "sha256": new.sha256,
        "artefact": zlib.compress(new.packed, 1),
        "agent_id": new.agent_id,
    }
    renewed = {"sha256": new.sha256, "artefact": values["artefact"], "project": new.project}
    if new.rasa is not None:
        rasa = {"rasa": new.rasa, "rasa_sha256": hashlib.sha256(new.rasa).hexdigest()}
        values |= rasa
        renewed |= rasa
    if new.metrics is not None:
        values |= {"metrics": new.metrics, "report": new.report or {}}
        renewed |= {"metrics": new.metrics, "report": new.report or {}}
    statement = (
        upsert(ModelVersion)
        .values(values)
        .on_conflict_do_update(index_elements=["name"], set_=renewed)
        .returning(ModelVersion.id)
    )
    version_id: int = (await conn.execute(statement)).scalar_one()
    await _tidy(conn, version_id)
    return version_id


async def _tidy(conn: AsyncConnection, new: int) -> None:
    """Drop the files of old versions: the newest and those that were live last keep theirs."""
    newest = select(ModelVersion.id).order_by(ModelVersion.id.desc()).limit(_FILES_KEPT)
    live = select(Promotion.version_id).order_by(Promotion.id.desc()).limit(_FILES_KEPT)
    await conn.execute(
        update(ModelVersion)
        .where(
            ModelVersion.artefact.is_not(None),
            ModelVersion.id != new,
            ModelVersion.id.not_in(newest),
            ModelVersion.id.not_in(live),
        )
        .values(artefact=None, rasa=None)
    )


async def head(conn: AsyncConnection) -> tuple[int, int, str] | None:
    """What is live: the promotion's id, the version's id and name. Cheap enough for every second."""
    row = (await conn.execute(_HEAD)).first()
    return (row[0], row[1], row[2]) if row else None


async def rasa_head(conn: AsyncConnection) -> tuple[str, str] | None:
    """What Rasa shall serve: name of the live version and hash of Rasa's file; None when it has none."""
    live = _HEAD.with_only_columns(ModelVersion.name, ModelVersion.rasa_sha256).subquery()
    row = (await conn.execute(select(live).where(live.c.rasa_sha256.is_not(None)))).first()
    return (row[0], row[1]) if row else None


async def rasa(conn: AsyncConnection, name: str) -> bytes | None:
    """Rasa's file of a version; None when it has none, or it was tidied away."""
    found: bytes | None = (
        await conn.execute(select(ModelVersion.rasa).where(ModelVersion.name == name))
    ).scalar()
    return found


async def versions(conn: AsyncConnection, limit: int = 50) -> list[Version]:
    """The newest versions, newest first."""
    rows = await conn.execute(_VERSIONS.order_by(ModelVersion.id.desc()).limit(limit))
    return [Version(**row._asdict()) for row in rows]


async def find(conn: AsyncConnection, name: str) -> Version | None:
    """The version of this name."""
    row = (await conn.execute(_VERSIONS.where(ModelVersion.name == name))).first()
    return Version(**row._asdict()) if row else None


async def report(conn: AsyncConnection, version_id: int) -> dict[str, Any]:
    """All that was measured of a version; empty when nothing was."""
    found: dict[str, Any] | None = (
        await conn.execute(select(ModelVersion.report).where(ModelVersion.id == version_id))
    ).scalar()
    return found or {}


async def packed(conn: AsyncConnection, version_id: int) -> bytes | None:
    """The bytes of a version's file; None when it was tidied away. Raises zlib.error when it is damaged."""
    artefact = (
        await conn.execute(select(ModelVersion.artefact).where(ModelVersion.id == version_id))
    ).scalar()
    return zlib.decompress(artefact) if artefact is not None else None


async def knows_project(conn: AsyncConnection, program: str, project: str) -> bool:
    """Whether this program has made a version since the corpus was shipped like this."""
    known = exists().where(ModelVersion.program == program, ModelVersion.project == project)
    return bool((await conn.execute(select(known))).scalar_one())


async def promote(
    conn: AsyncConnection, version_id: int, kind: PromotionKind, agent_id: int | None, *, lost: int = 0
) -> None:
    """Make a version the one that answers. One after the other, so that the newest row is the truth."""
    await conn.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('bauruf:promotions', 0))"))
    values = {"version_id": version_id, "kind": kind, "agent_id": agent_id, "lost": lost}
    await conn.execute(insert(Promotion).values(values))


async def history(conn: AsyncConnection, limit: int = _HISTORY) -> list[Promoted]:
    """The latest promotions, newest first."""
    rows = await conn.execute(
        select(
            Promotion.id,
            Promotion.version_id,
            ModelVersion.name,
            Promotion.kind,
            Promotion.lost,
            Agent.name.label("by"),
            Promotion.at,
        )
        .join(ModelVersion, ModelVersion.id == Promotion.version_id)
        .outerjoin(Agent, Agent.id == Promotion.agent_id)
        .order_by(Promotion.id.desc())
        .limit(limit)
    )
    return [Promoted(**row._asdict()) for row in rows]


def before(history: Sequence[Promoted]) -> Promoted | None:
    """Where a rollback goes: the version that was live before the one that is. `history` newest first.

    A rollback takes the newest promotion off the pile, so that two rollbacks go back two versions.
    """
    pile: list[Promoted] = []
    for step in reversed(history):
        if step.kind != "rollback":
            if not pile or pile[-1].version_id != step.version_id:
                pile.append(step)
            continue
        while len(pile) > 1 and pile[-1].version_id != step.version_id:
            pile.pop()
    return pile[-2] if len(pile) > 1 else None

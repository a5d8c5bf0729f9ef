"""Which model answers: the same one in every process, changed without a restart."""

from __future__ import annotations

import asyncio
import hashlib
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Conflict, NotFound
from bot.notices import Notices
from bot.storage import corpus as storage
from bot.storage import events, family_names, model_versions
from bot.storage.database import Database
from bot.storage.model_versions import NewVersion, PromotionKind, Version
from nlu.corpus import Corpus, read_corpus
from nlu.linear import LinearUnderstander
from nlu.live import LiveUnderstander
from nlu.overlay import lay_names, merge
from nlu.understanding import CorpusError, ModelError, Understanding
from nlu.versions import keep, load, load_or_train_on, pack, program, unpack, version_of

log = structlog.get_logger(__name__)

NOTICE = "nlu:model"
_LOOK = 1.0  # seconds between two looks at what is promoted
_FILES = 6  # model files kept on this machine

Progress = Callable[[str], None]


async def read_merged(conn: AsyncConnection, shipped: Corpus) -> Corpus:
    """The corpus as shipped with what admins changed, names of devices included. Raises CorpusError."""
    changes = [changed.change for changed in await storage.changes(conn)]
    merged = merge(shipped, changes, await storage.intents(conn))
    return lay_names(merged, await family_names.names(conn))


async def first_model(
    database: Database, project: Path, models: Path, progress: Progress
) -> LinearUnderstander:
    """The promoted model as a process needs it at its start.

    A model is trained and promoted by itself when there is none yet, when the promoted one was made by
    another version of this program, and when the corpus was shipped anew. Raises CorpusError when the
    shipped corpus is unusable.
    """
    shipped = await asyncio.to_thread(read_corpus, project)
    model = await _standing(database, models, shipped, progress)
    if model is not None:
        return model
    # Of several processes that start at once, one trains and the others take what it made.
    async with database.leadership("first model"):
        model = await _standing(database, models, shipped, progress)
        return model or await _make(database, models, shipped, progress)


async def _standing(
    database: Database, models: Path, shipped: Corpus, progress: Progress
) -> LinearUnderstander | None:
    async with database.read() as conn:
        head = await model_versions.head(conn)
        if head is None or not await model_versions.knows_project(conn, program(), shipped.digest):
            return None
        version = await model_versions.find(conn, head[2])
        if version is None or version.program != program():
            return None
        try:
            model = await fetch(conn, version, models)
        except ModelError as error:
            progress(f"{error} It is trained again.")
            return None
    progress(f"Language model {model.version} is ready.")
    return model


async def _make(database: Database, models: Path, shipped: Corpus, progress: Progress) -> LinearUnderstander:
    async with database.read() as conn:
        try:
            corpus = await read_merged(conn, shipped)
        except CorpusError as error:
            progress(f"What admins changed in the corpus cannot be used: {error} The shipped one is used.")
            corpus = shipped
        made = await model_versions.find(conn, version_of(corpus))
        if made is not None:
            with suppress(ModelError):
                model = await fetch(conn, made, models)
                await _start(database, made.id, made.name)
                progress(f"Language model {made.name} is ready.")
                return model
    model = await asyncio.to_thread(load_or_train_on, corpus, models, progress)
    new = await asyncio.to_thread(describe, model, corpus, shipped.digest)
    await asyncio.to_thread(_keep, new.packed, models / f"{new.name}.model")
    async with database.begin() as conn:
        version_id = await model_versions.add(conn, new)
    await _start(database, version_id, new.name)
    return model


async def _start(database: Database, version_id: int, name: str) -> None:
    async with database.begin() as conn:
        await model_versions.promote(conn, version_id, "start", None)
        await _tell(conn, name, "start", None)


def describe(model: LinearUnderstander, corpus: Corpus, shipped: str) -> NewVersion:
    """The model as a version to be kept; `shipped` is the digest of the corpus without changes."""
    packed = pack(model)
    return NewVersion(
        name=model.version,
        engine="linear",
        program=program(),
        project=shipped,
        corpus=corpus.digest,
        examples=len(corpus.examples),
        sha256=hashlib.sha256(packed).hexdigest(),
        packed=packed,
    )


async def fetch(conn: AsyncConnection, version: Version, models: Path) -> LinearUnderstander:
    """A version's model, from this machine's folder or from the database.

    Raises ModelError when this program cannot read it, and when its file is gone or damaged.
    """
    if version.program != program():
        raise ModelError(f"Model {version.name} was made by another version of this program.")
    if not version.readable:  # here there may still be a copy, but other machines and Rasa have none
        raise ModelError(f"The file of model {version.name} was tidied away.")
    file = models / f"{version.name}.model"
    if await asyncio.to_thread(_fits, file, version.sha256):
        return await asyncio.to_thread(load, file, version.name)
    try:
        packed = await model_versions.packed(conn, version.id)
    except zlib.error as error:
        raise ModelError(f"Model {version.name} is damaged: its file cannot be unpacked.") from error
    # The row's own hash: what was written there by a training, not merely some valid file.
    if packed is None or hashlib.sha256(packed).hexdigest() != version.sha256:
        raise ModelError(f"Model {version.name} is damaged: its bytes are not the ones that were written.")
    model = await asyncio.to_thread(unpack, packed, version.name, version.name)
    await asyncio.to_thread(_keep, packed, file)
    return model


def _fits(file: Path, sha256: str) -> bool:
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == sha256


def _keep(packed: bytes, file: Path) -> None:
    keep(packed, file)
    newest = sorted(file.parent.glob("*.model"), key=lambda other: other.stat().st_mtime, reverse=True)
    for old in newest[_FILES:]:
        old.unlink(missing_ok=True)


async def _tell(
    conn: AsyncConnection, name: str, kind: PromotionKind, agent_id: int | None, lost: Sequence[int] = ()
) -> None:
    actor = f"agent:{agent_id}" if agent_id is not None else "system"
    data: dict[str, Any] = {"version": name, "kind": kind}
    if lost:
        data["lost"] = list(lost)
    await events.append(conn, kind="model.promoted", actor=actor, data=data)


class Model:
    """The promoted model of this process."""

    def __init__(
        self, database: Database, live: LiveUnderstander | None, models: Path, notices: Notices
    ) -> None:
        """Without `live`, nothing answers here: promotions are only written."""
        self._live = live
        self._database = database
        self._models = models
        self._notices = notices
        self._seen: int | None = None

    async def follow(self) -> None:
        """Answer with what is promoted, until cancelled."""
        while True:
            try:
                await self.look()
            except SQLAlchemyError as error:
                log.warning("the promoted model waits for the database", error=type(error).__name__)
            await asyncio.sleep(_LOOK)

    async def look(self) -> None:
        """Take over what is promoted, if it is another model. An unfit one changes nothing and is shown."""
        live = self._live
        if live is None:
            return
        async with self._database.read() as conn:
            head = await model_versions.head(conn)
            if head is None or head[0] == self._seen:
                return
            promotion, _, name = head
            if name != live.version:
                version = await model_versions.find(conn, name)
                if version is None:
                    return
                try:
                    live.replace(await fetch(conn, version, self._models))
                except ModelError as error:
                    self._seen = promotion
                    await self._notices.show(NOTICE, f"{error} {live.version} answers meanwhile.")
                    return
                log.info("another model answers", version=name)
        self._seen = promotion
        await self._notices.clear(NOTICE)

    @property
    def version(self) -> str | None:
        """The version that answers in this process."""
        return self._live.version if self._live is not None else None

    def parse(self, text: str) -> Understanding | None:
        """What the model that answers makes of a text; None when another engine stands in its place."""
        return self._live.model.parse(text) if self._live is not None else None

    async def promote(self, name: str, agent_id: int | None) -> Version:
        """Let a version answer, in every process. Raises NotFound, and Conflict for an unfit one."""
        async with self._database.read() as conn:
            version = await self._usable(conn, name)
        await self._write(version, "promote", agent_id)
        return version

    async def earlier(self) -> Version:
        """The version that was live before. Raises Conflict when there is none, or it is unfit."""
        async with self._database.read() as conn:
            earlier = model_versions.before(await model_versions.history(conn))
            if earlier is None:
                raise Conflict("no_earlier_version", "No other version was live before this one.")
            return await self._usable(conn, earlier.name)

    async def roll_back(self, version: Version, agent_id: int | None, lost: Sequence[int] = ()) -> None:
        """Let this earlier version answer again, although the emergencies in `lost` are missed."""
        await self._write(version, "rollback", agent_id, lost)

    async def _usable(self, conn: AsyncConnection, name: str) -> Version:
        version = await model_versions.find(conn, name)
        if version is None:
            raise NotFound("no_version", f"There is no model version {name}.")
        try:
            await fetch(conn, version, self._models)
        except ModelError as error:
            raise Conflict("unfit_version", str(error), version=name) from None
        return version

    async def usable(self, name: str) -> LinearUnderstander:
        """A version's model, as it would answer. Raises NotFound, and Conflict for an unfit one."""
        async with self._database.read() as conn:
            version = await self._usable(conn, name)
            return await fetch(conn, version, self._models)

    async def _write(
        self, version: Version, kind: PromotionKind, agent_id: int | None, lost: Sequence[int] = ()
    ) -> None:
        async with self._database.begin() as conn:
            await model_versions.promote(conn, version.id, kind, agent_id, lost=len(lost))
            await _tell(conn, version.name, kind, agent_id, lost)
        await self.look()

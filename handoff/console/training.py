"""Training a model, comparing versions, and letting one of them answer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path

from bot.errors import NotFound
from bot.storage import model_versions, trainings
from bot.storage.model_versions import Promoted, Version
from handoff.console.parts import AdminChanging, AdminReading, Console, Id, SmallBody, TheConsole
from handoff.console.shapes import Moment, Shape, TrainingView
from handoff.queue.training import view
from nlu.versions import program

router = APIRouter(prefix="/training", route_class=SmallBody, tags=["training"])

VersionName = Annotated[str, Path(max_length=64)]


class VersionView(Shape):
    """A trained model. `usable` says whether this program can answer with it."""

    name: str
    engine: Literal["linear", "rasa"]
    examples: int
    metrics: dict[str, Any]
    by: str | None
    created_at: Moment
    live: bool
    usable: bool


class PromotionView(Shape):
    """A version that went live. `lost`: past emergencies it misses, which somebody has put up with."""

    version: str
    kind: Literal["start", "promote", "rollback"]
    lost: int
    by: str | None
    at: Moment


class Overview(Shape):
    """Everything about models at a glance. `rollback_to` is where one step back leads; `untrained` says
    that no version was trained on the corpus as it is now.
    """

    live: str | None
    rollback_to: str | None
    untrained: bool
    versions: list[VersionView]
    trainings: list[TrainingView]
    promotions: list[PromotionView]


class Back(Shape):
    """A step back; `anyway` even if an emergency of the last conversations would be missed."""

    anyway: bool = False


class Report(Shape):
    """All that was measured of a version; `report` as nlu/report.py describes it."""

    version: VersionView
    report: dict[str, Any]


@router.get("")
async def overview(console: TheConsole, _: AdminReading) -> Overview:
    """Versions, trainings and promotions, newest first."""
    async with console.database.begin() as conn:
        await trainings.bury(conn, console.clock())
    return await _overview(console)


async def _overview(console: Console) -> Overview:
    async with console.database.read() as conn:
        head = await model_versions.head(conn)
        versions = await model_versions.versions(conn)
        latest = await trainings.latest(conn)
        history = await model_versions.history(conn)
    live = head[2] if head else None
    back = model_versions.before(history)
    corpus = (await console.teaching.corpus()).digest
    return Overview(
        live=live,
        rollback_to=back.name if back else None,
        untrained=(corpus, console.settings.trained_engine)
        not in {(version.corpus, version.engine) for version in versions},
        versions=[_version(version, live) for version in versions],
        trainings=[view(training) for training in latest],
        promotions=[_promotion(promoted) for promoted in history[:20]],
    )


@router.post("", status_code=202)
async def train(console: TheConsole, session: AdminChanging) -> TrainingView:
    """Have a model trained on the corpus as it is now; nothing is promoted."""
    return view(await console.trainer.ask(session.agent.id))


@router.post("/{training_id}/cancel", status_code=204)
async def cancel(console: TheConsole, _: AdminChanging, training_id: Id) -> None:
    """End a training; what answers stays as it is."""
    await console.trainer.cancel(training_id)


@router.get("/versions/{name}")
async def report(console: TheConsole, _: AdminReading, name: VersionName) -> Report:
    """What was measured of one version."""
    async with console.database.read() as conn:
        version = await model_versions.find(conn, name)
        if version is None:
            raise NotFound("no_version", f"There is no model version {name}.")
        measured = await model_versions.report(conn, version.id)
        head = await model_versions.head(conn)
    return Report(version=_version(version, head[2] if head else None), report=measured)


@router.post("/rollback")
async def roll_back(console: TheConsole, session: AdminChanging, body: Back | None = None) -> Overview:
    """Let the version answer again that was live before; refused when an emergency would be lost."""
    await console.gate.roll_back(session.agent.id, anyway=body is not None and body.anyway)
    return await _overview(console)


def _version(version: Version, live: str | None) -> VersionView:
    return VersionView(
        name=version.name,
        engine=version.engine,
        examples=version.examples,
        metrics=version.metrics,
        by=version.made_by,
        created_at=version.created_at,
        live=version.name == live,
        usable=version.readable and version.program == program(),
    )


def _promotion(promoted: Promoted) -> PromotionView:
    return PromotionView(
        version=promoted.name, kind=promoted.kind, lost=promoted.lost, by=promoted.by, at=promoted.at
    )

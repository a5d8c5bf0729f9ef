"""`bauruf nlu`: training, the versions of the model, and which of them answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy.exc import IntegrityError

from bot.errors import Conflict
from bot.replay import Decided
from bot.settings import read_settings
from bot.storage import model_versions, trainings
from bot.storage.model_versions import Version
from bot.storage.schema import migrate
from bot.storage.server import database_url
from bot.training import run_training
from handoff.gate import Outcome, refuse
from nlu.leash import end_with_parent
from nlu.versions import program
from webhooks.commands.evaluation import evaluate_engine
from webhooks.commands.validation import validate
from webhooks.engine import project_of
from webhooks.runtime import err, opened, out, run
from webhooks.system import System, build_system, utc_now

cli = typer.Typer(help="The language model: train, compare, promote, roll back.", no_args_is_help=True)
cli.command("validate")(validate)
cli.command("evaluate")(evaluate_engine)

_STEPS = {
    "reading": "Reading the corpus",
    "crossvalidating": "Judging every example by a model that has not seen it",
    "rasa_trial": "Rasa learns four fifths of the examples",
    "rasa_judging": "Rasa judges the fifth it has not seen",
    "training": "Training on all examples",
    "rasa_training": "Rasa learns all examples",
    "saving": "Keeping the version",
}


@cli.command()
def train(training_id: Annotated[int | None, typer.Argument(hidden=True)] = None) -> None:
    """Train on the corpus as shipped and as changed in the console; nothing is promoted."""
    if training_id is None:
        run(_train())
    else:
        # Started by a worker: without it, nobody waits for the outcome.
        end_with_parent()
        run(_train_for(training_id))


async def _train_for(training_id: int) -> None:
    settings = read_settings()
    async with opened(settings) as database:
        await run_training(database, training_id, project_of(settings), utc_now)


async def _train() -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    settings = read_settings()
    async with opened(settings) as database:
        try:
            async with database.begin() as conn:
                await trainings.bury(conn, utc_now())
                training_id = await trainings.ask(conn, settings.trained_engine, None, utc_now())
        except IntegrityError:
            raise Conflict("training_runs", "A training is under way already.") from None
        with Progress(*columns, console=err) as bars:
            bar = bars.add_task(_STEPS["reading"], total=100)
            name = await run_training(
                database,
                training_id,
                project_of(settings),
                utc_now,
                lambda step, percent: bars.update(bar, description=_STEPS[step], completed=percent),
            )
            bars.update(bar, completed=100)
        async with database.read() as conn:
            version = await model_versions.find(conn, name)
    if version is not None:
        out.print(_table([version], live=None))
    out.print(f"Let it answer with: bauruf nlu promote {name}", highlight=False)


@cli.command()
def versions() -> None:
    """List the trained versions, newest first; the one that answers is marked."""
    run(_versions())


async def _versions() -> None:
    async with opened() as database, database.read() as conn:
        found = await model_versions.versions(conn)
        head = await model_versions.head(conn)
    out.print(_table(found, head[2] if head else None) if found else "No model has been trained yet.")


def _table(found: list[Version], live: str | None) -> Table:
    table = Table("Version", "", "Made", "By", "Examples", "Right", "F1", "Alarms", "False")
    table.columns[0].no_wrap = True
    for version in found:
        metrics = version.metrics
        table.add_row(
            version.name,
            "live" if version.name == live else "" if version.program == program() else "unfit",
            f"{version.created_at:%d.%m. %H:%M}",
            version.made_by or "",
            str(version.examples),
            *(
                f"{metrics[key]:.1%}" if metrics.get(key) is not None else "-"
                for key in ("accuracy", "macro_f1", "emergencies_found", "false_alarms")
            ),
        )
    return table


@cli.command()
def promote(
    version: Annotated[str, typer.Argument(help="Its name, as `bauruf nlu versions` shows it.")],
) -> None:
    """Let a version answer, in every running process, without a restart.

    The last conversations are decided again first; an emergency that would be missed stops it.
    """
    run(_promote(version))


async def _promote(name: str) -> None:
    async with _gated() as system:
        with err.status("Replaying the last conversations …"):
            outcome = await system.gate.try_version(name)
        _show_flips(outcome)
        refuse(outcome)
        await system.model.promote(name, None)
    out.print(f"{name} answers from now on.", highlight=False)


@asynccontextmanager
async def _gated() -> AsyncIterator[System]:
    settings = await asyncio.to_thread(read_settings)
    url = await asyncio.to_thread(database_url, settings)
    await asyncio.to_thread(migrate, url)
    system = build_system(settings, url, progress=lambda line: err.print(line, style="dim"))
    async with system.running(work=False, serve=False):
        yield system


def _show_flips(outcome: Outcome) -> None:
    found = outcome.comparison
    out.print(
        f"Conversations: {found.conversations}, messages: {found.turns}, other decisions: {len(found.flips)}",
        highlight=False,
    )
    blocking = {flip.message_id for flip in outcome.blocking}
    table = Table("Conversation", "Message", "Was", "Would be", "")
    for flip in found.flips:
        lost = "emergency missed" if flip.message_id in blocking else ""
        table.add_row(
            str(flip.conversation_id), str(flip.message_id), _spell(flip.old), _spell(flip.new), lost
        )
    if found.flips:
        out.print(table)


def _spell(decided: Decided) -> str:
    return f"{decided.action}: {decided.intent}, urgency {decided.urgency}"


@cli.command()
def rollback(
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Even if an emergency would be missed; it is written down.")
    ] = False,
) -> None:
    """Let the version answer again that was live before.

    The last conversations are decided again first; an emergency that would be missed stops it.
    """
    run(_roll_back(anyway))


async def _roll_back(anyway: bool) -> None:
    async with _gated() as system:
        with err.status("Replaying the last conversations …"):
            version = await system.gate.roll_back(None, anyway=anyway)
    out.print(f"{version.name} answers again.", highlight=False)

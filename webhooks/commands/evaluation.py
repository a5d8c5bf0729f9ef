"""`bauruf nlu evaluate`: how good an engine is on texts whose intents are known."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from nlu.evaluation import LINEAR, Figures, Sets, Trial, encoder, evaluate, rasa, read_sets
from webhooks.runtime import err, out, plain_errors


class Engine(StrEnum):
    """Engines that can be evaluated."""

    LINEAR = "linear"
    RASA = "rasa"
    ENCODER = "encoder"


_ROWS = {
    "accuracy": ("Right intent", "%"),
    "macro_f1": ("Macro-F1", "%"),
    "in_scope_accuracy": ("Right and sure", "%"),
    "oos_recall": ("Out of scope, not sure", "%"),
    "oos_auroc": ("Out-of-scope AUROC", "%"),
    "train_seconds": ("Training", "s"),
    "peak_memory_mb": ("Peak memory", "MB"),
    "parse_ms_p50": ("Parse, median", "ms"),
    "parse_ms_p95": ("Parse, 95th percentile", "ms"),
}


def evaluate_engine(
    *,
    train: Annotated[Path, typer.Option(help='JSON lines {"text", "intent"} to learn from.')],
    test: Annotated[Path, typer.Option(help="The same, to be asked about.")],
    oos: Annotated[Path | None, typer.Option(help="The same, outside of every intent.")] = None,
    engine: Annotated[Engine, typer.Option(help="Which engine.")] = Engine.LINEAR,
    rasa_config: Annotated[
        str, typer.Option(help="Rasa's pipeline: diet, logistic, linear (our component), or a config.yml.")
    ] = "diet",
    encoder_model: Annotated[
        str | None,
        typer.Option("--encoder", help="The encoder: its folder, or its name on the hub."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Train an engine on one file and measure it on others, in a process of its own."""
    with plain_errors():
        sets = read_sets(train, test, oos)
        _warn(sets)
        match engine:
            case Engine.LINEAR:
                trial = LINEAR
            case Engine.RASA:
                trial = rasa(rasa_config)
            case Engine.ENCODER:
                trial = encoder(encoder_model)
        figures = _on_trial(trial, sets)
    if as_json:
        sys.stdout.write(json.dumps(asdict(figures)) + "\n")
    else:
        out.print(_table(figures))


def _warn(sets: Sets) -> None:
    if untrained := sets.untrained():
        first = untrained[0]
        err.print(
            f"{len(untrained)} test texts have an intent that is not trained, such as {first.intent} "
            f"({first.place}): they count as wrong.",
            highlight=False,
        )


def _on_trial(trial: Trial, sets: Sets) -> Figures:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=err, transient=True) as progress:
        task = progress.add_task(f"Training {trial.engine} on {len(sets.train)} examples", total=None)

        def tell(done: int, of: int) -> None:
            progress.update(task, description="Parsing", completed=done, total=of)

        return evaluate(trial, sets, tell)


def _table(figures: Figures) -> Table:
    asked = f"{figures.test} test texts" + (f", {figures.oos} out of scope" if figures.oos else "")
    table = Table("", figures.engine, title=f"{figures.train} examples, {asked}", title_justify="left")
    table.columns[1].justify = "right"
    for name, (title, unit) in _ROWS.items():
        value = getattr(figures, name)
        table.add_row(title, "–" if value is None else f"{value:.2f} {unit}")
    return table

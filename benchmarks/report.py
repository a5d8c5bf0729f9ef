"""What was measured, as a table, a picture and a page."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot

from benchmarks import breakdown
from benchmarks.steps import CONVERSATIONS, Step

_PAGE = """# How fast it is

Written by `{command}` on {day}. Machine: {machine}.

![Highest rate and p95](bench.svg)

{table}
{closed}
Against what was aimed at:

{aims}

## What is measured

- Installers ask "Ist NW-RV-250 am Lager?" for many articles, at random moments (Poisson), in {conversations}
  conversations. Latency runs from the moment the request to the webhook starts to the moment the fake
  provider has received the answer; at {rate} messages a second for {seconds} s with one process, half as
  long with the others.
- The highest rate is the highest at which p95 stays under a second and the backlog does not grow: rates are
  doubled until one fails, then the gap is narrowed, then the result is held for {held} s.
- Everything is durable: PostgreSQL with its defaults (fsync on), stored before it is acknowledged, turn and
  send committed. The answer comes from the article table.
- Load generator, fake provider and PostgreSQL share the cores with what is measured; what they take is below.
- Rasa's server understands the same messages from the same corpus and answers by rule over its REST channel.
  It keeps conversations in memory (its default), looks nothing up, calls no provider and loses all in a
  crash: the comparison is in Rasa's favour. It runs as one process, because its store in memory cannot be
  shared. Its latency is that of its HTTP answer.

{costs}

## Where the time goes

{parts}

## Understanding alone

{understanding}

Training and in-process figures are those of `bauruf nlu evaluate`, Rasa with the project's own pipeline
(LogisticRegressionClassifier). Over HTTP both are one process, and both compute on whole texts without a
conversation around them; Bauruf itself parses in process.

## Repeat it

`make rasa` once (without it Rasa is left out), then `make bench`, on a machine that does nothing else.
`.venv/bin/python -m benchmarks --quick` is rougher and takes a third of that; `--dry` leaves this page alone.
"""

Stepper = Callable[[float, float], Step]

_STYLE: Any = {"font.family": "sans-serif", "font.size": 10, "svg.fonttype": "none", "svg.hashsalt": "bauruf"}

AIM_P95 = 0.050  # seconds
AIM_RATE = 200.0  # messages a second on four cores
AIM_RATIO = 3.0  # "several times" Rasa's rate


@dataclass(frozen=True)
class Measured:
    """One system: its latency at the small rate, and the step at the highest rate it sustained."""

    title: str
    latency: Step
    highest: Step | None
    closed_loop: Step | None = None
    clients: int = 0

    def with_closed_loop(self, step: Step, clients: int) -> Measured:
        return replace(self, closed_loop=step, clients=clients)

    @property
    def rate(self) -> float:
        return self.highest.achieved if self.highest else 0.0


@dataclass(frozen=True)
class Report:
    """Everything of one run. `seconds` is how long latency was measured at `rate`, `held` how long the
    highest rate was held.
    """

    systems: Sequence[Measured]
    parts: breakdown.Breakdown
    rate: float
    seconds: float
    held: float
    quick: bool
    machine: str
    understanding: str

    @property
    def rasa(self) -> Measured | None:
        last = self.systems[-1]
        return last if last.title.startswith("Rasa") else None

    @property
    def ours(self) -> list[Measured]:
        return [system for system in self.systems if system is not self.rasa]


def machine(postgresql: str, folder: Path) -> str:
    """The machine in one line, with how fast its disk makes a write durable."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in _read(Path("/proc/cpuinfo")).splitlines()
            if line.startswith("model name")
        ),
        platform.processor() or platform.machine(),
    )
    return (
        f"{os.cpu_count()} cores ({model}), {platform.system()}, Python {platform.python_version()},"
        f" PostgreSQL {postgresql}, procrastinate {version('procrastinate')},"
        f" {_syncs(folder):.0f} fdatasync a second, load average before {os.getloadavg()[2]:.1f}"
    )


def _read(path: Path) -> str:
    return path.read_text("utf-8", "replace") if path.exists() else ""


def _syncs(folder: Path) -> float:
    """How many writes of 8 kB one after the other the disk makes durable in a second."""
    began, count = time.monotonic(), 0
    with (folder / "sync").open("wb", buffering=0) as file:
        while time.monotonic() - began < 0.5:
            file.write(bytes(8192))
            os.fdatasync(file.fileno())
            count += 1
    return count / (time.monotonic() - began)


def table(report: Report) -> str:
    """The figures as a Markdown table, which reads well in a terminal too."""
    head = f"| | p50 at {report.rate:.0f}/s | p95 at {report.rate:.0f}/s | highest rate | p95 there |"
    rows = [head, "|---|---:|---:|---:|---:|"]
    for system in report.systems:
        there = f"{_ms(system.highest.percentile(0.95))}" if system.highest else "–"
        rows.append(
            f"| {system.title} | {_ms(system.latency.percentile(0.5))}"
            f" | {_ms(system.latency.percentile(0.95))} | {system.rate:.0f}/s | {there} |"
        )
    if report.rasa is not None:
        for system in report.ours:
            slower = [
                system.latency.percentile(share) / report.rasa.latency.percentile(share)
                for share in (0.5, 0.95)
            ]
            ratio = f"{system.rate / report.rasa.rate:.1f} ×" if report.rasa.rate else "–"
            rows.append(f"| *{system.title} ÷ Rasa* | {slower[0]:.1f} × | {slower[1]:.1f} × | {ratio} | |")
    return "\n".join(rows)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds >= 0.1 else f"{seconds * 1000:.1f} ms"


def _aims(report: Report) -> list[str]:
    """What was aimed at and what came of it, whichever way it went."""
    one, best = report.ours[0], max(report.ours, key=lambda system: system.rate)
    p95 = one.latency.percentile(0.95)
    lines = [
        _aim(p95 < AIM_P95, f"p95 under {_ms(AIM_P95)} at {report.rate:.0f}/s with one process", _ms(p95)),
        _aim(
            best.rate >= AIM_RATE,
            f"at least {AIM_RATE:.0f} messages a second with everything durable",
            f"{best.rate:.0f} ({best.title})",
        ),
    ]
    if report.rasa is None:
        return [
            *lines,
            "- Not measured: several times Rasa's rate (no Rasa environment; `make rasa` builds it).",
        ]
    ratio = best.rate / report.rasa.rate if report.rasa.rate else float("inf")
    single = one.rate / report.rasa.rate if report.rasa.rate else float("inf")
    return [
        *lines,
        _aim(
            ratio >= AIM_RATIO,
            "several times Rasa's rate",
            f"{single:.1f} times with one process, {ratio:.1f} times with several",
        ),
    ]


def _aim(reached: bool, aim: str, measured: str) -> str:
    return f"- {'Reached' if reached else '**Missed**'}: {aim}. Measured: {measured}."


def _costs(report: Report) -> str:
    kinds = ("bauruf", "postgresql", "load", "provider", "rasa")
    rows = [
        "| processor time a message | Bauruf | PostgreSQL | load generator | fake provider | Rasa |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for system in report.systems:
        for step in (system.latency, system.highest):
            if step is not None:
                cells = [f"{step.cpu_ms(kind):.1f} ms" if kind in step.cpu else "" for kind in kinds]
                rows.append(f"| {system.title} at {step.achieved:.0f}/s | {' | '.join(cells)} |")
    return "\n".join(rows)


def write(report: Report, docs: Path) -> None:
    """docs/bench.md and docs/bench.svg."""
    draw(report, docs / "bench.svg")
    page = _PAGE.format(
        command="python -m benchmarks --quick" if report.quick else "make bench",
        day=datetime.now(UTC).date().isoformat(),
        machine=report.machine,
        table=table(report),
        closed=_closed(report),
        aims="\n".join(_aims(report)),
        conversations=CONVERSATIONS,
        rate=f"{report.rate:.0f}",
        seconds=f"{report.seconds:.0f}",
        held=f"{report.held:.0f}",
        costs=_costs(report),
        parts=breakdown.table(report.parts),
        understanding=report.understanding,
    )
    (docs / "bench.md").write_text(page, "utf-8")


def _closed(report: Report) -> str:
    rasa = report.rasa
    if rasa is None or rasa.closed_loop is None:
        return ""
    loop = rasa.closed_loop
    return (
        f"\nIn a closed loop ({rasa.clients} clients that ask again as soon as they are answered) Rasa gives"
        f" {loop.achieved:.0f} answers a second at p95 {_ms(loop.percentile(0.95))}.\n"
    )


def draw(report: Report, path: Path) -> None:
    """Two bar charts side by side: the highest rate, and p95 at the small rate."""
    mpl.use("svg")
    mpl.rcParams.update(_STYLE)
    names = [system.title.replace(", ", ",\n") for system in report.systems]
    colours = ["#8a8f98" if system is report.rasa else "#2f6fde" for system in report.systems]
    figure, (left, right) = pyplot.subplots(
        1, 2, figsize=(9.2, 0.72 * len(names) + 1.3), layout="constrained"
    )
    panels = (
        (
            left,
            [system.rate for system in report.systems],
            AIM_RATE,
            "Highest sustained rate, messages/s",
            "{:.0f}",
        ),
        (
            right,
            [1000 * system.latency.percentile(0.95) for system in report.systems],
            1000 * AIM_P95,
            f"p95 at {report.rate:.0f} messages/s, ms (shorter is better)",
            "{:.0f}",
        ),
    )
    for axes, values, aim, title, form in panels:
        bars = axes.barh(names, values, color=colours, height=0.62)
        axes.bar_label(bars, labels=[form.format(value) for value in values], padding=4)
        axes.axvline(aim, color="#444", linewidth=1, linestyle=(0, (4, 3)))
        axes.annotate(
            "aim",
            (aim, 1),
            (3, 2),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            color="#444",
        )
        axes.set_title(title, loc="left", fontsize=10, pad=14)
        axes.set_xlim(0, 1.15 * max(aim, *values))
        axes.invert_yaxis()
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(left=False)
    right.set_yticklabels([])
    figure.savefig(path, facecolor="white", metadata={"Date": None})
    pyplot.close(figure)

"""Where the processor time of one message goes, in one process that does everything."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.accounted import PARTS, STATEMENTS
from benchmarks.bauruf import Desk
from benchmarks.steps import Step

ACCOUNTED = ("-m", "benchmarks.accounted")
_RATE = 15.0  # messages a second: busy, and far from the limit
_WRITTEN_WITHIN = 10.0  # seconds


@dataclass(frozen=True)
class Breakdown:
    """Milliseconds of processor time a message by part of the process, its statements, and the step."""

    parts: Mapping[str, float]
    statements: float
    step: Step


def measure(desk: Desk, account: Path, seconds: float) -> Breakdown:
    """Count over one step on a desk whose process runs `benchmarks.accounted`."""
    desk.step(_RATE, 3.0)
    before = _read(desk.pid, account)
    step = desk.step(_RATE, seconds)
    after = _read(desk.pid, account)
    spent = {
        part: 1000 * (after["seconds"].get(part, 0.0) - before["seconds"].get(part, 0.0)) / step.asked
        for part in PARTS
    }
    total = 1000 * (after["total"] - before["total"]) / step.asked
    spent["event loop, pools, the rest"] = total - sum(spent.values())
    statements = (after["calls"][STATEMENTS] - before["calls"][STATEMENTS]) / step.asked
    return Breakdown(spent, statements, step)


def _read(pid: int, account: Path) -> Any:
    account.unlink(missing_ok=True)
    os.kill(pid, signal.SIGUSR1)
    deadline = time.monotonic() + _WRITTEN_WITHIN
    while not account.exists():
        if time.monotonic() > deadline:
            raise RuntimeError("the counting process did not write its counts")
        time.sleep(0.05)
    return json.loads(account.read_text("utf-8"))


def table(breakdown: Breakdown) -> str:
    """The parts, the largest first, as a Markdown table."""
    total = sum(breakdown.parts.values())
    rows = ["| part | ms of processor time a message | share |", "|---|---:|---:|"]
    for part, spent in sorted(breakdown.parts.items(), key=lambda item: -item[1]):
        rows.append(f"| {part} | {spent:.1f} | {spent / total:.0%} |")
    queue = sum(spent for part, spent in breakdown.parts.items() if "procrastinate" in part)
    rows.append(f"| *all* | *{total:.1f}* | |")
    rows.append(
        f"\nprocrastinate takes {queue:.1f} ms of it ({queue / total:.0%}); a message costs"
        f" {breakdown.statements:.0f} statements. PostgreSQL itself takes"
        f" {breakdown.step.cpu_ms('postgresql'):.1f} ms more. Counting makes everything somewhat slower."
    )
    return "\n".join(rows)

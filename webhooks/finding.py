"""What the doctors find: one thing, how it is, and a sentence about it."""

from __future__ import annotations

from collections.abc import AsyncIterable
from dataclasses import dataclass
from enum import StrEnum

from rich.table import Table

from webhooks.runtime import out


class Health(StrEnum):
    """How something is."""

    GOOD = "[green]ok[/]"
    OFF = "[dim]–[/]"
    BAD = "[bold red]no[/]"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, how it is, and a sentence about it."""

    what: str
    health: Health
    words: str


async def tell(findings: AsyncIterable[Finding]) -> int:
    """Print findings as a table; returns 1 when something configured does not work."""
    table = Table(show_header=False, box=None, padding=(0, 2))
    bad = 0
    async for finding in findings:
        table.add_row(finding.health.value, f"[bold]{finding.what}[/]", finding.words)
        bad += finding.health is Health.BAD
    out.print(table, highlight=False)
    out.print("\nEverything that is configured works." if not bad else f"\n{bad} to mend, see above.")
    return 1 if bad else 0

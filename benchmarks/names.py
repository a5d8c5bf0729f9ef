"""`python -m benchmarks.names`: how well and how fast companies are found by their names.

Needs ../shared (10,000 real firms). Works on a PostgreSQL of its own and prints the table of
docs/accounts.md. `--million` also measures on a million names made of the real ones; `--sample N`
asks N typed names. Each tenth of the firms is left out of the directory in turn. All former names are
asked: all of them, and those that have a word in common with the present name, because nobody can find
the others by likeness. A measurement on a machine that is busy says more about the machine: the load it
was taken at stands beside it.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.variants import KINDS
from bot.accounts.directory import Given
from bot.accounts.names import words
from bot.storage.accounts import LocalDirectory
from bot.storage.database import Database
from bot.storage.schema import migrate
from bot.storage.server import start_embedded, stop_embedded
from tests.conftest import REPOSITORY

SEED = 20261123
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm of the register."""

    number: str
    name: str
    city: str
    former: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """How often the firm came first and among the first five, in per cent, and how long it took, in ms.

    `cpu` is this process's processor time, without PostgreSQL: on a busy machine it says more than the clock.
    `load` is the machine's over the last minute.
    """

    top1: float
    top5: float
    p50: float
    p95: float
    cpu50: float
    cpu95: float
    load: float


def read_firms() -> list[Firm]:
    """The firms of ../shared."""
    shared = Path(os.environ.get("BAURUF_SHARED", REPOSITORY.parent / "shared"))
    path = shared / "data" / "companies" / "trade_firms.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Firm(
                row["company_number"],
                row["name"],
                row["city"],
                tuple(name for name in row["former_names"].split(" | ") if name),
            )
            for row in csv.DictReader(file)
        ]


def typed(firms: Sequence[Firm], count: int, rng: random.Random) -> list[tuple[Firm, str]]:
    """Firms and their names as somebody may type them, every kind of variant as often."""
    kinds = list(KINDS.values())
    return [
        (firm, kinds[i % len(kinds)](firm.name, rng))
        for i, firm in enumerate(rng.sample(firms, min(count, len(firms))))
    ]


def former(firms: Sequence[Firm]) -> list[tuple[Firm, str]]:
    """Firms and each of the names they had before."""
    return [(firm, name) for firm in firms for name in firm.former]


def akin(firm: Firm, name: str) -> bool:
    """Whether a former name has a word in common with the present one, legal forms aside."""
    return not set(words(firm.name)).isdisjoint(words(name))


@asynccontextmanager
async def filled(firms: Sequence[Firm]) -> AsyncIterator[tuple[AsyncConnection, LocalDirectory]]:
    """A database with these firms as accounts, under their present names only, and its name index."""
    with tempfile.TemporaryDirectory(prefix="bauruf-names-", ignore_cleanup_errors=True) as folder:
        server = Path(folder) / "postgres"
        url = await asyncio.to_thread(start_embedded, server)
        try:
            await asyncio.to_thread(migrate, url)
            database = Database(url, pool_size=2)
            async with database.begin() as conn:
                driver: Any = (await conn.get_raw_connection()).driver_connection
                statement = "COPY accounts (customer_number, name, city, source) FROM STDIN"
                async with driver.cursor() as cursor, cursor.copy(statement) as copy:
                    for firm in firms:
                        await copy.write_row((firm.number, firm.name, firm.city, "benchmark"))
            async with database.read() as conn:
                await conn.execute(text("ANALYZE accounts"))
                yield conn, LocalDirectory(lambda: datetime.now(UTC))
            await database.close()
        finally:
            await asyncio.to_thread(stop_embedded, server)


async def ask(
    conn: AsyncConnection,
    directory: LocalDirectory,
    asked: Sequence[tuple[Firm, str]],
    *,
    with_city: bool,
) -> Found:
    """Look names up, through the database, as a turn does."""
    first = among = 0
    took, cpu = [], []
    for firm, name in asked:
        began, busy = time.perf_counter(), time.process_time()
        found = await directory.find_by_name(conn, name, firm.city if with_city else None)
        took.append(1000 * (time.perf_counter() - began))
        cpu.append(1000 * (time.process_time() - busy))
        numbers = [match.customer_number for match in found]
        first += numbers[:1] == [firm.number]
        among += firm.number in numbers
    took.sort()
    cpu.sort()
    return Found(
        100 * first / len(asked),
        100 * among / len(asked),
        took[len(took) // 2],
        took[int(len(took) * 0.95)],
        cpu[len(cpu) // 2],
        cpu[int(len(cpu) * 0.95)],
        os.getloadavg()[0],
    )


async def accepted(
    conn: AsyncConnection, directory: LocalDirectory, strangers: Sequence[Firm], *, with_city: bool
) -> float:
    """Per cent of firms that are not in the directory and yet are taken for one that is."""
    wrong = 0
    for firm in strangers:
        text_given = f"{firm.name} aus {firm.city}" if with_city else firm.name
        outcome = await directory.identify(conn, Given(text=text_given))
        wrong += outcome.kind == "match"
        if outcome.kind == "match":
            say(f"{text_given} was taken for {outcome.accounts[0].name}, {outcome.accounts[0].city}")
    return 100 * wrong / len(strangers)


def million(firms: Sequence[Firm], rng: random.Random) -> list[Firm]:
    """The firms, and made-up ones with the words of two of them, until there are a million."""
    made = list(firms)
    while len(made) < MILLION:
        one, other = rng.choice(firms), rng.choice(firms)
        a, b = one.name.split(), other.name.split()
        name = " ".join((*a[: max(1, len(a) // 2)], *b[len(b) // 2 :]))
        made.append(Firm(f"X{len(made)}", name, rng.choice((one, other)).city, ()))
    return made


async def measure(sample: int, *, with_million: bool) -> list[str]:
    """The lines of the table."""
    rng = random.Random(SEED)
    firms = read_firms()
    lines = [
        "| what | top-1 | top-5 | p50 ms | p95 ms | CPU p50 | CPU p95 | load |",
        "|---|---|---|---|---|---|---|---|",
    ]
    renamed = former(firms)
    asked = {
        "typed": typed(firms, sample, rng),
        f"{len(renamed):,} former": renamed,
        "former, a word in common": [(firm, name) for firm, name in renamed if akin(firm, name)],
    }
    async with filled(firms) as (conn, directory):
        await directory.find_by_name(conn, "warm up")
        lines += [await _line(conn, directory, kind, rows, "10,000") for kind, rows in _cases(asked)]
    rng.shuffle(firms)
    for said, shares in (await _left_out(firms)).items():
        spread = f"{min(shares):.2f} to {max(shares):.2f}"
        lines.append(f"| left out, {said}: wrongly matched | {mean(shares):.2f} % ({spread}) | | | | | | |")
    if with_million:
        async with filled(million(read_firms(), rng)) as (conn, directory):
            began, busy = time.perf_counter(), time.process_time()
            await directory.find_by_name(conn, "warm up")
            took, cpu = time.perf_counter() - began, time.process_time() - busy
            say(f"names of a million read in {took:.1f} s, {cpu:.1f} s of processor time")
            lines += [await _line(conn, directory, kind, rows, "1,000,000") for kind, rows in _cases(asked)]
    return lines


async def _left_out(firms: Sequence[Firm]) -> dict[str, list[float]]:
    """Per cent taken for another, for each tenth of the firms left out of the directory in turn."""
    shares: dict[str, list[float]] = {"no city": [], "with city": []}
    for tenth in range(10):
        strangers = firms[tenth::10]
        known = [firm for place, firm in enumerate(firms) if place % 10 != tenth]
        async with filled(known) as (conn, directory):
            for said, found in shares.items():
                found.append(await accepted(conn, directory, strangers, with_city=said == "with city"))
        say(f"left out: {tenth + 1} of 10 tenths")
    return shares


def _cases(
    asked: dict[str, list[tuple[Firm, str]]],
) -> list[tuple[tuple[str, bool], list[tuple[Firm, str]]]]:
    return [((kind, with_city), rows) for kind, rows in asked.items() for with_city in (False, True)]


async def _line(
    conn: AsyncConnection,
    directory: LocalDirectory,
    kind: tuple[str, bool],
    rows: Sequence[tuple[Firm, str]],
    size: str,
) -> str:
    found = await ask(conn, directory, rows, with_city=kind[1])
    said = "with city" if kind[1] else "no city"
    line = (
        f"| {kind[0]}, {said}, {size} | {found.top1:.1f} | {found.top5:.1f} "
        f"| {found.p50:.1f} | {found.p95:.1f} | {found.cpu50:.1f} | {found.cpu95:.1f} | {found.load:.1f} |"
    )
    say(line)
    return line


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.names", description=__doc__)
    parser.add_argument("--sample", type=int, default=1000)
    parser.add_argument("--million", action="store_true")
    options = parser.parse_args()
    print("\n".join(asyncio.run(measure(options.sample, with_million=options.million))))


if __name__ == "__main__":
    main()

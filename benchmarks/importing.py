"""`python -m benchmarks.importing`: how long an import of a whole company book takes, and taking it back.

Writes CSV files of made-up companies and people, works on a PostgreSQL of its own, and prints a table.
`--people N` is how many; a company has five.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.csv_file import COLUMNS
from bot.accounts.csv_import import import_csv
from bot.storage import import_undo
from bot.storage.database import Database
from bot.storage.schema import migrate
from bot.storage.server import start_embedded, stop_embedded

TODAY = date(2026, 11, 23)
_STAFF = 5
_TRADES = ("Heizungsbau", "Elektrotechnik", "Lüftungsbau", "Kältetechnik", "Haustechnik", "Dachdeckerei")
_FORMS = ("GmbH", "GmbH & Co. KG", "e.K.", "OHG")
_ROLES = ("management", "fitter", "fitter", "purchasing", "accounting")


def write_files(folder: Path, people: int) -> list[Path]:
    """Files of accounts and people, in the order of a customer book: by number, not by phone."""
    companies = max(1, people // _STAFF)
    paths = [folder / "accounts.csv", folder / "people.csv"]
    with paths[0].open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS["accounts"])
        for i in range(companies):
            name = f"{_syllables(i)} {_TRADES[i % len(_TRADES)]} {_FORMS[i % len(_FORMS)]}"
            trunk = f"030 {20_000_000 + _scattered(i, companies)}"
            writer.writerow((f"K{100_000 + i}", name, "Berlin", "ABC"[i % 3], trunk, f"f{i}.example", ""))
    with paths[1].open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS["people"])
        for i in range(people):
            name = f"{_syllables(i * 7 + 3)} {_syllables(i)}"
            phone = f"0171 {3_000_000 + _scattered(i, people)}"
            mail = f"p{_scattered(i, people)}@f{i // _STAFF}.example"
            row = (f"K{100_000 + i // _STAFF % companies}", name, _ROLES[i % _STAFF], phone, mail, "yes")
            writer.writerow(row)
    return paths


def _scattered(i: int, many: int) -> int:
    """Another number below `many` for each i: a book is not sorted by its phones."""
    return i * 7_919 % many if many % 7_919 else i


def _syllables(i: int) -> str:
    parts = ("ka", "lo", "mi", "ber", "tan", "su", "wel", "nor", "fi", "dra")
    return "".join(parts[int(digit)] for digit in f"{i:06d}"[-6:]).title()


async def measure(people: int) -> None:
    """Print the table, line by line."""
    print("| what | s | load |\n|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="bauruf-importing-", ignore_cleanup_errors=True) as folder:
        paths = write_files(Path(folder), people)
        server = Path(folder) / "postgres"
        url = await asyncio.to_thread(start_embedded, server)
        try:
            await asyncio.to_thread(migrate, url)
            database = Database(url, pool_size=2)

            async def load(conn: AsyncConnection) -> None:
                await import_csv(conn, paths, today=TODAY)

            steps: dict[str, Callable[[AsyncConnection], Awaitable[Any]]] = {
                f"{people:,} people imported": load,
                "the same again": load,
                "taken back (the second time changed nothing)": import_undo.undo_last,
                "taken back": import_undo.undo_last,
            }
            for what, step in steps.items():
                began = time.perf_counter()
                async with database.begin() as conn:
                    await step(conn)
                took, load_now = time.perf_counter() - began, os.getloadavg()[0]
                print(f"| {what} | {took:.1f} | {load_now:.1f} |", flush=True)
            await database.close()
        finally:
            await asyncio.to_thread(stop_embedded, server)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.importing", description=__doc__)
    parser.add_argument("--people", type=int, default=475_000)
    asyncio.run(measure(parser.parse_args().people))


if __name__ == "__main__":
    main()

"""What is nearly on file: extensions of a block, names written apart, initials, a person's own name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.csv_import import import_csv
from bot.storage.accounts import LocalDirectory
from bot.storage.database import Database
from tests.conftest import Clock
from webhooks.commands.lookup import predict

ACCOUNTS = """customer_number,name,city,tier,trunk_phone,domain,parent
1,Elektro Hoffmann GmbH,Gera,A,030 23125-0,,
2,Hoffmann & Sohn Haustechnik GmbH,Jena,B,,,
3,Kältefuchs GmbH,Chemnitz,B,,,
4,Nordlicht Facility Management AG,Kiel,A,,,
5,Jansen Montagen,Emden,C,,,
6,Dachtechnik Petersen OHG,Husum,C,,,
7,Kälte Luchs GmbH,Fulda,C,,,
8,Luchs Kältetechnik GmbH,Hanau,C,,,
9,Meyer zu Bexten Haustechnik KG,Gütersloh,C,,,
"""
PEOPLE = """customer_number,name,role,phone,email,active
1,Jens Hoffmann,management,0171 3920001,,yes
5,Ole Jansen,fitter,0171 3920002,,yes
6,Ole Jansen,fitter,0171 3920002,,yes
2,Tim Wolf,fitter,0171 3920003,,no
"""


@pytest.fixture
async def book(
    database: Database, clock: Clock, tmp_path: Path
) -> AsyncIterator[tuple[AsyncConnection, LocalDirectory]]:
    files = [tmp_path / "accounts.csv", tmp_path / "people.csv"]
    for file, content in zip(files, (ACCOUNTS, PEOPLE), strict=True):
        file.write_text(content, encoding="utf-8")
    async with database.begin() as conn:
        await import_csv(conn, files, today=date(2026, 11, 23))
    directory = LocalDirectory(clock)
    await directory.read_names(database)
    async with database.read() as conn:
        yield conn, directory


@pytest.mark.parametrize(
    ("given", "outcome", "numbers"),
    [
        ("030 23125 App. 44", "match", ["1"]),
        ("Kälte Luchs Hanau", "ask", ["8", "7"]),  # the name of one, the town of the other
        ("Kälte Lux aus Fulda", "match", ["7"]),
        ("Meyer zu Bexten", "ask", ["9"]),
        ("030 23125 Durchwahl 7", "match", ["1"]),
        ("030 2312 App. 44", "unknown", []),
        ("Kälte Fuchs GmbH", "match", ["3"]),
        ("Nordlicht FM", "ask", ["4"]),
        ("FM", "unknown", []),
        ("Südlicht FM", "unknown", []),
        ({"phone": "+491713920099", "profile_name": "Jens Hoffmann"}, "ask", ["1", "2"]),
        ({"profile_name": "ole  jansen"}, "ask", ["5", "6"]),
        ({"profile_name": "Ole"}, "unknown", []),
        ({"profile_name": "Tim Wolf"}, "unknown", []),
    ],
)
async def test_what_is_nearly_on_file(
    book: tuple[AsyncConnection, LocalDirectory], given: Any, outcome: str, numbers: list[str]
) -> None:
    conn, directory = book
    assert await predict(conn, directory, given) == {"outcome": outcome, "customer_numbers": numbers}

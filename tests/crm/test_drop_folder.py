"""CSV files put into a folder."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.accounts.drop_folder import DropFolder
from bot.notices import Notices
from bot.storage import notices
from bot.storage.database import Database
from bot.storage.tables import Account
from tests.conftest import Clock

ACCOUNTS = "customer_number,name,city,tier,trunk_phone,domain,parent\nK80001,Weber Klima GmbH,Kassel,,,,\n"
PEOPLE = "customer_number,name,role,phone,email,active\nK80001,Eva Weber,management,0171 3920085,,yes\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    folder.mkdir()
    return folder


@pytest.fixture
def drop(database: Database, folder: Path, clock: Clock) -> DropFolder:
    return DropFolder(database, Notices(database), folder, clock, ZoneInfo("Europe/Berlin"))


async def numbers(database: Database) -> list[str]:
    async with database.read() as conn:
        return list((await conn.execute(select(Account.customer_number))).scalars())


def lying_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


async def test_files_are_imported_once_they_are_whole(
    database: Database, drop: DropFolder, folder: Path
) -> None:
    (folder / "a-people.csv").write_text(PEOPLE)
    (folder / "b-accounts.csv").write_text(ACCOUNTS[:80])
    await drop.look()
    (folder / "b-accounts.csv").write_text(ACCOUNTS)
    await drop.look()
    # The people alone would fail: their company is still being written.
    await drop.look()
    assert await numbers(database) == ["K80001"]
    assert lying_in(folder / "done") == [
        "2026-11-23T100000-b-accounts.csv",
        "2026-11-23T100000-b-accounts.txt",
    ]


async def test_people_and_their_company_come_in_any_order(
    database: Database, drop: DropFolder, folder: Path
) -> None:
    (folder / "a-people.csv").write_text(PEOPLE)
    (folder / "b-accounts.csv").write_text(ACCOUNTS)
    (folder / "upload.part").write_text("half a file")
    for _ in range(2):
        await drop.look()
    assert await numbers(database) == ["K80001"]
    assert lying_in(folder) == ["done", "upload.part"]


async def test_a_bad_file_is_put_aside_with_its_reasons_and_the_others_go_in(
    database: Database, drop: DropFolder, folder: Path
) -> None:
    (folder / "accounts.csv").write_text(ACCOUNTS)
    (folder / "people.csv").write_text(PEOPLE)
    (folder / "broken.csv").write_text(PEOPLE.replace("0171 3920085", "siehe Karte"))
    for _ in range(2):
        await drop.look()
    assert await numbers(database) == ["K80001"]
    assert lying_in(folder / "failed") == ["2026-11-23T100000-broken.csv", "2026-11-23T100000-broken.txt"]
    assert "line 2: phone" in (folder / "failed" / "2026-11-23T100000-broken.txt").read_text()
    assert len(lying_in(folder / "done")) == 4
    async with database.read() as conn:
        (told,) = await notices.standing(conn)
    assert "broken.csv" in told.text


async def test_a_crash_before_the_file_was_moved_does_no_harm(
    database: Database, drop: DropFolder, folder: Path
) -> None:
    for _ in range(2):
        (folder / "accounts.csv").write_text(ACCOUNTS)
        for _ in range(2):
            await drop.look()
    assert await numbers(database) == ["K80001"]

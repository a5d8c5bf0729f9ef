"""Importing accounts and people from CSV files: all of them, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.csv_file import AccountRow, CsvFile, PersonRow, Problem, UnreadableFile, open_csv
from bot.storage import accounts_import, import_undo
from bot.storage.accounts_import import ACCOUNT_COLUMNS, PERSON_COLUMNS, Merged

STAGES = {"accounts": ("staged_accounts", ACCOUNT_COLUMNS), "people": ("staged_people", PERSON_COLUMNS)}


class BadFiles(Exception):
    """Files that were not imported. `problems` has one line for each row (or file) and its reason."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


async def import_csv(
    conn: AsyncConnection, paths: Sequence[Path], *, today: date, source: str = "csv"
) -> Merged:
    """Import files in any order, within the caller's transaction, which must be rolled back on an error.

    Importing the same files again changes nothing; `import_undo` can take it back. Raises BadFiles, with
    nothing written.
    """
    files = _open_all(paths)
    await accounts_import.create_stage(conn)
    problems = []
    for file in files:
        table, columns = STAGES[file.kind]
        async with accounts_import.stage(conn, table, columns) as writer:
            for row in file.rows():
                if isinstance(row, Problem):
                    problems.append(row)
                else:
                    await writer.write_row(_values(file, row))
    problems += [Problem(*wrong) for wrong in await accounts_import.wrong_rows(conn)]
    if problems:
        raise BadFiles([str(problem) for problem in sorted(problems, key=lambda p: (p.file, p.line))])
    import_id = await import_undo.begin(conn, [path.name for path in paths])
    merged = await accounts_import.merge(conn, source=source, today=today)
    await import_undo.finish(conn, import_id, accounts=merged.accounts, people=merged.people)
    return merged


def _open_all(paths: Sequence[Path]) -> list[CsvFile]:
    files, problems = [], []
    for path in paths:
        try:
            files.append(open_csv(path))
        except UnreadableFile as error:
            problems.append(str(error))
    if problems:
        raise BadFiles(problems)
    return files


def _values(file: CsvFile, row: AccountRow | PersonRow) -> tuple[object, ...]:
    """The row in the order of its stage's columns."""
    where = (file.path.name, row.line, row.customer_number, row.name)
    if isinstance(row, AccountRow):
        trunk = row.trunk
        return (
            *where,
            row.city,
            row.tier,
            trunk.e164 if trunk else None,
            trunk.written if trunk else None,
            trunk.block if trunk else False,
            list(row.domains),
            row.parent,
        )
    phone = row.phone
    own = phone is not None and (phone.extension is not None or not phone.block)
    return (
        *where,
        list(row.roles),
        phone.address if phone else None,
        own,
        row.email,
        row.active,
    )

"""`bauruf accounts`: the companies and people who may write."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.accounts.csv_import import BadFiles, import_csv
from bot.settings import read_settings
from bot.storage import import_undo
from bot.storage.accounts_import import Merged
from webhooks.commands.lookup import lookup as look_up
from webhooks.runtime import err, opened, out, run

cli = typer.Typer(help="Companies and people who may write.", no_args_is_help=True)
_SHOWN = 50


@cli.command("import")
def import_files(
    files: Annotated[list[Path], typer.Argument(help="CSV files of accounts and of people, in any order.")],
) -> None:
    """Import CSV files, all of them or nothing. Every bad row is named with its line and reason."""
    try:
        merged = run(_import(files))
    except BadFiles as bad:
        for problem in bad.problems[:_SHOWN]:
            err.print(problem, highlight=False)
        if len(bad.problems) > _SHOWN:
            err.print(f"… and {len(bad.problems) - _SHOWN} more.")
        err.print(f"[bold red]Nothing was imported: {len(bad.problems)} to mend.[/]", highlight=False)
        raise typer.Exit(1) from None
    out.print(f"Imported {merged.accounts} companies and {merged.people} people.", highlight=False)


@cli.command("undo-import")
def undo_import() -> None:
    """Take the last import back; repeat it for the one before. What was changed since stays."""
    undone = run(_undo())
    out.print(
        f"Undone: {', '.join(undone.files)}. {undone.removed} entries removed, {undone.restored} restored, "
        f"{undone.left} left as they have been changed since.",
        highlight=False,
    )


async def _undo() -> import_undo.Undone:
    async with opened() as database, database.begin() as conn:
        return await import_undo.undo_last(conn)


@cli.command()
def lookup(
    text: Annotated[str | None, typer.Argument(help="What somebody typed, or their phone.")] = None,
    *,
    file: Annotated[Path | None, typer.Option(help='JSON lines with "given"; - for standard input.')] = None,
) -> None:
    """Say which account it points to: match, ask (with the candidates) or unknown, as JSON lines."""
    run(look_up(text, file))


async def _import(files: list[Path]) -> Merged:
    settings = read_settings()
    today = datetime.now(settings.zone).date()
    async with opened(settings) as database:
        with out.status("Importing …"):
            async with database.begin() as conn:
                return await import_csv(conn, files, today=today)

"""`bauruf quarantine`: provider calls that could not be read, and trying again."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from bot.errors import NotFound
from bot.jobs import Jobs
from bot.storage import inbox
from webhooks.intake import Intake
from webhooks.parsers import PARSERS
from webhooks.runtime import opened, out, run

cli = typer.Typer(help="Provider calls that could not be read.", invoke_without_command=True)


@cli.callback()
def show(context: typer.Context) -> None:
    """List what is in quarantine, newest first."""
    if context.invoked_subcommand is None:
        run(_show())


async def _show() -> None:
    async with opened() as database, database.read() as conn:
        items = await inbox.quarantined(conn)
    table = Table("Id", "Channel", "Received", "Bytes", "Reason")
    for item in items:
        received = f"{item.received_at:%Y-%m-%d %H:%M:%S}"
        table.add_row(str(item.id), item.channel, received, str(len(item.raw)), item.reason)
    out.print(table if items else "Nothing is in quarantine.")


@cli.command()
def replay(
    ids: Annotated[list[int] | None, typer.Argument(help="Which; all when none is named.")] = None,
) -> None:
    """Read calls again with today's parsers; those that can be read now are answered."""
    run(_replay(ids))


async def _replay(ids: list[int] | None) -> None:
    async with opened() as database:
        if not ids:
            async with database.read() as conn:
                ids = [item.id for item in await inbox.quarantined(conn)]
        jobs = Jobs(database.url)
        await jobs.open()
        try:
            intake = Intake(database, jobs, PARSERS)
            for item_id in ids:
                try:
                    reason = await intake.replay(item_id)
                except NotFound as error:
                    reason = error.message
                out.print(f"{item_id}: {reason or 'taken, on its way'}", highlight=False)
        finally:
            await jobs.close()


@cli.command()
def raw(item_id: int) -> None:
    """Print one call exactly as it came. It may hold personal data."""
    run(_raw(item_id))


async def _raw(item_id: int) -> None:
    async with opened() as database, database.read() as conn:
        item = await inbox.quarantined_item(conn, item_id)
    if item is None:
        raise NotFound("not_in_quarantine", f"Nothing is in quarantine under {item_id}.")
    typer.echo(item.raw, nl=True)

"""`bauruf accounts sync` and `bauruf accounts doctor`: the CRMs behind the accounts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import httpx
import typer

from bot.accounts.crm import CrmError
from bot.accounts.sync import Sync
from bot.errors import BadInput, Unavailable
from bot.jobs import Jobs
from bot.notices import Notices
from bot.settings import read_settings
from bot.storage.crm_copy import Report
from webhooks.crm_doctor import crm_findings
from webhooks.crms import connect_crms
from webhooks.finding import tell
from webhooks.runtime import opened, out, run

_SHOWN = 50


def sync(
    *, full: Annotated[bool, typer.Option(help="Read everything, not only what changed.")] = False
) -> None:
    """Copy what changed in the CRMs, and try again what could not be written there."""
    run(_sync(full))


async def _sync(full: bool) -> None:
    settings = read_settings()
    async with opened(settings) as database, httpx.AsyncClient() as http:
        jobs = Jobs(database.url)
        await jobs.open()
        try:
            crms = connect_crms(settings, database, jobs, Notices(database), http, lambda: datetime.now(UTC))
            if not crms.sync.sources:
                raise BadInput(
                    "no_crm", "No CRM is configured: set BAURUF_HUBSPOT_TOKEN or BAURUF_SALESFORCE_URL."
                )
            for name in crms.sync.sources:
                await _sync_one(crms.sync, name, full)
                again = await crms.write_back.retry(name)
                if again:
                    out.print(f"{again} handoffs are tried again.", highlight=False)
        finally:
            await jobs.close()


async def _sync_one(sync: Sync, name: str, full: bool) -> None:
    title = sync.sources[name].title
    with out.status(f"{title} …") as status:

        def show(report: Report) -> None:
            status.update(f"{title}: {report.accounts} companies, {report.people} people …")

        try:
            report = await sync.sync(name, full=full, progress=show)
        except CrmError as error:
            raise Unavailable("crm", f"{error}. What came before that is taken over.") from None
    out.print(
        f"{title}: {report.accounts} companies and {report.people} people taken over, {report.gone} gone, "
        f"{report.merged} merged.",
        highlight=False,
    )
    for problem in report.problems[:_SHOWN]:
        out.print(f"  {problem}", highlight=False, markup=False)
    if len(report.problems) > _SHOWN:
        out.print(f"  … and {len(report.problems) - _SHOWN} more.")


def doctor() -> None:
    """Say which CRMs let us in, how old the copy is, and what could not be written back."""
    raise typer.Exit(run(_examine()))


async def _examine() -> int:
    settings = read_settings()
    async with httpx.AsyncClient() as http:
        return await tell(crm_findings(settings, http))

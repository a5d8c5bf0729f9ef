"""What is to be said about the CRMs and the drop folder: who lets us in, how old the copy is, what failed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import httpx
import psycopg
from rich.markup import escape
from sqlalchemy.exc import SQLAlchemyError

from bot.accounts.crm import CrmError, CrmSource
from bot.settings import Settings
from bot.storage import crm_outbox, crm_syncs
from bot.storage.crm_syncs import Standing
from bot.storage.database import Database
from bot.storage.server import ServerError, database_url
from webhooks.crms import connect_sources
from webhooks.finding import Finding, Health

_DEADLINE = 10.0  # seconds
_TITLES = {"hubspot": "HubSpot", "salesforce": "Salesforce"}
_HOW = {
    "hubspot": "not connected; BAURUF_HUBSPOT_TOKEN connects it",
    "salesforce": "not connected; BAURUF_SALESFORCE_URL, _CLIENT_ID and _CLIENT_SECRET connect it",
}


async def crm_findings(settings: Settings, http: httpx.AsyncClient) -> AsyncIterator[Finding]:
    """One finding for each CRM and its copy, and one for the drop folder."""
    sources = connect_sources(settings, http, lambda: datetime.now(UTC))
    for name, title in _TITLES.items():
        source = sources.get(name)
        if source is None:
            yield Finding(title, Health.OFF, _HOW[name])
            continue
        yield await _access(source)
        yield await _copy(settings, name, title)
    yield _drop(settings)


async def _access(source: CrmSource) -> Finding:
    try:
        async with asyncio.timeout(_DEADLINE):
            words = await source.check()
    except TimeoutError:
        return Finding(source.title, Health.BAD, f"did not answer within {_DEADLINE:g} seconds")
    except CrmError as error:
        return Finding(source.title, Health.BAD, escape(str(error)))
    return Finding(source.title, Health.GOOD, words)


async def _copy(settings: Settings, name: str, title: str) -> Finding:
    what = f"{title} copy"
    try:
        url = await asyncio.to_thread(database_url, settings)
        database = Database(url, pool_size=1)
        async with database.read() as conn:
            standing = await crm_syncs.standing(conn, name)
            waiting = await crm_outbox.counts(conn, name)
            failures = await crm_outbox.failures(conn, name, limit=3)
        await database.close()
    except (ServerError, SQLAlchemyError, psycopg.Error) as error:
        return Finding(what, Health.BAD, f"cannot be read ({type(error).__name__})")
    written = (
        ", ".join(f"{many} {state}" for state, many in sorted(waiting.items())) or "nothing written back yet"
    )
    lines = [f"{_age(standing, settings.zone)}; {written}"]
    lines += [f"{thing}: {escape(why)}" for thing, why in failures]
    if standing.problem is not None:
        lines.append(f"last problem: {escape(standing.problem)}")
    lines += [escape(problem) for problem in (standing.report or {}).get("problems", [])[:3]]
    bad = standing.problem is not None or bool(failures)
    return Finding(what, Health.BAD if bad else Health.GOOD, "\n".join(lines))


def _age(standing: Standing, zone: ZoneInfo) -> str:
    if standing.finished_at is None:
        return "never finished; `bauruf accounts sync` or `bauruf serve` makes it"
    here = f"{standing.finished_at.astimezone(zone):%d.%m.%Y %H:%M}"
    complete = standing.complete_at
    return f"as of {here}" + (f", complete on {complete.astimezone(zone):%d.%m.%Y %H:%M}" if complete else "")


def _drop(settings: Settings) -> Finding:
    folder = settings.accounts_drop_dir
    if folder is None:
        return Finding("Drop folder", Health.OFF, "none; BAURUF_ACCOUNTS_DROP_DIR names one")
    if not os.access(folder, os.W_OK):
        return Finding("Drop folder", Health.BAD, f"{folder} cannot be written, so nothing can be moved away")
    failed = len(list((folder / "failed").glob("*.csv"))) if (folder / "failed").is_dir() else 0
    words = f"{folder}" + (f", {failed} files in failed/" if failed else "")
    return Finding("Drop folder", Health.GOOD, words)

"""`bauruf doctor`: what is configured, what can be reached, what is missing, and what to do about it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

import httpx
import psycopg
from sqlalchemy.exc import SQLAlchemyError

from bot.mail import MailError
from bot.settings import Settings, read_settings
from bot.storage import model_versions
from bot.storage.backlog import read_backlog, workers_alive
from bot.storage.database import Database
from bot.storage.schema import migrate
from bot.storage.server import ServerError, database_url
from nlu.rasa_server import check
from nlu.understanding import EngineUnavailable, UnderstandingError
from nlu.versions import load_or_train
from webhooks.crm_doctor import crm_findings
from webhooks.engine import project_of, rasa_server
from webhooks.finding import Finding, Health, tell
from webhooks.pages import BUILT
from webhooks.runtime import opened
from webhooks.system import connect_mail

_TIMEOUT = 5.0  # seconds


async def examine() -> int:
    """Look at everything and print a table; returns 1 when something configured does not work."""
    return await tell(findings(read_settings()))


async def findings(settings: Settings) -> AsyncIterator[Finding]:
    """What there is to say about everything that is, or could be, configured."""
    yield _data_dir(settings)
    async for finding in _database(settings):
        yield finding
    yield _pages()
    yield await _linear(settings)
    async with httpx.AsyncClient(timeout=_TIMEOUT) as http:
        yield await _rasa(settings, http)
        yield await _telegram(settings, http)
        yield await _whatsapp(settings, http)
        async for finding in crm_findings(settings, http):
            yield finding
    yield await _mail(settings)
    yield _public_url(settings)


def _data_dir(settings: Settings) -> Finding:
    folder = settings.data_dir.resolve()
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if os.access(existing, os.W_OK):
        return Finding("Data", Health.GOOD, f"kept in {folder}")
    return Finding("Data", Health.BAD, f"{folder} cannot be written; set BAURUF_DATA_DIR to another folder")


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    kind = "embedded" if settings.database_url is None else "BAURUF_DATABASE_URL"
    try:
        url = await asyncio.to_thread(database_url, settings)
        await asyncio.to_thread(migrate, url)
        database = Database(url, pool_size=1)
        async with database.read() as conn:
            backlog = await read_backlog(conn)
            workers = await workers_alive(conn)
        await database.close()
    except (ServerError, SQLAlchemyError, psycopg.Error) as error:
        yield Finding("PostgreSQL", Health.BAD, f"{kind}: cannot be used ({error})")
        return
    waits = ", ".join(f"{count} {where}" for where, count in backlog.items() if count) or "nothing waits"
    yield Finding("PostgreSQL", Health.GOOD, f"{kind}, schema up to date; {waits}")
    if workers:
        yield Finding("Workers", Health.GOOD, f"{workers} at work")
    else:
        yield Finding("Workers", Health.OFF, "none at work now; `bauruf serve` or `bauruf worker` starts one")


def _pages() -> Finding:
    if (BUILT / "console" / "index.html").is_file():
        return Finding("Console", Health.GOOD, "built")
    return Finding("Console", Health.BAD, "not built; run: make install")


async def _linear(settings: Settings) -> Finding:
    try:
        model = await asyncio.to_thread(
            load_or_train, project_of(settings), settings.models_dir, lambda _: None
        )
    except (UnderstandingError, OSError) as error:
        return Finding("Linear engine", Health.BAD, str(error))
    return Finding("Linear engine", Health.GOOD, f"model {model.version}")


async def _rasa(settings: Settings, http: httpx.AsyncClient) -> Finding:
    if settings.nlu_engine != "rasa":
        return Finding("Rasa", Health.OFF, "not used; BAURUF_NLU_ENGINE=rasa turns it on")
    try:
        model = await rasa_server(settings, http).model()
        async with opened(settings) as database, database.read() as conn:
            head = await model_versions.head(conn)
        if head is not None:
            check(model, head[2])
    except EngineUnavailable as error:
        return Finding("Rasa", Health.BAD, f"{settings.rasa_url}: {error} The linear engine answers.")
    except (ServerError, SQLAlchemyError, psycopg.Error):
        return Finding("Rasa", Health.BAD, f"serves {model}; what is promoted, the database cannot say")
    return Finding("Rasa", Health.GOOD, f"{settings.rasa_url} serves {model}")


async def _telegram(settings: Settings, http: httpx.AsyncClient) -> Finding:
    if settings.telegram_token is None:
        return Finding("Telegram", Health.OFF, "not connected; BAURUF_TELEGRAM_TOKEN connects it")
    token = settings.telegram_token.get_secret_value()
    try:
        answer = await http.get(f"{settings.telegram_api_url}/bot{token}/getMe")
        body = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        return Finding(
            "Telegram", Health.BAD, f"{settings.telegram_api_url}: no answer ({type(error).__name__})"
        )
    if not body.get("ok"):
        return Finding("Telegram", Health.BAD, "the token is not valid; get one from @BotFather")
    how = "webhook" if settings.public_url else "polling"
    return Finding("Telegram", Health.GOOD, f"@{body['result'].get('username')}, by {how}")


async def _whatsapp(settings: Settings, http: httpx.AsyncClient) -> Finding:
    sid, token = settings.twilio_account_sid, settings.twilio_auth_token
    if sid is None or token is None:
        return Finding(
            "WhatsApp",
            Health.OFF,
            "not connected; BAURUF_TWILIO_ACCOUNT_SID, BAURUF_TWILIO_AUTH_TOKEN and BAURUF_WHATSAPP_FROM",
        )
    try:
        answer = await http.get(
            f"{settings.twilio_api_url}/2010-04-01/Accounts/{sid}.json", auth=(sid, token.get_secret_value())
        )
    except httpx.HTTPError as error:
        return Finding(
            "WhatsApp", Health.BAD, f"{settings.twilio_api_url}: no answer ({type(error).__name__})"
        )
    if answer.status_code == 401:
        return Finding("WhatsApp", Health.BAD, "Twilio refuses the account SID or the auth token")
    if answer.status_code >= 400:
        return Finding("WhatsApp", Health.BAD, f"Twilio answers {answer.status_code}")
    if settings.public_url is None:
        return Finding("WhatsApp", Health.BAD, "Twilio needs BAURUF_PUBLIC_URL to reach us")
    return Finding("WhatsApp", Health.GOOD, f"{settings.whatsapp_from} over Twilio")


async def _mail(settings: Settings) -> Finding:
    mail = connect_mail(settings)
    if mail is None:
        return Finding(
            "Mail",
            Health.OFF,
            "not set; BAURUF_SMTP_URL and BAURUF_SMTP_FROM send codes, and wake the team in an emergency",
        )
    try:
        await mail.greet()
    except MailError as error:
        return Finding("Mail", Health.BAD, f"{error}; see BAURUF_SMTP_URL")
    return Finding("Mail", Health.GOOD, f"from {settings.smtp_from}")


def _public_url(settings: Settings) -> Finding:
    if settings.public_url is None:
        return Finding("Public address", Health.OFF, "not set; only WhatsApp needs BAURUF_PUBLIC_URL")
    if not settings.public_url.startswith("https://"):
        return Finding("Public address", Health.BAD, f"{settings.public_url}: providers call https only")
    return Finding("Public address", Health.GOOD, settings.public_url)

"""Everything one process is made of, put together in one place and in one order.

Nothing is wired at import time. `serve` and `worker` build the same system; what differs is whether
it works (`work`) and whether HTTP is put in front of it (`webhooks.app`).
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import structlog

from bot.accounts.crm_live import LiveDirectory
from bot.accounts.phones import spell
from bot.answers.catalogue import Catalogue, read_catalogue
from bot.code_mail import SEND_CODE, CodeMail
from bot.draft import Drafts
from bot.drain import Drain
from bot.intents import Intents
from bot.jobs import Jobs
from bot.mail import Mail, read_smtp_url
from bot.media_fetch import MediaFetch
from bot.model import Model
from bot.naming import Naming
from bot.notices import Notices
from bot.opening import OpeningHours
from bot.outbox import Outbox
from bot.policy import LivePolicy
from bot.proving import Proving
from bot.record import Record
from bot.replay import Replay
from bot.reviewing import Reviewing
from bot.rewording import Rewording
from bot.settings import Settings
from bot.staging import Stage
from bot.storage.accounts import LocalDirectory
from bot.storage.database import Database
from bot.sweep import Sweep
from bot.talk import Talk
from bot.teaching import Teaching
from bot.trainer import JOB, Trainer
from bot.turn import Turns
from handoff.agents import Agents
from handoff.alarm import ALARM, Alarm
from handoff.files import Files
from handoff.gate import Gate
from handoff.live import Live
from handoff.passwords import Passwords
from handoff.queue.cards import Cards
from handoff.reception import DEADLINE, Reception
from handoff.replies import Replies
from handoff.samples import SAMPLES
from handoff.sessions import Sessions
from handoff.takeover import Takeover
from handoff.voice import Voice
from handoff.vouching import Vouching
from nlu.fallback import FallbackUnderstander
from nlu.linear import LinearUnderstander
from nlu.live import LiveUnderstander
from nlu.understanding import Understander
from webhooks.channels import Channels, connect_channels
from webhooks.crms import Crms, connect_crms
from webhooks.engine import engine_on, project_of, promoted_model
from webhooks.intake import Intake
from webhooks.parsers import PARSERS
from webhooks.telegram.polling import TelegramPolling
from webhooks.telegram.webhook import leave_webhook, register_webhook

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]

_TRAIN = (sys.executable, "-m", "webhooks", "nlu", "train")


def utc_now() -> datetime:
    """The time now, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class System:
    """The parts that the HTTP side and the command line use."""

    settings: Settings
    demo: bool
    clock: Clock
    database: Database
    jobs: Jobs
    channels: Channels
    catalogue: Catalogue
    policy: LivePolicy
    notices: Notices
    intake: Intake
    turns: Turns
    replay: Replay
    model: Model
    trainer: Trainer
    teaching: Teaching
    intents: Intents
    naming: Naming
    reviewing: Reviewing
    gate: Gate
    outbox: Outbox
    sweep: Sweep
    polling: TelegramPolling | None
    crms: Crms
    directory: LocalDirectory
    cards: Cards
    live: Live
    engine: Understander
    sessions: Sessions
    agents: Agents
    reception: Reception
    takeover: Takeover
    replies: Replies
    vouching: Vouching
    files: Files
    http: httpx.AsyncClient

    @asynccontextmanager
    async def running(self, *, work: bool, serve: bool = True) -> AsyncIterator[None]:
        """Run what runs by itself until the block is left.

        With `work`: turns, sends, timers and polling; with `serve`: what the HTTP side needs.
        """
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.database.close)
            stack.push_async_callback(self.http.aclose)
            stack.push_async_callback(self.channels.close)
            await self.jobs.open()
            stack.push_async_callback(self.jobs.close)
            parts: dict[str, Coroutine[Any, Any, None]] = {
                "model": self.model.follow(),
                "names": self.directory.read_names(self.database),
            }
            if (work or serve) and isinstance(self.engine, FallbackUnderstander):
                parts["rasa"] = self.engine.follow()
            if serve:
                parts |= {"live": self.live.run(), "webhook": self._be_called_by_telegram()}
            if work:
                parts |= {
                    "jobs": self.jobs.work(),
                    "sweep": self.sweep.run(),
                    "polling": self._poll_telegram(),
                    **self.crms.parts(),
                }
            tasks = [asyncio.create_task(part, name=name) for name, part in parts.items()]
            for task in tasks:
                task.add_done_callback(_report_end)
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _be_called_by_telegram(self) -> None:
        if self.channels.bot is not None and self.polling is None:
            await register_webhook(self.channels.bot, self.settings, self.notices)

    async def _poll_telegram(self) -> None:
        if self.channels.bot is not None and self.polling is not None:
            await leave_webhook(self.channels.bot, self.notices)
            await self.polling.run()


def _report_end(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("a part of the process has ended", part=task.get_name(), exc_info=task.exception())


def connect_mail(settings: Settings) -> Mail | None:
    """The mail server of the settings, if there is one. Calls nobody yet."""
    if settings.smtp_url is None or settings.smtp_from is None:
        return None
    return Mail(read_smtp_url(settings.smtp_url.get_secret_value()), settings.smtp_from)


def build_system(
    settings: Settings,
    url: str,
    *,
    demo: bool = False,
    clock: Clock = utc_now,
    understander: Understander | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> System:
    """Put a system together on the database at `url`. Calls nobody yet.

    Without an `understander` the promoted model answers; one is trained when there is none yet
    (`progress` is told). Raises CorpusError,
    CatalogueError, and ValueError for opening hours that cannot be read.
    """
    hours = OpeningHours.parse(settings.opening_hours, settings.zone)
    database = Database(url)
    jobs = Jobs(url)
    notices = Notices(database)
    http = httpx.AsyncClient()
    channels = connect_channels(settings, demo=demo, clock=clock)
    catalogue = read_catalogue(settings.address)
    crms = connect_crms(settings, database, jobs, notices, http, clock)
    directory = LiveDirectory(clock, crms.live)
    live = None
    if understander is None or isinstance(understander, LinearUnderstander):
        live = (
            promoted_model(settings, url, progress)
            if understander is None
            else LiveUnderstander(understander)
        )
        engine = engine_on(live, settings, http, notices)
    else:
        engine = understander
    voice = Voice(channels.by_name, catalogue, jobs)
    phone = spell(settings.emergency_phone)
    reception = Reception(database, voice, jobs, hours, phone, crms.write_back, clock)
    outbox = Outbox(database, channels.by_name, jobs, notices, settings.media_dir, clock)
    record = Record(database, Drafts(channels.by_name, catalogue, settings), jobs, reception, settings)
    mail = connect_mail(settings)
    windows = {name: channel.limits.window for name, channel in channels.by_name.items()}
    cards = Cards(windows)
    proving = Proving(directory, windows, mails=mail is not None)

    def talk_of(answers: Catalogue) -> Talk:
        return Talk(answers, directory, proving, settings, hours)

    talk = talk_of(catalogue)
    codes = CodeMail(database, mail, catalogue, jobs, notices, settings, clock)
    policy = LivePolicy(live.weigh if live is not None else lambda _: None)
    turns = Turns(database, engine, directory, catalogue, talk, record, jobs, channels.by_name, policy, clock)
    fetch = MediaFetch(database, channels.by_name, jobs, settings.media_dir, settings.media_bytes, clock)
    replay = Replay(database, talk, policy, clock)
    promise = SAMPLES["promise"]
    rewording = Rewording(database, policy, talk_of, promise, settings.emergency_phone, clock)
    model = Model(database, live, settings.models_dir, notices)
    stage = Stage(database, model, rasa=settings.nlu_engine == "rasa")
    teaching = Teaching(database, project_of(settings), clock)
    trainer = Trainer(database, jobs, _TRAIN, settings, clock)
    jobs.register(
        {
            "drain": Drain(turns, outbox),
            "fetch_media": fetch,
            ALARM: Alarm(database, mail, cards, jobs, settings, clock).ring,
            DEADLINE: reception.check,
            JOB: trainer,
            SEND_CODE: codes.send,
            **crms.handlers,
        }
    )
    intake = Intake(database, jobs, PARSERS)
    polls = channels.bot is not None and settings.public_url is None
    passwords = Passwords()
    files = Files(settings.media_dir, settings.media_bytes)
    return System(
        settings=settings,
        demo=demo,
        clock=clock,
        database=database,
        jobs=jobs,
        channels=channels,
        catalogue=catalogue,
        policy=policy,
        notices=notices,
        intake=intake,
        turns=turns,
        replay=replay,
        model=model,
        trainer=trainer,
        teaching=teaching,
        intents=Intents(database, teaching, clock),
        naming=Naming(database, teaching, clock),
        reviewing=Reviewing(database, teaching, model, clock),
        gate=Gate(database, replay, rewording, model, catalogue, engine, stage),
        outbox=outbox,
        sweep=Sweep(database, jobs, timedelta(days=settings.keep_raw_days), clock),
        polling=TelegramPolling(channels.bot, intake, notices, database, clock)
        if polls and channels.bot
        else None,
        crms=crms,
        directory=directory,
        cards=cards,
        live=Live(database, cards),
        engine=engine,
        sessions=Sessions(database, passwords, clock),
        agents=Agents(database, passwords),
        reception=reception,
        takeover=Takeover(database, voice, clock),
        replies=Replies(database, voice, files, settings.media_dir, settings.whatsapp_templates, clock),
        vouching=Vouching(database, settings.telegram_bot, clock),
        files=files,
        http=http,
    )

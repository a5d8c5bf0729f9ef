"""Everything about the CRMs that are configured, and about the folder of CSV files, put together."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from bot.accounts.crm import CrmSource
from bot.accounts.crm_live import CrmLive
from bot.accounts.drop_folder import DropFolder
from bot.accounts.hubspot import HubSpot
from bot.accounts.hubspot_api import HubSpotApi
from bot.accounts.salesforce import Salesforce
from bot.accounts.salesforce_api import SalesforceApi
from bot.accounts.sync import NOTIFIED, Sync
from bot.accounts.write_back import PUSH, WriteBack
from bot.jobs import Handler, Jobs
from bot.notices import Notices
from bot.settings import Settings
from bot.storage.database import Database


@dataclass(frozen=True)
class Crms:
    """What works with CRMs: copying, asking live, writing back; and the drop folder, if there is one."""

    sync: Sync
    live: CrmLive
    write_back: WriteBack
    drop: DropFolder | None

    @property
    def handlers(self) -> dict[str, Handler]:
        """The jobs that belong to it."""
        return {NOTIFIED: self.sync.notified, PUSH: self.write_back.push}

    def parts(self) -> dict[str, Coroutine[Any, Any, None]]:
        """What a working process runs by itself."""
        running = {"crm sync": self.sync.run(), "crm write-back": self.write_back.run()}
        if self.drop is not None:
            running["drop folder"] = self.drop.run()
        return running


def connect_crms(
    settings: Settings,
    database: Database,
    jobs: Jobs,
    notices: Notices,
    http: httpx.AsyncClient,
    clock: Callable[[], datetime],
) -> Crms:
    """Put together what the settings ask for. Calls nobody yet."""
    sources = connect_sources(settings, http, clock)
    sync = Sync(database, sources, notices, clock, settings.zone)
    folder = settings.accounts_drop_dir
    return Crms(
        sync,
        CrmLive(database, sync, notices, clock),
        WriteBack(database, sources, jobs, notices, clock, settings.zone, settings.public_url),
        DropFolder(database, notices, folder, clock, settings.zone) if folder is not None else None,
    )


def connect_sources(
    settings: Settings, http: httpx.AsyncClient, clock: Callable[[], datetime]
) -> Mapping[str, CrmSource]:
    """Make the CRMs the settings ask for, by name. Calls nobody yet."""
    found: list[CrmSource] = []
    if settings.hubspot_token is not None:
        token = settings.hubspot_token.get_secret_value()
        found.append(HubSpot(HubSpotApi(http, settings.hubspot_api_url, token), clock))
    url, client, secret = (
        settings.salesforce_url,
        settings.salesforce_client_id,
        settings.salesforce_client_secret,
    )
    if url is not None and client is not None and secret is not None:
        api = SalesforceApi(http, url, client, secret.get_secret_value())
        found.append(Salesforce(api, url, clock))
    return {crm.name: crm for crm in found}

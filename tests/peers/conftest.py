"""The lines to try: each provider's fake, a proxy that fails as told, and a whole Bauruf at the other end."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from nlu.linear import LinearUnderstander
from tests.drill.serving import address, listen
from tests.house import House, eventually, open_house
from tests.peers.fakes import (
    TELEGRAM_TOKEN,
    TWILIO_NUMBER,
    TWILIO_SID,
    TWILIO_TOKEN,
    Installer,
    TelegramInstaller,
    WhatsAppInstaller,
    telegram_fake,
    twilio_fake,
)
from tests.peers.fault_proxy import FaultProxy, fault_proxy


@dataclass(frozen=True)
class Connection:
    """An installer, the line their answers go over, the call that sends one, and the house that answers."""

    installer: Installer
    line: FaultProxy
    send: str
    house: House


@pytest.fixture(scope="session")
def peers(shared: Path) -> Path:
    """Where the fakes are installed."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "bauruf" / "peers"
    if not (folder / "node_modules/node/bin/node").exists():
        pytest.skip(f"needs the fake providers in {folder}: run .ci/run, or follow ../shared/peers/README.md")
    return folder


class Lines:
    """Opens connections; what is opened stays open until the test ends."""

    def __init__(
        self,
        stack: AsyncExitStack,
        peers: Path,
        shared: Path,
        folder: Path,
        database_url: str,
        engine: LinearUnderstander,
    ) -> None:
        self._stack, self._peers, self._shared, self._folder = stack, peers, shared, folder
        self._database_url, self._engine = database_url, engine

    async def whatsapp(self) -> Connection:
        """Twilio calls us, and we call Twilio over the line."""
        listening = listen()
        public = address(listening)
        sms_url = f"{public}/webhooks/whatsapp?tenant=a%20b&x=1"
        fake = await self._stack.enter_async_context(twilio_fake(self._peers, self._folder, sms_url))
        line = await self._stack.enter_async_context(fault_proxy(str(fake.base_url)))
        house = await self._house(
            listening,
            public_url=public,
            twilio_api_url=line.url,
            twilio_account_sid=TWILIO_SID,
            twilio_auth_token=SecretStr(TWILIO_TOKEN),
            whatsapp_from=TWILIO_NUMBER,
        )
        return Connection(WhatsAppInstaller(fake), line, "/Messages.json", house)

    async def telegram(self, *, webhook: bool) -> Connection:
        """Telegram calls us, or we ask it, over the line."""
        listening = listen()
        fake = await self._stack.enter_async_context(telegram_fake(self._peers, self._shared))
        line = await self._stack.enter_async_context(fault_proxy(str(fake.base_url)))
        house = await self._house(
            listening,
            public_url=address(listening) if webhook else None,
            telegram_api_url=line.url,
            telegram_token=SecretStr(TELEGRAM_TOKEN),
        )
        if webhook:
            # Unlike Telegram, its fake brings nothing later that came before it knew our address.
            await eventually(lambda: _knows_our_address(line))
        return Connection(TelegramInstaller(fake, 7001), line, "/sendMessage", house)

    async def _house(self, listening: Any, **settings: Any) -> House:
        configured = Settings(
            _env_file=None, data_dir=self._folder, database_url=self._database_url, **settings
        )
        opened = open_house(configured, self._engine, listening, demo=True)
        return await self._stack.enter_async_context(opened)


async def _knows_our_address(line: FaultProxy) -> bool:
    return any(path.endswith("/setWebhook") for path in line.answered)


@pytest.fixture
async def lines(
    peers: Path, shared: Path, tmp_path: Path, database_url: str, engine: LinearUnderstander
) -> AsyncIterator[Lines]:
    async with AsyncExitStack() as stack:
        yield Lines(stack, peers, shared, tmp_path, database_url, engine)

"""A server connected to both providers, which are one small server of the test's own."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from nlu.linear import LinearUnderstander
from tests.drill.serving import listen
from tests.house import House, open_house
from tests.replay.callers import PUBLIC, SECRET, TWILIO_SID, TWILIO_TOKEN
from tests.replay.providers import Providers
from tests.webhooks.provider import serving


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that knows no name but its own: collected calls name files on real hosts."""
    resolve = socket.getaddrinfo

    def known(host: Any, *rest: Any, **more: Any) -> Any:
        if host not in ("127.0.0.1", "localhost", None):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", known)


@pytest.fixture
def providers() -> Iterator[Providers]:
    with serving() as provider:
        yield Providers(provider)


@pytest.fixture
async def house(
    offline: None, database_url: str, tmp_path: Path, engine: LinearUnderstander, providers: Providers
) -> AsyncIterator[House]:
    settings = Settings(
        _env_file=None,
        data_dir=tmp_path,
        database_url=database_url,
        public_url=PUBLIC,
        telegram_token=SecretStr("123456:replay"),
        telegram_secret=SecretStr(SECRET),
        telegram_api_url=providers.url,
        twilio_account_sid=TWILIO_SID,
        twilio_auth_token=SecretStr(TWILIO_TOKEN),
        twilio_api_url=providers.url,
        whatsapp_from="+493023125100",
    )
    async with open_house(settings, engine, listen()) as house:
        yield house

"""Servers connected to both providers, which are one small server of the test's own."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from nlu.linear import LinearUnderstander
from tests.conftest import new_database
from tests.drill.serving import listen
from tests.house import House, open_house
from tests.replay.callers import PUBLIC, SECRET, TWILIO_SID, TWILIO_TOKEN
from tests.replay.providers import Providers
from tests.replay.town import Town
from tests.webhooks.provider import serving


@pytest.fixture(scope="module", autouse=True)
def offline() -> Iterator[None]:
    """A machine that knows no name but its own: collected calls name files on real hosts."""
    resolve = socket.getaddrinfo

    def known(host: Any, *rest: Any, **more: Any) -> Any:
        if host not in ("127.0.0.1", "localhost", None):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve(host, *rest, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", known)
        yield


def connected(
    database_url: str, folder: Path, engine: LinearUnderstander, providers: Providers
) -> AbstractAsyncContextManager[House]:
    """A house with WhatsApp and a Telegram webhook."""
    settings = Settings(
        _env_file=None,
        data_dir=folder,
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
    return open_house(settings, engine, listen())


@pytest.fixture
def providers() -> Iterator[Providers]:
    with serving() as provider:
        yield Providers(provider)


@pytest.fixture
async def house(
    database_url: str, tmp_path: Path, engine: LinearUnderstander, providers: Providers
) -> AsyncIterator[House]:
    """A house of the test's own."""
    async with connected(database_url, tmp_path, engine, providers) as house:
        yield house


@pytest.fixture(scope="module")
async def town(
    server_url: str,
    template_url: str,
    tmp_path_factory: pytest.TempPathFactory,
    engine: LinearUnderstander,
) -> AsyncIterator[Town]:
    """One house for the tests of a module."""
    folder = tmp_path_factory.mktemp("town")
    with new_database(server_url) as url, serving() as provider:
        providers = Providers(provider)
        async with connected(url, folder, engine, providers) as house:
            yield Town(house, url, providers, await house.seat("David Sommer"))

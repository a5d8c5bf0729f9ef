from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import Clock
from tests.office import Office, open_office
from webhooks.demo import prepare_demo
from webhooks.system import utc_now


@pytest.fixture
async def office(database_url: str, tmp_path: Path, clock: Clock) -> AsyncIterator[Office]:
    """The demo, without anybody who works."""
    async with open_office(database_url, tmp_path, clock, before=prepare_demo) as office:
        yield office


@pytest.fixture
async def working(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    """The demo at work, by the real time."""
    async with open_office(database_url, tmp_path, utc_now, work=True, before=prepare_demo) as office:
        yield office

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import Clock
from tests.office import Office, Seat, open_office
from tests.project import write_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A corpus small enough to be trained in a test."""
    return write_project(tmp_path / "project")


@pytest.fixture
async def office(database_url: str, tmp_path: Path, clock: Clock, project: Path) -> AsyncIterator[Office]:
    async with open_office(database_url, tmp_path, clock, nlu_project=project) as office:
        yield office


@pytest.fixture
async def chief(office: Office) -> Seat:
    return await office.seat("Chefin", "admin")

"""A stage for each story, on a database of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from nlu.linear import LinearUnderstander
from tests.conftest import Clock
from tests.post import Post, open_post
from tests.stories.stage import Stage, open_stage
from webhooks.app import create_app


@pytest.fixture
async def stage(
    database_url: str, tmp_path: Path, engine: LinearUnderstander, clock: Clock
) -> AsyncIterator[Stage]:
    settings = Settings(_env_file=None, database_url=database_url, data_dir=tmp_path)
    app = create_app(settings, work=False, demo=True, clock=clock, understander=engine)
    async with open_stage(app, clock) as stage:
        yield stage


@pytest.fixture
def post() -> Iterator[Post]:
    with open_post() as post:
        yield post


@pytest.fixture
async def mailing(
    database_url: str, tmp_path: Path, engine: LinearUnderstander, clock: Clock, post: Post
) -> AsyncIterator[Stage]:
    """A stage with a mail server."""
    settings = Settings(
        _env_file=None,
        database_url=database_url,
        data_dir=tmp_path,
        smtp_url=SecretStr(post.url),
        smtp_from="service@nordwind.example",
    )
    app = create_app(settings, work=False, demo=True, clock=clock, understander=engine)
    async with open_stage(app, clock) as stage:
        yield stage

"""Links to files: they say what they stand for, and nobody else can make one."""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Forbidden
from bot.messages import Attachment
from tests.conftest import Clock
from tests.webhooks.conftest import door
from webhooks.media_link import LIFETIME, MediaLinks, routes


@pytest.fixture
def links(tmp_path: Path, clock: Clock) -> MediaLinks:
    return MediaLinks(secret="t", public_url="https://desk.example", media_dir=tmp_path, clock=clock)


def stored(folder: Path) -> Attachment:
    path = folder / "7" / "plan.pdf"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"%PDF")
    return Attachment(7, path, "application/pdf", "Anschlußplan Lüfter.pdf", 4)


def path_of(links: MediaLinks, file: Attachment) -> str:
    url = links.url(file)
    assert url.startswith("https://desk.example/media/")
    return urlsplit(url).path


async def test_a_link_hands_out_the_file_with_its_type_and_name(links: MediaLinks, tmp_path: Path) -> None:
    path = path_of(links, stored(tmp_path))

    async with door(routes(links)) as client:
        got, head = await client.get(path), await client.head(path)

    assert (got.status_code, got.content) == (200, b"%PDF")
    assert (head.status_code, head.content) == (200, b"")
    for response in (got, head):
        assert response.headers["content-type"] == "application/pdf"
        assert response.headers["content-length"] == "4"
        assert response.headers["content-disposition"].startswith(
            "inline; filename*=utf-8''Anschlu%C3%9Fplan"
        )
        assert "sandbox" in response.headers["content-security-policy"]


async def test_a_link_expires(links: MediaLinks, tmp_path: Path, clock: Clock) -> None:
    path = path_of(links, stored(tmp_path))

    async with door(routes(links)) as client:
        clock.now += LIFETIME
        assert (await client.get(path)).status_code == 200
        clock.forward(seconds=1)
        assert (await client.get(path)).status_code == 403


async def test_a_deleted_file_is_not_found(links: MediaLinks, tmp_path: Path) -> None:
    file = stored(tmp_path)
    path = path_of(links, file)
    file.path.unlink()

    async with door(routes(links)) as client:
        assert (await client.get(path)).status_code == 404


async def test_another_token_makes_other_links(links: MediaLinks, tmp_path: Path, clock: Clock) -> None:
    other = MediaLinks(secret="u", public_url="https://desk.example", media_dir=tmp_path, clock=clock)

    async with door(routes(links)) as client:
        assert (await client.get(path_of(other, stored(tmp_path)))).status_code == 403


def test_a_changed_link_is_refused(links: MediaLinks, tmp_path: Path) -> None:
    head, _, tail = path_of(links, stored(tmp_path)).removeprefix("/media/").partition(".")
    other = (
        base64.urlsafe_b64encode(b'[99999999999,"../../etc/passwd","text/plain","x"]').rstrip(b"=").decode()
    )

    for token in (f"{other}.{tail}", f"{head}.{tail[:-2]}", head, f".{tail}", f"{head}.", ""):
        with pytest.raises(Forbidden):
            links.open(token)


@given(st.text(max_size=200))
def test_no_other_text_opens_anything(token: str) -> None:
    links = MediaLinks(secret="t", public_url="https://desk.example", media_dir=Path("/"), clock=Clock())

    with pytest.raises(Forbidden):
        links.open(token)


def test_only_files_of_the_media_directory_get_a_link(links: MediaLinks, tmp_path: Path) -> None:
    outside = Attachment(1, tmp_path.parent / "other.pdf", "application/pdf", "other.pdf", 1)

    with pytest.raises(ValueError, match="other"):
        links.url(outside)

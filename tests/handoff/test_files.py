"""What people upload: told by its bytes, stored under a name nobody can guess."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from bot.errors import BadInput, TooLarge
from bot.messages import Kind
from handoff.files import Files, Upload


def word() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", "<x/>")
    return file.getvalue()


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 30
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"
MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41"
OGG = b"OggS\x00\x02" + b"\x00" * 22 + b"\x01\x1eOpusHead" + b"\x00" * 20

TAKEN = [
    ("a.png", None, PNG, "image/png", Kind.IMAGE),
    ("A.JPG", None, b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 30, "image/jpeg", Kind.IMAGE),
    ("a.webp", None, b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp", Kind.IMAGE),
    ("a.heic", None, b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "image/heic", Kind.DOCUMENT),
    ("a.pdf", "text/html", b"%PDF-1.4\n%abc\n", "application/pdf", Kind.DOCUMENT),
    (
        "a.docx",
        None,
        word(),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Kind.DOCUMENT,
    ),
    ("voice.webm", "audio/webm;codecs=opus", WEBM, "audio/webm", Kind.VOICE),
    ("film.webm", "video/webm", WEBM, "video/webm", Kind.VIDEO),
    ("voice.mp4", "audio/mp4", MP4, "audio/mp4", Kind.AUDIO),
    ("film.mp4", None, MP4, "video/mp4", Kind.VIDEO),
    ("voice.ogg", None, OGG, "audio/ogg", Kind.VOICE),
    ("blob", "image/png", PNG, "image/png", Kind.IMAGE),
    ("liste.csv", None, "Größe;1\n".encode("cp1252"), "text/csv", Kind.DOCUMENT),
    ("plan.dwg", None, b"AC1032\x00\x00\x00\x00", "image/vnd.dwg", Kind.DOCUMENT),
]


def left_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("name", "claimed", "content", "mime", "kind"), TAKEN)
async def test_taken(
    tmp_path: Path, name: str, claimed: str | None, content: bytes, mime: str, kind: Kind
) -> None:
    (file,) = await Files(tmp_path, 1000).keep([Upload(io.BytesIO(content), name, claimed)])
    assert (file.mime, file.kind, file.filename, file.size) == (mime, kind, name, len(content))
    assert (tmp_path / file.path).read_bytes() == content
    assert len(Path(file.path).stem) == 32, "nobody can guess it"


@pytest.mark.parametrize(
    ("name", "claimed", "content"),
    [
        ("a.html", "text/html", b"<html>"),
        ("a.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'>"),
        ("a.exe", None, b"MZ\x90\x00" + b"\x00" * 60),
        ("a.png", "image/png", b"<html><script>alert(1)</script>"),
        ("a.pdf", "application/pdf", PNG),
        ("a.txt", "text/plain", b"a\x00b"),
        ("a", None, PNG),
        ("a.png", None, b""),
    ],
)
async def test_refused(tmp_path: Path, name: str, claimed: str | None, content: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        await Files(tmp_path, 1000).keep([Upload(io.BytesIO(content), name, claimed)])
    assert refused.value.detail["file"] == name
    assert left_in(tmp_path) == []


async def test_too_large_leaves_nothing_of_the_whole_lot(tmp_path: Path) -> None:
    files = Files(tmp_path, 100)
    with pytest.raises(TooLarge, match=r"0\.0001 MB"):
        await files.keep([Upload(io.BytesIO(PNG), "a.png"), Upload(io.BytesIO(PNG + b"x" * 100), "b.png")])
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    ("claimed", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\Bilder\\Plan.png", "Plan.png"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"),
        ("x" * 300 + ".png", "x" * 116 + ".png"),
    ],
)
async def test_names_are_only_names(tmp_path: Path, claimed: str, kept: str) -> None:
    (file,) = await Files(tmp_path, 1000).keep([Upload(io.BytesIO(PNG), claimed)])
    assert file.filename == kept

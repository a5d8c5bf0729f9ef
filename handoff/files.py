"""Files that people upload, in the console and in the web chat: checked, stored under a random name.

What a file is says neither its name nor the browser alone: its first bytes must fit its name. Only
kinds of file that the trade sends each other are taken; everything is served as what it was found
to be, never as what it claims.
"""

from __future__ import annotations

import asyncio
import mimetypes
import os
import secrets
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

import puremagic

from bot.errors import BadInput, TooLarge
from bot.messages import Kind
from bot.storage.media import NewFile

_HEAD = 8192  # bytes looked at to tell what a file is
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

# Suffix → type, kind and the suffixes by which its bytes may be recognised.
_TYPES: Mapping[str, tuple[str, Kind, frozenset[str]]] = {
    ".jpg": ("image/jpeg", Kind.IMAGE, frozenset({".jpg"})),
    ".jpeg": ("image/jpeg", Kind.IMAGE, frozenset({".jpg"})),
    ".png": ("image/png", Kind.IMAGE, frozenset({".png"})),
    ".webp": ("image/webp", Kind.IMAGE, frozenset({".webp"})),
    ".gif": ("image/gif", Kind.IMAGE, frozenset({".gif"})),
    ".heic": ("image/heic", Kind.DOCUMENT, frozenset({".heif", ".heic"})),
    ".pdf": ("application/pdf", Kind.DOCUMENT, frozenset({".pdf"})),
    ".docx": (f"{_OFFICE}wordprocessingml.document", Kind.DOCUMENT, frozenset({".docx", ".zip"})),
    ".xlsx": (f"{_OFFICE}spreadsheetml.sheet", Kind.DOCUMENT, frozenset({".xlsx", ".zip"})),
    ".odt": (f"{_OPEN}text", Kind.DOCUMENT, frozenset({".odt", ".zip"})),
    ".ods": (f"{_OPEN}spreadsheet", Kind.DOCUMENT, frozenset({".ods", ".zip"})),
    ".doc": ("application/msword", Kind.DOCUMENT, frozenset({".doc"})),
    ".xls": ("application/vnd.ms-excel", Kind.DOCUMENT, frozenset({".doc"})),
    ".dwg": ("image/vnd.dwg", Kind.DOCUMENT, frozenset({".dwg"})),
    ".zip": ("application/zip", Kind.DOCUMENT, frozenset({".zip"})),
    ".ogg": ("audio/ogg", Kind.VOICE, frozenset({".ogg"})),
    ".oga": ("audio/ogg", Kind.VOICE, frozenset({".ogg"})),
    ".weba": ("audio/webm", Kind.VOICE, frozenset({".webm"})),
    ".m4a": ("audio/mp4", Kind.AUDIO, frozenset({".m4a", ".mp4"})),
    ".mp3": ("audio/mpeg", Kind.AUDIO, frozenset({".mp3"})),
    ".wav": ("audio/wav", Kind.AUDIO, frozenset({".wav"})),
    ".amr": ("audio/amr", Kind.VOICE, frozenset({".amr"})),
    ".mp4": ("video/mp4", Kind.VIDEO, frozenset({".mp4"})),
    ".mov": ("video/quicktime", Kind.VIDEO, frozenset({".mov"})),
    ".webm": ("video/webm", Kind.VIDEO, frozenset({".webm"})),
    ".3gp": ("video/3gpp", Kind.VIDEO, frozenset({".3gp"})),
    ".txt": ("text/plain", Kind.DOCUMENT, frozenset()),
    ".csv": ("text/csv", Kind.DOCUMENT, frozenset()),
    ".dxf": ("image/vnd.dxf", Kind.DOCUMENT, frozenset()),
}
# A recorder names its file as it likes; the browser says that there is no picture in it.
_SOUND_ONLY = {".webm": ".weba", ".mp4": ".m4a"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: its name and type are only claims. `content` is read from its beginning."""

    content: BinaryIO
    filename: str
    mime: str | None = None


class Files:
    """Checks and stores uploads under `folder`, none larger than `max_bytes`."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes

    async def keep(self, uploads: Iterable[Upload]) -> list[NewFile]:
        """Store these uploads, all or none.

        Raises BadInput for an empty file or a kind that is not taken, and TooLarge.
        """
        kept: list[NewFile] = []
        try:
            for upload in uploads:
                kept.append(await asyncio.to_thread(self._keep, upload))
        except BaseException:
            await self.discard(kept)
            raise
        return kept

    async def discard(self, files: Iterable[NewFile]) -> None:
        """Delete stored files that nobody refers to."""
        for file in files:
            await asyncio.to_thread((self._folder / file.path).unlink, missing_ok=True)

    def _keep(self, upload: Upload) -> NewFile:
        filename = _plain_name(upload.filename)
        suffix = _recognised(filename, upload)
        mime, kind, _ = _TYPES[suffix]
        token = secrets.token_hex(16)
        path = f"uploads/{token[:2]}/{token}{suffix}"
        target = self._folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        try:
            with part.open("xb") as file:
                shutil.copyfileobj(_Capped(upload.content, self._max_bytes, filename), file)
                file.flush()
                os.fsync(file.fileno())
                size = file.tell()
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return NewFile(kind, path, mime, filename, size)


class _Capped:
    """Reads at most `limit` bytes and raises TooLarge at the next one."""

    def __init__(self, content: BinaryIO, limit: int, filename: str) -> None:
        self._content, self._left, self._limit, self._filename = content, limit, limit, filename

    def read(self, count: int = -1) -> bytes:
        block = self._content.read(count)
        self._left -= len(block)
        if self._left < 0:
            raise too_large(self._filename, self._limit)
        return block


def too_large(filename: str, limit: int) -> TooLarge:
    """The refusal of a file over `limit` bytes."""
    megabytes = limit / 1_000_000
    return TooLarge(
        "file_too_large", f'"{filename}" is too large; at most {megabytes:g} MB.', limit=limit, file=filename
    )


def _plain_name(filename: str) -> str:
    """The last step of a path, without control characters, at most 120 characters, ending kept."""
    name = PurePath(filename.replace("\\", "/")).name
    name = "".join(c for c in name if c.isprintable()).strip() or "file"
    stem, suffix = os.path.splitext(name)
    return stem[: 120 - len(suffix)] + suffix[:12]


def _recognised(filename: str, upload: Upload) -> str:
    """The suffix under which to store the file. Raises BadInput if we do not take it."""
    claimed = (upload.mime or "").partition(";")[0].strip().lower()
    suffix = PurePath(filename).suffix.lower() or mimetypes.guess_extension(claimed) or ""
    if claimed.startswith("audio/"):
        suffix = _SOUND_ONLY.get(suffix, suffix)
    if suffix not in _TYPES:
        raise BadInput(
            "file_kind",
            f'"{filename}" cannot be sent: expected a picture, document, drawing, audio or video.',
            file=filename,
        )
    upload.content.seek(0)
    head = upload.content.read(_HEAD)
    upload.content.seek(0)
    if not head:
        raise BadInput("empty_file", f'"{filename}" is empty.', file=filename)
    fitting = _TYPES[suffix][2]
    if not (_is_text(head) if not fitting else fitting & _found_in(head)):
        raise BadInput("file_kind", f'"{filename}" is damaged or is no {suffix} file.', file=filename)
    return suffix


def _found_in(head: bytes) -> frozenset[str]:
    try:
        return frozenset(match.extension for match in puremagic.magic_string(head))
    except (puremagic.PureError, ValueError):
        return frozenset()


def _is_text(head: bytes) -> bool:
    """Text has no NUL bytes, whatever its encoding (UTF-8 or a Windows one)."""
    return b"\0" not in head

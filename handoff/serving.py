"""Handing out stored files so that none of them can act in our name."""

from __future__ import annotations

from pathlib import Path

from fastapi.responses import FileResponse

from bot.errors import NotFound
from bot.storage.media import StoredMedia

_INLINE = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
        "audio/ogg",
        "audio/webm",
        "audio/mp4",
        "audio/mpeg",
        "audio/wav",
        "audio/amr",
        "video/mp4",
        "video/webm",
        "video/quicktime",
        "video/3gpp",
        "application/pdf",
    }
)
_A_DAY = 86_400  # seconds


def serve(media_dir: Path, media: StoredMedia | None, *, download: bool = False) -> FileResponse:
    """The answer with one file; parts of it if the browser asks for a range.

    What a browser could run is only ever downloaded. Raises NotFound.
    """
    path = media_dir / media.path if media is not None else None
    if media is None or path is None or not path.is_file() or not _inside(path, media_dir):
        raise NotFound("no_file", "There is no such file.")
    mime = media.mime.partition(";")[0].strip().lower()
    inline = mime in _INLINE and not download
    # A sandboxed document cannot open the browser's PDF viewer; a PDF has no access to our pages anyway.
    sandbox = "" if mime == "application/pdf" else "; sandbox"
    return FileResponse(
        path,
        media_type=mime if mime in _INLINE else "application/octet-stream",
        filename=media.filename,
        content_disposition_type="inline" if inline else "attachment",
        headers={
            "Cache-Control": f"private, max-age={_A_DAY}, immutable",
            "Content-Security-Policy": f"default-src 'none'; style-src 'unsafe-inline'{sandbox}",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())

"""The body of a provider's call."""

from __future__ import annotations

from fastapi import Request

from bot.errors import TooLarge

MOST_BYTES = 256 * 1024
"""A provider's call is a few kilobytes; the largest text Telegram delivers, escaped, stays below 50."""


async def read_body(request: Request, most: int = MOST_BYTES) -> bytes:
    """Read the raw body. Raises TooLarge as soon as it passes `most` bytes, whatever its header said."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise TooLarge("too_large", f"The body is larger than {most} bytes.")
    return bytes(body)

"""Telegram's side of a webhook: it calls until it gets a 2xx, one update per chat at a time.

As in tdlib's Bot API server (WebhookActor.cpp): every chat has a queue of its own, its next update goes
out when the one before has been accepted; up to 40 connections, kept alive; the first repetition
comes at once, later ones after a pause.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

CONNECTIONS = 40
_PAUSE = 0.5  # seconds between two tries, from the second on
_TIMEOUT = 50.0  # seconds; what Telegram waits for an answer


class Door:
    """HTTP/1.1 to one address over connections that are kept alive. Small, because it is a part of what
    is measured: about a tenth of the work a full client has with a call.
    """

    def __init__(self, url: str, headers: Mapping[str, str], connections: int = CONNECTIONS) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._head = (
            f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
            f"Content-Type: application/json\r\n{lines}Content-Length: "
        ).encode()
        self._free = asyncio.Semaphore(connections)
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def post(self, body: bytes) -> tuple[int, bytes]:
        """One call; returns status and body. Raises ConnectionError when no whole answer came."""
        async with self._free:
            reader, writer = await self._connection()
            try:
                writer.write(self._head + b"%d\r\n\r\n" % len(body) + body)
                async with asyncio.timeout(_TIMEOUT):
                    status, content = await _answer(reader)
            except BaseException:
                writer.close()
                raise
            self._idle.append((reader, writer))
            return status, content

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._idle:
            reader, writer = self._idle.pop()
            if not (reader.at_eof() or writer.is_closing()):
                return reader, writer
            writer.close()
        return await asyncio.open_connection(self._host, self._port)

    def close(self) -> None:
        """Close the connections."""
        for _, writer in self._idle:
            writer.close()
        self._idle.clear()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        return int(head.split(b" ", 2)[1]), await reader.readexactly(length)
    except asyncio.IncompleteReadError as error:
        raise ConnectionResetError("the connection ended within an answer") from error


class Telegram:
    """Brings updates to one or several processes of the same bot, in turn."""

    def __init__(self, doors: Sequence[Door]) -> None:
        self._doors = doors
        self._next = 0
        self._chats: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.repeated = 0

    async def deliver(self, chat: int, update: bytes) -> None:
        """Bring one update, after those of the same chat before it; returns when it was accepted."""
        async with self._chats[chat]:
            tries = 0
            while not await self._try(update):
                tries += 1
                self.repeated += 1
                if tries > 1:
                    await asyncio.sleep(_PAUSE)

    async def _try(self, update: bytes) -> bool:
        door = self._doors[self._next % len(self._doors)]
        self._next += 1
        try:
            status, _ = await door.post(update)
        except (ConnectionError, TimeoutError):
            return False
        return 200 <= status < 300

"""A line to a provider that fails as told: a forward proxy between our real client and the fake.

The fakes never misbehave; real providers limit, break, go silent, and take a call without our ever
hearing so. One connection carries one call, so that a fault hits exactly the call it is meant for.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import urlsplit

_CONNECTION = re.compile(rb"\r\nconnection:[^\r]*", re.IGNORECASE)
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Line(Enum):
    """What the line does with a call, beside answering it."""

    GOOD = auto()
    """Nothing: the call goes through."""
    RESET = auto()
    """Breaks before the provider has the call."""
    LOST = auto()
    """Breaks after the provider took the call: we never hear its answer."""
    SILENT = auto()
    """Says nothing after the provider took the call, until our client gives up."""
    HELD = auto()
    """Says nothing after the provider took the call, until the test lets go (`release`)."""


@dataclass(frozen=True)
class Refusal:
    """An answer of the provider's instead of its taking the call. Both find theirs in it."""

    status: int
    retry_after: int | None = None

    @property
    def raw(self) -> bytes:
        """As it goes over the wire: Telegram reads `parameters`, Twilio's clients the header and `code`."""
        words = "Too Many Requests" if self.status == 429 else "Internal Server Error"
        body: dict[str, object] = {
            "ok": False,
            "error_code": self.status,
            "description": words,
            "code": 20429 if self.status == 429 else 20500,
            "message": words,
            "status": self.status,
        }
        head = [f"HTTP/1.1 {self.status} {words}", "Content-Type: application/json", "Connection: close"]
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
            head.append(f"Retry-After: {self.retry_after}")
        content = json.dumps(body).encode()
        return "\r\n".join([*head, f"Content-Length: {len(content)}", "", ""]).encode() + content


Fault = Line | Refusal

LIMITED = Refusal(429, retry_after=1)
BROKEN = Refusal(500)


class FaultProxy:
    """One line. What is not in the script goes through."""

    def __init__(self, upstream: str) -> None:
        self._upstream = urlsplit(upstream)
        self._script: dict[str, deque[Fault]] = defaultdict(deque)
        self._let_go = asyncio.Event()
        self.url = ""
        self.answered: list[str] = []
        """The paths of the calls that have got the provider's answer."""
        self.open = 0
        """How many calls the provider has taken and we have not heard about: SILENT and HELD ones."""

    def script(self, method: str, *faults: Fault) -> None:
        """What happens to the next calls whose path ends with `method`, in this order."""
        self._let_go.clear()
        self._script[method].extend(faults)

    def release(self) -> None:
        """Let go of the answers that are held."""
        self._let_go.set()

    @property
    def unmet(self) -> int:
        """How many faults have not happened yet."""
        return sum(len(faults) for faults in self._script.values())

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one call."""
        try:
            request = await _read_request(reader)
            path = request.split(b" ", 2)[1].decode().partition("?")[0]
            faults = next((f for method, f in self._script.items() if path.endswith(method) and f), None)
            if await self._carry(request, faults.popleft() if faults else Line.GOOD, reader, writer):
                self.answered.append(path)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # our client gave up
        finally:
            writer.close()

    async def _carry(
        self, request: bytes, fault: Fault, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        if isinstance(fault, Refusal):
            writer.write(fault.raw)
            await writer.drain()
            return False
        if fault is Line.RESET:
            _reset(writer)
            return False
        answer = await self._forward(request)
        if fault is Line.LOST:
            _reset(writer)
            return False
        self.open += fault in (Line.SILENT, Line.HELD)
        if fault is Line.SILENT:
            await reader.read()
            self.open -= 1
            return False
        if fault is Line.HELD:
            await self._let_go.wait()
            self.open -= 1
        writer.write(answer)
        await writer.drain()
        return True

    async def _forward(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(self._upstream.hostname, self._upstream.port)
        try:
            writer.write(request)
            await writer.drain()
            return await reader.read()
        finally:
            writer.close()


async def _read_request(reader: asyncio.StreamReader) -> bytes:
    """Head and body of a call, asking for the connection to be closed after it."""
    head = (await reader.readuntil(b"\r\n\r\n"))[:-4]
    length = _LENGTH.search(head)
    body = await reader.readexactly(int(length[1])) if length else b""
    return _CONNECTION.sub(b"", head) + b"\r\nConnection: close\r\n\r\n" + body


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST, as a dying server does."""
    sock: socket.socket = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@asynccontextmanager
async def fault_proxy(upstream: str) -> AsyncIterator[FaultProxy]:
    """A proxy on a free port of this machine, in front of `upstream`."""
    proxy = FaultProxy(upstream)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        proxy.release()
        server.close()

"""The wire to PostgreSQL: everything passes through unchanged, and every statement is noted.

It reads the client's half of PostgreSQL's protocol (its documentation, "Message Formats"), so what it
counts is what the server is asked to do, whichever library asks: BEGIN and COMMIT count as well.
"""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from psycopg.conninfo import conninfo_to_dict


@dataclass
class Wire:
    """`url` leads to the same database, over the wire; `statements` is what was executed, in order."""

    url: str = ""
    statements: list[str] = field(default_factory=list)

    def taken(self) -> list[str]:
        """What was executed since the last look."""
        taken = self.statements.copy()
        self.statements.clear()
        return taken


@asynccontextmanager
async def tapped(url: str) -> AsyncIterator[Wire]:
    """Tap the wire to the database at `url` until the block is left."""
    wire, target = Wire(), conninfo_to_dict(url)
    host, port = str(target["host"]), int(target.get("port") or 5432)

    async def connect(reader: StreamReader, writer: StreamWriter) -> None:
        if host.startswith("/"):
            answers, questions = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        else:
            answers, questions = await asyncio.open_connection(host, port)
        async with asyncio.TaskGroup() as both:
            both.create_task(_read(reader, questions, wire.statements))
            both.create_task(_pass_on(answers, writer))

    server = await asyncio.start_server(connect, "127.0.0.1", 0)
    here = server.sockets[0].getsockname()[1]
    wire.url = (
        f"postgresql://{target['user']}@127.0.0.1:{here}/{target['dbname']}"
        "?sslmode=disable&gssencmode=disable"
    )
    async with server:
        yield wire


async def _read(reader: StreamReader, writer: StreamWriter, statements: list[str]) -> None:
    """Pass the client's messages on, and note what is executed until the client closes."""
    prepared: dict[bytes, str] = {}
    bound = ""
    try:
        start = await reader.readexactly(4)  # the first message has no type
        writer.write(start + await reader.readexactly(int.from_bytes(start) - 4))
        while True:
            head = await reader.readexactly(5)
            body = await reader.readexactly(int.from_bytes(head[1:]) - 4)
            first, _, rest = body.partition(b"\0")
            match head[:1]:
                case b"P":
                    prepared[first] = rest.partition(b"\0")[0].decode()
                case b"B":
                    bound = prepared[rest.partition(b"\0")[0]]
                case b"E":
                    statements.append(bound)
                case b"Q":
                    statements.append(first.decode())
            writer.write(head + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def _pass_on(reader: StreamReader, writer: StreamWriter) -> None:
    try:
        while block := await reader.read(2**16):
            writer.write(block)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()

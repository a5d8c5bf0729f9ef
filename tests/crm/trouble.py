"""What can be wrong with a CRM, and how a fake one is served."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from tests.drill.serving import serving

Answer = Callable[[], Response]


@dataclass
class Trouble:
    """Switched on by tests. `mode` is down, slow, nonsense or empty, or one that a fake words itself
    (limited, expired); `only` restricts it to paths that contain a word, `times` to so many calls.
    """

    mode: str | None = None
    only: str = ""
    times: int | None = None
    calls: list[str] = field(default_factory=list)
    odd: Any = None  # what it answers in the mode of that name, as JSON
    holding: asyncio.Event | None = None  # a write is done, but its answer is held back until this is set
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def make(self, mode: str | None, *, only: str = "", times: int | None = None) -> None:
        """From now on."""
        self.mode, self.only, self.times = mode, only, times

    def end(self) -> None:
        """All is well again."""
        self.mode = None

    def release(self) -> None:
        """Answer whatever still waits."""
        self.released.set()
        if self.holding is not None:
            self.holding.set()

    async def meet(self, request: Request, own: dict[str, Answer]) -> Response | None:
        """The troubled answer to a request; None when it is to be answered properly."""
        self.calls.append(f"{request.method} {request.url.path}")
        if self.mode is None or self.only not in request.url.path:
            return None
        if self.times is not None:
            if self.times == 0:
                return None
            self.times -= 1
        if self.mode in own:
            return own[self.mode]()
        if self.mode == "down":
            return HTMLResponse("<h1>503 Service Unavailable</h1>", status_code=503)
        if self.mode == "slow":
            await self.released.wait()
            return HTMLResponse("too late", status_code=504)
        if self.mode == "odd":
            return JSONResponse(self.odd)
        if self.mode == "empty":
            return Response(status_code=200)
        return HTMLResponse("<html>Scheduled maintenance</html>", status_code=200)


class Fake(Protocol):
    """A fake CRM. `url` is where it is served."""

    url: str
    trouble: Trouble

    def app(self) -> Starlette: ...


AnyFake = TypeVar("AnyFake", bound=Fake)


@asynccontextmanager
async def served(fake: AnyFake) -> AsyncIterator[AnyFake]:
    """A fake on a free port of this machine."""
    async with serving(fake.app()) as fake.url:
        try:
            yield fake
        finally:
            fake.trouble.release()

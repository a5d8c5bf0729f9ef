"""What can be wrong with a CRM, for both fakes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

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
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def make(self, mode: str | None, *, only: str = "", times: int | None = None) -> None:
        """From now on."""
        self.mode, self.only, self.times = mode, only, times

    def end(self) -> None:
        """All is well again."""
        self.mode = None

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

"""What the console's routes are given, and who may call them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Protocol

from fastapi import Depends, Path, Request, Response
from fastapi.routing import APIRoute
from fastapi.security import APIKeyCookie, APIKeyHeader
from pydantic import AfterValidator, Field

from bot.accounts.crm_live import CrmLive
from bot.accounts.write_back import WriteBack
from bot.answers.catalogue import Catalogue
from bot.channel import Channel
from bot.errors import Forbidden, NotSignedIn, TooLarge
from bot.intents import Intents
from bot.model import Model
from bot.naming import Naming
from bot.policy import LivePolicy
from bot.reviewing import Reviewing
from bot.settings import Settings
from bot.storage.database import Database
from bot.teaching import Teaching
from bot.trainer import Trainer
from handoff.agents import Agents
from handoff.gate import Gate
from handoff.live import Live
from handoff.queue.cards import Cards
from handoff.replies import Replies
from handoff.sessions import Session, Sessions
from handoff.takeover import Takeover
from handoff.vouching import Vouching

COOKIE = "bauruf_session"
MOST_BYTES = 64 * 1024  # of a JSON body

_cookie = APIKeyCookie(name=COOKIE, auto_error=False, scheme_name="session")
_csrf = APIKeyHeader(name="X-CSRF-Token", auto_error=False, scheme_name="csrf")


class Connected(Protocol):
    """The channels of this process."""

    @property
    def by_name(self) -> Mapping[str, Channel]:
        """Each under its name."""
        ...


class Quarantine(Protocol):
    """Where provider calls wait that could not be read."""

    async def replay(self, item_id: int) -> str | None:
        """Read one again; None when it worked, else why not. Raises NotFound."""
        ...


class Crms(Protocol):
    """The CRMs: asked while somebody waits, and told what was decided here."""

    @property
    def live(self) -> CrmLive: ...  # noqa: D102
    @property
    def write_back(self) -> WriteBack: ...  # noqa: D102


class Console(Protocol):
    """The parts the console is made of. The composition root has them all."""

    @property
    def settings(self) -> Settings: ...  # noqa: D102
    @property
    def demo(self) -> bool: ...  # noqa: D102
    @property
    def clock(self) -> Callable[[], datetime]: ...  # noqa: D102
    @property
    def database(self) -> Database: ...  # noqa: D102
    @property
    def channels(self) -> Connected: ...  # noqa: D102
    @property
    def catalogue(self) -> Catalogue: ...  # noqa: D102
    @property
    def intake(self) -> Quarantine: ...  # noqa: D102
    @property
    def cards(self) -> Cards: ...  # noqa: D102
    @property
    def live(self) -> Live: ...  # noqa: D102
    @property
    def sessions(self) -> Sessions: ...  # noqa: D102
    @property
    def agents(self) -> Agents: ...  # noqa: D102
    @property
    def crms(self) -> Crms: ...  # noqa: D102
    @property
    def takeover(self) -> Takeover: ...  # noqa: D102
    @property
    def replies(self) -> Replies: ...  # noqa: D102
    @property
    def model(self) -> Model: ...  # noqa: D102
    @property
    def trainer(self) -> Trainer: ...  # noqa: D102
    @property
    def policy(self) -> LivePolicy: ...  # noqa: D102
    @property
    def gate(self) -> Gate: ...  # noqa: D102
    @property
    def teaching(self) -> Teaching: ...  # noqa: D102
    @property
    def intents(self) -> Intents: ...  # noqa: D102
    @property
    def naming(self) -> Naming: ...  # noqa: D102
    @property
    def reviewing(self) -> Reviewing: ...  # noqa: D102
    @property
    def vouching(self) -> Vouching: ...  # noqa: D102


def the_console(request: Request) -> Console:
    """The console these routes belong to; `routes` puts it there."""
    console: Console = request.state.console
    return console


async def signed_in(
    console: Annotated[Console, Depends(the_console)], token: Annotated[str | None, Depends(_cookie)]
) -> Session:
    """The session of the cookie. Raises NotSignedIn."""
    session = await console.sessions.find(token)
    if session is None:
        raise NotSignedIn("not_signed_in", "Please sign in.")
    return session


def changing(
    session: Annotated[Session, Depends(signed_in)], csrf: Annotated[str | None, Depends(_csrf)]
) -> Session:
    """A session that may change something: the request proves that it comes from our page."""
    session.check_csrf(csrf)
    return session


def _admin(session: Session) -> Session:
    if session.agent.role != "admin":
        raise Forbidden("admins_only", "Only admins may do this.")
    return session


def admin_reading(session: Annotated[Session, Depends(signed_in)]) -> Session:
    """An admin's session."""
    return _admin(session)


def admin_changing(session: Annotated[Session, Depends(changing)]) -> Session:
    """An admin's session that may change something."""
    return _admin(session)


TheConsole = Annotated[Console, Depends(the_console)]
SignedIn = Annotated[Session, Depends(signed_in)]
Changing = Annotated[Session, Depends(changing)]
AdminReading = Annotated[Session, Depends(admin_reading)]
AdminChanging = Annotated[Session, Depends(admin_changing)]

Number = Annotated[int, Field(ge=1, le=2**63 - 1)]
"""The number of a row, in a body."""
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]


def _storable(value: str) -> str:
    if "\x00" in value:
        raise ValueError("expected text without NUL characters")
    return value


Words = Annotated[str, AfterValidator(_storable)]
"""Text that can be stored."""


def check_length(request: Request, most: int) -> None:
    """Refuse a body that is too large, or does not say how large it is, before it is read."""
    length = request.headers.get("content-length")
    if length is None and "transfer-encoding" in request.headers:
        raise TooLarge("length_required", "Expected a Content-Length.")
    if length is not None and length.isdecimal() and int(length) > most:
        raise TooLarge("too_large", f"The request is larger than {most} bytes.", limit=most)


class SmallBody(APIRoute):
    """A route that takes only a few kilobytes of JSON."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        """Check the length before FastAPI reads the body."""
        handler = super().get_route_handler()

        async def checked(request: Request) -> Response:
            check_length(request, MOST_BYTES)
            response: Response = await handler(request)
            return response

        return checked

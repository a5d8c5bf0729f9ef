"""Signing in and out, and the demo's logins."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from pydantic import Field

from bot.demo.world import DEMO_AGENTS
from bot.errors import Forbidden, NotFound
from bot.messages import Language
from handoff.console.parts import COOKIE, Changing, Console, SignedIn, SmallBody, TheConsole, Words
from handoff.console.shapes import Role, Shape
from handoff.sessions import LONGEST, Session

router = APIRouter(route_class=SmallBody, tags=["session"])


class Credentials(Shape):
    """What one signs in with."""

    email: Annotated[Words, Field(max_length=255)]
    password: Annotated[str, Field(max_length=200)]


class Preferences(Shape):
    """What agents may choose for themselves."""

    language: Language


class Me(Shape):
    """The agent who is signed in."""

    id: int
    name: str
    email: str
    role: Role
    language: str


class ChannelLimits(Shape):
    """What a channel carries: characters, bytes; null for no limit."""

    text: int
    image_bytes: int | None
    file_bytes: int | None


class SessionView(Shape):
    """What the console needs to know at its start."""

    agent: Me
    csrf: str
    company: str
    demo: bool
    limits: dict[str, ChannelLimits]


class DemoLogin(Shape):
    """A login that is no secret."""

    name: str
    email: str
    password: str
    role: str


class DemoView(Shape):
    """The demo's logins."""

    demo: bool
    logins: list[DemoLogin]


@router.get("/session")
async def read(console: TheConsole, session: SignedIn) -> SessionView:
    """Who is signed in."""
    return _view(console, session)


@router.post("/session")
async def log_in(
    console: TheConsole,
    request: Request,
    response: Response,
    credentials: Credentials,
    sec_fetch_site: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> SessionView:
    """Sign in."""
    if sec_fetch_site not in (None, "same-origin", "none"):
        raise Forbidden("foreign_page", "Another web site tried to sign in here.")
    address = request.client.host if request.client is not None else "unknown"
    login = await console.sessions.log_in(credentials.email, credentials.password, address)
    response.set_cookie(
        COOKIE,
        login.token,
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    response.headers["Cache-Control"] = "no-store"
    return _view(console, login.session)


@router.patch("/session")
async def prefer(console: TheConsole, session: Changing, preferences: Preferences) -> SessionView:
    """Choose one's language."""
    agent = await console.agents.change(
        session.agent.id, actor=f"agent:{session.agent.id}", language=preferences.language
    )
    return _view(console, Session(agent, session.csrf, session.token_hash))


@router.delete("/session", status_code=204)
async def log_out(console: TheConsole, session: Changing, response: Response) -> None:
    """Sign out."""
    await console.sessions.log_out(session)
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")


@router.get("/demo")
async def demo(console: TheConsole) -> DemoView:
    """The demo's logins; nothing here outside a demo."""
    if not console.demo:
        raise NotFound("no_demo", "This is no demo.")
    logins = [
        DemoLogin(name=agent.name, email=agent.email, password=agent.password, role=agent.role)
        for agent in DEMO_AGENTS
    ]
    return DemoView(demo=True, logins=logins)


def _view(console: Console, session: Session) -> SessionView:
    agent = session.agent
    return SessionView(
        agent=Me(id=agent.id, name=agent.name, email=agent.email, role=agent.role, language=agent.language),
        csrf=session.csrf,
        company=console.settings.company,
        demo=console.demo,
        limits={
            name: ChannelLimits(
                text=channel.limits.text,
                image_bytes=channel.limits.image_bytes,
                file_bytes=channel.limits.file_bytes,
            )
            for name, channel in console.channels.by_name.items()
        },
    )

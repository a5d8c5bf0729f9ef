"""The HTTP side, and the composition root: `create_app(settings)`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bot.errors import BaurufError, Throttled
from bot.settings import Settings
from bot.storage.schema import migrate
from bot.storage.server import database_url
from handoff.console import routes as console
from nlu.understanding import Understander
from webhooks import health, hubspot, media_link, rasa_model
from webhooks.pages import add_pages
from webhooks.system import Clock, System, build_system, utc_now
from webhooks.telegram import webhook as telegram
from webhooks.webchat import routes as webchat
from webhooks.whatsapp import routes as whatsapp


def create_app(
    settings: Settings,
    *,
    work: bool = True,
    demo: bool = False,
    clock: Clock = utc_now,
    understander: Understander | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> FastAPI:
    """Start the database if it is ours, bring it up to date, and put everything together.

    With `work`, the process also takes turns and sends; without, other processes must. `demo` adds
    the demo phone and its people. Raises what `database_url`, `migrate` and `build_system` raise.
    """
    url = database_url(settings)
    progress("Bringing the database up to date …")
    migrate(url)
    system = build_system(settings, url, demo=demo, clock=clock, understander=understander, progress=progress)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with system.running(work=work):
            yield

    app = FastAPI(
        title="Bauruf",
        version="0.1.0",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.system = system
    _add_errors(app)
    _add_routes(app, system)
    return app


def _add_routes(app: FastAPI, system: System) -> None:
    settings = system.settings
    app.include_router(health.routes(system.database))
    doors = (
        whatsapp.routes(settings, system.intake, system.outbox, system.notices, system.clock),
        telegram.routes(settings, system.intake, system.clock),
        hubspot.routes(settings, system.database, system.jobs, system.clock),
        rasa_model.routes(settings, system.database),
    )
    for door in doors:
        app.include_router(door, responses=console.ERRORS)
    app.include_router(webchat.routes(system))
    app.include_router(console.routes(system))
    if system.channels.links is not None:
        app.include_router(media_link.routes(system.channels.links))
    add_pages(app, demo=system.demo)


def _add_errors(app: FastAPI) -> None:
    """One shape for every error: {"error": {"code", "message", …}}."""

    @app.exception_handler(BaurufError)
    async def ours(_: Request, error: BaurufError) -> JSONResponse:
        headers = {"Retry-After": str(error.retry_after)} if isinstance(error, Throttled) else None
        body = {"code": error.code, "message": error.message, **error.detail}
        return JSONResponse({"error": body}, status_code=error.status, headers=headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        body = {"code": "bad_input", "message": f"{where}: {first['msg']}", "field": where}
        return JSONResponse({"error": body}, status_code=422)

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> JSONResponse:
        body = {"code": f"http_{error.status_code}", "message": str(error.detail)}
        return JSONResponse({"error": body}, status_code=error.status_code, headers=error.headers)

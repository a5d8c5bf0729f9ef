"""Whether this process lives, can work, and how much it has done."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from bot.storage.backlog import read_backlog
from bot.storage.database import Database

WAITING = Gauge("bauruf_backlog", "What waits, by where", ["where"])


def routes(database: Database) -> APIRouter:
    """Liveness, readiness and metrics. None of them says anything about people."""
    router = APIRouter(tags=["operation"])

    @router.get("/healthz", response_class=PlainTextResponse)
    async def healthz() -> PlainTextResponse:
        """The process answers."""
        return PlainTextResponse("ok")

    @router.get("/readyz", responses={503: {"description": "The database does not answer."}})
    async def readyz() -> Response:
        """The database answers; 503 when it does not."""
        try:
            async with database.read() as conn:
                backlog = await read_backlog(conn)
        except SQLAlchemyError:
            return JSONResponse({"ready": False, "database": "unreachable"}, status_code=503)
        return JSONResponse({"ready": True, **backlog})

    @router.get("/metrics", response_class=PlainTextResponse)
    async def metrics() -> Response:
        """Prometheus text format."""
        try:
            async with database.read() as conn:
                for where, count in (await read_backlog(conn)).items():
                    WAITING.labels(where).set(count)
        except SQLAlchemyError:
            WAITING.clear()
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

    return router

"""All of the console's routes, under /api."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict

from handoff.console import (
    accounts,
    actions,
    admin,
    answers,
    corpus,
    corpus_files,
    families,
    gate,
    inbox,
    reviews,
    session,
    stream,
    training,
    trust,
)
from handoff.console.parts import Console


class ErrorBody(BaseModel):
    """What went wrong: a code for programs, a sentence for people, and details by code."""

    model_config = ConfigDict(extra="allow")

    code: str
    message: str


class ErrorAnswer(BaseModel):
    """Every error looks like this."""

    error: ErrorBody


ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorAnswer} for status in (400, 401, 403, 404, 409, 413, 422, 429, 503)
}


def routes(console: Console) -> APIRouter:
    """The routes of one console."""

    def provide(request: Request) -> None:
        request.state.console = console

    router = APIRouter(prefix="/api", dependencies=[Depends(provide)], responses=ERRORS)
    parts = (
        session,
        inbox,
        accounts,
        actions,
        trust,
        stream,
        admin,
        answers,
        reviews,
        corpus,
        corpus_files,
        families,
        training,
        gate,
    )
    for part in parts:
        router.include_router(part.router)
    router.include_router(actions.uploads)
    router.include_router(corpus_files.uploads)
    router.include_router(families.uploads)
    return router

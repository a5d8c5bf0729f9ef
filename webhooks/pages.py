"""The built web pages, served with a policy under which nothing foreign can run."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from bot.errors import Unavailable

BUILT = Path(__file__).parent.parent / "handoff" / "web" / "dist"
_FRAMED = frozenset({"phone", "chat"})


def _headers(page: str) -> dict[str, str]:
    ancestors = "'self'" if page in _FRAMED else "'none'"
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        "media-src 'self' blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; "
        f"form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-cache",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(self), microphone=(self)",
    }


def add_pages(app: FastAPI, *, demo: bool) -> None:
    """Serve /console/, /chat/ and, in a demo, /phone/; / leads to where a newcomer wants to be."""
    router = APIRouter(include_in_schema=False)

    def page(name: str) -> Response:
        file = BUILT / name / "index.html"
        if not file.is_file():
            raise Unavailable("not_built", "The pages are not built yet. Run: make install")
        return FileResponse(file, headers=_headers(name))

    @router.get("/")
    def home() -> RedirectResponse:
        return RedirectResponse("/phone/" if demo else "/console/")

    @router.get("/console/{path:path}")
    def console(path: str) -> Response:
        return page("console")

    @router.get("/chat/")
    def chat() -> Response:
        return page("chat")

    if demo:

        @router.get("/phone/")
        def phone() -> Response:
            return page("phone")

    app.include_router(router)
    app.mount("/assets", StaticFiles(directory=BUILT / "assets", check_dir=False), name="assets")

"""Where Rasa's servers fetch the promoted model, again and again: what Rasa calls a model server.

Rasa 3.6.21 (rasa/core/agent.py) asks with the token of its endpoints.yml in the query and, as
`If-None-Match`, the ETag it was given last; 304 and 404 leave its model as it is. The file keeps the name
in the header `filename`, and `GET /status` of that server gives it back: that is how we know what it serves.
"""

from __future__ import annotations

import hmac

from fastapi import APIRouter, Request, Response

from bot.errors import Forbidden, NotFound
from bot.settings import Settings
from bot.storage import model_versions
from bot.storage.database import Database

PATH = "/rasa/model"


def routes(settings: Settings, database: Database) -> APIRouter:
    """The door: 403 without our BAURUF_RASA_TOKEN (and to everybody while none is set), 404 when the live
    version has no model for Rasa.
    """
    router = APIRouter(tags=["rasa"])

    @router.get(PATH, response_class=Response)
    async def model(request: Request, token: str = "") -> Response:
        """The live version's model file."""
        secret = settings.rasa_token.get_secret_value() if settings.rasa_token else ""
        if not secret or not hmac.compare_digest(token.encode(), secret.encode()):
            raise Forbidden("bad_token", "Expected ?token= with BAURUF_RASA_TOKEN, which must be set.")
        async with database.read() as conn:
            head = await model_versions.rasa_head(conn)
            if head is None:
                raise NotFound("no_rasa_model", "The version that answers has no model for Rasa.")
            name, sha256 = head
            tag = {"ETag": f'"{name}.{sha256}"'}
            if request.headers.get("if-none-match") == tag["ETag"]:
                return Response(status_code=304, headers=tag)
            file = await model_versions.rasa(conn, name)
        if file is None:
            raise NotFound("no_rasa_model", f"The model of {name} is not kept any more.")
        return Response(file, media_type="application/gzip", headers={**tag, "filename": f"{name}.tar.gz"})

    return router

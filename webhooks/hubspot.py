"""The address HubSpot calls when a record changes. Answered only after the job is written down.

Signature v3: base64 of HMAC-SHA256 over method, address, raw body and timestamp, with the app's client
secret; older than five minutes is refused (HubSpot, "Validating requests"). The call names records, not
what is in them: they are read anew, so a call that comes twice or late does no harm.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

import structlog
from fastapi import APIRouter, Request, Response

from bot.accounts.crm import Notification
from bot.accounts.hubspot_records import KINDS
from bot.accounts.sync import NOTIFIED
from bot.errors import Forbidden
from bot.jobs import Jobs
from bot.settings import Settings
from bot.storage.database import Database
from webhooks.body import read_body
from webhooks.whatsapp.signature import called_url

log = structlog.get_logger(__name__)

PATH = "/webhooks/hubspot"
_OLDEST = timedelta(minutes=5)


def routes(settings: Settings, database: Database, jobs: Jobs, clock: Callable[[], datetime]) -> APIRouter:
    """The door: 413 to an oversized body, 403 to a wrong, missing or old signature (and to everything
    while no secret is configured), 204 once what it named is on its way.
    """
    router = APIRouter(tags=["webhooks"])

    @router.post(PATH, status_code=204)
    async def changed(request: Request) -> Response:
        """Records changed."""
        body = await read_body(request)
        secret = settings.hubspot_webhook_secret
        if secret is None or settings.hubspot_token is None:
            raise Forbidden("not_configured", "HubSpot is not configured.")
        signed = is_signed(
            secret=secret.get_secret_value(),
            method=request.method,
            url=called_url(request, settings.public_url),
            body=body,
            timestamp=request.headers.get("x-hubspot-request-timestamp"),
            signature=request.headers.get("x-hubspot-signature-v3"),
            now=clock(),
        )
        if not signed:
            log.warning("call refused", channel="hubspot", reason="wrong or old signature")
            raise Forbidden(
                "bad_signature",
                "The signature does not fit, or is older than five minutes. If this was HubSpot:"
                " BAURUF_PUBLIC_URL must be the address it calls, and BAURUF_HUBSPOT_WEBHOOK_SECRET the app's"
                " client secret.",
            )
        notified = list(dict.fromkeys(read_notifications(body)))
        if notified:
            async with database.begin() as conn:
                records = [asdict(one) for one in notified]
                await jobs.at(conn, None, NOTIFIED, source="hubspot", records=records)
        return Response(status_code=204)

    return router


def is_signed(
    *,
    secret: str,
    method: str,
    url: str,
    body: bytes,
    timestamp: str | None,
    signature: str | None,
    now: datetime,
) -> bool:
    """Whether a call is HubSpot's and not older than five minutes. `timestamp` is in milliseconds."""
    if signature is None or timestamp is None or not timestamp.isdigit() or len(timestamp) > 15:
        return False
    if abs(now.timestamp() - int(timestamp) / 1000) > _OLDEST.total_seconds():
        return False
    # HubSpot signs the address with its percent-encoding undone.
    message = method.encode() + unquote(url).encode() + body + timestamp.encode()
    expected = base64.b64encode(hmac.new(secret.encode(), message, hashlib.sha256).digest())
    return hmac.compare_digest(expected, signature.encode())


def read_notifications(body: bytes) -> Iterator[Notification]:
    """The records that a call names. What cannot be read is left to the next sync."""
    try:
        events = json.loads(body)
    except ValueError:
        events = None
    if not isinstance(events, list):
        log.warning("call not understood", channel="hubspot", bytes=len(body))
        return
    for event in events:
        if isinstance(event, dict):
            yield from _read(event)


def _read(event: dict[str, Any]) -> Iterator[Notification]:
    head, _, what = str(event.get("subscriptionType", "")).partition(".")
    kind = KINDS.get(str(event.get("objectTypeId")) if head == "object" else head)
    if what == "associationChange":
        # Contact to company or the other way round: the contact is the one that is read with its companies.
        association = str(event.get("associationType", ""))
        contact = "fromObjectId" if association.startswith("CONTACT_TO") else "toObjectId"
        if "CONTACT" in association and "COMPANY" in association and contact in event:
            yield Notification("person", str(event[contact]))
        return
    if kind is None:
        return
    if what == "merge":
        survivor = event.get("newObjectId") or event.get("primaryObjectId")
        if survivor:
            yield Notification(kind, str(survivor))
    elif "objectId" in event:
        gone = {"deletion": "gone", "privacyDeletion": "erased"}.get(what, "changed")
        yield Notification(kind, str(event["objectId"]), gone)  # type: ignore[arg-type]

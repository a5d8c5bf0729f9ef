"""The two addresses Twilio calls. Answered only after what it said is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from fastapi import APIRouter, Request, Response

from bot.channel import Refused, RetryLater
from bot.errors import Forbidden
from bot.notices import Notices
from bot.outbox import Outbox
from bot.settings import Settings
from webhooks.body import read_body
from webhooks.intake import Intake
from webhooks.whatsapp.parsing import CHANNEL, parse, quarantined
from webhooks.whatsapp.signature import called_url, is_signed
from webhooks.whatsapp.status import NotAStatus, parse_status

log = structlog.get_logger(__name__)

MESSAGES = "/webhooks/whatsapp"
STATUS = "/webhooks/whatsapp/status"


def routes(
    settings: Settings, intake: Intake, outbox: Outbox, notices: Notices, clock: Callable[[], datetime]
) -> APIRouter:
    """Messages and status callbacks.

    Both answer 413 to an oversized body, 403 to a wrong or missing signature (and to everything
    while WhatsApp is not configured), and 200 with an empty TwiML document once it is stored.
    """
    router = APIRouter(tags=["webhooks"])

    async def signed_body(request: Request) -> bytes:
        body = await read_body(request)
        token = settings.twilio_auth_token
        if token is None:
            raise Forbidden("not_configured", "WhatsApp is not configured.")
        if not is_signed(
            auth_token=token.get_secret_value(),
            url=called_url(request, settings.public_url),
            body=body,
            signature=request.headers.get("x-twilio-signature"),
        ):
            log.warning("call refused", channel=CHANNEL, reason="wrong signature")
            raise Forbidden(
                "bad_signature",
                "The signature does not fit. If this was Twilio: BAURUF_PUBLIC_URL must be the address it"
                " calls, and BAURUF_TWILIO_AUTH_TOKEN the account's token.",
            )
        return body

    @router.post(MESSAGES)
    async def message(request: Request) -> Response:
        """An installer wrote."""
        body = await signed_body(request)
        await intake.accept(parse(body, clock()))
        return _empty()

    @router.post(STATUS)
    async def status(request: Request) -> Response:
        """How far something we sent has come."""
        body = await signed_body(request)
        try:
            report = parse_status(body)
        except NotAStatus as reason:
            await intake.accept(quarantined(body, str(reason)))
            return _empty()
        error = report.error
        await outbox.report(
            CHANNEL,
            report.provider_id,
            report.state,
            code=error.code if error else None,
            plain=error.plain if error else None,
            retry=isinstance(error, RetryLater),
        )
        if isinstance(error, Refused) and error.operator:
            await notices.show(f"channel:{CHANNEL}", error.plain)
        return _empty()

    return router


def _empty() -> Response:
    return Response("<Response/>", media_type="application/xml")

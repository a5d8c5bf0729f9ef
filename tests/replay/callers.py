"""Calling as the providers do: signed, or with the secret."""

from __future__ import annotations

from urllib.parse import parse_qsl

import httpx
from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from tests.replay.collected import Collected

PUBLIC = "https://desk.example/bauruf"
SECRET = "told-to-telegram-alone"
TWILIO_SID = "AC" + "0" * 32
TWILIO_TOKEN = "told-by-twilio-alone"

_FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


def path_of(call: Collected) -> str:
    """Where the provider brings it."""
    if call.channel == "telegram":
        return "/webhooks/telegram"
    return "/webhooks/whatsapp/status" if call.is_status else "/webhooks/whatsapp"


def proof(call: Collected, *, token: str = TWILIO_TOKEN, secret: str = SECRET) -> dict[str, str]:
    """The header that shows who calls, by default the right one; Twilio signs the address it knows."""
    if call.channel == "telegram":
        return {"X-Telegram-Bot-Api-Secret-Token": secret}
    fields = ImmutableMultiDict(parse_qsl(call.body.decode(), keep_blank_values=True))
    signature = RequestValidator(token).compute_signature(PUBLIC + path_of(call), fields)
    return {**_FORM, "X-Twilio-Signature": signature}


async def bring(client: httpx.AsyncClient, call: Collected) -> int:
    """Bring one call as its provider would; returns the status of the answer."""
    return (await client.post(path_of(call), content=call.body, headers=proof(call))).status_code

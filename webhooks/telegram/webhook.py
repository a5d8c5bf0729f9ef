"""Telegram calls us: the address, its secret, and telling Telegram about both."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, Request, Response
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.errors import Forbidden
from bot.notices import Notices
from bot.settings import Settings
from webhooks.body import read_body
from webhooks.intake import Intake
from webhooks.telegram.errors import BAD_TOKEN
from webhooks.telegram.parsing import ALLOWED_UPDATES, CHANNEL, parse

log = structlog.get_logger(__name__)

PATH = "/webhooks/telegram"
NOTICE = "telegram:door"


def webhook_secret(settings: Settings) -> str | None:
    """What Telegram must send along: the setting, else derived from the token; None without a bot."""
    if settings.telegram_token is None:
        return None
    if settings.telegram_secret is not None:
        return settings.telegram_secret.get_secret_value()
    token = settings.telegram_token.get_secret_value()
    return hmac.new(token.encode(), b"bauruf telegram webhook", hashlib.sha256).hexdigest()


def routes(settings: Settings, intake: Intake, clock: Callable[[], datetime]) -> APIRouter:
    """`POST /webhooks/telegram`: 413 for an oversized body, 403 without the secret, 200 once stored.

    The answer has no body: Telegram executes a body that names a method.
    """
    router = APIRouter(tags=["webhooks"])
    secret = webhook_secret(settings)

    @router.post(PATH)
    async def update(request: Request) -> Response:
        """Something happened on Telegram."""
        body = await read_body(request)
        told = request.headers.get("x-telegram-bot-api-secret-token", "")
        if secret is None or not hmac.compare_digest(told.encode(), secret.encode()):
            log.warning("call refused", channel=CHANNEL, reason="wrong secret")
            raise Forbidden("bad_secret", "X-Telegram-Bot-Api-Secret-Token is missing or wrong.")
        await intake.accept(parse(body, clock()))
        return Response(status_code=200)

    return router


async def register_webhook(bot: Bot, settings: Settings, notices: Notices) -> bool:
    """Ask Telegram to call us; one try. If that fails the operator is told why, and False returned."""
    if settings.public_url is None:
        raise ValueError("a webhook needs BAURUF_PUBLIC_URL")
    try:
        await bot.set_webhook(
            f"{settings.public_url}{PATH}",
            secret_token=webhook_secret(settings),
            allowed_updates=ALLOWED_UPDATES,
        )
    except InvalidToken:
        await notices.show(NOTICE, BAD_TOKEN)
    except BadRequest as error:
        await notices.show(
            NOTICE,
            f"Telegram cannot call {settings.public_url}: {error.message}. It needs https on port 443, 80, 88"
            " or 8443 with a valid certificate. Mend BAURUF_PUBLIC_URL, or remove it to use polling.",
        )
    except TelegramError:
        await notices.show(
            NOTICE, "Telegram could not be told where to deliver messages. Restart when it can be reached."
        )
    else:
        await notices.clear(NOTICE)
        return True
    return False


async def leave_webhook(bot: Bot, notices: Notices) -> bool:
    """Make polling possible by taking back our own webhook; one try.

    A bot has one webhook. One with another path than ours belongs to another system: it is left
    alone, the operator is told, and False returned; as when Telegram cannot be reached.
    """
    try:
        url = (await bot.get_webhook_info()).url
        if url and urlsplit(url).path.endswith(PATH):
            await bot.delete_webhook()
            log.warning("webhook taken back", host=urlsplit(url).hostname)
            url = ""
    except TelegramError as error:
        log.warning("webhook not asked for", reason=type(error).__name__)
        return False
    if url:
        await notices.show(
            NOTICE,
            f"This Telegram bot is connected to another system at {urlsplit(url).hostname}. Disconnect it"
            " there, use another bot, or set BAURUF_PUBLIC_URL to take the bot over.",
        )
        return False
    return True

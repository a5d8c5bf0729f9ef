"""What the library's errors mean for us, in a sentence for the agent.

The tree is not what its names say: `BadRequest` and `TimedOut` are `NetworkError`s, `InvalidToken`
covers HTTP 401 and 404, and a 5xx is a bare `NetworkError` (python-telegram-bot 22).
"""

from __future__ import annotations

from datetime import timedelta

import aiohttp
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channel import AddressMoved, OutcomeUnknown, Refused, RetryLater, SendError
from webhooks.telegram.request import was_never_sent

BAD_TOKEN = "Telegram refuses the bot's token. Check BAURUF_TELEGRAM_TOKEN with @BotFather and restart."  # noqa: S105 - words about the token

# What the description of a 403 or 400 contains, and what the agent reads.
_FORBIDDEN = {
    "blocked by the user": "This person has blocked the bot.",
    "user is deactivated": "This person's Telegram account no longer exists.",
    "kicked": "The bot was removed from this chat.",
    "can't initiate conversation": "This person has not started the bot yet.",
}
_BAD_REQUEST = {
    "chat not found": "Telegram does not know this chat.",
    "message is too long": "The text is too long for one Telegram message.",
    "file is too big": "The file is too big for Telegram.",
    "request entity too large": "The file is too big for Telegram.",
    "not enough rights": "The bot may not write in this chat.",
}


def send_error(error: TelegramError) -> SendError:
    """The error for the outbox. No part of Telegram's text is repeated: it can echo ours."""
    match error:
        case RetryAfter():
            after = error.retry_after
            wait = after if isinstance(after, timedelta) else timedelta(seconds=after)
            return RetryLater("Telegram is limiting us; the message waits.", code="429", after=wait)
        case ChatMigrated():
            return AddressMoved(str(error.new_chat_id))
        case Forbidden():
            plain = _plain(error, _FORBIDDEN, "Telegram does not let us write to this person.")
            return Refused(plain, code="403", blocked=True)
        case InvalidToken():
            return Refused(BAD_TOKEN, code="401", operator=True)
        case BadRequest():
            return Refused(_plain(error, _BAD_REQUEST, "Telegram did not accept the message."), code="400")
        case Conflict():
            return RetryLater("Telegram reports a conflict; the message waits.", code="409")
        case NetworkError() if isinstance(error.__cause__, (aiohttp.ClientError, TimeoutError)):
            if was_never_sent(error.__cause__):
                return RetryLater("Telegram cannot be reached.")
            return OutcomeUnknown("Telegram did not answer; the message may have been sent.")
        case NetworkError() if says(error, "entity too large"):  # 413: no BadRequest for the library
            return Refused("The file is too big for Telegram.", code="413")
        case NetworkError() if says(error, "too many requests"):  # a 429 without retry_after
            return RetryLater("Telegram is limiting us; the message waits.", code="429")
        case NetworkError():
            return RetryLater("Telegram has a fault; the message waits.")
        case _:
            return OutcomeUnknown("Telegram's answer could not be understood.")


def says(error: TelegramError, words: str) -> bool:
    """Whether Telegram's description contains `words`, in whatever case."""
    return words in error.message.lower()


def _plain(error: TelegramError, known: dict[str, str], otherwise: str) -> str:
    return next((plain for words, plain in known.items() if says(error, words)), otherwise)

"""Telegram as a channel."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog
from telegram import Bot, Message
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.channel import FetchedMedia, Limits, MediaRefused, Refused, RetryLater
from bot.messages import Attachment, MediaSource, Outbound, Part, Recipient
from webhooks.download import Downloads
from webhooks.telegram.errors import says, send_error
from webhooks.telegram.rendering import TEXT_LIMIT, escaped, keyboard, render
from webhooks.telegram.request import AiohttpRequest

log = structlog.get_logger(__name__)

LIMITS = Limits(text=TEXT_LIMIT, image_bytes=50_000_000, file_bytes=50_000_000)
"""The Bot API's page "Sending files". A picture too large for a photo goes as a document."""

_TIMEOUT_SECONDS = 10.0
_UPLOAD_SECONDS = 60.0
_LARGEST_DOWNLOAD = 20_000_000  # getFile
_LARGEST_PHOTO = 10_000_000
_NOTE_CHARACTERS = 200  # answerCallbackQuery


def make_bot(token: str, api_url: str, *, timeout: float = _TIMEOUT_SECONDS) -> Bot:
    """The library's client for one bot, on Telegram's or another Bot API server. `timeout` in seconds."""
    request = AiohttpRequest(connections=64, timeout=timeout, upload=_UPLOAD_SECONDS)
    return Bot(token, base_url=f"{api_url}/bot", base_file_url=f"{api_url}/file/bot", request=request)


class TelegramChannel:
    """Sends and fetches over the Bot API. Telegram tells nothing about delivery after a send."""

    name = "telegram"
    limits = LIMITS
    reports = False

    def __init__(self, bot: Bot, downloads: Downloads) -> None:
        self._bot = bot
        self._downloads = downloads

    async def close(self) -> None:
        """Close the connections."""
        await self._bot.request.shutdown()
        await self._downloads.close()

    def render(self, outbound: Outbound) -> Sequence[Part]:
        """See `webhooks.telegram.rendering.render`."""
        return render(outbound)

    async def send(self, to: Recipient, part: Part, attachment: Attachment | None) -> str | None:
        """Hand one part to Telegram; returns the message id. Raises SendError or AddressMoved."""
        try:
            if "file" in part.body:
                message = await self._send_file(to.address, attachment)
            else:
                message = await self._send_text(to.address, part)
        except TelegramError as error:
            if says(error, "message is not modified"):
                return None
            raise send_error(error) from error
        return str(message.message_id)

    async def _send_text(self, chat: str, part: Part) -> Message:
        text = part.body["text"]
        markup = keyboard(part)
        try:
            return await self._bot.send_message(
                chat, escaped(text), parse_mode=ParseMode.HTML, reply_markup=markup
            )
        except BadRequest as error:
            if not says(error, "can't parse entities"):
                raise
        return await self._bot.send_message(chat, text, reply_markup=markup)

    async def _send_file(self, chat: str, file: Attachment | None) -> Message:
        if file is None:
            raise Refused("The file is no longer stored.")
        if LIMITS.file_bytes is not None and file.size > LIMITS.file_bytes:
            raise Refused(f"Telegram takes files of at most {LIMITS.file_bytes // 1_000_000} MB.")
        try:
            content = await asyncio.to_thread(file.path.read_bytes)
        except OSError:
            raise Refused("The file is no longer stored.") from None
        if file.mime in ("image/jpeg", "image/png") and file.size <= _LARGEST_PHOTO:
            try:
                return await self._bot.send_photo(chat, content, filename=file.filename)
            except BadRequest as error:
                # A plan as a long, thin picture is no photo for Telegram, but a fine document.
                if not (says(error, "photo_invalid") or says(error, "image_process_failed")):
                    raise
        elif file.mime == "audio/ogg":
            return await self._bot.send_voice(chat, content, filename=file.filename)
        elif file.mime == "video/mp4":
            return await self._bot.send_video(chat, content, filename=file.filename)
        return await self._bot.send_document(chat, content, filename=file.filename)

    async def fetch(self, source: MediaSource) -> FetchedMedia:
        """Fetch a file somebody sent. Raises MediaRefused or RetryLater."""
        if source.reference is None:
            raise MediaRefused("Telegram named no file.")
        if source.size is not None and source.size > _LARGEST_DOWNLOAD:
            raise MediaRefused("The file is larger than the 20 MB that Telegram hands out to bots.")
        try:
            file = await self._bot.get_file(source.reference)
        except BadRequest as error:
            if says(error, "too big"):
                raise MediaRefused(
                    "The file is larger than the 20 MB that Telegram hands out to bots."
                ) from None
            raise MediaRefused("Telegram no longer has the file.") from None
        except InvalidToken:
            raise RetryLater("Telegram refuses the bot's token.") from None
        except TelegramError as error:
            raise _later(error) from error
        if file.file_path is None:
            raise RetryLater("Telegram has not prepared the file yet.")
        fetched = await self._downloads.fetch(file.file_path)
        return FetchedMedia(fetched.content, source.mime or fetched.mime, source.filename)

    async def typing(self, to: Recipient, last_message: str | None) -> None:
        """Show "typing…" for five seconds; best effort."""
        try:
            await self._bot.send_chat_action(to.address, ChatAction.TYPING)
        except TelegramError as error:
            log.debug("typing not shown", channel=self.name, reason=type(error).__name__)

    async def acknowledge(self, tap_id: str, note: str | None) -> None:
        """Stop the button's spinner and show `note` (200 characters) for a moment; best effort.

        Telegram refuses it once the tap is older than 150 seconds, when nothing spins any more.
        """
        try:
            await self._bot.answer_callback_query(tap_id, text=note[:_NOTE_CHARACTERS] if note else None)
        except TelegramError as error:
            log.debug("tap not acknowledged", channel=self.name, reason=type(error).__name__)


def _later(error: TelegramError) -> RetryLater:
    meaning = send_error(error)
    return meaning if isinstance(meaning, RetryLater) else RetryLater(meaning.plain)

"""Which channels this process has: the configured ones, the web chat, and in a demo a phone for the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from telegram import Bot

from bot.channel import Channel
from bot.settings import Settings
from webhooks.download import Downloads
from webhooks.media_link import MediaLinks
from webhooks.telegram.channel import TelegramChannel, make_bot
from webhooks.webchat.channel import WebChatChannel
from webhooks.whatsapp.channel import WhatsAppChannel
from webhooks.whatsapp.client import TwilioClient
from webhooks.whatsapp.routes import STATUS


@dataclass(frozen=True)
class Channels:
    """The channels by name, and what belongs to them. `links` hands out files to Twilio."""

    by_name: Mapping[str, Channel]
    whatsapp: WhatsAppChannel | None
    telegram: TelegramChannel | None
    bot: Bot | None
    links: MediaLinks | None

    async def close(self) -> None:
        """Close the connections to the providers."""
        if self.whatsapp is not None:
            await self.whatsapp.close()
        if self.telegram is not None:
            await self.telegram.close()


def connect_channels(settings: Settings, *, demo: bool, clock: Callable[[], datetime]) -> Channels:
    """Make the channels the settings ask for. Calls nobody yet."""
    links = _links(settings, clock)
    whatsapp = _whatsapp(settings, links)
    bot = _bot(settings)
    telegram = None
    if bot is not None:
        downloads = Downloads(home=settings.telegram_api_url, most_bytes=settings.media_bytes)
        telegram = TelegramChannel(bot, downloads)
    by_name: dict[str, Channel] = {"webchat": WebChatChannel.webchat()}
    if whatsapp is not None:
        by_name["whatsapp"] = whatsapp
    elif demo:
        by_name["whatsapp"] = WebChatChannel.standing_in_for("whatsapp")
    if telegram is not None:
        by_name["telegram"] = telegram
    elif demo:
        by_name["telegram"] = WebChatChannel.standing_in_for("telegram")
    return Channels(by_name, whatsapp, telegram, bot, links)


def _links(settings: Settings, clock: Callable[[], datetime]) -> MediaLinks | None:
    if settings.public_url is None or settings.twilio_auth_token is None:
        return None
    return MediaLinks(
        secret=settings.twilio_auth_token.get_secret_value(),
        public_url=settings.public_url,
        media_dir=settings.media_dir,
        clock=clock,
    )


def _whatsapp(settings: Settings, links: MediaLinks | None) -> WhatsAppChannel | None:
    sid, token, sender = settings.twilio_account_sid, settings.twilio_auth_token, settings.whatsapp_from
    if sid is None or token is None or sender is None:
        return None
    secret = token.get_secret_value()
    return WhatsAppChannel(
        client=TwilioClient(account_sid=sid, auth_token=secret, api_url=settings.twilio_api_url),
        downloads=Downloads(
            home=settings.twilio_api_url,
            most_bytes=settings.media_bytes,
            domain="twilio.com",
            credentials=(sid, secret),
        ),
        sender=sender,
        links=links,
        status_url=f"{settings.public_url}{STATUS}" if settings.public_url else None,
    )


def _bot(settings: Settings) -> Bot | None:
    if settings.telegram_token is None:
        return None
    return make_bot(settings.telegram_token.get_secret_value(), settings.telegram_api_url)

"""The interface of a channel: what it can carry, what it does, and how it fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.messages import Attachment, MediaSource, Outbound, Part, Recipient


class SendError(Exception):
    """A provider did not take a part.

        SendError
        ├── RetryLater       waits and tries again, order kept (429, 5xx, time-out before the call went out)
        ├── OutcomeUnknown   the call may have gone through: resent, and flagged (time-out, reset)
        └── Refused          permanent; `plain` is shown to the agent

    `code` is the provider's own error code, `plain` one sentence for a person. Neither holds user text.
    """

    def __init__(self, plain: str, *, code: str | None = None) -> None:
        super().__init__(plain)
        self.plain = plain
        self.code = code


class RetryLater(SendError):
    """Try again; `after` is how long the provider asked us to wait, None for our own back-off."""

    def __init__(self, plain: str, *, code: str | None = None, after: timedelta | None = None) -> None:
        super().__init__(plain, code=code)
        self.after = after


class OutcomeUnknown(RetryLater):
    """The provider may have taken it. The resend is flagged."""


class Refused(SendError):
    """The provider will never take it. `operator` marks what only the operator can mend (credentials)."""

    def __init__(
        self, plain: str, *, code: str | None = None, operator: bool = False, blocked: bool = False
    ) -> None:
        super().__init__(plain, code=code)
        self.operator = operator
        self.blocked = blocked


class AddressMoved(SendError):
    """The chat has a new address (Telegram's migrate_to_chat_id): store it and send there."""

    def __init__(self, address: str) -> None:
        super().__init__("The chat has moved to a new address.")
        self.address = address


@dataclass(frozen=True, slots=True)
class FetchedMedia:
    """Bytes of a fetched file, and what the provider said they are."""

    content: bytes
    mime: str | None
    filename: str | None


class MediaRefused(Exception):
    """A file will not be fetched: too large, gone, or from a forbidden address. Says why in plain words."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel can carry, so that the console can warn before sending.

    Sizes in bytes, None for unlimited. `window` is how long after the last inbound message free text
    may be sent (WhatsApp: 24 hours).
    """

    text: int
    image_bytes: int | None
    file_bytes: int | None
    window: timedelta | None = None


class Channel(Protocol):
    """One way to reach installers. Implementations live in webhooks/."""

    @property
    def name(self) -> str:
        """One of "whatsapp", "telegram", "webchat"."""
        ...

    @property
    def limits(self) -> Limits:
        """What fits."""
        ...

    @property
    def reports(self) -> bool:
        """Whether the provider reports deliveries, so that a report can overtake the answer to a send."""
        ...

    def render(self, outbound: Outbound) -> Sequence[Part]:
        """Cut to the channel's limits. Pure. A choice becomes buttons, or numbered text."""
        ...

    async def send(self, to: Recipient, part: Part, attachment: Attachment | None) -> str | None:
        """Hand one part to the provider; returns its id for it (None if the channel has no ids).

        Raises SendError (see its tree) or AddressMoved.
        """
        ...

    async def fetch(self, source: MediaSource) -> FetchedMedia:
        """Fetch an inbound file. Raises MediaRefused (final) or RetryLater."""
        ...

    async def typing(self, to: Recipient, last_message: str | None) -> None:
        """Show that somebody is writing; best effort, never raises."""
        ...

    async def acknowledge(self, tap_id: str, note: str | None) -> None:
        """Confirm a tap so that the button stops spinning; best effort, never raises."""
        ...

"""What a page sent, as it is kept in the inbox: the message itself in JSON."""

from __future__ import annotations

import hashlib
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from bot.messages import Inbound
from bot.storage.inbox import Arrival

CHANNEL = "webchat"
_INBOUND = TypeAdapter(Inbound)


def arrival(inbound: Inbound) -> Arrival:
    """A page's message on its way into the inbox."""
    return Arrival(inbound.sender.channel, inbound.provider_id, _INBOUND.dump_json(inbound), inbound)


def parse(raw: bytes, _received_at: datetime) -> Arrival:
    """Read such JSON again; what does not fit is for quarantine."""
    try:
        inbound = _INBOUND.validate_json(raw)
    except ValidationError as error:
        provider_id = f"sha256:{hashlib.sha256(raw).hexdigest()}"
        return Arrival(CHANNEL, provider_id, raw, None, f"no message: {error.error_count()} problems")
    return arrival(inbound)

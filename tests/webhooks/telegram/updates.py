"""Updates in Telegram's shape."""

from __future__ import annotations

import json
from typing import Any

JANA = {"id": 7001, "is_bot": False, "first_name": "Jana", "last_name": "Brandt", "language_code": "de-AT"}
PRIVATE = {"id": 7001, "type": "private", "first_name": "Jana"}
GROUP = {"id": -1005, "type": "supergroup", "title": "Baustelle Mitte"}
BOT = {"id": 42, "is_bot": True, "first_name": "Nordwind"}
DATE = 1795424400  # 2026-11-23 09:00 UTC


def message(**fields: Any) -> dict[str, Any]:
    """A message in Jana's private chat, unless the fields say otherwise."""
    chat = {"message_id": 5, "date": DATE, "chat": PRIVATE, "from": JANA}
    return {name: value for name, value in (chat | fields).items() if value is not None}


def update(kind: str, content: Any, update_id: int = 1) -> bytes:
    """An update as Telegram posts it."""
    return json.dumps({"update_id": update_id, kind: content}).encode()

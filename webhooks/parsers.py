"""Who can read which channel's raw calls."""

from __future__ import annotations

from collections.abc import Mapping

from webhooks.intake import Parser
from webhooks.telegram.parsing import parse as telegram
from webhooks.webchat.parsing import parse as webchat
from webhooks.whatsapp.parsing import parse as whatsapp

PARSERS: Mapping[str, Parser] = {"whatsapp": whatsapp, "telegram": telegram, "webchat": webchat}

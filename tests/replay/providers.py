"""Twilio and Telegram as one small server that takes everything and notes it."""

from __future__ import annotations

import time
from itertools import count

from tests.webhooks.provider import Call, Provider, Reply, as_json

_ME = {"id": 123456, "is_bot": True, "first_name": "Nordwind", "username": "nordwind_bot"}


class Providers:
    """Answers as both providers do.

    `sent` is (address, text) of everything the bot has said; `shown` is (tap, words) of what a tapped
    button has shown for a moment.
    """

    def __init__(self, provider: Provider) -> None:
        self.url = provider.url
        self.sent: list[tuple[str, str]] = []
        self.shown: list[tuple[str, str]] = []
        self._ids = count(1_000_000)
        provider.answer = self._answer

    def _answer(self, call: Call) -> Reply:
        method = call.path.rsplit("/", 1)[-1]
        if method == "Messages.json":
            self.sent.append((call.form["To"].removeprefix("whatsapp:"), call.form["Body"]))
            return as_json({"sid": f"SM{next(self._ids):032d}", "status": "queued"}, 201)
        if method == "sendMessage":
            return self._ok(self._message(call))
        if method == "getFile":
            error = {"ok": False, "error_code": 400, "description": "Bad Request: invalid file_id"}
            return as_json(error, 400)
        if method == "answerCallbackQuery":
            self.shown.append((call.form["callback_query_id"], call.form.get("text", "")))
            return self._ok(True)
        if method in ("setWebhook", "sendChatAction"):
            return self._ok(True)
        return as_json({"ok": False, "error_code": 404, "description": "Not Found"}, 404)

    def _message(self, call: Call) -> dict[str, object]:
        chat, text = call.form["chat_id"], call.form["text"]
        self.sent.append((chat, text))
        return {
            "message_id": next(self._ids),
            "from": _ME,
            "chat": {"id": int(chat), "type": "private" if int(chat) > 0 else "supergroup"},
            "date": int(time.time()),
            "text": text,
        }

    @staticmethod
    def _ok(result: object) -> Reply:
        return as_json({"ok": True, "result": result})

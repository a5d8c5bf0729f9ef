"""The fake providers, and the installers in front of them. See ../shared/peers/README.md for both."""

from __future__ import annotations

import asyncio
import html
import os
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import httpx

from tests.drill.processes import free_port
from tests.house import eventually

TWILIO_SID = "AC" + "0" * 32
TWILIO_TOKEN = "twilio_test_auth_token"
TWILIO_NUMBER = "+14155238886"
TELEGRAM_TOKEN = "123456:peers"
THOMAS_PHONE = "+491713920001"  # a customer of the demo

_SEED = """\
twilio:
  account: {{sid: {sid}, auth_token: {token}, friendly_name: Nordwind}}
  phone_numbers:
    - phone_number: "whatsapp:{number}"
      friendly_name: Nordwind
      sms_url: {sms_url}
"""


class Installer(Protocol):
    """Somebody with a phone."""

    async def says(self, text: str) -> None:
        """Write a message."""
        ...

    async def sees(self) -> list[str]:
        """Everything the bot and the desk have sent, in the order the provider took it."""
        ...


class WhatsAppInstaller:
    """Thomas Müller on WhatsApp, at Twilio's fake."""

    def __init__(self, fake: httpx.AsyncClient) -> None:
        self._fake = fake

    async def says(self, text: str) -> None:
        """Twilio signs the call and brings it to us before this returns."""
        fields = {"To": f"whatsapp:{TWILIO_NUMBER}", "From": f"whatsapp:{THOMAS_PHONE}", "Body": text}
        (await self._fake.post("/_twilio/simulate/inbound-message", data=fields)).raise_for_status()

    async def sees(self) -> list[str]:
        return [message["body"] for message in await self.messages()]

    async def messages(self) -> list[dict[str, Any]]:
        """What was sent to him, as Twilio tells it, oldest first."""
        path = f"/2010-04-01/Accounts/{TWILIO_SID}/Messages.json?PageSize=1000"
        listed = (await self._fake.get(path)).raise_for_status().json()["messages"]
        sent = [
            m for m in listed if m["direction"] == "outbound-api" and m["to"] == f"whatsapp:{THOMAS_PHONE}"
        ]
        return sent[::-1]

    async def reports(self, sid: str, status: str) -> None:
        """Let Twilio call back about a message."""
        fields = {"MessageSid": sid, "Status": status}
        (await self._fake.post("/_twilio/simulate/message-status", data=fields)).raise_for_status()


class TelegramInstaller:
    """Somebody on Telegram, at the Bot API's fake."""

    def __init__(self, fake: httpx.AsyncClient, chat: int) -> None:
        self._fake, self._chat = fake, chat

    def colleague(self) -> TelegramInstaller:
        """Somebody else."""
        return TelegramInstaller(self._fake, self._chat + 1)

    async def says(self, text: str) -> None:
        person = {"id": self._chat, "first_name": "Thomas", "is_bot": False, "language_code": "de"}
        chat = {"id": self._chat, "first_name": "Thomas", "type": "private"}
        said = {
            "botToken": TELEGRAM_TOKEN,
            "from": person,
            "chat": chat,
            "date": int(time.time()),
            "text": text,
        }
        (await self._fake.post("/sendMessage", json=said)).raise_for_status()

    async def sees(self) -> list[str]:
        answer = await self._fake.post("/getUpdatesHistory", json={"token": TELEGRAM_TOKEN})
        history = sorted(answer.raise_for_status().json()["result"], key=lambda item: item["messageId"])
        sent = [item["message"] for item in history if item["message"].get("chat_id") == str(self._chat)]
        return [html.unescape(m["text"]) if m.get("parse_mode") == "HTML" else m["text"] for m in sent]


@asynccontextmanager
async def twilio_fake(peers: Path, folder: Path, sms_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Twilio, calling us at `sms_url`; yields a client of its account."""
    seed = folder / "twilio.yaml"
    seed.write_text(
        _SEED.format(sid=TWILIO_SID, token=TWILIO_TOKEN, number=TWILIO_NUMBER, sms_url=sms_url), "utf-8"
    )
    port = free_port()
    script = str(peers / "node_modules/emulate/dist/index.js")
    command = [script, "start", "--service", "twilio", "--port", str(port), "--seed", str(seed)]
    async with (
        _running(peers, command, {}),
        httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", auth=(TWILIO_SID, TWILIO_TOKEN), timeout=20
        ) as client,
    ):
        await _answers(client, f"/2010-04-01/Accounts/{TWILIO_SID}/Messages.json")
        yield client


@asynccontextmanager
async def telegram_fake(peers: Path, shared: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The Bot API; yields a client."""
    port = free_port()
    environment = {"PORT": str(port), "PEERS": str(peers)}
    async with (
        _running(peers, [str(shared / "peers/telegram_fake.js")], environment),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as client,
    ):
        await _answers(client, f"/bot{TELEGRAM_TOKEN}/getMe")
        yield client


@asynccontextmanager
async def _running(
    peers: Path, command: Sequence[str], environment: Mapping[str, str]
) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        str(peers / "node_modules/node/bin/node"),
        *command,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.kill()
        await process.wait()


async def _answers(client: httpx.AsyncClient, path: str) -> None:
    async def look() -> bool:
        try:
            return (await client.get(path)).is_success
        except httpx.TransportError:
            return False

    await eventually(look)

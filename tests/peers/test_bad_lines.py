"""A whole conversation with a provider that somebody else wrote, over a line that fails in every way."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.house import eventually
from tests.office import Seat
from tests.peers.conftest import Connection, Lines
from tests.peers.fakes import TelegramInstaller, WhatsAppInstaller
from tests.peers.fault_proxy import BROKEN, LIMITED, FaultProxy, Line

pytestmark = pytest.mark.peers

LONG = "\n\n".join(
    f"{number}. Schritt: Sicherung {number} ausschalten, gegen Wiedereinschalten sichern, Spannungsfreiheit"
    f" prüfen, und erst dann den Klemmkasten öffnen 🔧."
    for number in range(1, 41)
)
"""More than one message holds on either channel."""


async def sees(to: Connection, fits: Callable[[str], bool]) -> str:
    """Wait until what the installer sees last fits."""

    async def last() -> str:
        return ([""] + await to.installer.sees())[-1]

    return await eventually(last, fits)


async def card(seat: Seat, fits: Callable[[Any], bool]) -> Any:
    """The only conversation, as soon as its card fits."""

    async def look() -> Any:
        cards = (await seat.get("/api/queue")).raise_for_status().json()["cards"]
        return cards[0] if len(cards) == 1 else None

    return await eventually(look, lambda card: card is not None and fits(card))


async def open_calls(line: FaultProxy, count: int) -> None:
    """Wait until the provider has so many calls whose answers we have not heard."""

    async def look() -> int:
        return line.open

    await eventually(look, lambda calls: calls == count)


async def said(seat: Seat, conversation: int) -> list[Any]:
    """What the bot and the desk have said, in the console's order."""
    view = (await seat.get(f"/api/conversations/{conversation}")).raise_for_status().json()
    return [message for message in view["messages"] if message["author"] in ("bot", "agent")]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def copies(seen: list[str], told: list[Any], *, numbered: bool) -> int:
    """Hold what the installer saw against what the desk says it sent: complete and in order.

    A message cut into parts counts as whole. Only parts of a message flagged as resent may come again;
    returns how many did. `numbered`: choices are written under the text.
    """
    rest = [squeezed(text) for text in seen]
    again = 0
    for message in told:
        choices = [f"{n}.{c['label']}" for n, c in enumerate(message["choices"], 1)] if numbered else []
        whole = squeezed(message["text"] + "".join(choices))
        while whole:
            assert rest, f"never seen: {whole}"
            part = rest.pop(0)
            assert whole.startswith(part), f"seen {part} instead of {whole}"
            whole = whole.removeprefix(part)
            while message["delivery"]["resent"] and rest and rest[0] == part:
                rest.pop(0)
                again += 1
    assert rest == [], "seen without having been said"
    return again


@pytest.mark.parametrize("way", ["whatsapp", "telegram polling", "telegram webhook"])
async def test_from_hallo_to_an_emergency_to_a_person_and_back_over_a_failing_line(
    lines: Lines, way: str
) -> None:
    whatsapp, polling = way == "whatsapp", way == "telegram polling"
    to = await (lines.whatsapp() if whatsapp else lines.telegram(webhook=not polling))
    installer, line, send = to.installer, to.line, to.send
    david = await to.house.seat("David Sommer")

    if polling:
        line.script("/getUpdates", LIMITED, BROKEN)
    line.script(send, LIMITED)
    await installer.says("Hallo")
    greeting = await sees(to, bool)
    assert ("Thomas Müller von Müller Elektrotechnik GmbH" in greeting) is whatsapp

    line.script(send, BROKEN)
    await installer.says("Ist NW-RV-250 auf Lager?")
    await sees(to, lambda text: "NW-RV-250" in text)

    if polling:
        line.script("/getUpdates", Line.RESET)
    line.script(send, Line.LOST)
    await installer.says("Hilfe, aus dem Ventilator kommt Rauch!")
    await sees(to, lambda text: "Strom abschalten" in text)
    waiting = await card(david, lambda card: card["turn"] == "WAITING")
    assert waiting["urgency"] == 2
    known = ["top_tier"] if whatsapp else []  # a stranger on Telegram has no contract
    assert [reason["code"] for reason in waiting["reasons"]] == ["emergency", *known]
    await to.house.idle()

    line.script(send, Line.RESET)
    taken = await david.post(f"/api/conversations/{waiting['id']}/take")
    assert taken.status_code == 200, taken.text
    await sees(to, lambda text: "David Sommer" in text)
    await installer.says("Und ist NW-RV-250 noch auf Lager?")
    await card(david, lambda card: "noch auf Lager" in card["preview"]["text"])

    line.script(send, Line.HELD, LIMITED)
    for text in (LONG, "Melden Sie sich, sobald es aus ist."):
        assert (await david.reply(waiting["id"], text)).status_code == 201
    await open_calls(line, 1)
    line.release()
    await sees(to, lambda text: text == "Melden Sie sich, sobald es aus ist.")

    line.script(send, BROKEN)
    assert (await david.post(f"/api/conversations/{waiting['id']}/return")).status_code == 200
    await card(david, lambda card: card["turn"] == "BOT")
    await installer.says("Ist NW-RV-250 auf Lager?")
    await sees(to, lambda text: "NW-RV-250" in text)
    await to.house.idle()

    assert line.unmet == 0
    told = await said(david, waiting["id"])
    lost, broken = (message["text"] for message in told if message["delivery"]["resent"])
    assert "Strom abschalten" in lost
    assert "David Sommer" in broken
    seen = await installer.sees()
    assert copies(seen, told, numbered=whatsapp) == 1
    assert sum("Strom abschalten" in text for text in seen) == 2
    assert sum("NW-RV-250" in text for text in seen) == 2, "asked three times, once of David"
    if isinstance(installer, WhatsAppInstaller):
        await reports_never_run_backwards(installer, david, waiting["id"])


async def reports_never_run_backwards(installer: WhatsAppInstaller, seat: Seat, conversation: int) -> None:
    last = (await installer.messages())[-1]["sid"]
    for status in ("read", "delivered", "sent"):
        await installer.reports(last, status)
    assert (await said(seat, conversation))[-1]["delivery"]["state"] == "read"


async def test_a_provider_that_goes_silent_delays_one_conversation_and_no_other(lines: Lines) -> None:
    """It waits for our real time-out once."""
    to = await lines.telegram(webhook=True)
    assert isinstance(to.installer, TelegramInstaller)
    colleague = to.installer.colleague()
    to.line.script(to.send, Line.SILENT)
    await to.installer.says("Hallo")
    await open_calls(to.line, 1)

    await colleague.says("Hallo")
    await eventually(colleague.sees)
    await to.installer.says("Wann haben Sie geöffnet?")
    assert to.line.open == 1
    await sees(to, lambda text: "7:00 bis 17:00 Uhr" in text)
    await to.house.idle()

    anna = await to.house.seat("Anna Keller")
    (own,) = (c for c in (await anna.get("/api/queue")).json()["cards"] if c["who"]["address"] == "7001")
    told = await said(anna, own["id"])
    assert [message["delivery"]["resent"] for message in told] == [True, False]
    assert copies(await to.installer.sees(), told, numbered=False) == 1

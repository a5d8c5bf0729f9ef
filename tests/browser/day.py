"""A busy day at the demo's desk: something of everything that the console has to show."""

from __future__ import annotations

from typing import Any

from bot.demo.library import LIBRARY
from bot.storage.inbox import Arrival
from tests.browser.caller import Caller
from tests.house import House
from tests.office import Seat

WIRING = "nw-rd-wiring.png"
SITE = {"latitude": 52.52437, "longitude": 13.41053}
LONG = " ".join(f"Punkt {number}: Klappe {number} im Obergeschoss schließt nicht." for number in range(1, 85))

# Each writes once; the bot answers, or asks for a person.
_MORNING = (
    ("Kevin Lange", "whatsapp", "Aus dem Lüfter kommt Rauch!"),
    ("Nadine Scholz", "whatsapp", "Was kosten 5 Stück NW-DV-400?"),
    ("Monika Haas", "telegram", "Mir fehlt die Rechnung zum letzten Auftrag"),
    ("Uwe Schäfer", "whatsapp", "Der Kran steht morgen da, wo bleibt 4500123461?"),
    ("Sergej Hofmann", "telegram", "Welche Filter passen ins NW-WRG-500?"),
    ("Piotr Kaczmarek", "whatsapp", "Dachlüfter blinkt 3x, was tun?"),
    ("Tom Baker", "whatsapp", "wiring diagram NW-AX-400-EC"),
    ("Moritz", "telegram", "Moin, habt ihr den NW-RV-250 auf Lager?"),
)


class Day:
    """Plays the day in a house, over HTTP alone."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def play(self) -> None:
        """Fill the queue: urgent, waiting, mine (Anna Keller's), with the bot, with colleagues, closed."""
        anna, david = await self._house.seat("Anna Keller"), await self._house.seat("David Sommer")
        for name, channel, text in _MORNING:
            await (await self._caller(name, channel)).says(text)
        await self._resolved(david)
        await self._with_a_colleague(david)
        await self._long_name()
        await self._talk(anna)
        await self._unreadable()

    async def _caller(self, name: str, channel: str = "whatsapp") -> Caller:
        caller = Caller(self._house.client())
        await caller.be(name, channel)
        return caller

    async def _take(self, seat: Seat, who: str) -> int:
        await self._house.idle()
        cards: list[dict[str, Any]] = (await seat.get("/api/queue")).raise_for_status().json()["cards"]
        card = next(card for card in cards if card["who"]["name"] == who and card["turn"] != "CLOSED")
        (await seat.post(f"/api/conversations/{card['id']}/take")).raise_for_status()
        return int(card["id"])

    async def _resolved(self, seat: Seat) -> None:
        maren = await self._caller("Maren Petersen")
        await maren.says("Mensch bitte")
        conversation = await self._take(seat, "Maren Petersen")
        (await seat.reply(conversation, "Die Gutschrift ist heute rausgegangen.")).raise_for_status()
        (await seat.post(f"/api/conversations/{conversation}/resolve")).raise_for_status()

    async def _with_a_colleague(self, seat: Seat) -> None:
        finn = await self._caller("Finn Petersen")
        await finn.says("Ich brauche einen Termin mit einem Techniker")
        conversation = await self._take(seat, "Finn Petersen")
        (await seat.reply(conversation, "Donnerstag um acht auf der Baustelle?")).raise_for_status()

    async def _long_name(self) -> None:
        henrike = await self._caller("Dr. Henrike von Stetten-Kreuzberg")
        await henrike.says("Das ist jetzt die dritte falsche Lieferung!")
        await self._house.idle()
        await henrike.says(LONG)

    async def _talk(self, seat: Seat) -> None:
        """A conversation with a bit of everything."""
        thomas = await self._caller("Thomas Müller")
        await thomas.says("Guten Morgen")
        await self._house.idle()
        await thomas.says("Wie klemm ich den NW-RD-315 an?")
        await self._house.idle()
        picture = (LIBRARY / WIRING).read_bytes()
        await thomas.shows("IMG_2031.png", picture, "image/png", "So sieht es hier aus, es brummt nur")
        await thomas.shares(location=SITE)
        await thomas.says("Können Sie jemanden schicken? Ich möchte mit jemandem sprechen")
        conversation = await self._take(seat, "Thomas Müller")
        note = {
            "text": "Brummen spricht für eine fehlende Phase.",
            "key": "0b8f5c9e-6f0a-4b6e-9f43-0f6f0a4d1c11",
        }
        (await seat.post(f"/api/conversations/{conversation}/note", note)).raise_for_status()
        said = "Guten Morgen Herr Müller, messen Sie bitte einmal alle drei Phasen an den Klemmen."
        (await seat.reply(conversation, said)).raise_for_status()
        await thomas.shares(contact={"name": "Marek Nowak", "phone": "+491713920004", "own": False})
        await thomas.says("Tatsächlich, L2 fehlt. Danke! Kann Marek die Sicherung tauschen?")
        await self._house.idle()

    async def _unreadable(self) -> None:
        """What a provider might send one day, and nobody can read yet."""
        reason = "unknown update: business_connection"
        call = Arrival("telegram", "sha256:0", b'{"business_connection": {}}', None, reason)
        await self._house.system.intake.accept(call)

"""Every view in light and dark, on a desk and in a hand: no axe violation, and a picture of each."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Literal

import pytest
from playwright.async_api import ViewportSize, expect

from tests.browser.axe import axe_core, violations
from tests.browser.cast import DESKTOP, HANDHELD, Cast
from tests.browser.console import Console
from tests.browser.day import Day
from tests.browser.phone import Phone
from tests.browser.watch import photograph
from tests.house import House

pytestmark = pytest.mark.browser

SIZES = {"desktop": DESKTOP, "phone": HANDHELD}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@dataclass
class Tour:
    """Walks through the views in one look; `found` is what axe says, by view."""

    cast: Cast
    size: str
    scheme: Literal["light", "dark"]
    axe: str
    found: dict[str, list[str]] = field(default_factory=dict)

    @property
    def viewport(self) -> ViewportSize:
        return SIZES[self.size]

    @property
    def handheld(self) -> bool:
        return self.size == "phone"

    async def see(self, of: Console | Phone, view: str) -> None:
        """Look at what is shown now."""
        name = f"{view}-{self.size}-{self.scheme}"
        await photograph(of.page, name)
        if broken := await violations(of.page, self.axe):
            self.found[name] = broken

    async def arrival(self) -> Console:
        """Somebody comes to work."""
        anna = Console(await self.cast.window(size=self.viewport, scheme=self.scheme))
        await anna.page.goto(f"{self.cast.url}/console/")
        await expect(anna.page.get_by_role("button", name="Anna Keller")).to_be_visible()
        await self.see(anna, "login")
        await anna.sign_in(self.cast.url, "Anna Keller")
        return anna

    async def before_anybody_writes(self, anna: Console) -> None:
        await self.see(anna, "nobody-writes")
        await anna.go("quarantine")
        await expect(anna.page.get_by_text("Nichts in Quarantäne.")).to_be_visible()
        await self.see(anna, "quarantine-empty")
        phone = Phone(await self.cast.window(size=self.viewport, scheme=self.scheme))
        await phone.page.goto(f"{self.cast.url}/chat/")
        await expect(phone.page.get_by_text("Schreiben Sie an Nordwind")).to_be_visible()
        await self.see(phone, "website-chat")

    async def desk(self, anna: Console) -> None:
        await self.see(anna, "queue")
        await anna.page.get_by_role("button", name="Ausblenden").click()
        await anna.open("Meine", "Thomas Müller")
        await expect(anna.said("L2 fehlt")).to_be_in_viewport()
        await self.see(anna, "conversation")
        await anna.page.get_by_role("button", name="Interne Notiz").click()
        await self.see(anna, "writing-a-note")
        await anna.page.get_by_role("button", name="Antwort", exact=True).click()
        if self.handheld:
            await anna.page.get_by_role("button", name="Firma anzeigen").click()
            await self.see(anna, "account")
            await anna.account.get_by_role("button", name="Firma ausblenden").click()
        await self._refused_file(anna)
        await self.back(anna)
        await anna.open("Wartet", "Dr. Henrike von Stetten-Kreuzberg")
        await expect(anna.said("Punkt 84")).to_be_visible()
        await self.see(anna, "long-names-and-4000-characters")
        await self.back(anna)
        await anna.open("Beim Bot", "Piotr Kaczmarek")
        await self.see(anna, "with-the-bot")
        await self.back(anna)

    async def _refused_file(self, anna: Console) -> None:
        program = {"name": "setup.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ" + bytes(200)}
        await anna.page.get_by_role("button", name="Dateien anhängen").set_input_files(program)  # type: ignore[arg-type]
        await anna.reply.fill("Das ist die neue Firmware.")
        await anna.reply.press("Control+Enter")
        await expect(anna.page.get_by_text("kann nicht gesendet werden")).to_be_visible()
        await self.see(anna, "failed-send")
        await anna.page.get_by_role("button", name="Verwerfen").click()

    async def back(self, anna: Console) -> None:
        if self.handheld:
            await anna.page.get_by_role("link", name="Zurück zur Warteschlange").click()

    async def frame(self, anna: Console) -> None:
        await anna.page.get_by_role("button", name="Ihr Konto: Anna Keller").click()
        await self.see(anna, "own-account")
        await anna.press("Escape", "?")
        await expect(anna.page.get_by_role("dialog", name="Tasten")).to_be_visible()
        await self.see(anna, "help")
        await anna.press("Escape")
        await anna.search("Petersen")
        await expect(anna.queue).to_contain_text("Gefunden")
        await expect(anna.queue.get_by_role("link").filter(has_text="Finn Petersen")).to_be_visible()
        await self.see(anna, "search")
        await anna.search("xqzt")
        await expect(anna.queue).to_contain_text("Nichts gefunden zu „xqzt“.")
        await self.see(anna, "search-nothing")
        await anna.search("")

    async def administration(self, anna: Console) -> None:
        await anna.go("answers")
        await expect(anna.page.get_by_role("link", name="handoff_emergency")).to_be_visible()
        await self.see(anna, "answers")
        await anna.page.get_by_role("link", name="handoff_emergency").click()
        german = anna.page.get_by_role("textbox", name="handoff_emergency, Deutsch", exact=True)
        await german.fill("Strom abschalten, Abstand halten, bei Gefahr 112. {phone}")
        await anna.page.locator("form").filter(has=german).get_by_role("button", name="Telegram").click()
        await expect(anna.page.get_by_text("{phone}").last).to_be_visible()
        await self.see(anna, "answer")
        await anna.go("team")
        await expect(anna.page.get_by_role("cell", name="david.sommer@nordwind.example")).to_be_visible()
        await self.see(anna, "team")
        await anna.page.get_by_role("button", name="Person hinzufügen").click()
        await expect(anna.page.get_by_role("dialog")).to_be_visible()
        await self.see(anna, "team-add")
        await anna.press("Escape")
        await anna.go("quarantine")
        await expect(anna.page.get_by_role("cell", name="unknown update")).to_be_visible()
        await self.see(anna, "quarantine")

    async def companies(self, anna: Console) -> None:
        await anna.go("accounts")
        listed = anna.page.get_by_role("link", name="Müller Elektrotechnik GmbH")
        await expect(listed).to_be_visible()
        await self.see(anna, "companies")
        await listed.click()
        page = anna.page.get_by_role("region", name="Müller Elektrotechnik GmbH")
        await expect(page.get_by_text("K10215")).to_be_visible()
        await self.see(anna, "company")
        await page.get_by_role("button", name="Zusammenführen …").click()
        merging = anna.page.get_by_role("dialog")
        await expect(merging.get_by_role("radio", name="Elektro Müller e.K.")).to_be_visible()
        await self.see(anna, "company-merge")
        await anna.press("Escape")
        await page.get_by_role("button", name="Abtrennen …").click()
        await expect(anna.page.get_by_role("dialog")).to_be_visible()
        await self.see(anna, "company-split")
        await anna.press("Escape")

    async def phone(self) -> None:
        for name, channel in (("Thomas Müller", "WhatsApp"), ("Sergej Hofmann", "Telegram")):
            phone = Phone(await self.cast.window(size=self.viewport, scheme=self.scheme))
            await phone.page.goto(f"{self.cast.url}/phone/")
            if self.handheld:
                await phone.page.get_by_role("button", name="Andere Person wählen").click()
                await self.see(phone, "phone-choosing")
            await phone.be(self.cast.url, name, channel)
            await expect(phone.chat.get_by_role("article").last).to_be_visible()
            await self.see(phone, f"phone-{channel.lower()}")
            await phone.page.get_by_role("button", name="Anhängen").click()
            await self.see(phone, f"phone-{channel.lower()}-attaching")

    async def busy_day(self, anna: Console) -> None:
        await anna.go("conversations")
        await expect(anna.card("Meine", "Thomas Müller")).to_be_visible()
        await self.desk(anna)
        await self.frame(anna)
        await self.companies(anna)
        await self.administration(anna)
        await self.phone()


async def test_every_view_in_every_look_is_accessible(house: House, cast: Cast) -> None:
    axe = axe_core()
    cast.watch.expect(r"422 .*/reply$")
    tours = [Tour(cast, size, scheme, axe) for size in SIZES for scheme in SCHEMES]
    walks = [(tour, await tour.arrival()) for tour in tours]
    async with asyncio.TaskGroup() as morning:
        for tour, anna in walks:
            morning.create_task(tour.before_anybody_writes(anna))
    await Day(house).play()
    async with asyncio.TaskGroup() as noon:
        for tour, anna in walks:
            noon.create_task(tour.busy_day(anna))
    found = [f"{view}: {line}" for tour in tours for view, broken in tour.found.items() for line in broken]
    assert not found, "\n".join(found)


async def test_axe_finds_what_is_wrong(cast: Cast) -> None:
    axe = axe_core()
    anna = await cast.agent("Anna Keller")
    await anna.page.evaluate("() => document.body.append(document.createElement('button'))")
    assert any(line.startswith("button-name: ") for line in await violations(anna.page, axe))

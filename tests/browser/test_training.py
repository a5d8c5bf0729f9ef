"""The admin's whole way: a misunderstood message is labelled, trained, tried on the past, promoted, answered
rightly, and rolled back. With the real trainer: a process of its own.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.messages import Sender
from bot.settings import Settings
from bot.storage import conversations, messages
from bot.storage.conversations import Whom
from bot.storage.messages import NewMessage
from tests.browser.axe import axe_core, violations
from tests.browser.cast import DESKTOP, HANDHELD, Cast
from tests.browser.console import Console
from tests.browser.watch import photograph
from tests.drill.serving import listen
from tests.house import House, open_house
from tests.project import write_project
from webhooks.engine import PROJECT

pytestmark = pytest.mark.browser

SIZES = {"desktop": DESKTOP, "phone": HANDHELD}
ASKED = "do is zua oda"
ANSWER = re.compile("7:00 bis 17:00 Uhr")
_TRAINING_TAKES = 120_000  # milliseconds at most


@pytest.fixture
async def house(chromium: Browser, database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """A demo that learns from a small project, so that a training takes seconds."""
    project = write_project(tmp_path / "project")
    shutil.copy(PROJECT / "families.yml", project)
    settings = Settings(
        _env_file=None,
        data_dir=tmp_path,
        database_url=database_url,
        nlu_project=project,
        review_sample=0,
    )
    async with open_house(settings, None, listen(), demo=True) as house:
        yield house


class Classroom:
    """The pages of training, by what they say."""

    def __init__(self, console: Console) -> None:
        self.page: Page = console.page

    async def open(self, tab: str) -> None:
        await self.page.get_by_role("link", name="Training", exact=True).first.click()
        await self.page.get_by_role("navigation", name="Training").get_by_role("link", name=tab).click()

    @property
    def card(self) -> Locator:
        return self.page.get_by_role("region", name="Zu prüfende Nachricht")

    @property
    def examples(self) -> Locator:
        return self.page.get_by_role("list").filter(has=self.page.get_by_text("aus der Prüfung"))

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name)

    async def toast(self, words: str) -> None:
        await expect(self.page.get_by_text(words)).to_be_visible()


async def test_a_misunderstood_message_is_taught_promoted_and_rolled_back(house: House, cast: Cast) -> None:
    thomas = await cast.installer("Thomas Müller")
    await thomas.says(ASKED)
    await expect(thomas.heard.last).not_to_have_text(ANSWER)
    await house.idle()
    anna = await cast.agent("Anna Keller")
    room = Classroom(anna)

    await room.open("Prüfen")
    await expect(room.card).to_contain_text(ASKED)
    await anna.press("o", "p", "e", "n")
    await expect(room.button(re.compile("Öffnungszeiten"))).to_be_visible()
    await anna.press("Enter")
    await room.toast("Gespeichert: Öffnungszeiten.")
    await expect(room.page.get_by_text("Nichts zu prüfen.")).to_be_visible()
    await anna.press("z")
    await expect(room.card).to_contain_text(ASKED)
    await anna.press("o", "p", "e", "n", "Enter")
    await expect(room.page.get_by_text("Nichts zu prüfen.")).to_be_visible()

    await room.open("Modelle")
    await expect(room.page.get_by_text("haben sich seit dem letzten Training geändert")).to_be_visible()
    await room.button("Trainieren").click()
    await expect(room.button("Abbrechen")).to_be_visible()
    done = room.page.get_by_role("status").filter(has_text="Trainiert")
    await expect(done).to_be_visible(timeout=_TRAINING_TAKES)
    await done.get_by_role("link").click()

    promote = room.button("Antworten lassen")
    await expect(promote).to_be_disabled()
    await room.button("Letzte Gespräche nachspielen").click()
    flips = (
        room.page.get_by_role("region", name="Andere Entscheidungen")
        .get_by_role("row")
        .filter(has_text=ASKED)
    )
    await expect(flips).to_contain_text("antworten: Öffnungszeiten")
    await photograph(room.page, "training-gate-desktop-light")
    assert await violations(room.page, axe_core()) == []
    await room.page.get_by_role("region", name="Verwechslungen").get_by_role("button").first.click()
    await expect(room.page.get_by_role("dialog")).to_contain_text("verstanden als")
    assert await violations(room.page, axe_core()) == []
    await anna.press("Escape")
    await promote.click()
    await room.toast("antwortet ab jetzt.")

    await thomas.says(f"{ASKED}?")
    await expect(thomas.heard.last).to_have_text(ANSWER)

    await _emergency_that_nobody_hears(house)
    cast.watch.expect(r"409 .*/training/rollback$")
    await room.open("Modelle")
    await room.button(re.compile("^Zurück zu linear-")).click()
    dialog = room.page.get_by_role("dialog", name="Ein Notfall würde übersehen")
    await expect(dialog.get_by_role("link", name=re.compile("^Gespräch "))).to_be_visible()
    await photograph(room.page, "rollback-lost-desktop-light")
    assert await violations(room.page, axe_core()) == []
    await dialog.get_by_role("button", name="Trotzdem zurück").click()
    await room.toast("antwortet wieder.")
    await expect(room.page.get_by_text("trotz übersehener Notfälle: 1")).to_be_visible()
    await thomas.says(f"{ASKED}!")
    await expect(thomas.heard.last).not_to_have_text(ANSWER)


async def _emergency_that_nobody_hears(house: House) -> None:
    """A turn that was an emergency when it was recorded, and is none to any model of this corpus."""
    recorded = {
        "intent": "emergency",
        "confidence": 0.9,
        "sure": True,
        "urgency": 2,
        "before": {},
        "decision": {"intent": "emergency", "action": "handoff", "urgency": 2, "reasons": ["emergency"]},
    }
    now = house.system.clock()
    async with house.system.database.begin() as conn:
        endpoint_id = await conversations.keep_endpoint(
            conn, Sender("telegram", "4711", name="Finn Petersen")
        )
        opened = await conversations.begin(conn, endpoint_id, whom=Whom(), language="de", now=now)
        said = NewMessage("installer", text="hallo zusammen", understanding=recorded)
        await messages.add_messages(conn, [said], conversation_id=opened.id, endpoint_id=endpoint_id, now=now)


async def test_a_training_can_be_cancelled_and_one_mistake_corrected_in_the_conversation(
    house: House, cast: Cast
) -> None:
    thomas = await cast.installer("Thomas Müller")
    await thomas.says("wann habt ihr auf")
    await expect(thomas.heard.last).to_have_text(ANSWER)
    david = await cast.agent("David Sommer")
    await david.open("Beim Bot", "Thomas Müller")
    await david.said("wann habt ihr auf").get_by_role("button", name="Korrigieren").click()
    dialog = david.page.get_by_role("dialog", name="Worum geht es in dieser Nachricht?")
    await dialog.get_by_role("button", name="Begrüßung").click()
    await expect(david.said("wann habt ihr auf")).to_contain_text("korrigiert: Begrüßung")
    await expect(david.page.get_by_role("link", name="Training")).to_have_count(0)

    anna = await cast.agent("Anna Keller")
    room = Classroom(anna)
    await room.open("Prüfen")
    await expect(room.card).to_contain_text("Im Gespräch korrigiert: Begrüßung")
    await anna.press("x")
    await expect(room.page.get_by_text("Nichts zu prüfen.")).to_be_visible()
    await room.open("Modelle")
    live = await room.page.locator(".model-name").inner_text()
    await room.button("Trainieren").click()
    await room.button("Abbrechen").click()
    await expect(room.page.get_by_text("Training abgebrochen")).to_be_visible()
    assert await room.page.locator(".model-name").inner_text() == live


async def test_examples_are_searched_changed_and_taken_in(cast: Cast, tmp_path: Path) -> None:
    cast.watch.expect(r"409 .*/corpus/examples$")
    anna = await cast.agent("Anna Keller")
    room = Classroom(anna)
    await room.open("Beispiele")
    await expect(room.page.get_by_text("30 Beispiele")).to_be_visible()
    await room.button("Beispiel ergänzen").click()
    dialog = room.page.get_by_role("dialog")
    await dialog.get_by_label("Text").fill("MOIN")
    await dialog.get_by_label("Anliegen").select_option("wiring")
    await dialog.get_by_role("button", name="Speichern").click()
    await expect(dialog).to_contain_text("steht schon unter „Begrüßung“")
    await dialog.get_by_label("Text").fill("klemme X7 gesucht")
    await dialog.get_by_role("button", name="Speichern").click()
    await expect(room.page.get_by_text("klemme X7 gesucht")).to_be_visible()

    file = tmp_path / "mehr.csv"
    file.write_text("text,intent\nservus,greet\nmoin,wiring\n", "utf-8")
    await room.button("Import").click()
    await dialog.get_by_label("Rasa-YAML oder CSV").set_input_files(file)
    await dialog.get_by_role("button", name="Prüfen").click()
    await expect(dialog).to_contain_text("1 neu, 1 wechseln das Anliegen, 0 unverändert.")
    await dialog.get_by_role("button", name="Übernehmen").click()
    await expect(room.page.get_by_text("32 Beispiele")).to_be_visible()

    await room.page.get_by_role("searchbox", name="Beispiele durchsuchen").fill("moin")
    await expect(room.page.get_by_text("mitgeliefert als Begrüßung")).to_be_visible()
    await room.button("Wie mitgeliefert: moin").click()
    await expect(room.page.get_by_text("mitgeliefert als Begrüßung")).to_have_count(0)


async def test_names_of_devices_are_searched_changed_and_taken_in(cast: Cast, tmp_path: Path) -> None:
    anna = await cast.agent("Anna Keller")
    room = Classroom(anna)
    await room.open("Geräte")
    await expect(room.page.get_by_text("8 Gerätefamilien")).to_be_visible()
    rv = room.page.get_by_role("region", name="NW-RV", exact=True)
    await rv.get_by_label("Weiterer Name für NW-RV").fill("Wummsding")
    await rv.get_by_role("button", name="Ergänzen").click()
    await expect(rv.get_by_role("listitem").filter(has_text="Wummsding")).to_be_visible()

    file = tmp_path / "namen.csv"
    file.write_text("name;family\nDachpilz;NW-DV\nWummsding;NW-RV\n", "utf-8")
    await room.button("Import").click()
    dialog = room.page.get_by_role("dialog")
    await dialog.get_by_label("Rasa-YAML oder CSV").set_input_files(file)
    await dialog.get_by_role("button", name="Prüfen").click()
    await expect(dialog).to_contain_text("1 neu, 1 schon bekannt.")
    await dialog.get_by_role("button", name="Übernehmen").click()
    await room.toast("Übernommen: 1 neue Namen.")

    await room.page.get_by_role("searchbox", name="Geräte und Namen durchsuchen").fill("pilz")
    await expect(rv).to_have_count(0)
    dv = room.page.get_by_role("region", name="NW-DV", exact=True)
    await dv.get_by_role("button", name="„Dachpilz“ entfernen").click()
    await expect(room.page.get_by_text("0 Gerätefamilien")).to_be_visible()
    await room.open("Modelle")
    await expect(room.page.get_by_text("haben sich seit dem letzten Training geändert")).to_be_visible()


async def test_costs_are_saved_after_their_effect_was_shown(cast: Cast) -> None:
    anna = await cast.agent("Anna Keller")
    room = Classroom(anna)
    await room.open("Kosten")
    for cost, delivered in (("Zeitdruck, der nicht auffällt", "2"), ("Höchstens so viele", "0.04")):
        await expect(room.page.get_by_label(cost)).to_have_value(delivered)
    await room.page.get_by_label("Ein Notfall ohne Alarm").fill("99")
    await room.page.get_by_label("Höchstens so viele").fill("0.05")
    worth = room.page.get_by_text("Ein Alarm lohnt sich ab einer Wahrscheinlichkeit von 1,0")
    await expect(worth).to_be_visible()
    save = room.button("Speichern")
    await expect(save).to_be_disabled()
    await room.button("Wirkung zeigen").click()
    await save.click()
    await room.toast("Gespeichert. Es gilt nach wenigen Sekunden.")
    await expect(room.page.get_by_text("(Anteil, 0 bis 1): 0,04 → 0,05")).to_be_visible()


async def test_every_page_of_training_is_accessible(house: House, cast: Cast) -> None:
    axe = axe_core()
    thomas = await cast.installer("Thomas Müller")
    for words in (ASKED, "sads no do drin", "🔥" * 300 + " Donaudampfschifffahrtsgesellschaft" * 9):
        await thomas.says(words)
    await house.idle()
    found: list[str] = []
    for size, scheme in (("desktop", "light"), ("desktop", "dark"), ("phone", "light"), ("phone", "dark")):
        page = await cast.window(size=SIZES[size], scheme=scheme)  # type: ignore[arg-type]
        anna = Console(page)
        await anna.sign_in(cast.url, "Anna Keller")
        for tab in ("reviews", "corpus", "families", "models", "handoffs", "policy"):
            await anna.go(f"training/{tab}")
            await expect(page.get_by_text("Wird geladen")).to_have_count(0)
            await expect(page.get_by_role("main")).to_be_visible()
            await photograph(page, f"training-{tab}-{size}-{scheme}")
            found += [f"{tab} {size} {scheme}: {line}" for line in await violations(page, axe)]
    assert not found, "\n".join(found)

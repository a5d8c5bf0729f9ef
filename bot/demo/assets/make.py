"""Make the demo's library: `python -m bot.demo.assets.make`, after changing a source beside it.

Needs the development dependencies and a Chromium; `CHROMIUM` names another than /usr/bin/chromium.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import sync_playwright

from bot.demo.assets import certificate, datasheet, invoice, wiring
from bot.demo.library import LIBRARY

SOURCES = Path(__file__).parent
WORLD = SOURCES.parent / "world"
PIXELS = 960  # width of a diagram: sharp when zoomed on a phone, and below 200 kB


def main() -> None:
    """Write every picture and PDF of the library."""
    LIBRARY.mkdir(exist_ok=True)
    diagrams = _read(SOURCES / "wiring.yaml")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page()
        for family, diagram in diagrams.items():
            svg, height = wiring.draw(family, diagram)
            page.set_viewport_size({"width": PIXELS, "height": round(height * PIXELS / wiring.WIDTH)})
            page.set_content(
                f"<style>body{{margin:0}}svg{{display:block;width:100%;height:auto}}</style>{svg}"
            )
            page.screenshot(path=LIBRARY / f"{family.lower()}-wiring.png")
        for name, html in (*_datasheets(), *_certificates(), *_invoices()):
            page.set_content(html)
            page.pdf(path=LIBRARY / f"{name}.pdf", format="A4", print_background=True)
        browser.close()


def _datasheets() -> Iterator[tuple[str, str]]:
    for family, sheet in _read(SOURCES / "datasheets.yaml").items():
        for language in ("de", "en"):
            yield f"{family.lower()}-datasheet-{language}", datasheet.write(family, sheet, language)


def _certificates() -> Iterator[tuple[str, str]]:
    known = _read(SOURCES / "certificates.yaml")
    articles = {code: list(f["articles"]) for code, f in _read(WORLD / "articles.yaml")["families"].items()}
    rules = known["conformity"]["directives"]
    for language in ("de", "en"):
        for family, one in known["conformity"]["families"].items():
            applied = [rules[name] for name in one["directives"]]
            html = certificate.conformity(family, articles[family], applied, one["standards"], language)
            yield f"{family.lower()}-conformity-{language}", html
        for family, findings in known["hygiene"].items():
            html = certificate.hygiene(family, articles[family], findings, language)
            yield f"{family.lower()}-hygiene-{language}", html


def _invoices() -> Iterator[tuple[str, str]]:
    known, articles = _read(WORLD / "invoices.yaml"), _read(WORLD / "articles.yaml")
    names = {number: name for f in articles["families"].values() for number, name in f["articles"].items()}
    names |= articles["spare_parts"]
    orders = {order["number"]: order for order in _read(WORLD / "orders.yaml")["orders"]}
    english = _read(WORLD / "personas.yaml")["languages"]
    with (WORLD / "accounts.csv").open(encoding="utf-8", newline="") as file:
        customers = {row["customer_number"]: row for row in csv.DictReader(file)}
    for bill in known["invoices"]:
        order = orders[bill["order"]]
        customer = customers[order["by"].partition("/")[0]]
        lines = [
            (article, names[article], quantity, Decimal(str(known["prices"][article])))
            for article, quantity in order["lines"].items()
        ]
        html = invoice.write(
            bill["number"],
            order["number"],
            [customer["name"], customer["city"], customer["customer_number"]],
            lines,
            english.get(customer["customer_number"], "de"),
        )
        yield f"invoice-{bill['number']}", html


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


if __name__ == "__main__":
    main()

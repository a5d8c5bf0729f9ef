"""Make the demo's library: `python -m bot.demo.assets.make`, after changing a source beside it.

Needs the development dependencies and a Chromium; `CHROMIUM` names another than /usr/bin/chromium.
"""

from __future__ import annotations

import os
from pathlib import Path

import yaml
from playwright.sync_api import sync_playwright

from bot.demo.assets import datasheet, wiring
from bot.demo.library import LIBRARY

SOURCES = Path(__file__).parent
PIXELS = 960  # width of a diagram: sharp when zoomed on a phone, and below 200 kB


def main() -> None:
    """Write every picture and PDF of the library."""
    LIBRARY.mkdir(exist_ok=True)
    diagrams = yaml.safe_load((SOURCES / "wiring.yaml").read_text(encoding="utf-8"))
    sheets = yaml.safe_load((SOURCES / "datasheets.yaml").read_text(encoding="utf-8"))
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
        for family, sheet in sheets.items():
            for language in ("de", "en"):
                page.set_content(datasheet.write(family, sheet, language))
                page.pdf(
                    path=LIBRARY / f"{family.lower()}-datasheet-{language}.pdf",
                    format="A4",
                    print_background=True,
                )
        browser.close()


if __name__ == "__main__":
    main()

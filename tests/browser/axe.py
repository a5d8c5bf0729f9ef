"""What axe-core, the accessibility checker, has to say about a page."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

from tests.conftest import REPOSITORY

_PROGRAM = REPOSITORY / "handoff" / "web" / "node_modules" / "axe-core" / "axe.min.js"


def axe_core() -> str:
    """The program; skips the test when the console's libraries are not installed."""
    if not _PROGRAM.is_file():
        pytest.skip("needs axe-core: cd handoff/web && npm ci --ignore-scripts")
    return _PROGRAM.read_text("utf-8")


async def violations(page: Page, program: str) -> list[str]:
    """Every rule the page breaks, with the places. It runs beside the page's own policy, not under it."""
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(program)
    found = await page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{violation['id']}: {' | '.join(' '.join(map(str, node['target'])) for node in violation['nodes'])}"
        for violation in found["violations"]
    ]

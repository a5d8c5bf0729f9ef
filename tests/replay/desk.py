"""What the people at the desk see."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from tests.office import Seat
from tests.replay.collected import Shown


async def console(seat: Seat) -> dict[int, Any]:
    """Everything the console shows, by conversation."""
    cards = (await seat.get("/api/queue")).raise_for_status().json()["cards"]
    views = [(await seat.get(f"/api/conversations/{card['id']}")).raise_for_status() for card in cards]
    return {view.json()["card"]["id"]: view.json() for view in views}


def written(shown: dict[int, Any]) -> Counter[Shown]:
    """What installers wrote, each as often as the console shows it."""
    return Counter(
        Shown(view["card"]["channel"], _address(view["card"]), message["kind"], message["text"])
        for view in shown.values()
        for message in view["messages"]
        if message["author"] == "installer"
    )


def _address(card: Any) -> str:
    """Where somebody wrote from, without the gaps that make a phone readable."""
    spelt = str(card["who"]["address"])
    return re.sub("[ -]", "", spelt) if spelt.startswith("+") else spelt

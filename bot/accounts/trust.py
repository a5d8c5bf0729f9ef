"""What each trust level unlocks: one table in one place.

0 nothing known · 1 claimed (typed, switchboard, shared phone) · 2 recognised (the channel's phone
belongs to exactly one active person) · 3 member (a code to an address on file) · 4 authorised (3 and a role).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Unlocks(StrEnum):
    """Something that may be told or done."""

    PRODUCT_HELP = "product_help"
    GREETING = "greeting"
    OWN_ORDERS = "own_orders"
    COMPANY_ORDERS = "company_orders"
    PRICES = "prices"


NEEDED: Mapping[Unlocks, int] = {
    Unlocks.PRODUCT_HELP: 0,
    Unlocks.GREETING: 2,
    Unlocks.OWN_ORDERS: 2,
    Unlocks.COMPANY_ORDERS: 3,
    Unlocks.PRICES: 4,
}


def may(trust: int, what: Unlocks) -> bool:
    """Whether this trust level is enough."""
    return trust >= NEEDED[what]

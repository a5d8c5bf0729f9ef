"""Trust: how firmly we believe who is writing, what proves it, and what each level unlocks.

0 nobody known · 1 claimed (typed, switchboard, shared phone, a doubt) · 2 recognised (the channel's own
phone or id belongs to exactly one active person) · 3 member (2, and a code to an address on file or a
member's word) · 4 authorised (3, proven as a person, and a role that decides).

Names and birth dates prove nothing, whoever knows them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from enum import StrEnum

UNKNOWN, CLAIMED, RECOGNISED, MEMBER, AUTHORISED = range(5)

LASTS = timedelta(days=90)
"""How long a proof counts; after that the level falls to CLAIMED."""

DECIDING_ROLES = frozenset({"management", "purchasing"})
"""The roles that make a member an authorised one."""


class Unlocks(StrEnum):
    """Something that may be told or done."""

    PRODUCT_HELP = "product_help"
    GREETING = "greeting"
    OWN_ORDERS = "own_orders"
    OWN_TICKETS = "own_tickets"
    COMPANY_ORDERS = "company_orders"
    COMPANY_TICKETS = "company_tickets"
    INVOICE_COPY = "invoice_copy"
    INVITE_COLLEAGUE = "invite_colleague"
    PRICES = "prices"
    CONTRACT = "contract"
    ORDER_CHANGE = "order_change"


NEEDED: Mapping[Unlocks, int] = {
    Unlocks.PRODUCT_HELP: UNKNOWN,
    Unlocks.GREETING: RECOGNISED,
    Unlocks.OWN_ORDERS: RECOGNISED,
    Unlocks.OWN_TICKETS: RECOGNISED,
    Unlocks.COMPANY_ORDERS: MEMBER,
    Unlocks.COMPANY_TICKETS: MEMBER,
    Unlocks.INVOICE_COPY: MEMBER,
    Unlocks.INVITE_COLLEAGUE: MEMBER,
    Unlocks.PRICES: AUTHORISED,
    Unlocks.CONTRACT: AUTHORISED,
    Unlocks.ORDER_CHANGE: AUTHORISED,
}
"""What each level unlocks; the one place that says so."""


class Evidence(StrEnum):
    """Why we believe it, or why no longer. Stored with the link and with every change."""

    NONE = "none"
    TYPED = "typed"
    TRUNK = "trunk"
    SHARED_PHONE = "shared_phone"
    PHONE = "phone"
    OWN_CONTACT = "own_contact"
    INVITATION = "invitation"
    CODE = "code"
    COMPANY_CODE = "company_code"
    APPROVAL = "approval"
    AGENT = "agent"
    PERSON_LEFT = "person_left"
    NUMBER_CHANGED = "number_changed"
    SCOPED_ID_CHANGED = "scoped_id_changed"
    MEMBERSHIP_ENDED = "membership_ended"
    EXPIRED = "expired"
    DENIED = "denied"


DOUBTS = frozenset(
    {
        Evidence.PERSON_LEFT,
        Evidence.NUMBER_CHANGED,
        Evidence.SCOPED_ID_CHANGED,
        Evidence.MEMBERSHIP_ENDED,
        Evidence.EXPIRED,
        Evidence.DENIED,
    }
)
"""What was believed before and is not any more: whoever writes is asked again."""

CHANGED_HANDS = frozenset({Evidence.NUMBER_CHANGED, Evidence.SCOPED_ID_CHANGED})
"""Doubts about the endpoint itself: what was proven over it is forgotten. The others pass by themselves."""

_PROVES_COMPANY_ONLY = frozenset({Evidence.COMPANY_CODE})


def may(trust: int, what: Unlocks) -> bool:
    """Whether this trust level is enough."""
    return trust >= NEEDED[what]


def unlocked(trust: int) -> tuple[Unlocks, ...]:
    """All that a level unlocks, in the order of the table."""
    return tuple(what for what in Unlocks if may(trust, what))


def member_level(evidence: str, roles: Collection[str]) -> int:
    """The level of a recognised person whose membership has been proven by `evidence`.

    A mailbox that several people read proves the company, so it never makes anybody AUTHORISED.
    """
    decides = not DECIDING_ROLES.isdisjoint(roles) and evidence not in _PROVES_COMPANY_ONLY
    return AUTHORISED if decides else MEMBER


def capped(trust: int, roles: Collection[str]) -> int:
    """A level as it counts today: AUTHORISED only with a role that decides."""
    return min(trust, MEMBER) if DECIDING_ROLES.isdisjoint(roles) else trust

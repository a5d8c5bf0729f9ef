"""Which people a handoff goes to. First version: by what it is about, then by why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.storage.open_cases import OpenCase

SAFETY = "safety"
SERVICE = "service"

_BY_INTENT: Mapping[str, str] = {
    "order_status": "orders",
    "stock_availability": "orders",
    "spare_part": "parts",
    "wiring": "technical",
    "error_code": "technical",
    "commissioning": "technical",
    "datasheet": "technical",
    "warranty_return": "returns",
    "product_advice": "sales",
    "price_quote": "sales",
    "invoice": "accounting",
    "appointment": "field_service",
}
# These say more about who is needed than the topic does.
_BY_REASON: Mapping[str, str] = {
    "emergency": SAFETY,
    "complaint": SERVICE,
    "not_authorised": SERVICE,
    "order_change": "orders",
    "photo_damage": "returns",
    "claim": "returns",
}


def skill_for(intent: str, reasons: Sequence[str], case: OpenCase | None = None) -> str:
    """The skill that is needed: the first telling reason, else that of the open case about the same
    matter, so that the same people have both, else the topic, else general service.
    """
    by_reason = next((_BY_REASON[reason] for reason in reasons if reason in _BY_REASON), None)
    by_case = case.skill if case is not None and case.skill != SAFETY else None
    return by_reason or by_case or _BY_INTENT.get(intent, SERVICE)

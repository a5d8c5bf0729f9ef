"""Where is my order? Told to whoever placed it; to colleagues only from trust level 3 on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.accounts.guessing import too_many
from bot.accounts.steps import Guessed
from bot.accounts.trust import Unlocks, may
from bot.answers.skill import Ask, Reply
from bot.messages import Choice
from bot.storage import knowledge
from bot.storage.knowledge import Order

OTHER_THAN = "other_than"  # the slot of the order that is not meant: "und die andere?"
_SHOWN = 9  # a WhatsApp list has ten lines, one is for the person


async def order_status(ask: Ask) -> Reply:
    """Answer for the number given, for the only (other) open order, or ask which one."""
    whom = ask.whom
    number = ask.slots.get("order_number")
    if not may(whom.trust, Unlocks.OWN_ORDERS) or whom.account_id is None:
        return replace(_not_yours(ask, number), needs=Unlocks.OWN_ORDERS)
    if number is not None:
        return await _one(ask, number)
    whole_company = may(whom.trust, Unlocks.COMPANY_ORDERS)
    orders = await knowledge.open_orders(
        ask.conn, whom.account_id, None if whole_company else whom.person_id, _SHOWN
    )
    orders = [order for order in orders if order.number != ask.slots.get(OTHER_THAN)]
    orders = [order for order in orders if _holds(order, ask.named)] or orders
    if not orders:
        return replace(ask.reply("order_status_none"), expecting="order_number")
    if len(orders) == 1:
        return _status(ask, orders[0])
    choices = tuple(Choice(f"order_number:{order.number}", _label(order)) for order in orders)
    return replace(ask.reply("order_status_choose"), choices=choices, expecting="order_number")


def _holds(order: Order, named: Mapping[str, str]) -> bool:
    """Whether what was named is in the order: "die mit den Dachlüftern"."""
    article, family = named.get("article_number"), named.get("family")
    if article is not None:
        return any(line.article == article for line in order.lines)
    return family is not None and any(line.article.startswith(f"{family}-") for line in order.lines)


def _label(order: Order) -> str:
    """An order as people remember it: by its number, or by what is in it."""
    first = [f"{line.quantity} × {line.article}" for line in order.lines[:1]]
    more = ["…"] if len(order.lines) > 1 else []
    return " ".join((order.number, *first, *more))


async def _one(ask: Ask, number: str) -> Reply:
    order = await knowledge.order(ask.conn, number)
    if order is None or order.account_id != ask.whom.account_id:
        # The same words for an order that is somebody else's and for none at all, and not for ever.
        if await too_many(ask.conn, ask.origin):
            return replace(_not_yours(ask, number), steps=(Guessed("order_number", refused=True),))
        unknown = ask.reply("order_status_unknown_number", number=number)
        tried = Guessed("order_number")
        return replace(unknown, expecting="order_number", missed=number, steps=(tried,))
    own = order.person_id is not None and order.person_id == ask.whom.person_id
    if not own and not may(ask.whom.trust, Unlocks.COMPANY_ORDERS):
        return replace(_not_yours(ask, number), needs=Unlocks.COMPANY_ORDERS)
    return _status(ask, order)


def _not_yours(ask: Ask, number: str | None) -> Reply:
    """The same words whether there is such an order or not; a person helps whoever insists."""
    return replace(ask.reply("order_status_not_yours"), missed=number or "any order")


def _status(ask: Ask, order: Order) -> Reply:
    untracked = order.status == "shipped" and not (order.carrier and order.tracking)
    values = {
        "number": order.number,
        "date": ask.date(order.promised_on),
        "carrier": order.carrier or "",
        "tracking": order.tracking or "",
    }
    status = ask.say("order_shipped_untracked" if untracked else f"order_{order.status}", **values)
    found = ask.reply("order_status_one", status_text=status, **values)
    return replace(found, slots={"order_number": order.number})

"""A copy of an invoice, for members of the company; whatever else there is about one goes to accounting."""

from __future__ import annotations

from dataclasses import replace

from bot.accounts.guessing import too_many
from bot.accounts.steps import Guessed
from bot.accounts.trust import Unlocks, may
from bot.answers.skill import Ask, Reply, to_person
from bot.messages import Choice
from bot.storage import invoices
from bot.storage.invoices import Invoice

_SHOWN = 6


async def invoice(ask: Ask) -> Reply:
    """Send the copy that was named, the only one, or the latest if that was wished for; else ask which."""
    if "invoice" not in ask.slots:
        return ask.reply("invoice")
    whom = ask.whom
    number, order = ask.slots.get("invoice_number"), ask.slots.get("order_number")
    if whom.account_id is None or not may(whom.trust, Unlocks.INVOICE_COPY):
        # The same words whether there is such an invoice or not.
        missed = number or (f"invoice of {order}" if order else "any invoice")
        refused = replace(ask.reply("invoice_not_yours"), missed=missed)
        return replace(refused, needs=Unlocks.INVOICE_COPY)
    if number is not None:
        return await _one(ask, number)
    found = await invoices.of_account(ask.conn, whom.account_id, order, _SHOWN)
    if not found:
        return to_person("no_knowledge", "handoff_invoice")
    if len(found) == 1 or ask.slots["invoice"] == "latest":
        return _copy(ask, found[0])
    lines = "\n".join(
        ask.say("invoice_line", number=one.number, date=ask.date(one.issued_on), order=one.order or "–")
        for one in found
    )
    choices = tuple(Choice(f"invoice_number:{one.number}", one.number) for one in found)
    return replace(ask.reply("invoice_choose", list=lines), choices=choices, expecting="invoice_number")


async def _one(ask: Ask, number: str) -> Reply:
    found = await invoices.find(ask.conn, number)
    if found is not None and found.account_id == ask.whom.account_id:
        return _copy(ask, found)
    # The same words for an invoice that is somebody else's and for none at all, and not for ever.
    refused = await too_many(ask.conn, ask.origin)
    if refused:
        tried = Guessed("invoice_number", refused=True)
        return replace(to_person("no_knowledge", "handoff_invoice"), steps=(tried,))
    unknown = ask.reply("invoice_unknown_number", number=number)
    return replace(unknown, expecting="invoice_number", missed=number, steps=(Guessed("invoice_number"),))


def _copy(ask: Ask, found: Invoice) -> Reply:
    sent = ask.reply("invoice_copy", number=found.number, date=ask.date(found.issued_on))
    billed = {"order_number": found.order} if found.order else {}
    return replace(sent, documents=(found.copy,), slots=billed)

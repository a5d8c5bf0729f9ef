"""Wiring pictures, data sheets and certificates, sent as files."""

from __future__ import annotations

from dataclasses import replace

from bot.answers.families import family_choices, family_of
from bot.answers.skill import Ask, Reply, joined
from bot.storage import knowledge


async def wiring(ask: Ask) -> Reply:
    """The wiring picture of a device."""
    return await _document(ask, "wiring", "wiring")


async def datasheet(ask: Ask) -> Reply:
    """The data sheet of a device; its certificates, where those were asked for; or both."""
    wish = ask.slots.get("document", "datasheet")
    if wish == "both" and await family_of(ask) is not None:
        sheet = await _document(ask, "datasheet", "datasheet")
        return joined([sheet, await _document(ask, "certificate", "certificate")])
    kind = "certificate" if wish == "certificate" else "datasheet"
    return await _document(ask, kind, kind)


async def product_advice(ask: Ask) -> Reply:
    """What a device can do: its data sheet, and an engineer one tap away."""
    return await _document(ask, "datasheet", "product_advice")


async def _document(ask: Ask, kind: str, key: str) -> Reply:
    family = await family_of(ask)
    if family is None:
        question = ask.reply(f"{key}_ask")
        return replace(question, choices=await family_choices(ask, kind=kind), expecting="family")
    found = await knowledge.documents(ask.conn, family, kind, ask.language)
    if not found:
        return ask.reply("document_none")
    titles = ", ".join(document.title[ask.language] for document in found)
    return replace(ask.reply(key, title=titles), documents=tuple(found))

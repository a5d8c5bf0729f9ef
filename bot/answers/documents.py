"""Wiring pictures and data sheets, sent as files."""

from __future__ import annotations

from dataclasses import replace

from bot.answers.families import family_choices, family_of
from bot.answers.skill import Ask, Reply, to_person
from bot.storage import knowledge


async def wiring(ask: Ask) -> Reply:
    """The wiring picture of a device."""
    return await _document(ask, "wiring")


async def datasheet(ask: Ask) -> Reply:
    """The data sheet of a device."""
    return await _document(ask, "datasheet")


async def _document(ask: Ask, kind: str) -> Reply:
    family = await family_of(ask)
    if family is None:
        question = ask.reply(f"{kind}_ask")
        return replace(question, choices=await family_choices(ask, kind=kind), expecting="family")
    document = await knowledge.document(ask.conn, family, kind, ask.language)
    if document is None:
        return to_person("no_knowledge", "handoff_document")
    return replace(ask.reply(kind, title=document.title[ask.language]), documents=(document,))

"""What an error code means and what to do; two remedies that did not help go to a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answers.families import family_choices, family_of
from bot.answers.skill import Ask, Reply, to_person
from bot.storage import knowledge
from bot.storage.knowledge import ErrorCode


async def error_code(ask: Ask) -> Reply:
    """Explain a code, or ask for what is missing: first the code, then the device."""
    code = ask.slots.get("error_code")
    if code is None and ask.slots.get("code") == "none":
        return no_code(ask)
    if code is None:
        return replace(ask.reply("error_ask_code"), expecting="error_code")
    family = await family_of(ask)
    found = await knowledge.error_codes(ask.conn, code, family)
    if len(found) == 1:
        return replace(_explained(ask, found[0]), expecting="remedy")
    if found:
        return await _which_family(ask, ask.reply("error_ask_family", code=code), found)
    elsewhere = await knowledge.error_codes(ask.conn, code, None) if family is not None else []
    if elsewhere:
        question = ask.reply("error_elsewhere", code=code, family=family)
        return replace(await _which_family(ask, question, elsewhere), missed=code)
    return replace(ask.reply("error_unknown", code=code), expecting="error_code", missed=code)


async def _which_family(ask: Ask, question: Reply, found: Sequence[ErrorCode]) -> Reply:
    """The question for the device, with a button for each family that knows the code."""
    families = {entry.family for entry in found}
    return replace(question, choices=await family_choices(ask, only=families), expecting="family")


def _explained(ask: Ask, entry: ErrorCode) -> Reply:
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(entry.steps[ask.language], 1))
    return ask.reply(
        "error_code",
        family=entry.family,
        code=entry.code,
        meaning=entry.meaning[ask.language],
        steps=steps,
    )


def remedy(ask: Ask, *, helped: bool) -> Reply:
    """What to say once the steps were tried."""
    if helped:
        return ask.reply("remedy_worked")
    if ask.remedies > 0:
        return to_person("two_failed_answers", "handoff_error_code")
    return replace(ask.reply("remedy_failed"), unhelped=True, expecting="error_code")


def no_code(ask: Ask) -> Reply:
    """The device shows no code at all: what can be checked on every device, then a person looks."""
    if ask.remedies > 0:
        return to_person("two_failed_answers", "handoff_error_code")
    return replace(ask.reply("error_no_code"), expecting="remedy")

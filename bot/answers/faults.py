"""What an error code means and what to do; two remedies that did not help go to a person."""

from __future__ import annotations

from dataclasses import replace

from bot.answers.families import family_choices, family_of
from bot.answers.skill import Ask, Reply, to_person
from bot.storage import knowledge
from bot.storage.knowledge import ErrorCode


async def error_code(ask: Ask) -> Reply:
    """Explain a code, or ask for what is missing: first the code, then the device."""
    code = ask.slots.get("error_code")
    if code is None:
        return replace(ask.reply("error_ask_code"), expecting="error_code")
    family = await family_of(ask)
    found = await knowledge.error_codes(ask.conn, code, family)
    if not found:
        return replace(ask.reply("error_unknown", code=code), expecting="error_code", missed=code)
    if len(found) > 1:
        question = ask.reply("error_ask_family", code=code)
        families = {entry.family for entry in found}
        return replace(question, choices=await family_choices(ask, only=families), expecting="family")
    return replace(_explained(ask, found[0]), expecting="remedy")


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

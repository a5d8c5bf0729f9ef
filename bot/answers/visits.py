"""A visit on site: the wish is taken down, one question at a time, and people find the date."""

from __future__ import annotations

from dataclasses import replace

from bot.answers.skill import Ask, Reply, to_person


async def appointment(ask: Ask) -> Reply:
    """Ask for the day, then for the place; then the field service takes over."""
    if "date" not in ask.slots and "day" not in ask.slots:
        return replace(ask.reply("appointment_ask_date"), expecting="day")
    if "place" not in ask.slots:
        return replace(ask.reply("appointment_ask_place"), expecting="place")
    return to_person("appointment", "handoff_appointment_noted")

"""The bot's reply as it is sent: a handoff in its own words, and what is asked for below."""

from __future__ import annotations

from dataclasses import replace

from bot.accounts.phones import spell
from bot.answers.catalogue import Catalogue
from bot.answers.skill import Reply
from bot.moment import Response


def worded(
    catalogue: Catalogue, response: Response, language: str, promise: str | None, emergency_phone: str
) -> Reply | None:
    """The reply; None when there is nothing to say. `promise` is until when a person has promised to come,
    in words, when the turn is handed over.
    """
    reply = response.reply
    if reply is None:
        return None
    if promise is not None:
        text = catalogue.say(reply.handoff_key, language, promise=promise, phone=spell(emergency_phone))
        reply = replace(reply, text="\n\n".join(filter(None, (text, reply.meanwhile))), choices=())
    if response.ask_contact:
        reply = replace(reply, text=f"{reply.text}\n\n{catalogue.say('ask_contact', language)}")
    elif response.ask_company:
        reply = replace(reply, text=f"{reply.text}\n\n{catalogue.say('ask_company', language)}")
    return reply

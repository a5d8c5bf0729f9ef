"""Bringing a colleague along: a one-time `/start` link for Telegram, and what it is worth when used.

A link for somebody we know makes whoever uses it that person (recognised); one for somebody new only
names the company (claimed), as whoever hands it out vouches for no name we have on file.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.accounts.codes import INVITATION_LASTS, hash_token, new_token
from bot.accounts.directory import AccountDirectory
from bot.accounts.guessing import too_many
from bot.accounts.steps import Guessed, InvitationUsed, Invited, Proven
from bot.accounts.trust import CLAIMED, LASTS, RECOGNISED, Evidence, Unlocks, may
from bot.answers.skill import Ask, Reply, to_person
from bot.dialogue import Dialogue
from bot.introduction import Introduced
from bot.messages import Choice
from bot.storage import invitations
from nlu.understanding import Understanding

INTENT = "invite_colleague"
_INVITES = re.compile(
    r"\b(?:kolleg\w*|mitarbeiter\w*)\b.{0,30}\b(?:einladen|einzuladen|hinzufügen|dazuholen|freischalten)\b"
    r"|\blade?\b.{0,20}\bkolleg\w*\b.{0,20}\bein\b"
    r"|\b(?:invite|add)\b.{0,20}\b(?:colleagues?|co-?workers?)\b",
    re.I | re.S,
)
_SHOWN = 7  # a WhatsApp list has ten lines
_SOMEBODY_ELSE = "0"


def hear_invitation(
    text: str, understanding: Understanding, dialogue: Dialogue
) -> tuple[Understanding, Dialogue]:
    """See the wish to invite a colleague, which the engine does not know; begins afresh each time."""
    if understanding.urgency == 2 or not _INVITES.search(text):
        return understanding, dialogue
    slots = {name: value for name, value in dialogue.slots.items() if name != "invitee"}
    wish = replace(understanding, intent=INTENT, sure=True, complex=False)
    return wish, replace(dialogue, slots=slots, expecting=None)


async def invite_colleague(ask: Ask) -> Reply:
    """Hand out a link, once it is known for whom; only members do."""
    whom = ask.whom
    if whom.account_id is None or not may(whom.trust, Unlocks.INVITE_COLLEAGUE):
        return replace(to_person("not_authorised", "handoff_invitation"), needs=Unlocks.INVITE_COLLEAGUE)
    colleagues = await invitations.colleagues(
        ask.conn, whom.account_id, whom.person_id, ask.origin.now, _SHOWN
    )
    picked = ask.slots.get("invitee")
    if picked is None:
        choices = [Choice(f"invitee:{c.person_id}", c.name[:60]) for c in colleagues]
        choices.append(Choice(f"invitee:{_SOMEBODY_ELSE}", ask.say("choice_somebody_else")))
        return Reply(ask.say("invite_whom"), tuple(choices), expecting="invitee")
    invited = next((c for c in colleagues if str(c.person_id) == picked), None)
    token = new_token()
    step = Invited(
        whom.account_id,
        invited.person_id if invited else None,
        hash_token(token),
        ask.origin.now + INVITATION_LASTS,
    )
    days = INVITATION_LASTS.days
    name = invited.name if invited else ask.say("somebody_else")
    link = start_link(ask.bot_name, token)
    return replace(ask.reply("invite_link", name=name, link=link, days=days), steps=(step,))


def start_link(bot_name: str | None, token: str) -> str:
    """What to hand on: a link where the bot's name is known, else what to write to it."""
    return f"https://t.me/{bot_name}?start={token}" if bot_name else f"/start {token}"


async def redeem(ask: Ask, directory: AccountDirectory, token: str, dialogue: Dialogue) -> Introduced:
    """Somebody came with a link. One that is used, old or made up sounds the same."""
    dialogue = replace(dialogue, greeted=True)
    refused = await too_many(ask.conn, ask.origin)
    found = None if refused else await invitations.find(ask.conn, hash_token(token), ask.origin.now)
    if found is None:
        return Introduced(
            ask.whom, ask.reply("invitation_over"), dialogue, (Guessed("invitation", refused=refused),)
        )
    used = InvitationUsed(found.id)
    dialogue = replace(dialogue, asked_company=True)
    until = ask.origin.now + LASTS
    if found.person_id is None:
        company = await directory.get_account(ask.conn, found.account_id)
        if company is None or ask.whom.trust > CLAIMED:
            return Introduced(ask.whom, ask.reply("start"), dialogue, (used,))
        proven = Proven(None, found.account_id, CLAIMED, Evidence.INVITATION, until)
        whom = company.whom(Evidence.INVITATION)
        return Introduced(whom, ask.reply("invited_company", company=whom.company), dialogue, (used, proven))
    memberships = await directory.find_by_person(ask.conn, found.person_id)
    membership = next(m for m in memberships if m.account_id == found.account_id)
    whom = membership.whom(RECOGNISED, Evidence.INVITATION, until)
    if ask.whom.person_id == whom.person_id and ask.whom.trust > whom.trust:
        whom = ask.whom
        return Introduced(whom, ask.reply("start"), dialogue, (used,))
    proven = Proven(whom.person_id, None, RECOGNISED, Evidence.INVITATION, until)
    hello = ask.reply("greeting", name=whom.person, company=whom.company)
    return Introduced(whom, hello, dialogue, (used, proven))

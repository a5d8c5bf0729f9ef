"""An agent vouches for somebody, or doubts them; and hands out links that bring people to the bot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.codes import INVITATION_LASTS, hash_token, new_token
from bot.accounts.trust import (
    AUTHORISED,
    CLAIMED,
    DECIDING_ROLES,
    LASTS,
    MEMBER,
    RECOGNISED,
    UNKNOWN,
    Evidence,
)
from bot.errors import BadInput, NotFound
from bot.inviting import start_link
from bot.storage import events, identity, invitations
from bot.storage.agents import DeskAgent
from bot.storage.database import Database
from bot.storage.identity import Standing
from handoff.takeover import locked


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A link, and until when it works."""

    link: str
    expires_at: datetime


def highest(standing: Standing) -> int:
    """How far somebody can be trusted: without a name not beyond a claim, without a role not to decide."""
    if standing.person_id is None:
        return CLAIMED if standing.account_id is not None else UNKNOWN
    if standing.account_id is None:
        return RECOGNISED
    return AUTHORISED if not DECIDING_ROLES.isdisjoint(standing.roles) else MEMBER


class Vouching:
    """What agents know and the bot does not: each change with a reason, as an event."""

    def __init__(self, database: Database, bot_name: str | None, now: Callable[[], datetime]) -> None:
        self._database = database
        self._bot_name = bot_name
        self._now = now

    async def set_level(
        self, agent: DeskAgent, conversation_id: int, level: int, reason: str, person_id: int | None
    ) -> None:
        """Raise or lower the trust in whoever writes; `person_id` says who of the company it is.

        Raises NotFound, BadInput("not_a_member") for a person who is not of the company, and
        BadInput("level_too_high", highest=...) when what is known of them does not carry the level.
        """
        now = self._now()
        async with self._database.begin() as conn:
            case = await locked(conn, conversation_id)
            before = await identity.standing(conn, conversation_id, None, now.date())
            after = before
            if person_id is not None and person_id != before.person_id:
                after = await identity.standing(conn, conversation_id, person_id, now.date())
                if after.person_id is None:
                    raise BadInput("not_a_member", "That person is not active at the company of this chat.")
            if level > highest(after):
                raise BadInput(
                    "level_too_high",
                    "Level 2 needs a person, level 3 a company, level 4 a role that decides"
                    f" ({', '.join(sorted(DECIDING_ROLES))}).",
                    highest=highest(after),
                )
            until = now + LASTS if level >= RECOGNISED else None
            await self._link(conn, case.endpoint_id, after, level, until)
            kept = after if level > UNKNOWN else Standing(UNKNOWN, Evidence.AGENT, None, None, None, ())
            await identity.settle(
                conn,
                conversation_id,
                person_id=kept.person_id,
                account_id=kept.account_id,
                trust=level,
                evidence=Evidence.AGENT,
                until=until,
            )
            await events.append(
                conn,
                kind="trust.changed",
                actor=f"agent:{agent.id}",
                conversation_id=conversation_id,
                data={
                    "from": before.trust,
                    "to": level,
                    "evidence": Evidence.AGENT,
                    "reason": reason,
                    "person_id": kept.person_id,
                    "account_id": kept.account_id,
                },
            )

    async def _link(
        self, conn: AsyncConnection, endpoint_id: int, who: Standing, level: int, until: datetime | None
    ) -> None:
        await identity.doubt(conn, endpoint_id, who.person_id, Evidence.AGENT)
        if level >= RECOGNISED:
            await identity.link(
                conn,
                endpoint_id,
                person_id=who.person_id,
                account_id=who.account_id,
                trust=level,
                evidence=Evidence.AGENT,
                expires_at=until,
            )

    async def invite(self, agent: DeskAgent, account_id: int, person_id: int | None) -> HandedOut:
        """A one-time link for somebody of a company. Raises NotFound."""
        now = self._now()
        token, until = new_token(), now + INVITATION_LASTS
        async with self._database.begin() as conn:
            if not await invitations.fits(conn, account_id, person_id, now):
                raise NotFound("no_member", "There is no such company, or that person is not active there.")
            await invitations.make(
                conn,
                {
                    "token_hash": hash_token(token),
                    "account_id": account_id,
                    "person_id": person_id,
                    "made_by": f"agent:{agent.id}",
                    "created_at": now,
                    "expires_at": until,
                },
            )
            await events.append(
                conn,
                kind="invitation.made",
                actor=f"agent:{agent.id}",
                data={"account_id": account_id, "person_id": person_id},
            )
        return HandedOut(start_link(self._bot_name, token), until)

"""Waking people up: letters to the whole team while an emergency waits for somebody to accept it.

The console says it to whoever looks at it; this is for those who don't. Where no mail server is set,
`bauruf doctor` says that nobody would be woken.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.jobs import Jobs
from bot.mail import Mail, MailError, MailRefused
from bot.settings import Settings
from bot.storage import agents
from bot.storage.agents import DeskAgent
from bot.storage.database import Database
from handoff.console.shapes import Card
from handoff.queue.cards import Cards

log = structlog.get_logger(__name__)

ALARM = "alarm"  # the name of the job
_AGAIN = timedelta(minutes=15)
_SOON_AGAIN = timedelta(minutes=1)  # when a letter did not go
_LONGEST = timedelta(hours=24)

_SUBJECT: Mapping[str, str] = {
    "de": "Notfall wartet: {who}",
    "en": "An emergency is waiting: {who}",
}
_TEXT: Mapping[str, str] = {
    "de": "{who} hat um {time} Uhr einen Notfall gemeldet, und noch hat niemand übernommen.\n\n"
    "Bitte übernehmen: {link}\n",
    "en": "{who} reported an emergency at {time}, and nobody has taken over yet.\n\n"
    "Please take over: {link}\n",
}


class Alarm:
    """Rings until somebody takes over. `mail` is None where no mail server is set: then nothing rings."""

    def __init__(
        self,
        database: Database,
        mail: Mail | None,
        cards: Cards,
        jobs: Jobs,
        settings: Settings,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._mail = mail
        self._cards = cards
        self._jobs = jobs
        self._settings = settings
        self._clock = clock

    async def ring(self, conversation_id: int) -> None:
        """Write to every active agent, if the emergency still waits; the job of name `ALARM`.

        It rings again every quarter of an hour, and a minute after a letter that did not go.
        """
        if self._mail is None:
            return
        now = self._clock()
        async with self._database.read() as conn:
            placed = await self._cards.by_ids(conn, [conversation_id])
            team = [agent for agent in await agents.everybody(conn) if agent.active]
        if not placed or not _waits(placed[0].card, now):
            return
        gone = await self._write(self._mail, team, placed[0].card)
        async with self._database.begin() as conn:
            again = now + (_AGAIN if gone else _SOON_AGAIN)
            await self._jobs.at(conn, again, ALARM, conversation_id=conversation_id)

    async def _write(self, mail: Mail, team: Sequence[DeskAgent], card: Card) -> bool:
        """Write to all of them; whether all letters went."""
        outcomes = await asyncio.gather(*(self._letter(mail, agent, card) for agent in team))
        return all(outcomes)

    async def _letter(self, mail: Mail, agent: DeskAgent, card: Card) -> bool:
        language = agent.language if agent.language in _TEXT else "en"
        who = ", ".join(part for part in (card.who.name, card.who.company) if part) or card.channel
        since = (card.waiting_since or card.last_message_at).astimezone(self._settings.zone)
        base = self._settings.public_url or f"http://127.0.0.1:{self._settings.port}"
        link = f"{str(base).rstrip('/')}/console/#/conversations/{card.id}"
        values = {"who": who, "time": f"{since:%H:%M}", "link": link}
        try:
            await mail.send(
                agent.email, _SUBJECT[language].format(**values), _TEXT[language].format(**values)
            )
        except MailError as error:
            log.warning("alarm not sent", agent=agent.id, reason=str(error))
            return isinstance(error, MailRefused)  # nothing will ever reach that address
        return True


def _waits(card: Card, now: datetime) -> bool:
    since = card.waiting_since or card.last_message_at
    return card.turn == "WAITING" and card.urgency == 2 and now - since < _LONGEST

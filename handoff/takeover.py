"""Taking a conversation over, and giving it up again: each is one transaction, and one agent wins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue import read_dialogue, write_dialogue
from bot.errors import Conflict, NotFound
from bot.storage import agents, conversations, desk, events, reviews
from bot.storage.agents import DeskAgent
from bot.storage.conversations import TurnHolder
from bot.storage.database import Database
from bot.storage.desk import Case
from handoff.voice import Voice

_PROMISE_KEPT: dict[str, Any] = {"waiting_since": None, "due_at": None, "overdue": False}
_HANDOFF_OVER: dict[str, Any] = {
    **_PROMISE_KEPT,
    "reasons": [],
    "urgency": 0,
    "brief": None,
    "skill": None,
}


def taken_by(case: Case) -> Conflict:
    """The refusal for everybody but the agent who holds the turn."""
    return Conflict(
        "taken",
        f"{case.agent} has taken over this conversation.",
        agent={"id": case.agent_id, "name": case.agent},
    )


def not_yours(case: Case) -> Conflict:
    """The refusal of what only the holder of the turn may do."""
    if case.turn == "AGENT" and case.agent_id is not None:
        return Conflict(
            "not_yours",
            f"{case.agent} holds this conversation.",
            agent={"id": case.agent_id, "name": case.agent},
        )
    return Conflict("not_yours", "Take the conversation over first.", agent=None)


async def locked(conn: AsyncConnection, conversation_id: int) -> Case:
    """Lock a conversation for the caller's transaction. Raises NotFound."""
    case = await desk.lock(conn, conversation_id)
    if case is None:
        raise NotFound("no_conversation", "There is no such conversation.")
    return case


class Takeover:
    """Moves the turn between bot, queue and agents. Repeating what is done already changes nothing."""

    def __init__(self, database: Database, voice: Voice, now: Callable[[], datetime]) -> None:
        self._database = database
        self._voice = voice
        self._now = now

    async def take(self, agent: DeskAgent, conversation_id: int) -> None:
        """Give the turn to this agent, from the queue, the bot, or a closed conversation.

        Raises Conflict("taken", agent=...) when a colleague holds it, and Conflict("superseded",
        conversation_id=...) for a closed conversation whose installer has begun a newer one.
        """
        now = self._now()
        try:
            async with self._database.begin() as conn:
                case = await locked(conn, conversation_id)
                if case.turn == "AGENT":
                    if case.agent_id != agent.id:
                        raise taken_by(case)
                    return
                if case.turn == "CLOSED":
                    await _refuse_superseded(conn, case)
                code = "reopened" if case.turn == "CLOSED" else "taken"
                await self._hand(conn, case, "AGENT", code, agent, now, _PROMISE_KEPT)
                if case.turn != "CLOSED":
                    await self._voice.say_line(conn, case, "agent_joined", now, agent=agent.name)
        except IntegrityError:
            # The installer began a new conversation between our look and our write.
            raise Conflict("superseded", "The installer has begun a newer conversation.") from None

    async def give_back(self, agent: DeskAgent, conversation_id: int) -> None:
        """Let the bot speak again: by the agent who holds the turn, an admin, or anybody while it waits.

        The bot starts afresh: it does not answer what was said meanwhile. Raises Conflict("not_yours").
        """
        now = self._now()
        async with self._database.begin() as conn:
            case = await locked(conn, conversation_id)
            if case.turn == "BOT":
                return
            if case.turn == "CLOSED" or not _may_give_up(case, agent):
                raise not_yours(case)
            dialogue = read_dialogue(case.state, case.last_message_at, now).expired()
            fresh = {**_HANDOFF_OVER, "state": write_dialogue(dialogue)}
            await self._hand(conn, case, "BOT", "returned", agent, now, fresh)
            await reviews.note_turn(conn, case.id, "handed_back")
            if case.turn == "AGENT":
                await self._voice.say_line(conn, case, "agent_left", now)

    async def resolve(self, agent: DeskAgent, conversation_id: int) -> None:
        """Close the case: by the agent who holds the turn, an admin, or anybody while nobody holds it.

        Raises Conflict("not_yours").
        """
        now = self._now()
        async with self._database.begin() as conn:
            case = await locked(conn, conversation_id)
            if case.turn == "CLOSED":
                return
            if not _may_give_up(case, agent):
                raise not_yours(case)
            await self._hand(conn, case, "CLOSED", "resolved", agent, now, _PROMISE_KEPT)
            if case.turn == "AGENT":
                await self._voice.say_line(conn, case, "resolved", now)

    async def release(self, agent_id: int) -> None:
        """Put all that an agent holds back into the queue: they do not work here any more."""
        now = self._now()
        async with self._database.read() as conn:
            held = await agents.held_conversations(conn, agent_id)
        for conversation_id in held:
            async with self._database.begin() as conn:
                case = await locked(conn, conversation_id)
                if case.turn == "AGENT" and case.agent_id == agent_id:
                    await self._hand(conn, case, "WAITING", "handed_off", None, now, {"waiting_since": now})

    async def _hand(
        self,
        conn: AsyncConnection,
        case: Case,
        to: TurnHolder,
        code: str,
        agent: DeskAgent | None,
        now: datetime,
        values: dict[str, Any],
    ) -> None:
        changed = await conversations.change_turn(
            conn,
            case.id,
            to=to,
            only_from=(case.turn,),
            agent_id=agent.id if agent is not None and to == "AGENT" else None,
            now=now,
            values=values,
        )
        if changed is None:
            raise not_yours(case)
        await events.append(
            conn,
            kind="turn.changed",
            actor=f"agent:{agent.id}" if agent else "system",
            conversation_id=case.id,
            data={"from": case.turn, "to": to, "code": code},
        )
        await self._voice.note_system(conn, case, code, now, agent.id if agent else None)


def _may_give_up(case: Case, agent: DeskAgent) -> bool:
    return case.turn != "AGENT" or case.agent_id == agent.id or agent.role == "admin"


async def _refuse_superseded(conn: AsyncConnection, case: Case) -> None:
    newer = await desk.open_conversation(conn, case.endpoint_id)
    if newer is not None:
        raise Conflict("superseded", "The installer has begun a newer conversation.", conversation_id=newer)

"""The people at the desk, their logins and their failed tries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import Agent, AgentSession, Conversation, LoginFailure

Role = Literal["agent", "admin"]


@dataclass(frozen=True, slots=True)
class DeskAgent:
    """Somebody who works at the desk, without the password."""

    id: int
    name: str
    email: str
    role: Role
    language: str
    active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A login that has not ended yet."""

    agent: DeskAgent
    csrf: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Failures:
    """How often a key has failed to log in lately, and when last."""

    count: int
    last: datetime | None


_COLUMNS = (
    Agent.id,
    Agent.name,
    Agent.email,
    Agent.role,
    Agent.language,
    Agent.active,
    Agent.created_at,
)


def _agent(row: Any) -> DeskAgent:
    return DeskAgent(row.id, row.name, row.email, row.role, row.language, row.active, row.created_at)


async def everybody(conn: AsyncConnection) -> list[DeskAgent]:
    """All agents, the active ones first, by name."""
    rows = await conn.execute(select(*_COLUMNS).order_by(Agent.active.desc(), Agent.name, Agent.id))
    return [_agent(row) for row in rows]


async def find(conn: AsyncConnection, agent_id: int) -> DeskAgent | None:
    """One agent, or None."""
    row = (await conn.execute(select(*_COLUMNS).where(Agent.id == agent_id))).first()
    return _agent(row) if row else None


async def find_login(conn: AsyncConnection, email: str) -> tuple[DeskAgent, str] | None:
    """The agent with this e-mail, whatever its case, and the stored password hash."""
    row = (
        await conn.execute(
            select(*_COLUMNS, Agent.password_hash).where(func.lower(Agent.email) == email.lower())
        )
    ).first()
    return (_agent(row), row.password_hash) if row else None


async def add(
    conn: AsyncConnection, *, name: str, email: str, role: Role, language: str, password_hash: str
) -> DeskAgent:
    """Add an agent. Raises sqlalchemy's IntegrityError when the e-mail is taken."""
    row = (
        await conn.execute(
            insert(Agent)
            .values(name=name, email=email, role=role, language=language, password_hash=password_hash)
            .returning(*_COLUMNS)
        )
    ).one()
    return _agent(row)


async def change(conn: AsyncConnection, agent_id: int, values: Mapping[str, Any]) -> DeskAgent | None:
    """Set columns of one agent; None when there is no such agent."""
    row = (
        await conn.execute(update(Agent).where(Agent.id == agent_id).values(**values).returning(*_COLUMNS))
    ).first()
    return _agent(row) if row else None


async def lock_active_admins(conn: AsyncConnection) -> set[int]:
    """The ids of all active admins, locked, so that two changes at once cannot remove the last one."""
    rows = await conn.execute(
        select(Agent.id)
        .where(Agent.role == "admin", Agent.active.is_(True))
        .order_by(Agent.id)
        .with_for_update()
    )
    return set(rows.scalars())


async def held_conversations(conn: AsyncConnection, agent_id: int) -> list[int]:
    """The conversations whose turn this agent holds."""
    rows = await conn.execute(
        select(Conversation.id).where(Conversation.agent_id == agent_id, Conversation.turn == "AGENT")
    )
    return list(rows.scalars())


async def add_session(
    conn: AsyncConnection, *, token_hash: bytes, agent_id: int, csrf: str, now: datetime, expires_at: datetime
) -> None:
    """Remember a login; logins that have ended are forgotten on the way."""
    await conn.execute(delete(AgentSession).where(AgentSession.expires_at <= now))
    await conn.execute(
        insert(AgentSession).values(
            token_hash=token_hash, agent_id=agent_id, csrf=csrf, created_at=now, expires_at=expires_at
        )
    )


async def find_session(conn: AsyncConnection, token_hash: bytes, now: datetime) -> StoredSession | None:
    """The login behind a token, if it has not ended and its agent is active."""
    row = (
        await conn.execute(
            select(
                *_COLUMNS,
                AgentSession.csrf,
                AgentSession.created_at.label("started_at"),
                AgentSession.expires_at,
            )
            .join(Agent, Agent.id == AgentSession.agent_id)
            .where(
                AgentSession.token_hash == token_hash,
                AgentSession.expires_at > now,
                Agent.active.is_(True),
            )
        )
    ).first()
    return StoredSession(_agent(row), row.csrf, row.started_at, row.expires_at) if row else None


async def extend_session(conn: AsyncConnection, token_hash: bytes, expires_at: datetime) -> None:
    """Let a login that is in use live longer."""
    await conn.execute(
        update(AgentSession).where(AgentSession.token_hash == token_hash).values(expires_at=expires_at)
    )


async def end_session(conn: AsyncConnection, token_hash: bytes) -> None:
    """Forget one login."""
    await conn.execute(delete(AgentSession).where(AgentSession.token_hash == token_hash))


async def end_sessions_of(conn: AsyncConnection, agent_id: int, *, but: bytes | None = None) -> None:
    """Forget all logins of an agent, except the one named by `but`."""
    statement = delete(AgentSession).where(AgentSession.agent_id == agent_id)
    if but is not None:
        statement = statement.where(AgentSession.token_hash != but)
    await conn.execute(statement)


async def lock_login(conn: AsyncConnection, key: str) -> None:
    """Let only one transaction at a time count tries under this key."""
    await conn.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"bauruf:login:{key}"}
    )


async def failures(conn: AsyncConnection, key: str, since: datetime) -> Failures:
    """The failed tries under a key since a moment."""
    row = (
        await conn.execute(
            select(func.count(), func.max(LoginFailure.at)).where(
                LoginFailure.key == key, LoginFailure.at > since
            )
        )
    ).one()
    return Failures(row[0], row[1])


async def add_failure(conn: AsyncConnection, key: str, now: datetime, forget_before: datetime) -> None:
    """Count a try under this key as failed; tries from before `forget_before` are deleted."""
    await conn.execute(delete(LoginFailure).where(LoginFailure.key == key, LoginFailure.at <= forget_before))
    await conn.execute(insert(LoginFailure).values(key=key, at=now))


async def forgive(conn: AsyncConnection, key: str, *, at: datetime | None = None) -> None:
    """Forget the failed tries under this key; only the one counted at `at` if given."""
    statement = delete(LoginFailure).where(LoginFailure.key == key)
    if at is not None:
        statement = statement.where(LoginFailure.at == at)
    await conn.execute(statement)

"""The team: who works at the desk and with which rights."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy.exc import IntegrityError

from bot.errors import BadInput, Conflict, NotFound
from bot.storage import agents as storage
from bot.storage import events
from bot.storage.agents import DeskAgent, Role
from bot.storage.database import Database
from handoff.passwords import Passwords

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")


class Agents:
    """Adds and changes agents. `actor` in its methods is who does it: "agent:<id>" or "system"."""

    def __init__(self, database: Database, passwords: Passwords) -> None:
        self._database = database
        self._passwords = passwords

    async def everybody(self) -> list[DeskAgent]:
        """All agents, active ones first."""
        async with self._database.read() as conn:
            return await storage.everybody(conn)

    async def find_email(self, email: str) -> DeskAgent | None:
        """The agent with this e-mail, or None."""
        async with self._database.read() as conn:
            found = await storage.find_login(conn, email.strip())
        return found[0] if found else None

    async def create(
        self, *, name: str, email: str, role: Role, password: str, actor: str, language: str = "de"
    ) -> DeskAgent:
        """Add an agent.

        Raises BadInput for an unusable name, e-mail or password and Conflict when the e-mail is taken.
        """
        email = email.strip()
        if not _EMAIL.fullmatch(email):
            raise BadInput("bad_email", 'This is no e-mail address; expected one like "anna@firma.example".')
        password_hash = await self._passwords.hash(password)
        try:
            async with self._database.begin() as conn:
                agent = await storage.add(
                    conn,
                    name=_name(name),
                    email=email,
                    role=role,
                    language=language,
                    password_hash=password_hash,
                )
                await events.append(conn, kind="agent.created", actor=actor, data={"agent": agent.id})
        except IntegrityError:
            raise Conflict("email_taken", "There is already an agent with this e-mail.") from None
        return agent

    async def change(
        self,
        agent_id: int,
        *,
        actor: str,
        name: str | None = None,
        role: Role | None = None,
        active: bool | None = None,
        password: str | None = None,
        language: str | None = None,
        keep_session: bytes | None = None,
    ) -> DeskAgent:
        """Change what is given. A new password and a deactivation end the agent's sessions, except
        `keep_session` (a token hash), the one in which agents change their own password.

        Raises NotFound, BadInput, and Conflict when the last active admin would be lost.
        """
        values: dict[str, Any] = {
            key: value
            for key, value in (("role", role), ("active", active), ("language", language))
            if value is not None
        }
        if name is not None:
            values["name"] = _name(name)
        if password is not None:
            values["password_hash"] = await self._passwords.hash(password)
        async with self._database.begin() as conn:
            if role == "agent" or active is False:
                admins = await storage.lock_active_admins(conn)
                if admins == {agent_id}:
                    raise Conflict("last_admin", "This is the last active admin; make another one first.")
            agent = await (storage.change(conn, agent_id, values) if values else storage.find(conn, agent_id))
            if agent is None:
                raise NotFound("no_agent", "There is no such agent.")
            if password is not None or active is False:
                await storage.end_sessions_of(conn, agent_id, but=keep_session)
            if values:
                await events.append(
                    conn,
                    kind="agent.changed",
                    actor=actor,
                    data={"agent": agent_id, "changed": sorted(set(values) - {"password_hash"})},
                )
        return agent


def _name(name: str) -> str:
    stripped = " ".join(name.split())
    if not 1 <= len(stripped) <= 80:
        raise BadInput("bad_name", "A name needs 1 to 80 characters.")
    return stripped

"""`bauruf agents`: people at the desk, for the first admin and for emergencies."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table

from handoff.agents import Agents
from handoff.passwords import Passwords
from webhooks.runtime import opened, out, run


class Role(StrEnum):
    """What somebody may do: agents talk, admins also change answers and people."""

    AGENT = "agent"
    ADMIN = "admin"


cli = typer.Typer(help="People at the desk.", no_args_is_help=True)


@cli.command()
def add(
    name: Annotated[str, typer.Option(prompt=True)],
    email: Annotated[str, typer.Option(prompt=True)],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
    role: Annotated[Role, typer.Option(help="agent or admin")] = Role.AGENT,
) -> None:
    """Add somebody; asks for what is not given."""
    run(_add(name, email, password, role))


async def _add(name: str, email: str, password: str, role: Role) -> None:
    async with opened() as database:
        agent = await Agents(database, Passwords()).create(
            name=name,
            email=email,
            role="admin" if role is Role.ADMIN else "agent",
            password=password,
            actor="system",
        )
    out.print(f"{agent.name} can log in as {agent.email} ({agent.role}).", highlight=False)


@cli.command("list")
def show() -> None:
    """List everybody."""
    run(_show())


async def _show() -> None:
    async with opened() as database:
        everybody = await Agents(database, Passwords()).everybody()
    table = Table("Name", "E-mail", "Role", "Active")
    for agent in everybody:
        table.add_row(agent.name, agent.email, agent.role, "yes" if agent.active else "no")
    out.print(table)

"""What admins do: the team and the quarantine."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from bot.storage import inbox
from bot.storage.agents import DeskAgent
from handoff.console.parts import AdminChanging, AdminReading, Id, SmallBody, TheConsole, Words
from handoff.console.shapes import Moment, Role, Shape

router = APIRouter(route_class=SmallBody, tags=["admin"])


class AgentView(Shape):
    """One of the team."""

    id: int
    name: str
    email: str
    role: Role
    active: bool
    created_at: Moment


class Team(Shape):
    """Everybody at the desk, those who have left at the end."""

    agents: list[AgentView]


class NewAgent(Shape):
    """Somebody new."""

    name: Annotated[Words, Field(max_length=200)]
    email: Annotated[Words, Field(max_length=255)]
    role: Role
    password: Annotated[str, Field(max_length=400)]


class AgentChange(Shape):
    """What is to be different; the rest stays."""

    name: Annotated[Words, Field(max_length=200)] | None = None
    role: Role | None = None
    active: bool | None = None
    password: Annotated[str, Field(max_length=400)] | None = None


class QuarantineItem(Shape):
    """A provider call that could not be read; `size` in bytes."""

    id: int
    channel: str
    reason: str
    received_at: Moment
    size: int


class QuarantineList(Shape):
    """What waits in quarantine, newest first."""

    items: list[QuarantineItem]


class Replayed(Shape):
    """What came of reading a call again."""

    state: Literal["waiting", "quarantined"]
    reason: str | None


@router.get("/agents")
async def team(console: TheConsole, _: AdminReading) -> Team:
    """The team."""
    return Team(agents=[_view(agent) for agent in await console.agents.everybody()])


@router.post("/agents", status_code=201)
async def add(console: TheConsole, session: AdminChanging, new: NewAgent) -> AgentView:
    """Add somebody."""
    agent = await console.agents.create(
        name=new.name,
        email=new.email,
        role=new.role,
        password=new.password,
        actor=f"agent:{session.agent.id}",
    )
    return _view(agent)


@router.patch("/agents/{agent_id}")
async def change(console: TheConsole, session: AdminChanging, agent_id: Id, to: AgentChange) -> AgentView:
    """Change somebody; what a deactivated agent holds goes back into the queue."""
    agent = await console.agents.change(
        agent_id,
        actor=f"agent:{session.agent.id}",
        name=to.name,
        role=to.role,
        active=to.active,
        password=to.password,
        keep_session=session.token_hash,
    )
    if not agent.active:
        await console.takeover.release(agent_id)
    return _view(agent)


@router.get("/quarantine")
async def quarantine(console: TheConsole, _: AdminReading) -> QuarantineList:
    """What could not be read."""
    async with console.database.read() as conn:
        items = await inbox.quarantined(conn)
    return QuarantineList(
        items=[
            QuarantineItem(
                id=item.id,
                channel=item.channel,
                reason=item.reason,
                received_at=item.received_at,
                size=len(item.raw),
            )
            for item in items
        ]
    )


@router.post("/quarantine/{item_id}/replay")
async def replay(console: TheConsole, _: AdminChanging, item_id: Id) -> Replayed:
    """Read a call again with today's parser."""
    reason = await console.intake.replay(item_id)
    return Replayed(state="waiting" if reason is None else "quarantined", reason=reason)


def _view(agent: DeskAgent) -> AgentView:
    return AgentView(
        id=agent.id,
        name=agent.name,
        email=agent.email,
        role=agent.role,
        active=agent.active,
        created_at=agent.created_at,
    )

"""Getting the demo ready: its world, and people who can log in."""

from __future__ import annotations

from bot.demo.world import DEMO_AGENTS, DemoAgent, seed
from webhooks.system import System


def logins() -> tuple[DemoAgent, ...]:
    """Who can log in to the demo's console, with passwords that are no secret."""
    return DEMO_AGENTS


async def prepare_demo(system: System) -> None:
    """Bring in the demo world and its agents, once."""
    today = system.clock().astimezone(system.settings.zone).date()
    async with system.database.begin() as conn:
        await seed(conn, system.settings.media_dir, today)
    known = {agent.email for agent in await system.agents.everybody()}
    for agent in DEMO_AGENTS:
        if agent.email not in known:
            await system.agents.create(
                name=agent.name,
                email=agent.email,
                role=agent.role,
                password=agent.password,
                actor="system",
                language=agent.language,
            )
    # The loop that seeded is not the loop that will serve.
    await system.database.close()

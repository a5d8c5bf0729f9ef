"""`bauruf accounts merge` and `unmerge`: two companies made one, and taken apart again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.storage import merging
from webhooks.runtime import opened, out, run

_ACTOR = "system"


def merge(
    kept: Annotated[str, typer.Argument(help="The customer number that stays.")],
    gone: Annotated[str, typer.Argument(help="The customer number that becomes part of it.")],
) -> None:
    """Make one company out of two: people, conversations and orders of the second go to the first."""
    merge_id = run(_merge(kept, gone))
    out.print(f"{gone} is part of {kept} now. To take it back: bauruf accounts unmerge {merge_id}")


def unmerge(
    merge_id: Annotated[int, typer.Argument(min=1, help="The number that `merge` told you.")],
) -> None:
    """Take a merge back."""
    run(_unmerge(merge_id))
    out.print("Taken back: both companies stand on their own again.")


async def _merge(kept: str, gone: str) -> int:
    async with opened() as database, database.begin() as conn:
        ids = [await merging.numbered(conn, number) for number in (kept, gone)]
        return await merging.merge(conn, *ids, actor=_ACTOR)


async def _unmerge(merge_id: int) -> None:
    async with opened() as database, database.begin() as conn:
        await merging.undo(conn, merge_id, actor=_ACTOR, now=datetime.now(UTC))

"""Which family of devices is meant: from the article, from what was said, or from a button."""

from __future__ import annotations

from collections.abc import Collection

from bot.answers.skill import Ask
from bot.messages import Choice
from bot.storage import knowledge


async def family_of(ask: Ask) -> str | None:
    """The family that was chosen, or that of the named article; None when neither is known."""
    chosen = ask.slots.get("family")
    if chosen is not None:
        return chosen
    number = ask.slots.get("article_number")
    article = await knowledge.article(ask.conn, number) if number is not None else None
    return article.family if article else None


async def family_choices(
    ask: Ask, *, only: Collection[str] | None = None, kind: str | None = None
) -> tuple[Choice, ...]:
    """A button for each family: only those named, only those with a document of this kind."""
    return tuple(
        Choice(f"family:{family.code}", family.name[ask.language])
        for family in await knowledge.families(ask.conn, kind)
        if only is None or family.code in only
    )

"""Is it in stock, and which spare parts fit: what the article master knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answers.parts import PART, of_kind
from bot.answers.skill import Ask, Reply
from bot.storage import knowledge
from bot.storage.knowledge import Article


async def stock_availability(ask: Ask) -> Reply:
    """Whether the article, or the part of it that was named, is in stock in the quantity that was named; its
    lead time where it is not.
    """
    number = ask.slots.get("article_number")
    if number is None:
        return replace(ask.reply("stock_ask_article"), expecting="article_number")
    article = await knowledge.article(ask.conn, number)
    if article is None:
        return _unknown(ask, number)
    if PART in ask.slots:
        meant = of_kind(await knowledge.spare_parts(ask.conn, article.number), ask.slots[PART])
        if len(meant) > 1:
            return _list(ask, article, meant)
        article = meant[0] if meant else article
    values = {"article": article.number, "name": article.name[ask.language]}
    if article.stock <= 0:
        return ask.reply("stock_out", days=article.lead_days, **values)
    wanted = int(ask.slots.get("quantity", 1))
    if wanted <= article.stock:
        return ask.reply("stock_in", stock=article.stock, **values)
    return ask.reply("stock_short", stock=article.stock, wanted=wanted, days=article.lead_days, **values)


async def spare_part(ask: Ask) -> Reply:
    """The spare parts of a device; only those of the kind that was named, if it has them."""
    number = ask.slots.get("article_number")
    if number is None:
        return replace(ask.reply("spare_ask_article"), expecting="article_number")
    article = await knowledge.article(ask.conn, number)
    if article is None:
        return _unknown(ask, number)
    parts = await knowledge.spare_parts(ask.conn, article.number)
    if not parts:
        return ask.reply("spare_parts_none", article=article.number)
    return _list(ask, article, of_kind(parts, ask.slots.get(PART)) or parts)


def _list(ask: Ask, article: Article, parts: Sequence[Article]) -> Reply:
    lines = "\n".join(_line(ask, part) for part in parts)
    return ask.reply("spare_parts", article=article.number, list=lines)


def _line(ask: Ask, part: Article) -> str:
    key = "spare_part_line" if part.stock > 0 else "spare_part_line_out"
    return ask.say(
        key, article=part.number, name=part.name[ask.language], stock=part.stock, days=part.lead_days
    )


def _unknown(ask: Ask, number: str) -> Reply:
    return replace(ask.reply("article_unknown", article=number), expecting="article_number", missed=number)

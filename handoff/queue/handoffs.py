"""How well the bot hands over, measured on what people then did: needless, late and missed handoffs.

needless  a person ended a handoff (gave it back or resolved it) without having written a word
late      the installer asked for a person, or two answers had failed, after the bot had already spoken
missed    a person took a conversation from the bot by themselves and wrote to the installer

precision = 1 - needless / ended handoffs; recall = (handoffs - late) / (handoffs + missed).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff.console.shapes import HandoffLine

_LINES = """
WITH opened AS (
    SELECT DISTINCT ON (conversation_id) conversation_id, id, at, data
    FROM events WHERE kind = 'handoff.opened' AND at >= :since
    ORDER BY conversation_id, id
), judged AS (
    SELECT o.conversation_id,
        coalesce((SELECT true FROM events e WHERE e.conversation_id = o.conversation_id AND e.id > o.id
            AND e.kind = 'turn.changed' AND e.data->>'code' IN ('returned', 'resolved') LIMIT 1), false)
            AS ended,
        coalesce((SELECT true FROM events e JOIN messages m ON m.id = e.message_id
            WHERE e.conversation_id = o.conversation_id AND e.id > o.id AND e.kind = 'message.created'
            AND m.author = 'agent' LIMIT 1), false) AS answered,
        (o.data->'reasons' ?| ARRAY['human_request', 'two_failed_answers', 'bot_failed'])
            AND coalesce((SELECT true FROM events e WHERE e.conversation_id = o.conversation_id
                AND e.id < o.id AND e.kind = 'message.created' AND e.actor = 'bot' LIMIT 1), false) AS late,
        false AS missed
    FROM opened o
), taken AS (
    SELECT DISTINCT e.conversation_id, false AS ended, true AS answered, false AS late, true AS missed
    FROM conversations c JOIN events e ON e.conversation_id = c.id
    WHERE c.created_at >= :since AND e.kind = 'turn.changed' AND e.data->>'from' = 'BOT'
        AND e.data->>'to' = 'AGENT'
        AND NOT EXISTS (SELECT 1 FROM opened o WHERE o.conversation_id = c.id)
        AND EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = c.id AND m.author = 'agent')
), every AS (SELECT * FROM judged UNION ALL SELECT * FROM taken)
SELECT {by} AS name,
    count(*) FILTER (WHERE NOT missed) AS handoffs,
    count(*) FILTER (WHERE ended AND NOT missed) AS ended,
    count(*) FILTER (WHERE ended AND NOT answered AND NOT missed) AS needless,
    count(*) FILTER (WHERE late) AS late,
    count(*) FILTER (WHERE missed) AS missed
FROM every JOIN conversations c ON c.id = every.conversation_id
LEFT JOIN accounts a ON a.id = c.account_id
GROUP BY 1 ORDER BY 2 DESC, 1
"""
_BY_INTENT = text(_LINES.replace("{by}", "coalesce(c.intent, '')"))
_BY_TIER = text(_LINES.replace("{by}", "coalesce(a.tier, '')"))


async def by_intent(conn: AsyncConnection, since: datetime) -> list[HandoffLine]:
    """One line an intent, the most frequent first."""
    return [_line(row) for row in await conn.execute(_BY_INTENT, {"since": since})]


async def by_tier(conn: AsyncConnection, since: datetime) -> list[HandoffLine]:
    """One line a service level; "" stands for companies without one and for strangers."""
    return [_line(row) for row in await conn.execute(_BY_TIER, {"since": since})]


def _line(row: object) -> HandoffLine:
    return HandoffLine.model_validate(row, from_attributes=True)

"""What people at the desk are working on already for the same person or the same company."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.storage.database import Connection, run_for_one

_FIND = """
    SELECT cases.id AS conversation_id, agents.name AS agent, cases.skill, cases.person_id
    FROM conversations AS cases
    LEFT JOIN agents ON agents.id = cases.agent_id
    WHERE cases.account_id = %(account_id)s AND cases.turn IN ('WAITING', 'AGENT')
        AND cases.trust >= 2  -- recognised: nobody else speaks for the company
        AND cases.endpoint_id IS DISTINCT FROM %(but)s::bigint
        AND (
            cases.state #>> '{slots,order_number}' = %(order_number)s
            -- The same code, unless both name a device and not the same one.
            OR cases.state #>> '{slots,error_code}' = %(error_code)s
                AND cases.state #>> '{slots,family}' = %(family)s IS NOT FALSE
                AND cases.state #>> '{slots,article_number}' = %(article_number)s IS NOT FALSE
            OR cases.intent = %(intent)s
                AND cases.state #>> '{slots,article_number}' = %(article_number)s
                AND cases.state #>> '{slots,error_code}' = %(error_code)s IS NOT FALSE
                AND cases.state #>> '{slots,order_number}' = %(order_number)s IS NOT FALSE
        )
    ORDER BY cases.urgency DESC, cases.id
    LIMIT 1"""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A handed over conversation about the same matter on another endpoint. `agent` is None until one
    has it, `skill` what it needs; `person_id` is who wrote there.
    """

    conversation_id: int
    agent: str | None
    skill: str | None
    person_id: int | None


async def about(
    conn: Connection, account_id: int, intent: str, values: Mapping[str, str], *, but: int | None
) -> OpenCase | None:
    """The most urgent, then the oldest open case of a company about the same order, the same fault, or the
    same kind of question about the same article. None without one.

    `values` are known by entity name; `but` is the endpoint that asks.
    """
    names = ("order_number", "error_code", "family", "article_number")
    told = {
        "account_id": account_id,
        "intent": intent,
        "but": but,
        **{name: values.get(name) for name in names},
    }
    row = await run_for_one(conn, _FIND, told)
    return OpenCase(*row) if row is not None else None

"""One turn, written down in one statement: what was said, what is answered, and how things stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from psycopg.types.json import Jsonb

from bot.messages import Part
from bot.storage.database import Connection, run_for_one
from bot.storage.deliveries import Claimed
from bot.storage.events import NewEvent
from bot.storage.messages import NewMessage


@dataclass(frozen=True, slots=True)
class Entry:
    """A turn about to be written. `values` are columns of its conversation, which must still be at
    `version`; `messages` in order, each announced by an event of its own, before `events`; `parts`
    send the last message, under `epoch` (see `tables.DeliveryPart`); `inbox_ids` is what it took up.
    """

    thread: str
    endpoint_id: int
    conversation_id: int
    version: int
    values: Mapping[str, Any]
    messages: Sequence[NewMessage]
    parts: Sequence[Part]
    epoch: int | None
    events: Sequence[NewEvent]
    inbox_ids: Sequence[int]
    now: datetime


@dataclass(frozen=True, slots=True)
class Written:
    """A turn that was written. `part` is its first part, claimed for sending; None when there is none,
    or when an older one has to go first.
    """

    message_ids: Sequence[int]
    part: Claimed | None


_WRITE = """
    WITH saved AS (
        UPDATE conversations SET {columns}, version = version + 1
        WHERE id = %(conversation_id)s AND version = %(version)s
        RETURNING id
    ), said AS (
        INSERT INTO messages (conversation_id, endpoint_id, inbox_id, author, kind, text, content,
                              understanding, provider_id, client_key, at)
        SELECT saved.id, %(endpoint_id)s, new.inbox_id, new.author, new.kind, new.text, new.content,
               new.understanding, new.provider_id, new.client_key, %(now)s
        FROM saved, ROWS FROM (jsonb_to_recordset(%(messages)s) AS (
            inbox_id bigint, author text, kind text, text text, content jsonb, understanding jsonb,
            provider_id text, client_key text
        )) WITH ORDINALITY AS new (inbox_id, author, kind, text, content, understanding, provider_id,
                                   client_key, place)
        ORDER BY place
        RETURNING id, author
    ), queued AS (
        INSERT INTO deliveries (endpoint_id, message_id, body, epoch, state, attempts)
        SELECT %(endpoint_id)s, (SELECT max(id) FROM said), body, %(part_epoch)s::int,
               CASE WHEN place = 1 AND free THEN 'sending' ELSE 'queued' END,
               CASE WHEN place = 1 AND free THEN 1 ELSE 0 END
        FROM saved, jsonb_array_elements(%(parts)s) WITH ORDINALITY AS new (body, place), (
            SELECT NOT EXISTS (
                SELECT FROM deliveries JOIN endpoints ON endpoints.id = deliveries.endpoint_id
                WHERE endpoints.thread = %(thread)s AND deliveries.state IN ('queued', 'sending')
            ) AS free
        ) AS queue
        ORDER BY place
        RETURNING id, state, created_at
    ), done AS (
        UPDATE inbox SET state = 'done' WHERE id = ANY(%(inbox_ids)s) AND EXISTS (SELECT FROM saved)
    ), noted AS (
        INSERT INTO events (conversation_id, message_id, kind, actor, data)
        SELECT conversation_id, message_id, kind, actor, data FROM (
            SELECT saved.id AS conversation_id, said.id AS message_id, 'message.created' AS kind,
                   said.author AS actor, '{{}}'::jsonb AS data, 0 AS place
            FROM saved, said
            UNION ALL
            SELECT new.conversation_id, new.message_id, new.kind, new.actor, new.data, new.place
            FROM saved, ROWS FROM (jsonb_to_recordset(%(events)s) AS (
                conversation_id bigint, message_id bigint, kind text, actor text, data jsonb
            )) WITH ORDINALITY AS new (conversation_id, message_id, kind, actor, data, place)
        ) AS happened
        ORDER BY place, message_id
    )
    SELECT ARRAY(SELECT id FROM said ORDER BY id) AS message_ids,
           first.id AS part_id, first.created_at AS queued_at,
           endpoints.channel, endpoints.address, endpoints.scoped_id
    FROM saved
    JOIN endpoints ON endpoints.id = %(endpoint_id)s
    LEFT JOIN (SELECT id, created_at FROM queued WHERE state = 'sending') AS first ON true"""


@cache
def _statement(columns: tuple[str, ...]) -> str:
    written = _WRITE.format(columns=", ".join(f"{name} = %({name})s" for name in columns))
    return " ".join(written.split())  # the driver remembers how to read a statement of up to 4096 bytes


async def write(conn: Connection, entry: Entry) -> Written | None:
    """Write a turn; None, and nothing is written, when its conversation has changed meanwhile.

    The first part is claimed at once when no other of its thread is open: the caller is the thread's
    only sender.
    """
    values = {name: _column(value) for name, value in entry.values.items()}
    told = {
        **values,
        "thread": entry.thread,
        "endpoint_id": entry.endpoint_id,
        "conversation_id": entry.conversation_id,
        "version": entry.version,
        "messages": Jsonb([_message(message) for message in entry.messages]),
        "parts": Jsonb([dict(part.body) for part in entry.parts]),
        "part_epoch": entry.epoch,
        "events": Jsonb([_event(event) for event in entry.events]),
        "inbox_ids": list(entry.inbox_ids),
        "now": entry.now,
    }
    row = await run_for_one(conn, _statement(tuple(values)), told)
    if row is None:
        return None
    if row.part_id is None:
        return Written(row.message_ids, None)
    part = Claimed(
        row.part_id,
        row.channel,
        row.address,
        row.scoped_id,
        entry.parts[0].body,
        file=None,
        message_id=row.message_ids[-1],
        conversation_id=entry.conversation_id,
        attempts=1,
        first_tried_at=row.queued_at,
        stale=False,
        more=len(entry.parts) > 1,
    )
    return Written(row.message_ids, part)


def _column(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict | list) else value


def _message(message: NewMessage) -> dict[str, Any]:
    return {
        "inbox_id": message.inbox_id,
        "author": message.author,
        "kind": message.kind,
        "text": message.text,
        "content": dict(message.content),
        "understanding": message.understanding,
        "provider_id": message.provider_id,
        "client_key": message.client_key,
    }


def _event(event: NewEvent) -> dict[str, Any]:
    return {
        "conversation_id": event.conversation_id,
        "message_id": event.message_id,
        "kind": event.kind,
        "actor": event.actor,
        "data": event.data,
    }

"""What CRMs know: the record behind an account, and what they were told of a conversation."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import crm_copy, crm_outbox
from handoff.console.shapes import Moment, Shape


class Told(Shape):
    """What a CRM was told. `kind` is ticket or transcript; `state` waiting, sending, done or failed.

    An `error` beside a `url` means: refused as a ticket, and put there as a note instead.
    """

    source: str
    kind: str
    state: str
    reference: str | None
    url: str | None
    error: str | None
    at: Moment


class OpenItem(Shape):
    """A ticket or an opportunity that is open over there, as last read."""

    reference: str
    title: str
    status: str
    url: str | None


class Record(Shape):
    """The record of a CRM behind an account. `differs` is what it says in fields that were edited here."""

    source: str
    url: str
    synced_at: Moment
    differs: dict[str, str | None]
    open_items: list[OpenItem]
    open_items_at: Moment | None


async def told(conn: AsyncConnection, conversation_id: int) -> list[Told]:
    """What CRMs were told of a conversation."""
    lines = await crm_outbox.told(conn, conversation_id)
    return [
        Told(
            source=line.source,
            kind=line.kind,
            state=line.state,
            reference=line.reference,
            url=line.url,
            error=line.error,
            at=line.at,
        )
        for line in lines
    ]


async def records(conn: AsyncConnection, account_id: int) -> list[Record]:
    """The records behind an account, the leading one first."""
    return [
        Record(
            source=known.source,
            url=known.url,
            synced_at=known.synced_at,
            differs=dict(known.differs),
            open_items=[
                OpenItem(reference=item.reference, title=item.title, status=item.status, url=item.url)
                for item in known.open_items
            ],
            open_items_at=known.open_items_at,
        )
        for known in await crm_copy.known_as(conn, account_id)
    ]

"""Reading Salesforce: everything, what changed, and records with what belongs to them.

Changes come by SystemModstamp, deletions and merges with `queryAll`; a modification is stamped before
it is committed, so each run goes back a little.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.accounts import salesforce_records as records
from bot.accounts.crm import Changes, CrmAway, CrmRejects, Gone, MergedInto, RecordKind
from bot.accounts.crm_client import Json
from bot.accounts.salesforce_api import SalesforceApi, quoted, select

PAGE = 2000
_OVERLAP = timedelta(minutes=5)
_SPARE = 0.95  # share of the day's calls after which only the chat may call


@dataclass(frozen=True, slots=True)
class _Cursor:
    """Since when changes are asked for, and how far a full reading has come."""

    since: str
    reading: RecordKind | None = None
    after: str = ""

    def text(self) -> str:
        return json.dumps({"since": self.since, "reading": self.reading, "after": self.after})

    @classmethod
    def parse(cls, text: str) -> _Cursor:
        return cls(**json.loads(text))


class SalesforceReading:
    """Reads one org at `url`. `clock` says when a reading of everything began; `page` rows come at a time.

    `relations` tells whether the org relates contacts to several accounts, as far as it is known.
    """

    def __init__(
        self, api: SalesforceApi, url: str, clock: Callable[[], datetime], *, page: int = PAGE
    ) -> None:
        self._api = api
        self._url = url
        self._clock = clock
        self._page = page
        self._account_fields: tuple[str, ...] | None = None
        self.relations = True

    async def changes(self, cursor: str | None) -> AsyncIterator[Changes]:
        """What changed since `cursor`, in parts; everything when it is None."""
        position = _Cursor.parse(cursor) if cursor else _Cursor(_soql(self._clock()), "account")
        if position.reading is not None:
            async for part in self._everything(position):
                yield part
            return
        now = _soql(self._clock())
        since = _soql(datetime.fromisoformat(position.since) - _OVERLAP)
        for kind in records.OBJECTS:
            soql = select(
                await self._fields(kind),
                records.OBJECTS[kind],
                f"SystemModstamp >= {since}",
                "ORDER BY SystemModstamp, Id",
            )
            async for rows in self._api.query(soql, deleted=True):
                self._leave_some()
                yield replace(await self._read(kind, rows), cursor=position.text())
        related = await self._related_since(since)
        if related:
            yield replace(
                await self._read("person", await self.rows("person", related)), cursor=position.text()
            )
        yield Changes(cursor=_Cursor(now).text())

    async def with_accounts(self, people: list[Json], accounts: list[Json]) -> Changes:
        """These contacts and accounts, and the accounts of the contacts."""
        contacts = await self._read("person", people)
        known = {row["Id"] for row in accounts}
        missing = {m.account for one in contacts.people for m in one.memberships} - known
        found = await self._read("account", accounts + await self.rows("account", missing))
        return replace(contacts, accounts=found.accounts, merged=(*found.merged, *contacts.merged))

    async def rows(self, kind: RecordKind, ids: Iterable[str]) -> list[Json]:
        """The records with these ids that are still there."""
        return await self._api.rows(
            select(await self._fields(kind), records.OBJECTS[kind], "Id IN {ids}"), ids
        )

    async def _everything(self, position: _Cursor) -> AsyncIterator[Changes]:
        """All accounts, then all contacts, by id; each part says where to go on."""
        kind, after = position.reading or "account", position.after
        while True:
            self._leave_some()
            soql = select(
                await self._fields(kind),
                records.OBJECTS[kind],
                f"Id > {quoted(after)}" if after else "",
                f"ORDER BY Id LIMIT {self._page}",
            )
            rows = [row async for page in self._api.query(soql) for row in page]
            part = await self._read(kind, rows)
            if len(rows) == self._page:
                after = str(rows[-1]["Id"])
                yield replace(part, cursor=replace(position, reading=kind, after=after).text())
            elif kind == "account":
                kind, after = "person", ""
                yield replace(part, cursor=replace(position, reading=kind, after="").text())
            else:
                began = datetime.fromisoformat(position.since)
                yield replace(part, cursor=_Cursor(position.since).text(), complete_since=began)
                return

    async def _read(self, kind: RecordKind, rows: list[Json]) -> Changes:
        removed = [records.removed(kind, row) for row in rows if row.get("IsDeleted")]
        there = [row for row in rows if not row.get("IsDeleted")]
        changes = Changes(
            gone=[one for one in removed if isinstance(one, Gone)],
            merged=[one for one in removed if isinstance(one, MergedInto)],
        )
        if kind == "account":
            return replace(changes, accounts=[records.account(row, self._url) for row in there])
        related = records.memberships(await self._related(row["Id"] for row in there))
        people = [records.person(row, self._url, related.get(row["Id"], ())) for row in there]
        return replace(changes, people=people)

    async def _related(self, contacts: Iterable[str]) -> list[Json]:
        if not self.relations:
            return []
        try:
            return await self._api.rows(
                select(records.RELATION, "AccountContactRelation", "ContactId IN {ids}"),
                contacts,
            )
        except CrmRejects:
            # Orgs without "Contacts to Multiple Accounts" have no such object: INVALID_TYPE.
            self.relations = False
            return []

    async def _related_since(self, since: str) -> list[str]:
        """The contacts whose relations changed; a relation does not touch its contact."""
        if not self.relations:
            return []
        soql = select(("Id", "ContactId"), "AccountContactRelation", f"SystemModstamp >= {since}")
        return [str(row["ContactId"]) async for rows in self._api.query(soql, deleted=True) for row in rows]

    async def _fields(self, kind: RecordKind) -> tuple[str, ...]:
        if kind == "person":
            return records.FIELDS["person"]
        if self._account_fields is None:
            own = (records.TIER,) if records.TIER in await self._api.fields("Account") else ()
            self._account_fields = (*records.FIELDS["account"], *own)
        return self._account_fields

    def _leave_some(self) -> None:
        if self._api.used >= _SPARE:
            raise CrmAway("Salesforce: 95 % of the day's calls are used; the sync waits", 3600.0)


def _soql(moment: datetime) -> str:
    """A moment within SOQL."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

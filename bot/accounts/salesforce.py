"""Salesforce as a `CrmSource`: accounts, contacts and their relations, cases, tasks.

Changes come by SystemModstamp, deletions and merges with `queryAll`; a modification is stamped before
it is committed, so each run goes back a little. Phones are searched with SOSL, whose index lags by up
to 15 minutes, and checked again in E.164.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.accounts import salesforce_records as records
from bot.accounts.crm import (
    Changes,
    Conversed,
    CrmAway,
    CrmRejects,
    Gone,
    MergedInto,
    NewContact,
    Notification,
    OpenItem,
    RecordKind,
    Reference,
    Ticket,
)
from bot.accounts.crm_client import Json
from bot.accounts.crm_phones import national, same_phone
from bot.accounts.crm_reading import reading, understood
from bot.accounts.salesforce_api import SalesforceApi, quoted, select

KEY = "Bot_Conversation_Id__c"  # the cases' own field: external id, unique
_OVERLAP = timedelta(minutes=5)
_PAGE = 2000
_PRIORITY = ("Low", "Medium", "High")
_LONGEST_TEXT = 32_000  # of a description
_LONGEST_SUBJECT = 255
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


class Salesforce:
    """One org at `url`. `clock` says when a reading of everything began; `page` rows come at a time."""

    name = "salesforce"
    title = "Salesforce"

    def __init__(
        self, api: SalesforceApi, url: str, clock: Callable[[], datetime], *, page: int = _PAGE
    ) -> None:
        self._api = api
        self._url = url
        self._clock = clock
        self._page = page
        self._account_fields: tuple[str, ...] | None = None
        self._relations = True  # whether the org relates contacts to several accounts

    async def changes(self, cursor: str | None) -> AsyncIterator[Changes]:
        """What changed since `cursor`, in parts; everything when it is None."""
        with understood("Salesforce"):
            async for part in self._changes(cursor):
                yield part

    async def _changes(self, cursor: str | None) -> AsyncIterator[Changes]:
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
                await self._read("person", await self._rows("person", related)), cursor=position.text()
            )
        yield Changes(cursor=_Cursor(now).text())

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

    @reading("Salesforce")
    async def fetch(self, notified: Sequence[Notification]) -> Changes:
        """These records as they stand now; one that cannot be found any more is gone."""
        gone = [
            Gone(n.kind, n.external_id, erased=n.what == "erased") for n in notified if n.what != "changed"
        ]
        found: dict[RecordKind, list[Json]] = {}
        for kind in records.OBJECTS:
            ids = {n.external_id for n in notified if n.kind == kind and n.what == "changed"}
            found[kind] = await self._rows(kind, ids)
            gone += [Gone(kind, one) for one in sorted(ids - {row["Id"] for row in found[kind]})]
        changes = await self._with_accounts(found["person"], found["account"])
        return replace(changes, gone=(*changes.gone, *gone))

    @reading("Salesforce")
    async def find_by_phone(self, phone: str) -> Changes:
        """The contacts with this phone and their accounts; else the accounts with it."""
        hits = await self._api.search(
            f"FIND {{{national(phone)}}} IN PHONE FIELDS RETURNING"
            " Contact(Id,AccountId,Phone,MobilePhone),Account(Id,Phone)"
        )
        fitting: dict[str, list[str]] = {"Contact": [], "Account": []}
        for hit in hits:
            if any(same_phone(hit.get(name), phone) for name in ("Phone", "MobilePhone")):
                fitting[hit["attributes"]["type"]].append(str(hit["Id"]))
        if fitting["Contact"]:
            return await self._with_accounts(await self._rows("person", fitting["Contact"]), [])
        return await self._with_accounts([], await self._rows("account", fitting["Account"]))

    @reading("Salesforce")
    async def open_items(self, account: str) -> list[OpenItem]:
        """The account's cases that are not closed."""
        soql = select(
            ("Id", "CaseNumber", "Subject", "Status"),
            "Case",
            f"AccountId = {quoted(account)} AND IsClosed = false",
            "ORDER BY CreatedDate DESC LIMIT 20",
        )
        rows = [row async for page in self._api.query(soql) for row in page]
        return [
            OpenItem(
                str(row.get("CaseNumber") or row["Id"]),
                str(row.get("Subject") or ""),
                str(row.get("Status") or ""),
                records.url(self._url, "Case", row["Id"]),
            )
            for row in rows
        ]

    @reading("Salesforce")
    async def push_ticket(self, ticket: Ticket) -> Reference:
        """Open the conversation's case, or bring it up to date."""
        fields = {
            "Subject": ticket.subject[:_LONGEST_SUBJECT],
            "Description": ticket.text[:_LONGEST_TEXT],
            "Priority": _PRIORITY[ticket.urgency],
            "AccountId": ticket.account,
            "ContactId": ticket.person,
        }
        known = {name: value for name, value in fields.items() if value is not None}
        case = await self._api.upsert("Case", KEY, ticket.key, known)
        return Reference(case, records.url(self._url, "Case", case))

    @reading("Salesforce")
    async def push_note(self, conversed: Conversed, *, repeated: bool) -> Reference:
        """A completed task on the case, or on the account."""
        what = conversed.ticket or conversed.account
        if what is None and conversed.person is None:
            raise CrmRejects("Salesforce knows neither the case nor the account nor the person")
        subject = conversed.key
        hangs_on = what or conversed.person or ""
        on = "WhatId" if what else "WhoId"
        kind = "Case" if conversed.ticket else "Account" if what else "Contact"
        reference = records.url(self._url, kind, hangs_on)
        if repeated:
            soql = select(
                ("Id",), "Task", f"{on} = {quoted(hangs_on)} AND Subject = {quoted(subject)}", "LIMIT 1"
            )
            async for rows in self._api.query(soql):
                for row in rows:
                    return Reference(row["Id"], reference)
        fields = {
            "Subject": subject,
            "Description": conversed.text[:_LONGEST_TEXT],
            "Status": "Completed",
            "ActivityDate": conversed.at.date().isoformat(),
            "WhatId": what,
            "WhoId": conversed.person,
        }
        known = {name: value for name, value in fields.items() if value is not None}
        return Reference(await self._api.create("Task", known), reference)

    @reading("Salesforce")
    async def push_contact(self, contact: NewContact) -> Reference:
        """Have this contact at its account. Who is there is queried, which does not lag."""
        soql = select(
            ("Id", "Phone", "MobilePhone"), "Contact", f"AccountId = {quoted(contact.account)}", "ORDER BY Id"
        )
        async for rows in self._api.query(soql):
            for row in rows:
                if any(same_phone(row.get(name), contact.phone) for name in ("Phone", "MobilePhone")):
                    return Reference(row["Id"], records.url(self._url, "Contact", row["Id"]))
        for known in (await self.find_by_phone(contact.phone)).people:
            if known.name.casefold() == contact.name.casefold() and self._relations:
                if contact.account not in {there.account for there in known.memberships}:
                    related = {"ContactId": known.external_id, "AccountId": contact.account}
                    await self._api.create("AccountContactRelation", related)
                return Reference(known.external_id, known.url)
        first, _, last = contact.name.rpartition(" ")
        fields = {"LastName": last, "AccountId": contact.account, "MobilePhone": contact.phone}
        created = await self._api.create("Contact", fields | ({"FirstName": first} if first else {}))
        return Reference(created, records.url(self._url, "Contact", created))

    @reading("Salesforce")
    async def check(self) -> str:
        """That we get in, and how many calls are left."""
        calls = (await self._api.limits()).get("DailyApiRequests") or {}
        return f"{calls.get('Remaining')} of {calls.get('Max')} calls left today"

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

    async def _with_accounts(self, people: list[Json], accounts: list[Json]) -> Changes:
        contacts = await self._read("person", people)
        known = {row["Id"] for row in accounts}
        missing = {m.account for one in contacts.people for m in one.memberships} - known
        found = await self._read("account", accounts + await self._rows("account", missing))
        return replace(contacts, accounts=found.accounts, merged=(*found.merged, *contacts.merged))

    async def _rows(self, kind: RecordKind, ids: Iterable[str]) -> list[Json]:
        return await self._api.rows(
            select(await self._fields(kind), records.OBJECTS[kind], "Id IN {ids}"), ids
        )

    async def _related(self, contacts: Iterable[str]) -> list[Json]:
        if not self._relations:
            return []
        try:
            return await self._api.rows(
                select(records.RELATION, "AccountContactRelation", "ContactId IN {ids}"),
                contacts,
            )
        except CrmRejects:
            # Orgs without "Contacts to Multiple Accounts" have no such object: INVALID_TYPE.
            self._relations = False
            return []

    async def _related_since(self, since: str) -> list[str]:
        """The contacts whose relations changed; a relation does not touch its contact."""
        if not self._relations:
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

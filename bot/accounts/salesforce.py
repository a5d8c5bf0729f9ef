"""Salesforce as a `CrmSource`: accounts, contacts and their relations, cases, tasks.

Phones are searched with SOSL, whose index lags by up to 15 minutes, and checked again in E.164.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.accounts import salesforce_records as records
from bot.accounts.crm import (
    Changes,
    Conversed,
    CrmRejects,
    Gone,
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
from bot.accounts.salesforce_reading import PAGE, SalesforceReading

KEY = "Bot_Conversation_Id__c"  # the cases' own field: external id, unique
_PRIORITY = ("Low", "Medium", "High")
_LONGEST_TEXT = 32_000  # of a description
_LONGEST_SUBJECT = 255


class Salesforce:
    """One org at `url`. `clock` says when a reading of everything began; `page` rows come at a time."""

    name = "salesforce"
    title = "Salesforce"

    def __init__(
        self, api: SalesforceApi, url: str, clock: Callable[[], datetime], *, page: int = PAGE
    ) -> None:
        self._api = api
        self._url = url
        self._reading = SalesforceReading(api, url, clock, page=page)

    async def changes(self, cursor: str | None) -> AsyncIterator[Changes]:
        """What changed since `cursor`, in parts; everything when it is None."""
        with understood("Salesforce"):
            async for part in self._reading.changes(cursor):
                yield part

    @reading("Salesforce")
    async def fetch(self, notified: Sequence[Notification]) -> Changes:
        """These records as they stand now; one that cannot be found any more is gone."""
        gone = [
            Gone(n.kind, n.external_id, erased=n.what == "erased") for n in notified if n.what != "changed"
        ]
        found: dict[RecordKind, list[Json]] = {}
        for kind in records.OBJECTS:
            ids = {n.external_id for n in notified if n.kind == kind and n.what == "changed"}
            found[kind] = await self._reading.rows(kind, ids)
            gone += [Gone(kind, one) for one in sorted(ids - {row["Id"] for row in found[kind]})]
        changes = await self._reading.with_accounts(found["person"], found["account"])
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
            return await self._reading.with_accounts(
                await self._reading.rows("person", fitting["Contact"]), []
            )
        return await self._reading.with_accounts([], await self._reading.rows("account", fitting["Account"]))

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
            if known.name.casefold() == contact.name.casefold() and self._reading.relations:
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

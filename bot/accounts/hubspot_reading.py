"""Reading HubSpot: everything, what changed, and records with what belongs to them.

Changes come from the search index, which lags by seconds and ends at 10,000 hits: windows begin again
at the last modification seen, and each run goes back a little. An association that changes does not
touch its contact's modification date: the webhook and the nightly reading of everything bring it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.accounts import hubspot_records as records
from bot.accounts.crm import Changes, CrmAccount, CrmMembership, CrmNonsense, CrmPerson, RecordKind
from bot.accounts.crm_client import Json
from bot.accounts.hubspot_api import DATED, SEARCH_CAP, SEARCH_PAGE, HubSpotApi

_OVERLAP = timedelta(minutes=2)  # how far the search index may lag
_OWNERS_LAST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Cursor:
    """Where the reading stands: since when changes are asked for, and how far a full reading has come."""

    since: str
    reading: RecordKind | None = None
    after: str | None = None

    def text(self) -> str:
        return json.dumps({"since": self.since, "reading": self.reading, "after": self.after})

    @classmethod
    def parse(cls, text: str) -> _Cursor:
        return cls(**json.loads(text))


class HubSpotReading:
    """Reads one portal. `clock` says when a reading of everything began; `cap` is that of the search."""

    def __init__(self, api: HubSpotApi, clock: Callable[[], datetime], *, cap: int = SEARCH_CAP) -> None:
        self._api = api
        self._clock = clock
        self._cap = cap
        self._links: records.Links | None = None
        self._names: tuple[datetime, dict[str, str]] | None = None

    async def changes(self, cursor: str | None) -> AsyncIterator[Changes]:
        """What changed since `cursor`, in parts; everything when it is None."""
        position = _Cursor.parse(cursor) if cursor else _Cursor(iso(self._clock()), "account")
        links, owners = await self.links(), await self._owners()
        if position.reading is not None:
            async for part in self._everything(position, links, owners):
                yield part
            return
        now = iso(self._clock())
        since = iso(datetime.fromisoformat(position.since) - _OVERLAP)
        async for found in self._modified("account", since):
            yield replace(self._companies(found, links, owners), cursor=position.text())
        async for found in self._modified("person", since):
            yield replace(await self._contacts(found, links), cursor=position.text())
        yield Changes(cursor=_Cursor(now).text())

    async def _everything(
        self, position: _Cursor, links: records.Links, owners: dict[str, str]
    ) -> AsyncIterator[Changes]:
        """All companies, then all contacts, page by page; each part says where to go on."""
        kind, after = position.reading or "account", position.after
        while True:
            found, after = await self._api.page(records.OBJECTS[kind], records.PROPERTIES[kind], after)
            part = (
                self._companies(found, links, owners)
                if kind == "account"
                else await self._contacts(found, links)
            )
            if after is not None:
                yield replace(part, cursor=replace(position, reading=kind, after=after).text())
            elif kind == "account":
                kind = "person"
                yield replace(part, cursor=replace(position, reading=kind, after=None).text())
            else:
                began = datetime.fromisoformat(position.since)
                yield replace(part, cursor=_Cursor(position.since).text(), complete_since=began)
                return

    async def _modified(self, kind: RecordKind, since: str) -> AsyncIterator[list[Json]]:
        """Records modified since a moment, in windows that stay below the cap of the search."""
        stamp, after = records.MODIFIED[kind], 0
        window = [{"propertyName": stamp, "operator": "GTE", "value": _milliseconds(since)}]
        sort = stamp
        while True:
            found = await self._api.search(
                records.OBJECTS[kind],
                [window],
                records.PROPERTIES[kind],
                sort=sort,
                after=after,
                patient=True,
            )
            if found:
                yield found
            if len(found) < SEARCH_PAGE:
                if sort == stamp:
                    return
                # Everything of one crowded moment is read: on with what came after it.
                window, sort, after = [{**window[0], "operator": "GT"}], stamp, 0
                continue
            after += SEARCH_PAGE
            if after + SEARCH_PAGE <= self._cap:
                continue
            last, after = found[-1]["properties"], 0
            if sort == stamp and _milliseconds(last[stamp]) != window[0]["value"]:
                window = [{"propertyName": stamp, "operator": "GTE", "value": _milliseconds(last[stamp])}]
            else:
                # More records of one moment than a search shows: an import. Read them by id.
                beyond = last["hs_object_id"] if sort != stamp else "0"
                sort = "hs_object_id"
                window = [
                    {"propertyName": stamp, "operator": "EQ", "value": window[0]["value"]},
                    {"propertyName": sort, "operator": "GT", "value": beyond},
                ]

    async def with_companies(self, people: list[Json], companies: list[Json]) -> Changes:
        """People with all their companies beside those named."""
        links, owners = await self.links(), await self._owners()
        contacts = await self._contacts(people, links)
        known = {str(record.get("id")) for record in companies}
        missing = {m.account for one in contacts.people for m in one.memberships} - known
        if missing:
            companies = companies + await self._api.read("companies", missing, records.PROPERTIES["account"])
        found = self._companies(companies, links, owners)
        return replace(contacts, accounts=found.accounts, merged=(*found.merged, *contacts.merged))

    def _companies(self, found: list[Json], links: records.Links, owners: dict[str, str]) -> Changes:
        accounts: list[CrmAccount] = [records.account(record, links, owners) for record in found]
        return Changes(accounts, merged=[m for r in found for m in records.merged("account", r)])

    async def _contacts(self, found: list[Json], links: records.Links) -> Changes:
        linked = await self._api.associated("contacts", "companies", [str(r.get("id")) for r in found])
        companies: dict[str, tuple[CrmMembership, ...]] = dict(records.memberships(one) for one in linked)
        people: list[CrmPerson] = [
            records.person(r, links, companies.get(str(r.get("id")), ())) for r in found
        ]
        return Changes(people=people, merged=[m for r in found for m in records.merged("person", r)])

    async def links(self) -> records.Links:
        """The portal's addresses, asked for once."""
        if self._links is None:
            said: Json = await self._api.get(f"/account-info/{DATED}/details")
            self._links = records.Links(
                str(said.get("uiDomain") or "app.hubspot.com"), str(said.get("portalId") or "")
            )
        return self._links

    async def _owners(self) -> dict[str, str]:
        """Names of the people who look after companies, by id; asked for once an hour."""
        now = self._clock()
        if self._names is not None and now - self._names[0] < _OWNERS_LAST:
            return self._names[1]
        names: dict[str, str] = {}
        after: str | None = None
        while True:
            said: dict[str, Any] = await self._api.get(
                f"/crm/owners/{DATED}", {"limit": "100"} | ({"after": after} if after else {})
            )
            for owner in said.get("results") or []:
                name = " ".join(filter(None, (owner.get("firstName"), owner.get("lastName"))))
                names[str(owner.get("id"))] = name or str(owner.get("email") or "")
            after = ((said.get("paging") or {}).get("next") or {}).get("after")
            if not after:
                self._names = now, names
                return names


def iso(moment: datetime) -> str:
    """A moment as HubSpot takes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _milliseconds(moment: str) -> str:
    try:
        return str(int(datetime.fromisoformat(moment).timestamp() * 1000))
    except (TypeError, ValueError):
        raise CrmNonsense("HubSpot answered with a moment that cannot be read") from None

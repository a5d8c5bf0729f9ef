"""HubSpot as a `CrmSource`: companies, contacts, tickets, and the timeline."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.accounts import hubspot_records as records
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
from bot.accounts.hubspot_api import DATED, SEARCH_CAP, HubSpotApi
from bot.accounts.hubspot_reading import HubSpotReading, iso
from bot.accounts.hubspot_records import as_html

KEY = "bot_conversation_id"  # the tickets' own property with unique values
_PRIORITY = ("LOW", "MEDIUM", "HIGH")
# Which kind of association is meant when a note or communication is created (HubSpot's reference).
_NOTE_TO = {"tickets": 228, "companies": 190, "contacts": 202}
_CONTACT_TO_COMPANY = 279
_COMMUNICATION_TO = {"tickets": 84, "companies": 87, "contacts": 81}


class HubSpot:
    """One portal. `clock` says when a reading of everything began; `cap` is that of the search."""

    name = "hubspot"
    title = "HubSpot"

    def __init__(self, api: HubSpotApi, clock: Callable[[], datetime], *, cap: int = SEARCH_CAP) -> None:
        self._api = api
        self._reading = HubSpotReading(api, clock, cap=cap)

    async def changes(self, cursor: str | None) -> AsyncIterator[Changes]:
        """What changed since `cursor`, in parts; everything when it is None."""
        with understood("HubSpot"):
            async for part in self._reading.changes(cursor):
                yield part

    @reading("HubSpot")
    async def fetch(self, notified: Sequence[Notification]) -> Changes:
        """These records as they stand now; one that cannot be found any more is gone."""
        gone = [
            Gone(n.kind, n.external_id, erased=n.what == "erased") for n in notified if n.what != "changed"
        ]
        found: dict[RecordKind, list[Json]] = {}
        for kind, objects in records.OBJECTS.items():
            ids = {n.external_id for n in notified if n.kind == kind and n.what == "changed"}
            found[kind] = await self._api.read(objects, ids, records.PROPERTIES[kind]) if ids else []
            there = {str(record.get("id")) for record in found[kind]}
            gone += [Gone(kind, one) for one in sorted(ids - there)]
        return replace(await self._reading.with_companies(found["person"], found["account"]), gone=gone)

    @reading("HubSpot")
    async def find_by_phone(self, phone: str) -> Changes:
        """The contacts with this phone, checked again in E.164, and their companies; else companies."""
        digits = national(phone)
        exact = (
            ("hs_searchable_calculated_phone_number", "EQ", digits),
            ("hs_searchable_calculated_mobile_number", "EQ", digits),
            ("phone", "EQ", phone),
            ("mobilephone", "EQ", phone),
            ("phone", "CONTAINS_TOKEN", f"*{digits}"),
        )
        groups = [[{"propertyName": name, "operator": how, "value": value}] for name, how, value in exact]
        found = await self._api.search(
            "contacts",
            groups,
            records.PROPERTIES["person"],
            sort="lastmodifieddate",
            descending=True,
            limit=20,
        )
        people = [record for record in found if _has_phone(record, phone)]
        if people:
            return await self._reading.with_companies(people, [])
        groups = [
            [{"propertyName": "hs_searchable_calculated_phone_number", "operator": "EQ", "value": digits}],
            [{"propertyName": "phone", "operator": "EQ", "value": phone}],
        ]
        companies = await self._api.search(
            "companies",
            groups,
            records.PROPERTIES["account"],
            sort="hs_lastmodifieddate",
            descending=True,
            limit=20,
        )
        return await self._reading.with_companies(
            [], [record for record in companies if same_phone(record["properties"].get("phone"), phone)]
        )

    @reading("HubSpot")
    async def open_items(self, account: str) -> list[OpenItem]:
        """The company's tickets that are not closed."""
        links = await self._reading.links()
        linked = await self._api.associated("companies", "tickets", [account])
        ids = [str(to["toObjectId"]) for found in linked for to in found["to"]]
        names = ("subject", "hs_pipeline_stage", "closed_date", "createdate")
        tickets = await self._api.read("tickets", ids, names) if ids else []
        tickets.sort(key=lambda record: int(record["id"]), reverse=True)
        return [
            OpenItem(
                str(record["id"]),
                record["properties"].get("subject") or "",
                record["properties"].get("hs_pipeline_stage") or "",
                links.to("tickets", str(record["id"])),
            )
            for record in tickets
            if not record["properties"].get("closed_date")
        ][:20]

    @reading("HubSpot")
    async def push_ticket(self, ticket: Ticket) -> Reference:
        """Open the conversation's ticket, or bring it up to date."""
        links = await self._reading.links()
        record_id = await self._api.upsert(
            "tickets",
            KEY,
            ticket.key,
            {
                "subject": ticket.subject,
                "content": ticket.text,
                "hs_ticket_priority": _PRIORITY[ticket.urgency],
                "hs_pipeline": "0",
                "hs_pipeline_stage": "1",
            },
        )
        for objects, other in (("companies", ticket.account), ("contacts", ticket.person)):
            if other is not None:
                await self._api.associate("tickets", record_id, objects, other)
        return Reference(record_id, links.to("tickets", record_id))

    @reading("HubSpot")
    async def push_note(self, conversed: Conversed, *, repeated: bool) -> Reference:
        """A communication for WhatsApp, a note for everything else."""
        whatsapp = conversed.channel == "whatsapp"
        objects = "communications" if whatsapp else "notes"
        body = "hs_communication_body" if whatsapp else "hs_note_body"
        targets = [
            (kind, other)
            for kind, other in (
                ("tickets", conversed.ticket),
                ("companies", conversed.account),
                ("contacts", conversed.person),
            )
            if other is not None
        ]
        if not targets:
            raise CrmRejects("HubSpot knows neither the ticket nor the company nor the person")
        (kind, other), links = targets[0], await self._reading.links()
        url = links.to(kind, other)
        if repeated:
            known = await self._find_note(objects, body, kind, other, conversed.key)
            if known is not None:
                return Reference(known, url)
        properties = {body: as_html(conversed.text), "hs_timestamp": iso(conversed.at)}
        if whatsapp:
            properties |= {
                "hs_communication_channel_type": "WHATS_APP",
                "hs_communication_logged_from": "CRM",
            }
        types = _COMMUNICATION_TO if whatsapp else _NOTE_TO
        associations = [
            {
                "to": {"id": target},
                "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": types[kind]}],
            }
            for kind, target in targets
        ]
        created = await self._api.create(objects, {"properties": properties, "associations": associations})
        return Reference(created, url)

    @reading("HubSpot")
    async def push_contact(self, contact: NewContact) -> Reference:
        """Have this contact at its company. Who is there is read from the associations, which do not lag."""
        links = await self._reading.links()
        linked = await self._api.associated("companies", "contacts", [contact.account])
        ids = [str(to["toObjectId"]) for found in linked for to in found["to"]]
        for record in await self._api.read("contacts", ids, records.PROPERTIES["person"]) if ids else []:
            if _has_phone(record, contact.phone):
                return Reference(str(record["id"]), links.to("contacts", str(record["id"])))
        for known in (await self.find_by_phone(contact.phone)).people:
            if known.name.casefold() == contact.name.casefold():
                await self._api.associate("contacts", known.external_id, "companies", contact.account)
                return Reference(known.external_id, known.url)
        first, _, last = contact.name.rpartition(" ")
        created = await self._api.create(
            "contacts",
            {
                "properties": {"firstname": first, "lastname": last, "mobilephone": contact.phone},
                "associations": [
                    {
                        "to": {"id": contact.account},
                        "types": [
                            {
                                "associationCategory": "HUBSPOT_DEFINED",
                                "associationTypeId": _CONTACT_TO_COMPANY,
                            }
                        ],
                    }
                ],
            },
        )
        return Reference(created, links.to("contacts", created))

    @reading("HubSpot")
    async def check(self) -> str:
        """The portal behind the token, and that companies may be read."""
        said = await self._api.get(f"/account-info/{DATED}/details")
        await self._api.page("companies", ("name",), None)
        return f"portal {said.get('portalId')}"

    async def _find_note(self, objects: str, body: str, kind: str, other: str, key: str) -> str | None:
        """What we wrote before, found by its association: the search index would lag."""
        linked = await self._api.associated(kind, objects, [other])
        ids = [str(to["toObjectId"]) for found in linked for to in found["to"]]
        found = await self._api.read(objects, ids, (body,)) if ids else []
        return next((str(r["id"]) for r in found if key in (r["properties"].get(body) or "")), None)


def _has_phone(record: Json, phone: str) -> bool:
    return any(same_phone(record["properties"].get(name), phone) for name in ("phone", "mobilephone"))

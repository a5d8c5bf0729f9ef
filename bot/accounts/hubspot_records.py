"""HubSpot's objects as our values. Property names as in HubSpot's CRM reference, dated API 2026-09.

Two properties are the portal's own, on companies: `customer_number` and `tier`. A portal that lacks
them is read all the same: HubSpot leaves out what it does not know.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from typing import Any

from bot.accounts.crm import CrmAccount, CrmMembership, CrmNonsense, CrmPerson, MergedInto, RecordKind
from bot.accounts.crm_reading import text

OBJECTS: Mapping[RecordKind, str] = {"account": "companies", "person": "contacts"}
KINDS: Mapping[str, RecordKind] = {
    "company": "account",
    "contact": "person",
    "0-2": "account",
    "0-1": "person",
}
MODIFIED: Mapping[RecordKind, str] = {"account": "hs_lastmodifieddate", "person": "lastmodifieddate"}
PROPERTIES: Mapping[RecordKind, tuple[str, ...]] = {
    "account": (
        "name", "customer_number", "tier", "city", "phone", "domain", "hubspot_owner_id",
        "hs_additional_domains", "hs_parent_company_id", "hs_merged_object_ids", "hs_lastmodifieddate",
    ),
    "person": (
        "firstname", "lastname", "email", "phone", "mobilephone", "jobtitle", "hs_merged_object_ids",
        "lastmodifieddate",
    ),
}  # fmt: skip
_TYPES: Mapping[str, str] = {"companies": "0-2", "contacts": "0-1", "tickets": "0-5"}


class Links:
    """Addresses that open a record in the portal."""

    def __init__(self, ui_domain: str, portal: str) -> None:
        self._head = f"https://{ui_domain}/contacts/{portal}/record"

    def to(self, objects: str, record_id: str) -> str:
        """The address of a company, contact or ticket."""
        return f"{self._head}/{_TYPES[objects]}/{record_id}"


def account(record: Mapping[str, Any], links: Links, owners: Mapping[str, str]) -> CrmAccount:
    """A company. `owners` are names by id."""
    record_id, said = _parts(record)
    extra = (text(said, "hs_additional_domains") or "").split(";")
    return CrmAccount(
        record_id,
        text(said, "name") or f"HubSpot {record_id}",
        links.to("companies", record_id),
        customer_number=text(said, "customer_number"),
        city=text(said, "city"),
        tier=text(said, "tier"),
        owner=owners.get(text(said, "hubspot_owner_id") or ""),
        phone=text(said, "phone"),
        domains=tuple(
            dict.fromkeys(d.strip().lower() for d in (text(said, "domain") or "", *extra) if d.strip())
        ),
        parent=text(said, "hs_parent_company_id"),
    )


def person(record: Mapping[str, Any], links: Links, memberships: tuple[CrmMembership, ...]) -> CrmPerson:
    """A contact with its companies. A contact without a name goes by its e-mail or number."""
    record_id, said = _parts(record)
    name = " ".join(filter(None, (text(said, "firstname"), text(said, "lastname"))))
    title = text(said, "jobtitle")
    if title:
        memberships = tuple(
            link if link.roles else CrmMembership(link.account, (title,)) for link in memberships
        )
    return CrmPerson(
        record_id,
        name or text(said, "email") or f"HubSpot {record_id}",
        links.to("contacts", record_id),
        phones=tuple(dict.fromkeys(filter(None, (text(said, "mobilephone"), text(said, "phone"))))),
        email=(text(said, "email") or "").lower() or None,
        memberships=memberships,
    )


def merged(kind: RecordKind, record: Mapping[str, Any]) -> Iterator[MergedInto]:
    """The records that have become part of this one."""
    record_id, said = _parts(record)
    for gone in str(said.get("hs_merged_object_ids") or "").split(";"):
        if gone.strip() and gone.strip() != record_id:
            yield MergedInto(kind, gone.strip(), record_id)


def memberships(found: Mapping[str, Any]) -> tuple[str, tuple[CrmMembership, ...]]:
    """One result of reading associations: whose, and the companies with the portal's own labels as roles."""
    whose = str(found["from"]["id"])
    links = tuple(
        CrmMembership(
            str(to["toObjectId"]),
            tuple(
                label
                for kind in to["associationTypes"]
                if kind.get("category") == "USER_DEFINED" and (label := text(kind, "label"))
            ),
        )
        for to in found["to"]
    )
    return whose, links


def as_html(written: str) -> str:
    """A text as the body of a note or communication, which HubSpot shows as HTML."""
    return html.escape(written, quote=False).replace("\n", "<br>")


def _parts(record: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    record_id, said = str(record.get("id")), record.get("properties")
    if not record_id.isdigit() or not isinstance(said, dict):
        raise CrmNonsense("HubSpot answered with a record that cannot be read")
    return record_id, said

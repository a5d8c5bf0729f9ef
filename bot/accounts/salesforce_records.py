"""Salesforce's records as our values: standard fields, and `Tier__c` on accounts where the org has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from bot.accounts.crm import CrmAccount, CrmMembership, CrmPerson, Gone, MergedInto, RecordKind
from bot.accounts.crm_reading import text

OBJECTS: Mapping[RecordKind, str] = {"account": "Account", "person": "Contact"}
TIER = "Tier__c"
FIELDS: Mapping[RecordKind, tuple[str, ...]] = {
    "account": (
        "Id", "Name", "AccountNumber", "BillingCity", "Phone", "Website", "ParentId", "Owner.Name",
        "IsDeleted", "MasterRecordId", "SystemModstamp",
    ),
    "person": (
        "Id", "Name", "AccountId", "Title", "Phone", "MobilePhone", "Email",
        "IsDeleted", "MasterRecordId", "SystemModstamp",
    ),
}  # fmt: skip
RELATION = ("Id", "ContactId", "AccountId", "Roles", "IsActive", "EndDate")


def url(base: str, kind: str, record_id: str) -> str:
    """The address that opens a record."""
    return f"{base}/lightning/r/{kind}/{record_id}/view"


def account(row: Mapping[str, Any], base: str) -> CrmAccount:
    """A company."""
    owner = row.get("Owner") or {}
    host = urlsplit(text(row, "Website") or "")
    domain = (host.hostname or host.path.partition("/")[0]).lower().removeprefix("www.")
    return CrmAccount(
        row["Id"],
        text(row, "Name") or f"Salesforce {row['Id']}",
        url(base, "Account", row["Id"]),
        customer_number=text(row, "AccountNumber"),
        city=text(row, "BillingCity"),
        tier=text(row, TIER),
        owner=text(owner, "Name"),
        phone=text(row, "Phone"),
        domains=(domain,) if "." in domain else (),
        parent=text(row, "ParentId"),
    )


def person(row: Mapping[str, Any], base: str, memberships: Iterable[CrmMembership]) -> CrmPerson:
    """A contact with its companies; where relations are not kept, the one company it stands under."""
    links = tuple(memberships)
    if not links and row.get("AccountId"):
        links = (CrmMembership(str(row["AccountId"])),)
    title = text(row, "Title")
    if title:
        links = tuple(
            m
            if m.roles or m.account != row.get("AccountId")
            else CrmMembership(m.account, (title,), m.active, m.until)
            for m in links
        )
    return CrmPerson(
        row["Id"],
        text(row, "Name") or f"Salesforce {row['Id']}",
        url(base, "Contact", row["Id"]),
        phones=tuple(dict.fromkeys(filter(None, (text(row, "MobilePhone"), text(row, "Phone"))))),
        email=(text(row, "Email") or "").lower() or None,
        memberships=links,
    )


def memberships(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[CrmMembership]]:
    """Relations as memberships, by contact."""
    found: dict[str, list[CrmMembership]] = {}
    for row in rows:
        until = date.fromisoformat(row["EndDate"]) if row.get("EndDate") else None
        roles = tuple(role.strip() for role in (text(row, "Roles") or "").split(";") if role.strip())
        link = CrmMembership(str(row["AccountId"]), roles, row.get("IsActive") is not False, until)
        found.setdefault(str(row["ContactId"]), []).append(link)
    return found


def removed(kind: RecordKind, row: Mapping[str, Any]) -> Gone | MergedInto:
    """What became of a deleted record."""
    if row.get("MasterRecordId"):
        return MergedInto(kind, row["Id"], str(row["MasterRecordId"]))
    return Gone(kind, row["Id"])

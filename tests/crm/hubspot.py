"""A small, stateful HubSpot portal, as far as Bauruf talks to it.

Paths of the dated API 2026-09; shapes of answers and errors as in HubSpot's reference (v3/v4 and
2026-03, which differ in the path only). What it keeps: objects with properties, associations with
labels, owners. What it imitates: the search index that lags, its cap of 10,000 hits, its limits on a
query, pages, 207 with errors, limits with Retry-After, an expired token, a portal's own rules.
"""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import phonenumbers
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.crm.trouble import Trouble

TOKEN = "pat-eu1-fake"
_DATED = "2026-09"
_MODIFIED = {"contacts": "lastmodifieddate"}  # hs_lastmodifieddate everywhere else
_NO_LABEL = {"category": "HUBSPOT_DEFINED", "typeId": 279, "label": None}


@dataclass
class Record:
    """One object. `seen` is what the search index knows of it."""

    id: str
    properties: dict[str, Any]
    updated: datetime
    archived: bool = False
    seen: dict[str, Any] | None = None


@dataclass
class Portal:
    """The portal. Tests fill it directly; `lag` keeps changes from the search index until `index()`."""

    clock: Callable[[], datetime]
    lag: bool = False
    cap: int = 10_000
    rule: str | None = None  # a property every ticket must have
    url: str = ""
    trouble: Trouble = field(default_factory=Trouble)
    objects: dict[str, dict[str, Record]] = field(default_factory=dict)
    links: dict[tuple[str, str, str], dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    owners: dict[str, dict[str, str]] = field(default_factory=dict)
    _ticks: timedelta = timedelta(0)
    _ids: Any = field(default_factory=lambda: count(1001))

    # What tests do.

    @property
    def now(self) -> datetime:
        """Its own time: the clock's, a second later with every change."""
        return self.clock() + self._ticks

    def add(self, kind: str, *, id: str | None = None, **properties: Any) -> str:
        """Create an object; returns its id."""
        record_id = id or str(next(self._ids))
        self.objects.setdefault(kind, {})[record_id] = Record(record_id, {}, self.now)
        self.change(kind, record_id, **properties)
        return record_id

    def change(self, kind: str, record_id: str, **properties: Any) -> None:
        """Set properties, as somebody at the CRM would."""
        record = self.objects[kind][record_id]
        self._ticks += timedelta(seconds=1)
        record.updated = self.now
        stamp = _MODIFIED.get(kind, "hs_lastmodifieddate")
        record.properties |= {**properties, stamp: _iso(self.now), "hs_object_id": record_id}
        for name, searchable in (
            ("phone", "hs_searchable_calculated_phone_number"),
            ("mobilephone", "hs_searchable_calculated_mobile_number"),
        ):
            if name in properties:
                record.properties[searchable] = _national(properties[name])
        if not self.lag:
            record.seen = dict(record.properties)

    def index(self) -> None:
        """The search index catches up."""
        for records in self.objects.values():
            for record in records.values():
                record.seen = dict(record.properties)

    def link(self, contact: str, company: str, *labels: str) -> None:
        """Associate a contact with a company, with labels of the portal's own."""
        own = [{"category": "USER_DEFINED", "typeId": 36, "label": label} for label in labels]
        self.associate("contacts", contact, "companies", company, [*own, _NO_LABEL])

    def unlink(self, contact: str, company: str) -> None:
        """Take an association away."""
        self.links.get(("contacts", contact, "companies"), {}).pop(company, None)
        self.links.get(("companies", company, "contacts"), {}).pop(contact, None)

    def associate(self, kind: str, a: str, other: str, b: str, types: list[dict[str, Any]]) -> None:
        self.links.setdefault((kind, a, other), {})[b] = types
        self.links.setdefault((other, b, kind), {})[a] = types

    def archive(self, kind: str, record_id: str) -> None:
        """Delete an object."""
        record = self.objects[kind][record_id]
        record.archived, record.seen = True, None

    def merge(self, kind: str, primary: str, other: str) -> str:
        """Merge two objects: as in HubSpot, what results has an id of its own."""
        into = self.add(
            kind, **{**self.objects[kind][other].properties, **self.objects[kind][primary].properties}
        )
        before = self.objects[kind][primary].properties.get("hs_merged_object_ids", "")
        merged = ";".join(filter(None, [before, primary, other]))
        self.change(kind, into, hs_merged_object_ids=merged)
        for gone in (primary, other):
            for (of, record_id, to), found in list(self.links.items()):
                if (of, record_id) == (kind, gone):
                    for target, types in list(found.items()):
                        self.associate(kind, into, to, target, types)
            self.archive(kind, gone)
        return into

    def all(self, kind: str) -> list[dict[str, Any]]:
        """The properties of every object of a kind."""
        return [record.properties for record in self.objects.get(kind, {}).values() if not record.archived]

    # What the API does.

    def app(self) -> Starlette:
        objects, associations = f"/crm/objects/{_DATED}", f"/crm/associations/{_DATED}"
        routes = [
            (f"{objects}/{{kind}}/search", self._search),
            (f"{objects}/{{kind}}/batch/read", self._batch_read),
            (f"{objects}/{{kind}}/batch/upsert", self._upsert),
            (f"{objects}/{{kind}}", self._list_or_create),
            (f"{associations}/{{kind}}/{{other}}/batch/read", self._linked),
            (f"{associations}/{{kind}}/{{other}}/batch/associate/default", self._link_default),
            (f"/crm/owners/{_DATED}", self._owners),
            (f"/account-info/{_DATED}/details", self._details),
        ]
        return Starlette(
            routes=[Route(path, self._guarded(answer), methods=["GET", "POST"]) for path, answer in routes]
        )

    def _guarded(self, answer: Any) -> Any:
        async def run(request: Request) -> Response:
            troubled = await self.trouble.meet(request, {"limited": _limited, "expired": _expired})
            if troubled is not None:
                return troubled
            if request.headers.get("authorization") != f"Bearer {TOKEN}":
                return _expired()
            said: Response = answer(request, await request.body())
            if (
                self.trouble.holding is not None
                and request.method == "POST"
                and not request.url.path.endswith(("/read", "/search"))
            ):
                await self.trouble.holding.wait()
            return said

        return run

    def _search(self, request: Request, body: bytes) -> Response:
        asked, kind = json.loads(body), request.path_params["kind"]
        groups, limit, after = asked["filterGroups"], int(asked["limit"]), int(asked["after"] or 0)
        if len(groups) > 5 or any(len(group["filters"]) > 6 for group in groups) or limit > 200:
            return _invalid("Too many filters or too large a page")
        if after + limit > self.cap:
            return _invalid(f"Cannot page beyond {self.cap} results")
        hits = [
            record
            for record in self.objects.get(kind, {}).values()
            if record.seen is not None
            and any(all(_fits(record.seen, rule) for rule in group["filters"]) for group in groups)
        ]
        for sort in asked["sorts"]:
            hits.sort(
                key=lambda record: _sortable((record.seen or {}).get(sort["propertyName"])),
                reverse=sort["direction"] == "DESCENDING",
            )
        answer: dict[str, Any] = {
            "total": len(hits),
            "results": [_shown(record, asked["properties"]) for record in hits[after : after + limit]],
        }
        if after + limit < len(hits):
            answer["paging"] = {"next": {"after": str(after + limit)}}
        return JSONResponse(answer)

    def _list_or_create(self, request: Request, body: bytes) -> Response:
        kind = request.path_params["kind"]
        if request.method == "POST":
            return self._create(kind, json.loads(body))
        limit, after = int(request.query_params["limit"]), int(request.query_params.get("after", 0))
        if limit > 100:
            return _invalid("limit must be at most 100")
        names = request.query_params["properties"].split(",")
        records = sorted(self.objects.get(kind, {}).values(), key=lambda record: int(record.id))
        records = [record for record in records if not record.archived and int(record.id) > after]
        answer: dict[str, Any] = {"results": [_shown(record, names) for record in records[:limit]]}
        if len(records) > limit:
            answer["paging"] = {"next": {"after": records[limit - 1].id}}
        return JSONResponse(answer)

    def _create(self, kind: str, asked: dict[str, Any]) -> Response:
        record_id = self.add(kind, **asked["properties"])
        for association in asked.get("associations", []):
            types = [{"category": "HUBSPOT_DEFINED", "typeId": association["types"][0]["associationTypeId"]}]
            other = _TO[types[0]["typeId"]]
            self.associate(kind, record_id, other, str(association["to"]["id"]), types)
        return JSONResponse(_shown(self.objects[kind][record_id], None), status_code=201)

    def _batch_read(self, request: Request, body: bytes) -> Response:
        asked, kind = json.loads(body), request.path_params["kind"]
        found, errors = [], []
        for wanted in asked["inputs"]:
            record = self.objects.get(kind, {}).get(wanted["id"])
            if record is None or record.archived:
                errors.append(
                    {"status": "error", "category": "OBJECT_NOT_FOUND", "context": {"ids": [wanted["id"]]}}
                )
            else:
                found.append(_shown(record, asked["properties"]))
        return _batch(found, errors)

    def _upsert(self, request: Request, body: bytes) -> Response:
        kind, results = request.path_params["kind"], []
        for wanted in json.loads(body)["inputs"]:
            key, properties = wanted["idProperty"], wanted["properties"]
            if self.rule is not None and not properties.get(self.rule):
                return _invalid(
                    f"Property values were not valid: {self.rule} is required by a rule of this portal",
                    [
                        {
                            "message": f"{self.rule} is required",
                            "code": "MISSING_REQUIRED_PROPERTY",
                            "in": self.rule,
                        }
                    ],
                )
            record_id = next(
                (r.id for r in self.objects.get(kind, {}).values() if r.properties.get(key) == wanted["id"]),
                None,
            )
            new = record_id is None
            if record_id is None:
                record_id = self.add(kind, **{**properties, key: wanted["id"]})
            else:
                self.change(kind, record_id, **properties)
            results.append({**_shown(self.objects[kind][record_id], None), "new": new})
        return _batch(results, [])

    def _linked(self, request: Request, body: bytes) -> Response:
        kind, other = request.path_params["kind"], request.path_params["other"]
        found, errors = [], []
        for wanted in json.loads(body)["inputs"]:
            to = {
                target: types
                for target, types in self.links.get((kind, wanted["id"], other), {}).items()
                if not self.objects[other][target].archived
            }
            if to:
                found.append(
                    {
                        "from": {"id": wanted["id"]},
                        "to": [
                            {"toObjectId": target, "associationTypes": types} for target, types in to.items()
                        ],
                    }
                )
            else:
                errors.append(
                    {
                        "status": "error",
                        "category": "OBJECT_NOT_FOUND",
                        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
                        "message": f"No {other} is associated with {kind} {wanted['id']}.",
                        "context": {"fromObjectId": [wanted["id"]]},
                    }
                )
        return _batch(found, errors)

    def _link_default(self, request: Request, body: bytes) -> Response:
        kind, other = request.path_params["kind"], request.path_params["other"]
        for pair in json.loads(body)["inputs"]:
            self.associate(kind, pair["from"]["id"], other, pair["to"]["id"], [_NO_LABEL])
        return _batch([], [])

    def _owners(self, request: Request, body: bytes) -> Response:
        return JSONResponse({"results": [{"id": key, **owner} for key, owner in self.owners.items()]})

    def _details(self, request: Request, body: bytes) -> Response:
        return JSONResponse(
            {"portalId": 145000001, "uiDomain": "app-eu1.hubspot.com", "timeZone": "Europe/Berlin"}
        )


_TO = {
    279: "companies",
    202: "contacts",
    190: "companies",
    228: "tickets",
    81: "contacts",
    87: "companies",
    84: "tickets",
}


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _national(phone: str) -> str:
    """How HubSpot makes phones searchable: digits without country code and leading zero."""
    try:
        return str(phonenumbers.parse(phone, "DE").national_number)
    except phonenumbers.NumberParseException:
        return ""


def _fits(properties: dict[str, Any], rule: dict[str, Any]) -> bool:
    have, want = properties.get(rule["propertyName"]), rule.get("value")
    if have is None:
        return False
    match rule["operator"]:
        case "EQ":
            return bool(_sortable(have) == _sortable(want))
        case "CONTAINS_TOKEN":
            return any(fnmatch.fnmatch(token, str(want)) for token in str(have).split())
        case "GT":
            return bool(_sortable(have) > _sortable(want))
        case "GTE":
            return bool(_sortable(have) >= _sortable(want))
    raise AssertionError(f"this fake knows no operator {rule['operator']}")


def _sortable(value: Any) -> Any:
    """Dates compare as milliseconds, as HubSpot takes them; ids as numbers."""
    text = str(value if value is not None else "")
    if len(text) == 24 and text.endswith("Z"):
        return (1, int(datetime.fromisoformat(text).timestamp() * 1000), "")
    return (1, int(text), "") if text.isdigit() else (2, 0, text)


def _shown(record: Record, names: list[str] | None) -> dict[str, Any]:
    wanted = record.properties if names is None else {name: record.properties.get(name) for name in names}
    return {
        "id": record.id,
        "properties": {"hs_object_id": record.id, **wanted},
        "createdAt": _iso(record.updated),
        "updatedAt": _iso(record.updated),
        "archived": record.archived,
    }


def _batch(results: list[dict[str, Any]], errors: list[dict[str, Any]]) -> Response:
    answer: dict[str, Any] = {"status": "COMPLETE", "results": results}
    if errors:
        answer |= {"numErrors": len(errors), "errors": errors}
    return JSONResponse(answer, status_code=207 if errors else 200)


def _invalid(message: str, errors: list[dict[str, Any]] | None = None) -> Response:
    body = {
        "status": "error",
        "message": message,
        "correlationId": "6f7e3c0e-0000-4000-8000-000000000000",
        "category": "VALIDATION_ERROR",
        "errors": errors or [],
    }
    return JSONResponse(body, status_code=400)


def _expired() -> Response:
    return JSONResponse(
        {
            "status": "error",
            "message": "Authentication credentials not found or expired.",
            "correlationId": "6f7e3c0e-0000-4000-8000-000000000001",
            "category": "EXPIRED_AUTHENTICATION",
        },
        status_code=401,
    )


def _limited() -> Response:
    return JSONResponse(
        {
            "status": "error",
            "message": "You have reached your secondly limit.",
            "errorType": "RATE_LIMIT",
            "correlationId": "6f7e3c0e-0000-4000-8000-000000000002",
            "policyName": "SECONDLY",
        },
        status_code=429,
        headers={"Retry-After": "0"},
    )

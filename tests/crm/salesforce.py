"""A small, stateful Salesforce org, as far as Bauruf talks to it.

Client credentials, SOQL of the form that Bauruf writes, SOSL over phones with an index that lags,
pages, deleted and merged records (`queryAll`), upsert by external id, errors as arrays, the daily
limit, sessions that end.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.crm.trouble import Trouble

CLIENT_ID, CLIENT_SECRET = "3MVG9.fake", "salesforce-fake-secret"
_DATA = "/services/data/v62.0"
_PREFIX = {"Account": "001", "Contact": "003", "Case": "500", "Task": "00T", "AccountContactRelation": "07k"}
_FIELDS = {"Account": {"Tier__c"}}  # custom fields this org has


@dataclass
class Org:
    """The org. Tests fill it directly; `lag` keeps changes from the search index until `index()`."""

    clock: Callable[[], datetime]
    lag: bool = False
    page: int = 2000
    url: str = ""
    trouble: Trouble = field(default_factory=Trouble)
    records: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    indexed: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    token: str = "00Dfake!1"
    tokens: int = 0  # how often somebody logged in
    _ticks: timedelta = timedelta(0)
    _ids: Any = field(default_factory=lambda: count(1))
    _pages: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    # What tests do.

    @property
    def now(self) -> datetime:
        """Its own time: the clock's, a second later with every change."""
        return self.clock() + self._ticks

    def add(self, kind: str, **fields: Any) -> str:
        """Create a record; returns its id. A contact with an AccountId gets its direct relation."""
        record_id = f"{_PREFIX[kind]}{next(self._ids):012d}AAA"
        self.records.setdefault(kind, {})[record_id] = {
            "Id": record_id,
            "IsDeleted": False,
            "MasterRecordId": None,
        }
        if kind == "Case":
            fields = {"CaseNumber": f"{next(self._ids):08d}", "IsClosed": False, "Status": "New", **fields}
        self.change(kind, record_id, **fields)
        if kind == "Contact" and fields.get("AccountId"):
            self.relate(record_id, fields["AccountId"], direct=True)
        return record_id

    def relate(self, contact: str, account: str, roles: str = "", *, direct: bool = False) -> str:
        """Relate a contact to an account; several roles are separated by ";"."""
        return self.add(
            "AccountContactRelation",
            ContactId=contact,
            AccountId=account,
            Roles=roles or None,
            IsActive=True,
            IsDirect=direct,
            EndDate=None,
        )

    def change(self, kind: str, record_id: str, **fields: Any) -> None:
        """Set fields, as somebody at the CRM would."""
        self._ticks += timedelta(seconds=1)
        self.records[kind][record_id] |= {
            **fields,
            "SystemModstamp": self.now.strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
        }
        if not self.lag:
            self.index()

    def index(self) -> None:
        """The search index catches up."""
        self.indexed = {
            kind: {key: dict(record) for key, record in records.items()}
            for kind, records in self.records.items()
        }

    def delete(self, kind: str, record_id: str, *, into: str | None = None) -> None:
        """Delete a record; `into` is the master of a merge."""
        self.change(kind, record_id, IsDeleted=True, MasterRecordId=into)

    def merge(self, kind: str, master: str, loser: str) -> None:
        """Merge two accounts or contacts: the loser is deleted, what hung on it moves."""
        name = f"{kind}Id"
        for records in self.records.values():
            for record in list(records.values()):
                if record.get(name) == loser:
                    record[name] = master
        self.delete(kind, loser, into=master)
        self.change(kind, master)

    def end_session(self) -> None:
        """The token is worth nothing any more."""
        self.token = f"00Dfake!{self.tokens + 100}"

    def all(self, kind: str) -> list[dict[str, Any]]:
        """Every record of a kind that is not deleted."""
        return [record for record in self.records.get(kind, {}).values() if not record["IsDeleted"]]

    # What the API does.

    def app(self) -> Starlette:
        routes = [
            (f"{_DATA}/query", self._query),
            (f"{_DATA}/queryAll", self._query),
            (f"{_DATA}/query/{{locator}}", self._more),
            (f"{_DATA}/search", self._search),
            (f"{_DATA}/limits", self._limits),
            (f"{_DATA}/sobjects/{{kind}}/describe", self._describe),
            (f"{_DATA}/sobjects/{{kind}}/{{key}}/{{value}}", self._upsert),
            (f"{_DATA}/sobjects/{{kind}}", self._create),
        ]
        found = [
            Route(path, self._guarded(answer), methods=["GET", "POST", "PATCH"]) for path, answer in routes
        ]
        return Starlette(routes=[Route("/services/oauth2/token", self._token, methods=["POST"]), *found])

    async def _token(self, request: Request) -> Response:
        troubled = await self.trouble.meet(request, {"expired": _no_client, "limited": _over_limit})
        if troubled is not None:
            return troubled
        form = {key: values[0] for key, values in parse_qs((await request.body()).decode()).items()}
        if form != {
            "grant_type": "client_credentials",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
        }:
            return _no_client()
        self.tokens += 1
        self.token = f"00Dfake!{self.tokens}"
        return JSONResponse(
            {"access_token": self.token, "instance_url": self.url, "token_type": "Bearer", "scope": "api"}
        )

    def _guarded(self, answer: Any) -> Any:
        async def run(request: Request) -> Response:
            own = {"limited": _over_limit, "expired": _session_over}
            troubled = await self.trouble.meet(request, own)
            if troubled is not None:
                return troubled
            if request.headers.get("authorization") != f"Bearer {self.token}":
                return _session_over()
            body = await request.json() if request.method in ("POST", "PATCH") else None
            said: Response = answer(request, body)
            said.headers["Sforce-Limit-Info"] = "api-usage=18/15000"
            if self.trouble.holding is not None and request.method in ("POST", "PATCH"):
                await self.trouble.holding.wait()
            return said

        return run

    def _query(self, request: Request, _: Any) -> Response:
        soql = request.query_params["q"]
        found = re.fullmatch(
            r"SELECT (?P<fields>.+?) FROM (?P<kind>\w+)(?: WHERE (?P<where>.+?))?"
            r"(?: ORDER BY (?P<order>[\w, ]+?))?(?: LIMIT (?P<limit>\d+))?",
            soql,
        )
        if found is None:
            return _error(400, "MALFORMED_QUERY", f"unexpected token: {soql}")
        kind, names = found["kind"], found["fields"].split(",")
        unknown = [
            name
            for name in names
            if name.endswith("__c") and name not in _FIELDS.get(kind, {"Bot_Conversation_Id__c"})
        ]
        if unknown:
            return _error(400, "INVALID_FIELD", f"No such column '{unknown[0]}' on entity '{kind}'.")
        records = [
            record
            for record in self.records.get(kind, {}).values()
            if ("queryAll" in request.url.path or not record["IsDeleted"])
            and self._holds(record, found["where"])
        ]
        for name in reversed((found["order"] or "Id").split(",")):
            field_name, _, direction = name.strip().partition(" ")
            records.sort(
                key=lambda record, by=field_name: str(record.get(by, "")),  # type: ignore[misc]
                reverse=direction == "DESC",
            )
        rows = [self._row(kind, record, names) for record in records[: int(found["limit"] or 10**9)]]
        return self._paged(rows, len(rows))

    def _paged(self, rows: list[dict[str, Any]], total: int) -> Response:
        page, rest = rows[: self.page], rows[self.page :]
        answer: dict[str, Any] = {"totalSize": total, "done": not rest, "records": page}
        if rest:
            locator = f"01gfake-{len(self._pages)}"
            self._pages[locator] = rest
            answer["nextRecordsUrl"] = f"{_DATA}/query/{locator}"
        return JSONResponse(answer)

    def _more(self, request: Request, _: Any) -> Response:
        rows = self._pages.pop(request.path_params["locator"], None)
        if rows is None:
            return _error(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        return self._paged(rows, len(rows))

    def _holds(self, record: dict[str, Any], where: str | None) -> bool:
        return all(self._one(record, rule) for rule in (where or "").split(" AND ") if rule)

    def _one(self, record: dict[str, Any], rule: str) -> bool:
        name, operator, written = re.fullmatch(r"([\w.]+)\s*(=|!=|>=|>| IN )\s*(.+)", rule).groups()  # type: ignore[union-attr]
        have = self._value(record, name)
        if operator == " IN ":
            return have in [part.strip().strip("'") for part in written.strip("()").split(",")]
        want: Any = written.strip("'").replace("\\'", "'")
        if written in ("true", "false", "null"):
            want = {"true": True, "false": False, "null": None}[written]
        if operator == "=":
            return bool(have == want)
        if operator == "!=":
            return bool(have != want)
        if have is None:
            return False
        if written.startswith("'"):
            return bool(have > want)
        left, right = datetime.fromisoformat(have), datetime.fromisoformat(want)
        return left >= right if operator == ">=" else left > right

    def _value(self, record: dict[str, Any], name: str) -> Any:
        if name == "Owner.Name":
            return record.get("OwnerName")
        if name == "Account.Name":
            return self.records["Account"].get(record.get("AccountId") or "", {}).get("Name")
        return record.get(name)

    def _row(self, kind: str, record: dict[str, Any], names: list[str]) -> dict[str, Any]:
        row: dict[str, Any] = {"attributes": {"type": kind, "url": f"{_DATA}/sobjects/{kind}/{record['Id']}"}}
        for name in names:
            head, dot, tail = name.partition(".")
            value = self._value(record, name)
            row[head] = {tail: value} if dot and value is not None else None if dot else value
        return row

    def _search(self, request: Request, _: Any) -> Response:
        found = re.fullmatch(r"FIND \{(.+?)\} IN PHONE FIELDS RETURNING (.+)", request.query_params["q"])
        if found is None:
            return _error(400, "MALFORMED_SEARCH", "No search term found")
        if re.search(r"(?<!\\)[-&|!(){}\[\]^\"~*?:'+]", found[1]):
            return _error(400, "MALFORMED_SEARCH", f"{found[1]}: a reserved character is not escaped")
        digits, hits = re.sub(r"\D", "", found[1]), []
        for kind, names in re.findall(r"(\w+)\(([\w,]+)\)", found[2]):
            for record in self.indexed.get(kind, {}).values():
                phones = (record.get("Phone"), record.get("MobilePhone"))
                if not record["IsDeleted"] and any(
                    digits in re.sub(r"\D", "", phone or "") for phone in phones
                ):
                    hits.append(self._row(kind, record, names.split(",")))
        return JSONResponse({"searchRecords": hits})

    def _upsert(self, request: Request, body: Any) -> Response:
        kind, key, value = (request.path_params[name] for name in ("kind", "key", "value"))
        record = next((r for r in self.records.get(kind, {}).values() if r.get(key) == value), None)
        if request.method == "GET":
            return (
                JSONResponse(record)
                if record
                else _error(404, "NOT_FOUND", "The requested resource does not exist")
            )
        if record is not None:
            self.change(kind, record["Id"], **body)
            return Response(status_code=204)
        record_id = self.add(kind, **body, **{key: value})
        return JSONResponse(
            {"id": record_id, "success": True, "errors": [], "created": True}, status_code=201
        )

    def _create(self, request: Request, body: Any) -> Response:
        kind = request.path_params["kind"]
        if kind == "Contact":
            if not body.get("LastName"):
                return _error(400, "REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName]")
            body["Name"] = " ".join(filter(None, (body.get("FirstName"), body["LastName"])))
        if kind == "AccountContactRelation":
            pair = body["ContactId"], body["AccountId"]
            if pair in {(one["ContactId"], one["AccountId"]) for one in self.all(kind)}:
                return _error(
                    400, "DUPLICATE_VALUE", "This contact already has a relationship with this account."
                )
            body = {"Roles": None, "IsActive": True, "IsDirect": False, "EndDate": None} | body
        record_id = self.add(kind, **body)
        return JSONResponse({"id": record_id, "success": True, "errors": []}, status_code=201)

    def _describe(self, request: Request, _: Any) -> Response:
        kind = request.path_params["kind"]
        names = ["Id", "Name", "AccountNumber", *_FIELDS.get(kind, ())]
        return JSONResponse({"name": kind, "fields": [{"name": name} for name in names]})

    def _limits(self, request: Request, _: Any) -> Response:
        return JSONResponse({"DailyApiRequests": {"Max": 15000, "Remaining": 14982}})


def _error(status: int, code: str, message: str) -> Response:
    return JSONResponse([{"message": message, "errorCode": code}], status_code=status)


def _session_over() -> Response:
    return _error(401, "INVALID_SESSION_ID", "Session expired or invalid")


def _over_limit() -> Response:
    return _error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")


def _no_client() -> Response:
    return JSONResponse(
        {"error": "invalid_client", "error_description": "invalid client credentials"}, status_code=400
    )

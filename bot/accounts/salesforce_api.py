"""Salesforce's REST API as plain calls: login by client credentials, SOQL, SOSL, upsert.

Sessions end when the org says so, therefore one that is refused is renewed once. Errors are arrays of
{"errorCode", "message"}; every answer says in Sforce-Limit-Info how much of the day's calls is used.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import httpx

from bot.accounts.crm import CrmAway, CrmError, CrmForbids, CrmNonsense, CrmRejects
from bot.accounts.crm_client import TIMEOUT, Answer, CrmClient, Json

VERSION = "v62.0"
_DATA = f"/services/data/{VERSION}"
_TITLE = "Salesforce"
_IDS = 200  # in one query; an address may be 16 kB long
_LIMIT_WAIT = 900.0  # seconds; the limit counts the last 24 hours


class SalesforceApi:
    """Calls one org. Raises CrmError only."""

    def __init__(self, http: httpx.AsyncClient, url: str, client_id: str, client_secret: str) -> None:
        self._http = http
        self._url = url
        self._credentials = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
        }
        self._client = CrmClient(http, _TITLE, _judge)
        self._token: str | None = None
        self.used = 0.0  # share of the day's calls

    async def query(self, soql: str, *, deleted: bool = False) -> AsyncIterator[list[Json]]:
        """The rows of a query, page by page; with `deleted`, also those in the recycle bin."""
        path: str | None = f"{_DATA}/{'queryAll' if deleted else 'query'}"
        asked: dict[str, str] | None = {"q": soql}
        while path is not None:
            said = (await self._send("GET", path, params=asked)).object()
            rows = said.get("records")
            if not isinstance(rows, list) or not all(isinstance(row, dict) and row.get("Id") for row in rows):
                raise CrmNonsense(f"{_TITLE} answered without records")
            yield rows
            path, asked = (None if said.get("done", True) else str(said.get("nextRecordsUrl"))), None
            if path is not None and not path.startswith(f"{_DATA}/"):
                raise CrmNonsense(f"{_TITLE} names a next page that is not its own")

    async def rows(self, soql: str, ids: Iterable[str]) -> list[Json]:
        """The rows of a query that ends in `IN {ids}`, asked in portions."""
        wanted, found = sorted(set(ids)), []
        for start in range(0, len(wanted), _IDS):
            listed = ",".join(quoted(one) for one in wanted[start : start + _IDS])
            async for page in self.query(soql.replace("{ids}", f"({listed})")):
                found += page
        return found

    async def search(self, sosl: str) -> list[Json]:
        """The hits of a SOSL search; its index lags by up to 15 minutes."""
        said = (await self._send("GET", f"{_DATA}/search", params={"q": sosl})).object()
        hits = said.get("searchRecords")
        if not isinstance(hits, list):
            raise CrmNonsense(f"{_TITLE} answered without hits")
        return hits

    async def upsert(self, kind: str, key: str, value: str, fields: Mapping[str, Any]) -> str:
        """Create or update the record with this external id; returns its id."""
        path = f"{_DATA}/sobjects/{kind}/{key}/{quote(value, safe='')}"
        answer = await self._send("PATCH", path, json=fields)
        said = answer.object() if answer.status != 204 else await self._get(path, {"fields": "Id"})
        return str(said.get("id") or said.get("Id"))

    async def create(self, kind: str, fields: Mapping[str, Any]) -> str:
        """Create a record; returns its id. Repeating it makes another one."""
        return str((await self._send("POST", f"{_DATA}/sobjects/{kind}", json=fields)).object().get("id"))

    async def fields(self, kind: str) -> frozenset[str]:
        """The names of the fields that a kind of record has in this org."""
        said = await self._get(f"{_DATA}/sobjects/{kind}/describe")
        return frozenset(str(field.get("name")) for field in said.get("fields") or [])

    async def limits(self) -> Json:
        """How many calls are left, as the org says it."""
        return await self._get(f"{_DATA}/limits")

    async def _get(self, path: str, asked: Mapping[str, str] | None = None) -> Json:
        return (await self._send("GET", path, params=asked)).object()

    async def _send(self, method: str, path: str, **more: Any) -> Answer:
        try:
            return await self._try(method, path, **more)
        except CrmForbids:
            self._token = None
            return await self._try(method, path, **more)

    async def _try(self, method: str, path: str, **more: Any) -> Answer:
        headers = {"Authorization": f"Bearer {await self._session()}"}
        request = self._http.build_request(method, self._url + path, headers=headers, timeout=TIMEOUT, **more)
        answer = await self._client.send(request)
        usage = re.search(r"api-usage=(\d+)/(\d+)", answer.headers.get("sforce-limit-info", ""))
        if usage and int(usage[2]):
            self.used = int(usage[1]) / int(usage[2])
        return answer

    async def _session(self) -> str:
        if self._token is None:
            request = self._http.build_request(
                "POST", f"{self._url}/services/oauth2/token", data=self._credentials, timeout=TIMEOUT
            )
            said = (await self._client.send(request)).object()
            if not isinstance(said.get("access_token"), str):
                raise CrmNonsense(f"{_TITLE} answered the login without a token")
            self._token = said["access_token"]
        return self._token


def quoted(value: str) -> str:
    """A text within SOQL."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def select(fields: Sequence[str], kind: str, where: str = "", tail: str = "") -> str:
    """A query in SOQL; `tail` is order and limit."""
    parts = ("SELECT", ",".join(fields), "FROM", kind, *(("WHERE", where) if where else ()), tail)
    return " ".join(filter(None, parts))


def _judge(answer: Answer) -> None:
    """Raise what Salesforce means by an answer of 3xx or 4xx."""
    raise _error(answer)


def _error(answer: Answer) -> CrmError:
    said = answer.json()
    if isinstance(said, dict):  # the login's errors are shaped as in OAuth
        if said.get("error"):
            return CrmForbids(
                f"{_TITLE} refuses the login ({said['error']}): BAURUF_SALESFORCE_CLIENT_ID,"
                " BAURUF_SALESFORCE_CLIENT_SECRET, and is the client credentials flow enabled?"
            )
        return CrmNonsense(f"{_TITLE} answered {answer.status}")
    first = said[0] if isinstance(said, list) and said and isinstance(said[0], dict) else {}
    code, words = str(first.get("errorCode", "")), str(first.get("message", ""))[:300]
    if code == "REQUEST_LIMIT_EXCEEDED" or answer.status == 429:
        return CrmAway(f"{_TITLE}: the day's calls are used up", _LIMIT_WAIT)
    if answer.status == 401:
        return CrmForbids(f"{_TITLE} refuses the session ({code})")
    if answer.status == 403:
        return CrmForbids(f"{_TITLE} refuses: the app's user lacks a right ({code})")
    if code:
        return CrmRejects(f"{words} ({code})")
    return CrmNonsense(f"{_TITLE} answered {answer.status}")

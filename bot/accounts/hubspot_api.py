"""HubSpot's dated API 2026-09 as plain calls: search, list, batches, associations.

The official client knows only v3 and v4, which end in 2027. Limits as in HubSpot's reference: search
about 4 requests a second, 200 a page and 10,000 hits a query; lists and batches 100.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import httpx

from bot.accounts.crm import CrmAway, CrmError, CrmForbids, CrmNonsense, CrmRejects
from bot.accounts.crm_client import TIMEOUT, Answer, CrmClient, Json, wait_of

DATED = "2026-09"
SEARCH_PAGE = 200
SEARCH_CAP = 10_000
BATCH = 100
_SEARCH_PAUSE = 0.25  # seconds between searches
_TITLE = "HubSpot"


class HubSpotApi:
    """Calls one portal. Raises CrmError only."""

    def __init__(self, http: httpx.AsyncClient, url: str, token: str) -> None:
        self._http = http
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._client = CrmClient(http, _TITLE, _judge)
        self._searching = asyncio.Lock()

    async def search(
        self,
        objects: str,
        groups: Sequence[Sequence[Mapping[str, Any]]],
        properties: Sequence[str],
        *,
        sort: str,
        descending: bool = False,
        after: int = 0,
        limit: int = SEARCH_PAGE,
        patient: bool = False,
    ) -> list[Json]:
        """Some hits of any of the groups of filters. With `patient`, keep to the pace of searching."""
        asked = {
            "filterGroups": [{"filters": list(filters)} for filters in groups],
            "sorts": [{"propertyName": sort, "direction": "DESCENDING" if descending else "ASCENDING"}],
            "properties": list(properties),
            "limit": limit,
            "after": str(after),
        }
        path = f"/crm/objects/{DATED}/{objects}/search"
        if not patient:
            return _results(await self._post(path, asked))
        async with self._searching:
            await asyncio.sleep(_SEARCH_PAUSE)
            return _results(await self._post(path, asked))

    async def page(
        self, objects: str, properties: Sequence[str], after: str | None
    ) -> tuple[list[Json], str | None]:
        """One page of all objects by id, and where the next one begins; not the search index."""
        asked: dict[str, str] = {"limit": str(BATCH), "properties": ",".join(properties), "archived": "false"}
        if after is not None:
            asked["after"] = after
        said = await self.get(f"/crm/objects/{DATED}/{objects}", asked)
        following = said.get("paging")
        try:
            return _results(said), str(following["next"]["after"]) if following else None
        except (KeyError, TypeError):
            raise CrmNonsense(f"{_TITLE} answered with a page that cannot be read") from None

    async def read(self, objects: str, ids: Iterable[str], properties: Sequence[str]) -> list[Json]:
        """These objects, as far as they exist."""
        found: list[Json] = []
        for some in _cut(sorted(set(ids))):
            asked = {"inputs": [{"id": one} for one in some], "properties": list(properties)}
            found += _results(await self._post(f"/crm/objects/{DATED}/{objects}/batch/read", asked))
        return found

    async def associated(self, objects: str, others: str, ids: Iterable[str]) -> list[Json]:
        """What these objects are associated with; an object without associations is left out."""
        found: list[Json] = []
        for some in _cut(sorted(set(ids))):
            asked = {"inputs": [{"id": one} for one in some]}
            path = f"/crm/associations/{DATED}/{objects}/{others}/batch/read"
            found += _results(await self._post(path, asked))
        return found

    async def associate(self, objects: str, record_id: str, others: str, other_id: str) -> None:
        """Associate two objects in the most general way; once is as good as twice."""
        path = f"/crm/associations/{DATED}/{objects}/{others}/batch/associate/default"
        await self._post(path, {"inputs": [{"from": {"id": record_id}, "to": {"id": other_id}}]})

    async def upsert(self, objects: str, key: str, value: str, properties: Mapping[str, str]) -> str:
        """Create or update the object whose unique property `key` has this value; returns its id."""
        asked = {"inputs": [{"idProperty": key, "id": value, "properties": properties}]}
        said = await self._post(f"/crm/objects/{DATED}/{objects}/batch/upsert", asked)
        results = _results(said)
        if not results:
            raise CrmRejects(_complaint(said) or f"{_TITLE} took no {objects}")
        return _id(results[0])

    async def create(self, objects: str, asked: Mapping[str, Any]) -> str:
        """Create an object; returns its id. Repeating it makes another one."""
        return _id(await self._post(f"/crm/objects/{DATED}/{objects}", asked))

    async def get(self, path: str, asked: Mapping[str, str] | None = None) -> Json:
        """Read a resource."""
        request = self._http.build_request(
            "GET", self._url + path, params=asked, headers=self._headers, timeout=TIMEOUT
        )
        return (await self._client.send(request)).object()

    async def _post(self, path: str, asked: Mapping[str, Any]) -> Json:
        request = self._http.build_request(
            "POST", self._url + path, json=asked, headers=self._headers, timeout=TIMEOUT
        )
        return (await self._client.send(request)).object()


def _judge(answer: Answer) -> None:
    """Raise what HubSpot means by an answer of 3xx or 4xx."""
    raise _error(answer)


def _error(answer: Answer) -> CrmError:
    if answer.status == 429:
        return CrmAway(f"{_TITLE} limits our calls", wait_of(answer))
    if answer.status == 401:
        return CrmForbids(f"{_TITLE} refuses the token: it is expired or was revoked (BAURUF_HUBSPOT_TOKEN)")
    if answer.status == 403:
        return CrmForbids(f"{_TITLE} refuses: the token lacks a scope")
    if answer.status in (400, 409):
        return CrmRejects(_complaint(answer.object()) or f"{_TITLE} answered {answer.status}")
    return CrmNonsense(f"{_TITLE} answered {answer.status}")


def _complaint(said: Json) -> str | None:
    """The portal's own words, which an agent reads."""
    errors = said.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    words = said.get("message") or first.get("message")
    return str(words)[:300] if words else None


def _results(said: Json) -> list[Json]:
    results = said.get("results")
    if not isinstance(results, list) or not all(isinstance(result, dict) for result in results):
        raise CrmNonsense(f"{_TITLE} answered without results")
    return results


def _id(said: Json) -> str:
    if not str(said.get("id", "")).isdigit():
        raise CrmNonsense(f"{_TITLE} answered without an id")
    return str(said["id"])


def _cut(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]

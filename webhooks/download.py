"""Fetching a file from a provider: capped, bounded in time, never from an address inside our network."""

from __future__ import annotations

import asyncio
import socket
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address

import httpx

from bot.channel import FetchedMedia, MediaRefused, RetryLater
from webhooks.outcome import retry_after

_STEP_SECONDS = 10.0  # to connect, and between two chunks
_WHOLE_SECONDS = 120.0
_MOST_REDIRECTS = 5


class Downloads:
    """Fetches files of at most `most_bytes`.

    `home` is the provider's API address from the settings. It alone may lie inside our network, so
    that another server can stand in for the provider; every other host is resolved first, refused
    if any of its addresses is not public, and then connected to at exactly the checked address.
    `credentials` (user, password) go to `home` and, over https, to hosts under `domain`; a redirect
    to anywhere else does not take them along.
    """

    def __init__(
        self,
        *,
        home: str,
        most_bytes: int,
        domain: str | None = None,
        credentials: tuple[str, str] | None = None,
    ) -> None:
        self._home = httpx.URL(home)
        self._most_bytes = most_bytes
        self._domain = domain
        self._auth = httpx.BasicAuth(*credentials) if credentials else None
        # No connection is kept: one made for a host must not serve another host at the same address.
        self._client = httpx.AsyncClient(
            timeout=_STEP_SECONDS, limits=httpx.Limits(max_connections=20, max_keepalive_connections=0)
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def fetch(self, url: str) -> FetchedMedia:
        """Fetch one file. Raises MediaRefused (final, says why) or RetryLater."""
        try:
            async with asyncio.timeout(_WHOLE_SECONDS):
                return await self._follow(httpx.URL(url))
        except httpx.InvalidURL:
            raise MediaRefused("The provider named a file address that is none.") from None
        except (httpx.HTTPError, TimeoutError) as error:
            raise RetryLater(f"The file could not be fetched yet ({type(error).__name__}).") from error

    def may_know_us(self, url: str) -> bool:
        """Whether our credentials may be sent to this address."""
        target = httpx.URL(url)
        ours = self._domain is not None and f".{target.host}".endswith(f".{self._domain}")
        return self._is_home(target) or (ours and target.scheme == "https")

    async def _follow(self, url: httpx.URL) -> FetchedMedia:
        for _ in range(_MOST_REDIRECTS + 1):
            request = await self._request(url)
            auth = self._auth if self.may_know_us(str(url)) else None
            response = await self._client.send(request, auth=auth, stream=True, follow_redirects=False)
            try:
                if response.is_redirect:
                    url = url.join(response.headers["location"])
                    continue
                return await self._read(response)
            finally:
                await response.aclose()
        raise MediaRefused("The provider redirected too often.")

    async def _request(self, url: httpx.URL) -> httpx.Request:
        if url.scheme not in ("http", "https") or not url.host:
            raise MediaRefused("The provider named a file address that is no web address.")
        if self._is_home(url):
            return self._client.build_request("GET", url)
        address = await _public_address(url.host, url.port or (443 if url.scheme == "https" else 80))
        return self._client.build_request(
            "GET",
            url.copy_with(host=address),
            headers={"Host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )

    def _is_home(self, url: httpx.URL) -> bool:
        return (url.scheme, url.netloc) == (self._home.scheme, self._home.netloc)

    async def _read(self, response: httpx.Response) -> FetchedMedia:
        status = response.status_code
        if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise RetryLater(
                f"The provider answered {status} for the file.", code=str(status), after=retry_after(response)
            )
        if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            raise MediaRefused("The provider no longer has the file.")
        if status != HTTPStatus.OK:
            raise MediaRefused(f"The provider did not hand out the file (HTTP {status}).")
        content = bytearray()
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) > self._most_bytes:
                raise MediaRefused(f"The file is larger than {self._most_bytes // 1_000_000} MB.")
        mime = response.headers.get("content-type", "").partition(";")[0].strip() or None
        return FetchedMedia(bytes(content), mime, None)


async def _public_address(host: str, port: int) -> str:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        raise RetryLater("The host of the file is not known at the moment.") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(_is_public(address) for address in addresses):
        raise MediaRefused("The file lies at an address that is not public.")
    return addresses[0]


def _is_public(text: str) -> bool:
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_global and not address.is_multicast

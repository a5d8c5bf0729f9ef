"""The HTTP below python-telegram-bot's client, on aiohttp.

The library's own transport spends 2.3 ms of processor time on a call, of which aiohttp needs 0.4
(`docs/decisions/0009-few-round-trips.md`); everything above it stays the library's.
"""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

_NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError, aiohttp.ConnectionTimeoutError)


def was_never_sent(error: BaseException | None) -> bool:
    """True if the call below this error cannot have reached Telegram."""
    return isinstance(error, _NEVER_SENT)


class AiohttpRequest(BaseRequest):
    """One pool of connections. `timeout` in seconds for connecting and for every wait for an answer,
    `upload` for the answer to a call that carries a file.
    """

    def __init__(self, *, connections: int, timeout: float, upload: float) -> None:
        self._connections = connections
        self._timeout = timeout
        self._upload = upload
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """How long an answer may take, in seconds."""
        return self._timeout

    async def initialize(self) -> None:
        """Nothing to do: the first call opens the pool."""

    async def shutdown(self) -> None:
        """Close the connections; a later call opens new ones."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        """Make one call; returns status and body. The time-outs are those of the pool.

        Raises TimedOut and NetworkError, with aiohttp's error as the cause.
        """
        if self._session is None:
            self._session = self._open(url)
        uploads = request_data is not None and request_data.contains_files
        timeout = aiohttp.ClientTimeout(
            connect=self._timeout, sock_read=self._upload if uploads else self._timeout
        )
        try:
            async with self._session.request(
                method, url, data=_body(request_data), timeout=timeout, allow_redirects=False
            ) as response:
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from error

    def _open(self, url: str) -> aiohttp.ClientSession:
        # The same trusted authorities and the same proxy as for all our other calls.
        target = urlsplit(url)
        proxy = None if proxy_bypass(target.hostname or "") else getproxies().get(target.scheme)
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections, ssl=httpx.create_ssl_context()),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
            proxy=proxy,
        )


def _body(data: RequestData | None) -> aiohttp.FormData | None:
    if data is None:
        return None
    form = aiohttp.FormData(data.json_parameters)
    if data.contains_files:
        for name, (filename, content, mime) in data.multipart_data.items():
            form.add_field(name, content, filename=filename, content_type=mime)
    return form

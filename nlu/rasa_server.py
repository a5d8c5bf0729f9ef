"""A Rasa server as it is asked over HTTP: what it makes of a text, and which model it has.

Behaviour as measured with Rasa Open Source 3.6.21 (`POST /model/parse`, `GET /status`).
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

import httpx

from nlu.understanding import EngineUnavailable

DEADLINE = 2.0
"""Seconds an answer may take while an installer waits; a healthy server needs 4 to 18 ms."""

_OURS = re.compile(r"rasa-[0-9a-f]{12}")
"""Names of versions that were trained here (nlu/rasa_training.py); Rasa's own names begin with a day."""


class OtherModel(EngineUnavailable):
    """Rasa works, with another model than the one that was promoted."""


def check(served: str, promoted: str) -> None:
    """Raise OtherModel when a server with this model must not answer.

    A model trained with Rasa's own tools answers as long as nobody has promoted one of ours.
    """
    if served == promoted:
        return
    if _OURS.fullmatch(promoted):
        raise OtherModel(
            f"Rasa serves the model {served}; {promoted} was promoted."
            " Started as `make rasa` says, it fetches that by itself."
        )
    if _OURS.fullmatch(served):
        raise OtherModel(f"The promoted version {promoted} has no model for Rasa, which serves {served}.")


class RasaServer:
    """One server. Everything raises EngineUnavailable with a sentence for the operator."""

    def __init__(
        self, client: httpx.AsyncClient, url: str, token: str | None, deadline: float = DEADLINE
    ) -> None:
        """`url` is its base address, `deadline` in seconds. The caller owns the client and closes it."""
        self._client = client
        self._url = url.rstrip("/")
        self._token = token
        self._deadline = deadline

    async def rank(self, words: str) -> tuple[tuple[str, float], ...]:
        """Intents and confidences, best first."""
        return _ranking(await self._ask("POST", "/model/parse", {"text": words}))

    async def model(self) -> str:
        """The model it has: it is called after its file, and so is a version of ours."""
        status = await self._ask("GET", "/status")
        return str(status.get("model_file")).removesuffix(".tar.gz")

    async def _ask(self, method: str, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
        # The token travels in the query: that is the only place where Rasa looks for it.
        query = {"token": self._token} if self._token else {}
        try:
            response = await self._client.request(
                method, f"{self._url}{path}", params=query, json=body, timeout=self._deadline
            )
        except httpx.TimeoutException as error:
            raise EngineUnavailable(f"Rasa did not answer within {self._deadline:g} seconds.") from error
        except httpx.HTTPError as error:
            raise EngineUnavailable(f"Rasa cannot be reached ({type(error).__name__}).") from error
        if response.status_code in (401, 403):
            raise EngineUnavailable("Rasa refuses the token; BAURUF_RASA_TOKEN must be its --auth-token.")
        if response.status_code == httpx.codes.CONFLICT:
            raise EngineUnavailable("Rasa has no model. Train one on the page Training, and let it answer.")
        if response.status_code != httpx.codes.OK:
            raise EngineUnavailable(f"Rasa answered with HTTP status {response.status_code}; expected 200.")
        try:
            reply = response.json()
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise EngineUnavailable("Rasa answered with something else than JSON.") from error
        if not isinstance(reply, dict):
            raise EngineUnavailable("Rasa's answer is no parse result; expected a JSON object.")
        return reply


def _ranking(reply: dict[str, Any]) -> tuple[tuple[str, float], ...]:
    """Names and confidences, best first. Raises EngineUnavailable when the reply holds none."""
    entries = reply.get("intent_ranking") or [reply.get("intent")]
    try:
        ranking = tuple(
            (str(entry["name"]), float(entry["confidence"])) for entry in entries if entry["name"]
        )
    except (TypeError, KeyError, ValueError) as error:
        raise EngineUnavailable(
            "Rasa's answer is no parse result; expected intents with confidences."
        ) from error
    if not ranking:
        raise EngineUnavailable("Rasa named no intent; does the server have a trained model?")
    if not all(math.isfinite(confidence) for _, confidence in ranking):
        raise EngineUnavailable("Rasa's answer is no parse result; expected finite confidences.")
    return ranking

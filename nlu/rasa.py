"""Rasa as an engine: a server of its own, asked over HTTP, with the linear engine behind it.

Rasa gives the intents; entities, urgency and language are found by the same code for every engine.
The probability of an emergency comes from the linear model: Rasa's own confidences are not calibrated,
and with two dozen intents even its most indifferent answer gives an emergency 4 %.
Behaviour as measured with Rasa Open Source 3.6.21 (`POST /model/parse`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import httpx

from nlu.classifier import OUT_OF_SCOPE
from nlu.linear import RANKED, LinearUnderstander
from nlu.live import LiveUnderstander
from nlu.understanding import EngineUnavailable, Understander, Understanding
from nlu.wording import windows

FALLBACK = "nlu_fallback"
"""What Rasa's FallbackClassifier puts first when it is below its threshold: an answer, not an intent."""

DEADLINE = 2.0
"""Seconds a parse may take; a healthy server needs 4 to 18 ms."""


class RasaUnderstander:
    """Asks a Rasa server. The caller owns the HTTP client and closes it.

    The model version is just "rasa": what Rasa answers to a parse does not say which model spoke.
    """

    name = "rasa"

    def __init__(
        self,
        client: httpx.AsyncClient,
        url: str,
        token: str | None,
        own: LinearUnderstander | LiveUnderstander,
    ) -> None:
        """`url` is the server's base address; `own` tells language, danger and entities: Rasa does not."""
        self._client = client
        self._url = f"{url.rstrip('/')}/model/parse"
        self._token = token
        self._own = own

    async def understand(self, text: str) -> Understanding:
        """Parse one text. Raises EngineUnavailable with a sentence for the operator."""
        words = " ".join(part for _, part in windows(text)).encode("utf-8", "replace").decode("utf-8").strip()
        if not words:
            return self._meaning(text, ((OUT_OF_SCOPE, 0.0),), sure=False)
        reply = await self._ask(words)
        ranking = _ranking(reply)
        intents = tuple(entry for entry in ranking if entry[0] != FALLBACK) or ((OUT_OF_SCOPE, 0.0),)
        return self._meaning(text, intents, sure=ranking[0][0] != FALLBACK)

    async def _ask(self, words: str) -> dict[str, Any]:
        # The token travels in the query: that is the only place where Rasa looks for it.
        query = {"token": self._token} if self._token else {}
        try:
            response = await self._client.post(
                self._url, params=query, json={"text": words}, timeout=DEADLINE
            )
        except httpx.TimeoutException as error:
            raise EngineUnavailable(f"Rasa did not answer within {DEADLINE:g} seconds.") from error
        except httpx.HTTPError as error:
            raise EngineUnavailable(f"Rasa cannot be reached ({type(error).__name__}).") from error
        if response.status_code in (401, 403):
            raise EngineUnavailable("Rasa refuses the token; BAURUF_RASA_TOKEN must be its --auth-token.")
        if response.status_code != httpx.codes.OK:
            raise EngineUnavailable(f"Rasa answered with HTTP status {response.status_code}; expected 200.")
        try:
            reply = response.json()
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise EngineUnavailable("Rasa answered with something else than JSON.") from error
        if not isinstance(reply, dict):
            raise EngineUnavailable("Rasa's answer is no parse result; expected a JSON object.")
        return reply

    def _meaning(self, text: str, ranking: tuple[tuple[str, float], ...], *, sure: bool) -> Understanding:
        intent, confidence = ranking[0]
        judgement, chances = self._own.judge(text, intent)
        return Understanding(
            intent=intent,
            confidence=confidence,
            sure=sure and not judgement.vague,
            ranking=ranking[:RANKED],
            entities=self._own.entities(text),
            urgency=judgement.urgency,
            complex=judgement.complex,
            language=self._own.language(text),
            engine=self.name,
            model_version=self.name,
            score=confidence if sure else 0.0,
            chances=chances,
        )


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


class FallbackUnderstander:
    """One engine with another behind it, so that a message is always understood.

    After a failure the first engine is left alone for `RETRY_AFTER` seconds: a dead server costs one
    deadline now and then, not one a message. `on_change` is told once when it goes away (with the
    reason) and once when it is back (None).
    """

    RETRY_AFTER = 10.0

    def __init__(
        self,
        primary: Understander,
        backup: Understander,
        on_change: Callable[[str | None], None],
        monotonic: Callable[[], float],
    ) -> None:
        """`monotonic` gives seconds from a clock that never runs backwards."""
        self._primary = primary
        self._backup = backup
        self._on_change = on_change
        self._monotonic = monotonic
        self._away: str | None = None
        self._retry_at = 0.0

    @property
    def name(self) -> str:
        """The name of the engine that answers at the moment."""
        return self._backup.name if self._away else self._primary.name

    async def understand(self, text: str) -> Understanding:
        """Parse one text with the first engine, or with the other while that is away."""
        if self._away and self._monotonic() < self._retry_at:
            return await self._backup.understand(text)
        # Others need not wait for this try: until it has an outcome, they use the backup.
        self._retry_at = self._monotonic() + self.RETRY_AFTER
        try:
            understanding = await self._primary.understand(text)
        except EngineUnavailable as error:
            self._retry_at = self._monotonic() + self.RETRY_AFTER
            if self._away is None:
                self._away = str(error)
                self._on_change(self._away)
            return await self._backup.understand(text)
        if self._away is not None:
            self._away = None
            self._on_change(None)
        return understanding

"""Rasa as an engine: a server of its own, asked over HTTP.

Rasa gives the intents; entities, urgency and language are found by the same code for every engine.
The probability of an emergency comes from the linear model: Rasa's own confidences are not calibrated,
and with two dozen intents even its most indifferent answer gives an emergency 4 %.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy

from nlu.classifier import OUT_OF_SCOPE
from nlu.costs import CostTable
from nlu.linear import RANKED, LinearUnderstander
from nlu.live import LiveUnderstander
from nlu.rasa_server import RasaServer, check
from nlu.understanding import Understanding
from nlu.wording import windows

FALLBACK = "nlu_fallback"
"""What Rasa's FallbackClassifier puts first when it is below its threshold: an answer, not an intent."""


class RasaUnderstander:
    """Asks a Rasa server.

    What Rasa answers to a parse does not say which model spoke; its status does, and is looked at by `look`.
    """

    name = "rasa"

    def __init__(
        self,
        server: RasaServer,
        own: LinearUnderstander | LiveUnderstander,
        promoted: Callable[[], str] | None = None,
    ) -> None:
        """`own` tells language, danger and entities: Rasa does not.

        `promoted` names the version that shall answer; without it, whatever the server has answers.
        """
        self._server = server
        self._own = own
        self._promoted = promoted
        self._served: str | None = None

    async def understand(self, text: str) -> Understanding:
        """Parse one text. Raises EngineUnavailable with a sentence for the operator."""
        if self._served is None:
            await self.look()
        elif self._promoted:
            check(self._served, self._promoted())
        words = " ".join(part for _, part in windows(text)).encode("utf-8", "replace").decode("utf-8").strip()
        if not words:
            return self._meaning(text, ((OUT_OF_SCOPE, 0.0),), sure=False)
        ranking = await self._server.rank(words)
        intents = tuple(entry for entry in ranking if entry[0] != FALLBACK) or ((OUT_OF_SCOPE, 0.0),)
        return self._meaning(text, intents, sure=ranking[0][0] != FALLBACK)

    async def look(self) -> None:
        """See which model the server has. Raises EngineUnavailable when it has none, and OtherModel when it
        is not the promoted one.
        """
        self._served = await self._server.model()
        if self._promoted:
            check(self._served, self._promoted())

    def at(self, costs: CostTable) -> RasaUnderstander:
        """The same server, with urgency and complexity judged by other costs."""
        other = copy(self)
        other._own = self._own.at(costs)
        return other

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
            model_version=self._served or self.name,
            score=confidence if sure else 0.0,
            chances=chances,
        )

"""What one text means, and the interface every engine offers.

An engine turns the words of one turn into an `Understanding`. Engines know no database, no
conversation and no channel: what a message *means for this conversation* is decided by triage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class UnderstandingError(Exception):
    """An engine could not be used. The message says which engine, why, and what to do next."""


class EngineUnavailable(UnderstandingError):
    """The engine is away or slow (a Rasa server that does not answer). Another engine may step in."""


class CorpusError(UnderstandingError):
    """The training corpus is unusable; the message names file, line and what was expected."""


class ModelError(UnderstandingError):
    """A stored model cannot be read or does not fit this version of the code."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A value found in the text.

    `name` is one of order_number, invoice_number, article_number, family, error_code, customer_number,
    quantity, date, phone. `value` is normalised (upper case, no blanks inside numbers, E.164, ISO date; of a
    family its code);
    `start` and `end` are character offsets into the text as it was given.
    """

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Chances:
    """Calibrated probabilities, 0..1: that a text is urgent, soon or more, that it needs a person's
    judgement, that there is nothing in it to act on.
    """

    urgent: float = 0.0
    soon: float = 0.0
    complex: float = 0.0
    vague: float = 0.0


@dataclass(frozen=True, slots=True)
class Understanding:
    """The meaning of one text.

    `confidence` is calibrated to 0..1. `sure` is False below the threshold the engine calibrated
    at its last training: triage must then ask back or hand over, never guess. `ranking` holds the
    best intents with their confidence, best first (the chosen one included). `urgency` is 0 none,
    1 soon, 2 urgent. `language` is "de" or "en", or None when the text is too short to tell. `score` is
    what `sure` was decided by, on the engine's own scale: the higher, the more likely in scope.
    `chances` are the probabilities behind `urgency` and `complex`; a text with nothing to act on is not
    sure. `also` are further intents of a text that asks for several things, in their order.
    """

    intent: str
    confidence: float
    sure: bool
    ranking: tuple[tuple[str, float], ...]
    entities: tuple[Entity, ...]
    urgency: int
    complex: bool
    language: str | None
    engine: str
    model_version: str
    score: float = 0.0
    chances: Chances = Chances()
    also: tuple[str, ...] = ()

    def entity(self, name: str) -> str | None:
        """The first value found under this name, or None."""
        return next((e.value for e in self.entities if e.name == name), None)


class Understander(Protocol):
    """One engine, trained and ready to parse."""

    @property
    def name(self) -> str:
        """The engine's name: "linear", "rasa" or "encoder"."""
        ...

    async def understand(self, text: str) -> Understanding:
        """Parse one text; an empty or unreadable one is out_of_scope and not sure.

        Raises EngineUnavailable when the engine cannot answer within its deadline.
        """
        ...

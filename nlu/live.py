"""The model that answers now, replaced by another one while messages come in."""

from __future__ import annotations

from nlu.linear import LinearUnderstander
from nlu.understanding import Entity, Understanding


class LiveUnderstander:
    """A linear model behind one reference: a parse that has begun ends on the model it began with."""

    def __init__(self, model: LinearUnderstander) -> None:
        self.model = model

    @property
    def name(self) -> str:
        """The engine's name."""
        return self.model.name

    @property
    def version(self) -> str:
        """The version that answers."""
        return self.model.version

    def replace(self, model: LinearUnderstander) -> None:
        """Answer with this model from now on."""
        self.model = model

    async def understand(self, text: str) -> Understanding:
        """Parse one text; never fails, whatever the text is."""
        return await self.model.understand(text)

    def alarming(self, text: str) -> bool:
        """Whether this text is so likely an emergency that the cost of missing it decides."""
        return self.model.alarming(text)

    def entities(self, text: str) -> tuple[Entity, ...]:
        """Numbers, codes, dates and device families of a text."""
        return self.model.entities(text)

    def language(self, text: str) -> str | None:
        """The language of a text, None when it is too short to tell."""
        return self.model.language(text)

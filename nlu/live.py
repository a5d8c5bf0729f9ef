"""The model that answers now, replaced by another one while messages come in."""

from __future__ import annotations

from nlu.costs import CostTable
from nlu.judgement import Judgement
from nlu.linear import LinearUnderstander
from nlu.understanding import Chances, Entity, Understanding


class LiveUnderstander:
    """A linear model behind one reference: a parse that has begun ends on the model it began with."""

    def __init__(self, model: LinearUnderstander) -> None:
        self.model = model
        self._costs = CostTable()

    @property
    def name(self) -> str:
        """The engine's name."""
        return self.model.name

    @property
    def version(self) -> str:
        """The version that answers."""
        return self.model.version

    @property
    def examples(self) -> tuple[tuple[str, str], ...]:
        """The texts and intents that the model was trained on."""
        return self.model.examples

    def replace(self, model: LinearUnderstander) -> None:
        """Answer with this model from now on."""
        self.model = model.at(self._costs)

    def weigh(self, costs: CostTable) -> None:
        """Judge by these costs from now on, whatever the model."""
        self._costs = costs
        self.model = self.model.at(costs)

    def at(self, costs: CostTable) -> LinearUnderstander:
        """The model that answers now, with other costs."""
        return self.model.at(costs)

    async def understand(self, text: str) -> Understanding:
        """Parse one text; never fails, whatever the text is."""
        return await self.model.understand(text)

    def judge(self, text: str, intent: str) -> tuple[Judgement, Chances]:
        """Weigh a text whose intent another engine has found."""
        return self.model.judge(text, intent)

    def entities(self, text: str) -> tuple[Entity, ...]:
        """Numbers, codes, dates and device families of a text."""
        return self.model.entities(text)

    def language(self, text: str) -> str | None:
        """The language of a text, None when it is too short to tell."""
        return self.model.language(text)

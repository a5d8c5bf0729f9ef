"""Urgency: danger now, time pressure, or neither.

Two things are learned from examples. The alarm is the probability of an emergency, from how far it
stands out among the intents and whether a word is a sign of danger; time pressure is a trait
(`nlu.traits`). Under them lies a small safety net: unmistakable words for danger alarm whatever the
model says.

The net reads normalised text (`nlu.wording`): lower case, "ue" for "ü", digits as 0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from nlu.calibration import Floats, fit_alarm, fit_sigmoid
from nlu.concepts import Concepts
from nlu.costs import CostTable, worth_it

RIVAL = 0.5
"""How much of the best other intent's margin is taken off the emergency's before it is judged: a text
that is plainly about an invoice is a smaller danger. Out of fold, 97 instead of 96 % of the emergencies
are found at 3 % false alarms.
"""

UNSIGNED = 0.6
"""What is taken off the emergency's margin where no word is a sign of danger. A place and a device stand in
many emergencies ("oben auf dem Dach", "Schaltkasten") and would alarm by themselves. Out of fold 98 % of the
emergencies are found at 4 % false alarms either way, and of 7,001 other examples without a sign 28 are
alarmed instead of 126.
"""
SIGNS = frozenset(
    {
        "alarm", "animals", "bang", "body", "burnt", "critical_place", "falling", "fire", "gas", "heat",
        "hurt", "live", "shock", "sick", "smoke", "spark", "unstoppable", "water",
    }
)  # fmt: skip
"""The concepts that are signs of danger."""


class Signs:
    """Finds signs of danger in normalised texts; where a project names none, every text has some."""

    def __init__(self, concepts: Mapping[str, str]) -> None:
        """`concepts` holds patterns by name, as `nlu.concepts.Concepts` takes them."""
        self._named = not SIGNS.isdisjoint(concepts)
        self._concepts = Concepts({name: words for name, words in concepts.items() if name in SIGNS})

    def lacking(self, words: str) -> bool:
        """Whether there is none in this normalised text."""
        return self._named and not self._concepts(words)


class Alarm:
    """The calibrated probability of an emergency. `chances` holds the out-of-fold probability of each
    example, `positive` whether it is one: the scores from which a threshold is set without training.
    """

    def __init__(self, margins: Floats, column: int, positive: NDArray[np.bool_]) -> None:
        """Calibrate on out-of-fold margins, shape (examples, intents); `column` is the emergency's."""
        self._column = column
        lead = self._lead(margins)
        self._chance = fit_sigmoid(lead, positive)
        self.chances: Floats = self._chance.of(lead)
        self.positive = positive

    def __call__(self, margins: Floats) -> float:
        """The probability that a text with these margins, shape (intents,), is an emergency."""
        return self._chance(float(self._lead(margins[np.newaxis])[0]))

    def threshold(self, costs: CostTable) -> float:
        """The lowest probability worth an alarm that alarms no more of the others than the costs allow."""
        floor = worth_it(costs.missed_emergency)
        return fit_alarm(self.chances, self.positive, floor, costs.most_false_alarms)

    def _lead(self, margins: Floats) -> Floats:
        rivals = np.delete(margins, self._column, axis=1).max(axis=1)
        return np.asarray(margins[:, self._column] - RIVAL * rivals)


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


_DANGER = _words(
    r"stromschlag(?!gefahr|schutz|risiko)|\belectric shock|electrocuted",
    r"(?:rauch|qualm|flammen|funken) (?:kommt|kommen|steigt|schlagen|spruehen)",
    r"(?:kommt|kommen|steigt) (?:\w+ ){0,3}(?:rauch|qualm|flammen|funken)\b",
    r"(?:smoke|sparks|flames) (?:is |are )?coming",
    r"\bes (?:brennt|qualmt|raucht)\b(?! (?:uns|mir|bei uns|unter|(?:\w+ )?(?:zeit|termin)lich))",
    r"\b(?:qualmt|raucht) es\b",
    r"\b(?:is|are)(?<!you are)(?<!guys are)(?<!lot are) on fire\b(?! (?:lately|here|today|this|with))",
    r"\bthere(?: i|'| )?s a fire",
    r"gasgeruch|(?:riecht|stinkt) (?:\w+ ){0,3}nach gas\b|smells? (?:of )?gas\b|gas leak",
    r"bewusstlos|\bunconscious|\bnotarzt\b|\bambulance\b|lebensgefahr",
    # a word in each language of the building site, where the model has seen few examples
    r"\bpozar\b|\bpali sie\b|\bdym z\b|porazil\w* prad|\bprad \w* ?porazil|\bkopie prad|\bratunku\b",
    r"\byangin\b(?! (?:damper|kapa|dolab|alarm|merdiven|tup|sondur|algila|sensor))",
    r"duman (?:cikiyor|geliyor|var)|elektrik carpt|\bimdat\b",
    r"пожар(?!н)|пожеж(?!н)|горит\b|горить\b|ударило током|вдарило струмом",
    r"(?<!detection )(?<!alarme )\bincendi[eou]?\b|\bau secours\b",
    r"preso la scossa|\bsocorro\b|\bfoc!|s-a curentat|\bupomoc\b|\bau feu\b|al fuoco\b",
)
"""Unmistakable words for danger. Everything subtler is the model's to learn."""

_NOT_NOW = _words(
    r"\b(?:kein(?:e|en|er)?|nicht|ohne|nie|war|hatten?|wurde|damals|frueher)\b",
    r"\b(?:gestern|vorgestern|letzte[nrs]?|vorige[nrs]?|neulich)\b",
    r"\b(?:falls|angenommen|im (?:brand)?fall|koennte|kann es|was (?:passiert|mache|tun))\b",
    r"\b(?:uebung|probe\w*|test\w*|gegen|schutz|norm|vorschrift)\b",
    r"\b(?:no|not|never|without|was|were|had|last|yesterday|ago|if|could|would|drill|test|against)\b",
)
"""Negated, past, supposed or practised: asked about, not happening."""

_CLAUSE = re.compile(r"[.!?;,\n]+|\b(?:aber|but|und jetzt|and now)\b")


def danger_now(words: str) -> bool:
    """An unmistakable danger phrase in a clause that is not negated, past or supposed."""
    return any(_DANGER.search(clause) and not _NOT_NOW.search(clause) for clause in _CLAUSE.split(words))

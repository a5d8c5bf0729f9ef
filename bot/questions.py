"""How many questions one turn asks: too many at once are for a person."""

from __future__ import annotations

import re
from collections import Counter

from nlu.understanding import Understanding
from nlu.wording import readable

_FRAGMENT = re.compile(r"([^?!.;\n]+)([?!.;\n]*)")
_AND = re.compile(r",\s*(?:und\s|and\s)?|\s(?:und|and|sowie)\s")
_LEAD = re.compile(r"^(?:\W|\d\W|\b(?:und|and|noch|dann|auch|also|ausserdem|hi|hallo|moin)\b)+")
_ASKS = re.compile(
    r"(?:wie|wo|wohin|woher|wann|warum|wieso|wer|wen|wem|was|welche[nrsm]?|wieviele?|"
    r"(?:ab|bis|seit) wann|(?:auf|in|mit|bei|fuer|an|zu) welche[nrsm]?|"
    r"how|where|when|why|who|what|which)\b"
)
_SUBORDINATE = re.compile(r"\b(?:weiss|wissen|sagen|sag|fragen|egal|know|tell|wonder\w*)\b")
_DIFFERENT = frozenset({"article_number", "order_number", "error_code"})


def count_questions(text: str, understanding: Understanding) -> int:
    """The questions of a turn: sentences and clauses that ask, or the different things that are asked for,
    or the orders, articles or codes that are asked about, whichever are more. At least 1.
    """
    values = Counter(name for name, _ in {(e.name, e.value) for e in understanding.entities})
    things = max((values[name] for name in _DIFFERENT), default=0)
    return max(1, len({understanding.intent, *understanding.also}), things, _asked(readable(text)))


def _asked(words: str) -> int:
    asked = 0
    for fragment, end in _FRAGMENT.findall(words):
        clauses = [_LEAD.sub("", clause.strip()) for clause in _AND.split(fragment)]
        # "Weiß jemand, wie …" asks once.
        told = _SUBORDINATE.search(clauses[0]) is not None
        openings = sum(_ASKS.match(clause) is not None for clause in clauses)
        asks = "?" in end and len(fragment.split()) > 1
        asked += max(openings - (told and openings > 1), int(asks))
    return asked

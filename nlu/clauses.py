"""Several questions in one message: where a text falls into parts that can be understood alone."""

from __future__ import annotations

import re
from collections.abc import Callable

MOST = 4
"""Parts that are looked at; a longer list is a case for a person anyway."""
NO_QUESTION = frozenset(
    {
        "greet",
        "goodbye",
        "thanks",
        "affirm",
        "deny",
        "introduction",
        "out_of_scope",
        "who_are_you",
        "emergency",
    }
)
"""Intents that are no further question beside another one; danger is judged on the whole text."""

_ASKING = (
    r"wie|was|wo|wohin|wann|wer|welche[nrs]?|habt|hat|ist|sind|gibt?s?|kann|koennt|koennen|schick\w*|brauche?|"
    r"bitte|auf welche|welchen|bis wann|ab wann|"
    r"what|where|when|which|how|do|does|is|are|can|could|send|please"
)
_BREAK = re.compile(
    r"[?!;\n]+"
    r"|(?<!\d)\.(?!\d)(?=\s|$)"
    rf"|,?\s+(?:und|and|sowie|ausserdem|außerdem|also|dann noch)\s+"
    rf"(?:noch |auch |also |gleich )*(?=(?:{_ASKING})\b)"
    r"|\b(?:außerdem|ausserdem|zweitens|drittens)\b",
    re.IGNORECASE,
)


_COMMA = re.compile(r",(?!\d)\s*(?:(?:und|and|sowie)\s)?|\s(?:und|and|sowie)\s")
_LIST = 3  # different things that make a list, where commas are no mere pauses


def clauses(text: str) -> list[str]:
    """The parts of a text that may ask for something of their own; one part: the text asks for one thing."""
    parts = [part.strip(" ,.-") for part in _BREAK.split(text)]
    return [part for part in parts if len(part.split()) > 1][:MOST]


def _listed(text: str) -> list[str]:
    """The parts of a list: commas and every "und" are breaks, too ("Motor falsch, Rechnung fehlt")."""
    parts = [part.strip(" ,.-") for clause in _BREAK.split(text) for part in _COMMA.split(clause)]
    return [part for part in parts if len(part.split()) > 1][:MOST]


def further(text: str, intent: str, understand: Callable[[str], tuple[str, bool]]) -> tuple[str, ...]:
    """Intents that parts of a text have beside the text's own one, in their order.

    `understand` says of a part which intent it has and whether that is sure.
    """
    if "," in text:
        listed = dict.fromkeys(_asked(_listed(text), understand))
        if len(listed) >= _LIST:
            return tuple(name for name in listed if name != intent)
    parts = clauses(text)
    if len(parts) < 2:
        return ()
    found = _asked(parts, understand)
    # A text whose own intent none of its parts has was understood as a whole: its parts mislead.
    return tuple(name for name in dict.fromkeys(found) if name != intent) if intent in found else ()


def _asked(parts: list[str], understand: Callable[[str], tuple[str, bool]]) -> list[str]:
    return [name for name, sure in map(understand, parts) if sure and name not in NO_QUESTION]

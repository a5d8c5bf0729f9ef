"""What an agent reads first: the case in one line of facts, in the installer's own words.

The line names no intent and no reason, because the console words those in the agent's language; what
is left (numbers, codes, a quotation) reads the same in every language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

LONGEST = 140
# The order in which facts help: what is broken, on what, for which order.
_FACTS = (
    "error_code", "article_number", "family", "order_number", "invoice_number", "customer_number", "quantity",
    "date", "day", "place",
)  # fmt: skip


def brief(words: str, values: Mapping[str, str], context: Sequence[str] = ()) -> str:
    """One line of at most 140 characters: "#12 Anna Keller · E07 · NW-RV-250 · „Lüfter läuft nicht an“".

    `words` is what was said last, `values` the entities known by name, `context` comes before them.
    Facts that stand in the quotation already are not repeated. Empty when nothing was said and nothing is
    known.
    """
    said = " ".join(words.split())
    known = [values[name] for name in _FACTS if values.get(name) and not _relative(name, values[name])]
    facts = [value for value in dict.fromkeys(known) if value.casefold() not in said.casefold()]
    line = " ".join(" · ".join((*context, *facts)).split())[:LONGEST]
    if not said:
        return line
    room = LONGEST - len(line) - (3 if line else 0) - 2
    if room < 20:
        return line
    quoted = f"„{_cut(said, room)}“"
    return f"{line} · {quoted}" if line else quoted


def _relative(name: str, value: str) -> bool:
    """Whether a day is one that only the words of its message can tell ("tomorrow", "W48")."""
    return name == "date" and not value[0].isdigit()


def _cut(text: str, room: int) -> str:
    """At most `room` characters, cut between words."""
    if len(text) <= room:
        return text
    head = text[: room - 1]
    at = head.rfind(" ")
    return (head[:at] if at > room // 2 else head).rstrip(" ,.;:") + "…"

"""Complexity: what needs a person's judgement. Learned as a trait (`nlu.traits`), over a small safety net.

Sizing, claims, orders placed or changed, failed attempts, law, several issues at once, safety. The net
holds what must not depend on a model: orders taken back or placed, and law. It reads normalised text
(`nlu.wording`): lower case, "ue" for "ü", digits as 0.
"""

from __future__ import annotations

import re

_NET = re.compile(
    "|".join(
        (
            r"\bstornier|\babbestell|hiermit bestell|bestellen hiermit|\bcancel (?:my |the |our )?order",
            r"\b(?:anwalt|vertragsstrafe|schadenersatz|rechtsstreit|lawyer)\b",
        )
    )
)


def for_a_person(words: str) -> bool:
    """Whether a text plainly asks for what only a person may decide."""
    return _NET.search(words) is not None

"""Complexity: what needs a person's judgement. Learned as a trait (`nlu.traits`), over a small safety net.

Sizing, claims, orders placed or changed, failed attempts, law, several issues at once, safety. The net
holds what must not depend on a model: orders taken back or placed, and law. It reads normalised text
(`nlu.wording`): lower case, "ue" for "ü", digits as 0.
"""

from __future__ import annotations

import re

_ENDED = (
    r"(?:(?:ge)?kuendig|aufloes|aufgeloest|ruecktritt|zuruecktreten|"
    r"widerruf|nachverhandel|verletz|gebrochen)\w*"
)
_DISPUTED = (
    r"(?:streit|strittig|umstritten|abgelehnt|ablehn|verweiger|bestreit|bestritten|verjaehr|"
    r"nicht anerk|refus|reject|denied|disput)\w*"
)
_DUE = r"(?:reaktionszeit\w*|zugesichert\w*|vereinbart\w*|garantiert\w*|zugesagt\w*|steht uns zu)"
_NET = re.compile(
    "|".join(
        (
            r"\bstornier|\babbestell|hiermit bestell|bestellen hiermit|\bcancel (?:my |the |our )?order",
            r"\b(?:anwalt\w*|rechtsanwalt\w*|(?:vertrags|konventional)strafe\w*|poenale|schadens?ersatz\w*|rechtsstreit)\b",
            r"\b(?:lawyer|legal action|liability|liable|liquidated damages|contract(?:ual)? penalt\w+)\b",
            r"\bhaftung\b|\b(?:wer|ihr|sie) haften?t?\b|\bhaft(?:et|en) (?:ihr|sie|dafuer|wir|dann)\b",
            r"\brahmenvertr\w*|\bzahlungs(?:frist|ziel)\w*\b.{0,30}\b(?:verlaenger|schieb|aender)",
            rf"\b\w*vertrag\w*\b.{{0,30}}\b{_ENDED}|\b{_ENDED}.{{0,30}}\b\w*vertrag\w*\b",
            rf"\b\w*vertrag\w*\b.{{0,50}}\b{_DUE}|\b(?:laut|gemaess) \w*vertrag",
            r"\bcontract\b.{0,50}\b(?:response time|guarantee\w*|agreed|entitle\w*)",
            r"\bcontract\b.{0,30}\b(?:terminat|cancel|breach|end)|\b(?:terminat|cancel|breach)\w*.{0,30}\bcontract\b",
            rf"\b(?:gewaehrleistung|garantie|warranty)\w*\b.{{0,40}}\b{_DISPUTED}",
            rf"\b{_DISPUTED}.{{0,40}}\b(?:gewaehrleistung|garantie|warranty)",
        )
    )
)


def for_a_person(words: str) -> bool:
    """Whether a text plainly asks for what only a person may decide."""
    return _NET.search(words) is not None

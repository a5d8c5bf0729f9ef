"""Complexity: what needs a person's judgement. Learned as a trait (`nlu.traits`), over a small safety net.

Sizing, claims, orders placed or changed, failed attempts, law, several issues at once, safety. The net
holds what must not depend on a model: orders taken back or placed, law, repairs in vain, papers that are
contradicted. It reads normalised text (`nlu.wording`): lower case, "ue" for "ü", digits as 0.
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
_PART = (
    r"(?:sensor|fuehler|filter|platine|motor|kondensator|sicherung|kabel|board|fuse|capacitor|breaker|cable|"
    r"thermostat)\w*"
)
_RENEWED = (
    r"(?:\b(?:swapped|replaced|changed|fitted|renewed|(?:aus)?getauscht|gewechselt|ersetzt|erneuert|umgesteckt|"
    rf"durchgemessen|nachgemessen)\b|\b{_PART} (?:\w+ )?(?:neu|new)\b|\b(?:neue[nrs]?|new) {_PART})"
)
_STILL = (
    r"\b(?:still|trotzdem|immer ?noch|weiterhin|nach wie vor|unveraendert|ohne erfolg|bringt nix|"
    r"nix gebracht|no (?:joy|change|luck|difference|better)|same (?:fault|error|code|thing|problem|result)|"
    r"keine (?:aenderung|besserung)|kommt (?:\w+ ){0,2}wieder|comes (?:\w+ )?back|"
    r"keeps (?:coming|trip|fault)\w*|(?:wo|does|did)n ?'?t)\b"
)
_IN_VAIN = re.compile(
    rf"{_RENEWED}.{{0,80}}{_STILL}"
    rf"|{_STILL}.{{0,60}}\b(?:obwohl|although|even though|despite)\b.{{0,40}}{_RENEWED}"
)
"""Parts renewed or measured, and no better for it: they are past what a list of steps can tell them."""

_NOTHING_CAME = (
    r"(?:kein \w*paket|keine (?:ware|palette|sendung|lieferung)|no (?:parcel|package|pallet)|"
    r"(?:ist|war|liegt|kam|haben|da) (?:\w+ ){0,2}?(?:nichts|nix)|nothing (?:here|arrived|turned up|has))"
)
_CONTRADICTED = re.compile(
    rf"\b(?:zugestellt|ausgeliefert|unterschrieben|delivered|signed for)\b.{{0,80}}?\b{_NOTHING_CAME}\b"
    r"|\b(?:mahnung|zahlungserinnerung|reminder|dunning letter)\b.{0,60}?"
    r"\b(?:bezahlt|ueberwiesen|beglichen|gezahlt|paid|settled)\b"
)
"""What the papers say and what is so: delivered and not there, paid and dunned."""

_NET = re.compile(
    "|".join(
        (
            r"\bstornier|\babbestell|hiermit bestell|bestellen hiermit|\bcancel (?:my |the |our )?order",
            r"\b(?:anwalt\w*|rechtsanwalt\w*|(?:vertrags|konventional)strafe\w*|poenale|schadens?ersatz\w*|rechtsstreit)\b",
            r"\b(?:lawyer|legal action|liability|liable|liquidated damages|contract(?:ual)? penalt\w+)\b",
            r"\bhaftung\b|\b(?:wer|ihr|sie) haften?t?\b|\bhaft(?:et|en) (?:ihr|sie|dafuer|wir|dann)\b",
            (
                r"\b(?:meine|unsere|my|our) (?:\w+ )?(?:daten|nummer|chats?|data|number)\b.{0,25}"
                r"\b(?:(?:ge)?loesch\w*|entfern\w*|delet\w*|erase\w*|remove\w*)"
            ),
            (
                r"\b(?:loesch\w*|entfern\w*|delet\w*|erase|remove) (?:\w+ ){0,2}(?:meine|unsere|my|our) "
                r"(?:\w+ )?(?:daten|nummer|chats?|data|number)\b"
            ),
            r"\b(?:dsgvo|gdpr)\b.{0,20}\b(?:auskunft|antrag|request)|\bauskunft (?:\w+ ){0,3}dsgvo\b",
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
    """Whether a text plainly asks for what only a person may decide, or tells of repairs in vain or of what
    contradicts the papers.
    """
    return any(net.search(words) for net in (_NET, _IN_VAIN, _CONTRADICTED))

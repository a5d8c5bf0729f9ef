"""Urgency and complexity, first version: the emergency model's word, and a small safety net of rules.

Urgency 2 is danger to people or property now, or the acute loss of something critical; 1 is time
pressure on site or rising anger (a complaint); 0 the rest. Complex is what needs a person's judgement:
sizing, claims, orders placed or changed, failed attempts, law, several issues at once, safety.

The rules read normalised text (`nlu.wording`): lower case, "ue" for "ü", digits as 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlu.wording import readable

EMERGENCY = "emergency"

WORTH_AN_ALARM = 1.0 / 51.0
"""A missed emergency costs as much as 50 needless handoffs: from this probability on, an alarm pays."""

MOST_FALSE_ALARMS = 0.04
"""No more than this share of other messages may be alarmed, on out-of-fold scores: agents stop
believing a bell that always rings (docs/decisions/0008-alarm-threshold.md).
"""


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


_DANGER = _words(
    r"stromschlag|\belectric shock|electrocuted",
    r"(?:rauch|qualm|flammen|funken) (?:kommt|kommen|steigt|schlagen|spruehen)",
    r"(?:kommt|kommen|steigt) (?:\w+ ){0,3}(?:rauch|qualm|flammen|funken)\b",
    r"(?:smoke|sparks|flames) (?:is |are )?coming",
    r"\bes (?:brennt|qualmt|raucht)\b(?! (?:uns|mir|bei uns|unter))|\b(?:qualmt|raucht) es\b",
    r"\b(?:is|are) on fire\b|there(?: i|'| )?s a fire",
    r"gasgeruch|(?:riecht|stinkt) (?:\w+ ){0,3}nach gas\b|smells? (?:of )?gas\b|gas leak",
    r"bewusstlos|\bunconscious|\bnotarzt\b|\bambulance\b|lebensgefahr",
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

_HURRY = _words(
    r"\bkran\b|hebebuehne|\bcrane\b|\b(?:dringend\w*|eilig|eilt|asap|urgent(?:ly)?)\b",
    r"\b(?:kunden?|monteure?|leute|mann|truppe|\w+leger|maler) (?:\w+ )?(?:wartet|warten|stehen|steht)\b",
    r"(?:uebergabe|abnahme) (?:ist )?(?:heute|morgen)|(?:heute|morgen) (?:ist )?(?:uebergabe|abnahme)",
    r"\bbaustelle steht|\bheute noch\b|(?:bude|huette) brennt|brennt (?:uns|mir|die)\b",
    r"\b(?:customer|crew|guys|team|fitters)\b.{0,12}\b(?:waiting|standing)",
    r"handover (?:is )?(?:today|tomorrow)",
)
"""Time pressure on site."""

_COMPLEX = _words(
    # an order placed or changed
    r"stornier|umbestell|abbestell|nachbestell|hiermit bestell|bestellen hiermit|^bestellung: \d",
    r"\b(?:bestellen?|ordern) (?:\w+ ){0,2}\d|\bcancel (?:my |the |our )?order|\border(?:ing)? \d{1,3}\b",
    r"(?:bestellung|auftrag|adresse|menge|\d{10})\b.{0,40}(?:aendern|verschieben|erhoehen)",
    r"change (?:the|my|our) (?:\w+ ){0,2}(?:order|address|quantity)|increase the quantity",
    # diagnosis after failed attempts
    r"(?:schon|bereits|already) (?:\w+ ){0,5}(?:getauscht|gewechselt|geprueft)",
    r"already (?:\w+ ){0,5}(?:tried|replaced|swapped|checked)",
    r"alles (?:probiert|versucht|geprueft)",
    # contract and law
    r"\b(?:anwalt|haftung|vertragsstrafe|schadenersatz|gutachten|rechtsstreit|lawyer|liab\w+)\b",
    # several issues at once
    r"\bausserdem\b|\bzweitens\b|mehrere (?:fragen|probleme)|several (?:questions|problems|issues)",
)
"""Words that call for a person's judgement, whatever the intent."""

_CHOICE = _words(
    r"ausleg|dimensionier|konzept|empfehl|\bsuche\b|reicht|stark genug|\d (?:m0/h|kubik\w*|pa|qm)\b",
    r"\bwelche[nrs]? .*(?:fuer|brauch|nehm)|\bwas .*(?:fuer|nehm)|brauche? .*fuer",
    r"sizing|strong enough|recommend|concept|\bwhich .*\b(?:for|need|pick)\b|\bwhat .*\bfor\b",
)
"""In a request for advice: sizing, which somebody must answer for, not a property to look up."""

_GENERAL = _words(
    r"\bwie (?:lang\w*|viele jahre)|bedingungen|verlaengerung|adresse|schein\b|\bwohin\b",
    r"\bhow long\b|\bterms\b|label",
)
"""In a claim: a question about the rules, not about a case."""

_ALWAYS_COMPLEX = frozenset({EMERGENCY, "human_request", "complaint"})
_CLAUSE = re.compile(r"[.!?;,\n]+|\b(?:aber|but|und jetzt|and now)\b")


@dataclass(frozen=True, slots=True)
class Judgement:
    """Urgency 0 to 2, and whether a person's judgement is needed."""

    urgency: int
    complex: bool


def judge(text: str, intent: str, *, alarming: bool) -> Judgement:
    """Weigh one text, given its intent and whether the emergency model raises the alarm."""
    words = readable(text)
    if intent == EMERGENCY or alarming or _danger_now(words):
        return Judgement(2, complex=True)
    hurry = intent == "complaint" or _HURRY.search(words) is not None
    return Judgement(1 if hurry else 0, _needs_judgement(words, intent))


def _danger_now(words: str) -> bool:
    """An unmistakable danger phrase in a clause that is not negated, past or supposed."""
    return any(_DANGER.search(clause) and not _NOT_NOW.search(clause) for clause in _CLAUSE.split(words))


def _needs_judgement(words: str, intent: str) -> bool:
    if intent in _ALWAYS_COMPLEX or _COMPLEX.search(words):
        return True
    if intent == "product_advice":
        return _CHOICE.search(words) is not None
    return intent == "warranty_return" and _GENERAL.search(words) is None

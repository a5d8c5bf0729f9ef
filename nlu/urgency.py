"""Urgency and complexity, first version: the emergency model's word, and a small safety net of rules.

Urgency 2 is danger to people or property now, or the acute loss of something critical; 1 is time
pressure on site or rising anger; 0 the rest. Complex is what needs a person's judgement: sizing,
claims, changes to orders, failed attempts, law, several issues at once, safety.

The rules read normalised text (`nlu.wording`): lower case, "ue" for "ü", digits as 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlu.wording import readable

EMERGENCY = "emergency"

WORTH_AN_ALARM = 1.0 / 51.0
"""A missed emergency costs as much as 50 needless handoffs: from this probability on, an alarm pays."""

MOST_FALSE_ALARMS = 0.05
"""No more than this share of other messages may be alarmed: agents stop believing a bell that always
rings. On the corpus the cost alone (`WORTH_AN_ALARM`) would alarm 29 % of them."""


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


_DANGER = _words(
    r"stromschlag|strom ?schlaege?\b|electric shock|got (?:a )?(?:shock|zapped)|electrocuted",
    r"eine? (?:gewischt|geschossen|gelangt) (?:bekommen|gekriegt)",
    r"unter (?:strom|spannung) (?:steht|ist)|steht unter (?:strom|spannung)",
    r"(?:rauch|qualm|flammen|funken) (?:kommt|kommen|steigt|tritt|schlagen|spruehen)",
    r"(?:smoke|sparks|flames) (?:is |are )?coming",
    r"(?:kommt|kommen|dringt|steigt) (?:\w+ ){0,3}(?:rauch|qualm|flammen|funken)\b",
    r"\b(?:qualmt|raucht|kokelt|schmort)\b|\bes brennt\b|brennt (?:gerade|grad|jetzt|lichterloh)",
    r"\b(?:is|are) on fire\b|there(?: i|'| )?s a fire",
    r"gasgeruch|(?:riecht|stinkt) (?:\w+ ){0,3}nach gas\b|smells? (?:of )?gas\b|gas leak",
    r"bewusstlos|unconscious|\bnotarzt\b|ambulance|lebensgefahr|explodiert|exploded",
    r"\b(?:verletzt|eingeklemmt)\b|\b(?:co|kohlenmonoxid)[ -]?(?:alarm|vergiftung)",
)
"""Unmistakable words for danger. Everything subtler is the model's to learn."""

_NOT_NOW = _words(
    r"\b(?:kein(?:e|en|er)?|nicht|ohne|nie|war|hatten?|gewesen|wurde|damals|frueher|behoben)\b",
    r"\b(?:gestern|vorgestern|letzte[nrs]?|vorige[nrs]?|neulich)\b",
    r"\b(?:falls|angenommen|im (?:brand)?fall|koennte|kann es|was (?:passiert|mache|tun))\b",
    r"\b(?:uebung|probe\w*|test\w*|vermeiden|verhindern|gegen|schutz|norm|vorschrift)\b",
    r"\b(?:no|not|never|without|was|were|had|last|yesterday|ago|if|in case|could|would)\b",
    r"\b(?:drill|test|prevent|avoid|against)\b",
)
"""Negated, past, supposed or practised: asked about, not happening."""

_FIGURATIVE = _words(
    r"brennt (?:die (?:bude|huette)|uns|mir|bei uns|unter)|(?:bude|huette) brennt|feuer und flamme"
)

_HURRY = _words(
    r"kran\b|hebebuehne|\bcrane\b|\b(?:dringend\w*|eilig|eilt|schnellstens|asap|urgent(?:ly)?)\b",
    r"\b(?:kunden?|monteure?|leute|mann|truppe|kolonne|\w+leger|maler|bauer) (?:\w+ )?(?:wartet|warten)\b",
    r"(?:monteure?|leute|mann) (?:stehen|steht)|stehen (?:hier|rum|bereit|auf der baustelle)|baustelle steht",
    r"(?:uebergabe|abnahme) (?:ist )?(?:heute|morgen|in \w+ stunden?)",
    r"(?:heute|morgen) (?:ist )?(?:uebergabe|abnahme)",
    r"\bheute noch\b|so schnell wie moeglich|(?:bude|huette) brennt|uns brennt",
    r"customers? (?:is |are )?waiting|(?:crew|guys|team|men|fitters) (?:is |are )?(?:waiting|standing)",
    r"handover (?:is )?(?:today|tomorrow)",
    r"zum \w+ten mal|jetzt reicht|stinksauer|kragen|frechheit|unverschaemt|vertragsstrafe|anwalt",
    r"enough is enough|outrageous|unacceptable",
)
"""Time pressure on site, or rising anger."""

_COMPLEX = _words(
    # sizing
    r"ausleg(?:en|ung)|dimensionier\w*|\bsizing\b|\d (?:m3/h|kubikmeter)\b|\bm3/h\b|\d pa\b",
    # an order placed or changed
    r"\b(?:stornier\w*|umbestell\w*|abbestell\w*|nachbestell\w*|ordern)\b",
    r"hiermit bestell\w*|bestellen? hiermit",
    r"\bcancel (?:my |the )?order|^(?:ich |wir )?bestellen? \d|^bestellung: \d|\bordering \d",
    r"(?:bestellung|auftrag|lieferadresse|rechnungsadresse|menge)\b.{0,40}(?:aendern|verschieben|anpassen|erhoehen)",
    r"(?:moechte|will|wollen|wuerden) (?:\w+ ){1,6}bestellen\b|bitte (?:\w+ ){1,5}bestellen\b",
    r"change (?:the|my|our) (?:\w+ ){0,2}(?:order|address)|increase the quantity",
    # failed attempts
    r"(?:immer noch|noch immer|trotzdem|weiterhin) (?:\w+ ){0,4}(?:stoerung|fehler|nicht|das gleiche)",
    r"kommt (?:\w+ )?(?:immer noch|trotzdem)|ist weiter da|still (?:not|the same|there|faulty)",
    r"(?:schon|bereits|auch) (?:\w+ ){0,5}(?:getauscht|gewechselt|resettet|zurueckgesetzt|probiert|geprueft)",
    r"alles (?:probiert|versucht|geprueft)|already (?:tried|replaced|swapped|checked|reset)",
    # law, contradictions, several issues
    r"\b(?:anwalt|vertrag|haftung|vertragsstrafe|schadenersatz|gutachten|rechtsstreit)\b",
    r"\b(?:lawyer|contract|liab\w+)\b",
    r"widerspr\w+|(?:stimmt|stimmen) auch nicht|\bausserdem\b|zweitens|mehrere (?:fragen|probleme)",
)
"""Words that call for a person's judgement, whatever the intent."""

_CHOICE = _words(
    r"\bwelche[nrs]? .*(?:fuer|brauch|nehm|empf)|\bwas .*(?:fuer|nehm|empf)|brauche? .*fuer",
    r"empfehl|konzept|\bsuche\b",
    r"reicht|stark genug|strong enough|\bwhich .*\b(?:for|need|pick)\b|\bwhat .*\bfor\b|recommend|concept",
)
"""In a request for advice: a choice somebody must answer for, not a property to look up."""

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
    """An unmistakable danger phrase in a clause that is not negated, past, supposed or an idiom."""
    return any(
        _DANGER.search(clause) and not _NOT_NOW.search(clause) and not _FIGURATIVE.search(clause)
        for clause in _CLAUSE.split(words)
    )


def _needs_judgement(words: str, intent: str) -> bool:
    if intent in _ALWAYS_COMPLEX or _COMPLEX.search(words):
        return True
    if intent == "product_advice":
        return _CHOICE.search(words) is not None
    return intent == "warranty_return" and _GENERAL.search(words) is None

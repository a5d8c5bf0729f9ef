"""Urgency and complexity, first version: the emergency model's word, and a small safety net of rules.

Urgency 2 is danger to people or property now, or the acute loss of something critical; 1 is time
pressure on site or rising anger; 0 the rest. Complex is what needs a person's judgement: sizing,
claims, changes to orders, failed attempts, law, several issues at once, safety.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlu.wording import readable

EMERGENCY = "emergency"

MISSED_EMERGENCY_COST = 50.0
"""How many needless handoffs one missed emergency outweighs."""

URGENT_FROM = 1.0 / (1.0 + MISSED_EMERGENCY_COST)
"""Act as if it were an emergency from this calibrated probability: where both mistakes cost the same."""

_DANGER = re.compile(
    r"stromschlag|strom ?schlaege?|electric shock|got (?:a )?(?:shock|zapped)|electrocuted"
    r"|eine? (?:gewischt|geschossen) (?:bekommen|gekriegt)|unter spannung (?:steht|ist)|steht unter (?:strom|spannung)"
    r"|(?:rauch|qualm|flammen|funken|smoke|sparks|flames) (?:kommt|kommen|steigt|tritt|schlagen|spruehen|is coming|coming)"
    r"|(?:kommt|kommen|dringt) (?:\w+ ){0,3}(?:rauch|qualm|flammen|funken)\b|\b(?:qualmt|raucht|kokelt|schmort)\b"
    r"|\bes brennt\b|brennt (?:gerade|grad|jetzt|lichterloh)|\b(?:is|are) on fire\b|there(?: i)?s a fire"
    r"|gasgeruch|(?:riecht|stinkt) (?:\w+ ){0,3}nach gas\b|smell(?:s)? (?:of )?gas\b|gas leak"
    r"|bewusstlos|unconscious|\bnotarzt\b|ambulance|lebensgefahr|explodiert|explosion|exploded"
    r"|(?:verletzt|eingeklemmt)\b|\b(?:co|kohlenmonoxid)[ -]?(?:alarm|vergiftung)"
)
"""Unmistakable words for danger, on normalised text. Everything subtler is the model's to learn."""

_NOT_NOW = re.compile(
    r"\b(?:kein(?:e|en|er)?|nicht|ohne|nie|war|hatte(?:n)?|gewesen|wurde|damals|frueher|gestern|vorgestern|letzte[nrs]?"
    r"|vorige[nrs]?|neulich|behoben|falls|angenommen|im (?:brand)?fall|koennte|kann es|uebung|probe\w*|test\w*"
    r"|was (?:passiert|mache|tun)|vermeiden|verhindern|gegen|schutz|norm|vorschrift"
    r"|no|not|never|without|was|were|had|last|yesterday|ago|if|in case|could|would|drill|test|prevent|avoid|against)\b"
)
"""Negated, past, supposed or practised: asked about, not happening."""

_FIGURATIVE = re.compile(
    r"brennt (?:die (?:bude|huette)|uns|mir|bei uns|unter)|(?:bude|huette) brennt|feuer und flamme"
)

_HURRY = re.compile(
    r"\bkran\b|kunde wartet|kunden warten|monteure? (?:wartet|warten|stehen|steht)|stehen (?:hier|rum|bereit|auf der baustelle)"
    r"|baustelle steht|(?:uebergabe|abnahme|inbetriebnahme) (?:ist )?(?:heute|morgen|in \w+ stunden?)|\bheute noch\b"
    r"|(?:heute|morgen) (?:ist )?(?:uebergabe|abnahme)|\b(?:dringend\w*|eilig|eilt|schnellstens|asap|urgent(?:ly)?)\b"
    r"|so schnell wie moeglich|bueud? brennt|(?:bude|huette) brennt|uns brennt|hebebuehne|\bcrane\b"
    r"|customers? (?:is |are )?waiting|(?:crew|guys|team|men|fitters) (?:is |are )?(?:waiting|standing)"
    r"|handover (?:is )?(?:today|tomorrow)|zum \w+ten mal|jetzt reicht|stinksauer|kragen|frechheit|unverschaemt"
    r"|vertragsstrafe|anwalt|enough is enough|outrageous|unacceptable"
)
"""Time pressure on site, or rising anger."""

_COMPLEX = re.compile(
    r"ausleg\w*|dimensionier\w*|berechn\w*|\bsizing\b|\d (?:m3/h|pa|kubikmeter)\b|m3/h"
    r"|\b(?:stornier\w*|umbestell\w*|abbestell\w*|hiermit bestelle\w*|nachbestell\w*)|\bcancel (?:my |the )?order"
    r"|(?:bestellung|auftrag|lieferadresse|rechnungsadresse) (?:\w+ ){0,4}(?:aendern|verschieben|anpassen)"
    r"|(?:statt|anstatt) (?:\w+ ){1,3}(?:stueck|stk)|(?:moechte|will|wollen|wuerden) (?:\w+ ){1,6}bestellen\b"
    r"|bitte (?:\w+ ){1,5}bestellen\b|\border (?:\d+|three|two|ten) |change (?:the|my|our) (?:\w+ ){0,2}(?:order|address)"
    r"|(?:immer noch|trotzdem|weiterhin|noch immer) (?:\w+ ){0,4}(?:stoerung|fehler|nicht|das gleiche|dasselbe|gleich)"
    r"|(?:schon|bereits) (?:\w+ ){0,5}(?:getauscht|gewechselt|resettet|zurueckgesetzt|probiert|versucht|geprueft)"
    r"|alles (?:probiert|versucht|geprueft)|still (?:not|the same|faulty)|already (?:tried|replaced|swapped|checked|reset)"
    r"|\b(?:anwalt|vertrag\w*|haftung|vertragsstrafe|schadenersatz|gutachter|lawyer|contract|liab\w+)\b"
    r"|(?:und )?ausserdem\b|zweitens|erstens|mehrere (?:fragen|probleme)|widerspr\w+"
)
"""Words that call for a person's judgement, whatever the intent."""

_CLAIM = re.compile(
    r"defekt|kaputt|beschaedigt|falsch\w*|reklam\w*|fehl(?:t|en)|transportschaden|abgelehnt|\bersatz|\bhin\b"
    r"|damaged|broken|faulty|wrong|missing|reject\w*|failed|burn\w*|durchgebrannt|claim"
)
_ALWAYS_COMPLEX = frozenset({EMERGENCY, "human_request", "complaint"})
_CLAUSE = re.compile(r"[.!?;,\n]+|\b(?:aber|but|und jetzt|and now)\b")


@dataclass(frozen=True, slots=True)
class Judgement:
    """Urgency 0 to 2, and whether a person's judgement is needed."""

    urgency: int
    complex: bool


def judge(text: str, intent: str, emergency_chance: float) -> Judgement:
    """Weigh one text, given its intent and the calibrated probability (0..1) that it is an emergency."""
    words = readable(text)
    if intent == EMERGENCY or emergency_chance >= URGENT_FROM or _danger_now(words):
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
    return intent == "warranty_return" and _CLAIM.search(words) is not None

"""What words say beside their topic: anger, an order to change, damage, or nothing.

A small safety net of rules under the trained models, for what must not depend on them. The rules read
normalised text (`nlu.wording`): lower case, "ue" for "ü", digits as 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.wish import wants_person
from nlu.wording import readable


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORD = re.compile(r"[^\W_]+")

_SWEARING = _any(
    r"\bscheiss\w*|\bverarsch\w*|\barschl\w*|\bbeschissen\w*|\bkotz\w*|saftladen|sauladen|drecksladen",
    r"\bunverschaemt\w*|\bfrechheit\b|\bschnauze voll|\bverdammt(?:e|er|es|en|nochmal)?\b|\bunfaehig\w*",
    r"\bfuck\w*|\bbullshit\b|\bwtf\b|\bshit\w*|\bpathetic\b|\bridiculous\b|\buseless\b|\bunacceptable\b",
    r"\bkurwa\w*|\bcholera\b|\brezalet\b|\byeter artik\b",
)
_SHOUTED = re.compile(r"\b[A-ZÄÖÜ]{3,}\b")
_EXCLAIMED = re.compile(r"!{3,}|(?:!\?|\?!){2,}|\?{4,}")

_SUPPOSED = _any(
    r"\b(?:wenn|falls|sobald|kostet|kosten|preis\w*|angebot fuer|angebot ueber|ob|if|price|quote)\b",
    r"\b(?:wo|where|status)\b",
)
_CHANGED_ORDER = _any(
    r"\bstornier\w*|\babbestell\w*|\bumbestell\w*|\bstorno\b",
    r"\bhiermit (?:bestell|order)\w*|\bbestell\w* (?:\w+ )?hiermit|\bverbindlich\b.{0,20}\bbestell\w*",
    r"\bbestell\w*\b.{0,20}\bverbindlich",
    r"\b(?:auftrag|bestellung|order|liefer(?:adresse|termin|anschrift|datum)|menge|\d{10})\b.{0,60}"
    r"\b(?:aendern|aendert|geaendert|verschieb\w*|erhoeh\w*|reduzier\w*|ergaenz\w*|umleit\w*|aufstock\w*|streich\w*|schieben|"
    r"rausnehm\w*|herausnehm\w*|weglass\w*|entfern\w*|brauchen wir nicht)",
    r"\b(?:aendern|aendert|verschieb\w*|erhoeh\w*|reduzier\w*|ergaenz\w*|streich\w*)\b.{0,40}"
    r"\b(?:auftrag|bestellung|order|liefer(?:adresse|termin|anschrift)|menge|\d{10})\b",
    r"\bcancel\b.{0,25}\b(?:order|\d{10})|\b(?:change|amend|increase|reduce|postpone|add)\b.{0,40}\border\b",
    r"\border\b.{0,20}\b(?:be )?(?:cancelled|canceled|changed)\b",
)
_PLACED_ORDER = _any(
    r"\b(?:(?:nach)?bestell(?:e|en|t)?|order[en]?|nehm(?:e|en)?) (?:\w+ ){0,4}?"
    r"(?:\d{1,4}|zwei|drei|vier|fuenf|sechs|zehn)\b"
    r"(?! ?(?:uhr|tage|wochen|min))",
    r"\b(?:\d{1,4} ?(?:x|stueck|stk|st|mal)|(?:davon|den|die|das)(?: \w+){0,3}) (?:\S+ ){0,4}?"
    r"(?:nach)?bestell(?:en|e|t)?\b(?! (?:wurde|haben|hatte|ist))",
    r"\b(?:i|we)(?:'d| would)? (?:like to |want to |will |'ll )?order (?:\w+ ){0,2}\d",
    r"\bzam(?:owic|awiam|awiamy|owcie|owie) (?:\w+ ){0,3}?\d",
    r"\d+ (?:\w+ ){0,3}?siparis (?:vermek|verelim|veriyor\w*|edelim|gecin|verin)",
)
_CHANGED = _any(
    r"\b(?:verschieb\w*|vorziehen|umaendern|aendern|stornieren|zurueckziehen|aufstocken|erhoehen|reduzieren)\b",
    r"\b(?:umleiten|umgeleitet|umlenken|umrouten)\b|\b(?:redirect|reroute|divert)\w*",
    r"\b(?:cancel|postpone|reschedule|increase|reduce|amend)\b",
)
"""What is done to an order when the order itself was named before."""

_TAKEN = _any(
    r"\b(?:nehm(?:e|en)?|nimm) (?:ich|i|wir|ma|mir)\b|\b(?:ich|i|wir|mir) (?:nehm(?:e|en)?|nimm)\b"
    r"(?! (?:mal |doch )?an\b)",
    r"\bbestell\w* (?:ich|i|wir|den|die|das|ihn|sie)\b",
    r"\b(?:order|book|take) (?:it|them|that|those|one|two)\b",
    r"\b(?:schick|liefer|send|deliver)\w* .{0,30}\b(?:an|auf|in|nach|zu|zur|to) (?:\w+ ){0,2}"
    r"(?:baustelle|firma|lager|werkstatt|adresse|site|address|warehouse|\w+strasse)\b",
    r"\b(?:schick|liefer|send|deliver)\w* (?:mir |uns |me |us |bitte |please ){0,2}"
    r"(?:\d{1,3}|zwei|drei|vier|fuenf|zehn|two|three|four|five|ten)\b(?! (?:bild|foto|pic|phot)\w*)",
)
"""Somebody takes what was talked about: it counts only after something one can order."""

_ASKING = _any(
    r"\?|\b(?:welche\w*|was|wie|ob|soll(?:te)? ich|which|what|how|should (?:i|we)|kann ich|can i)\b"
)
_ASKED_FOR_ORDERED = _any(r"\b(?:bestellt|ordered|wurde|wann|when|gestern|letzte)\b")

_DAMAGE = _any(
    r"beschaedig\w*|verbeult|\bdelle\w*|\brisse?\b|gerissen|gebrochen|zerdrueckt|verbogen|transportschad\w*",
    r"zerkratzt|kaputt|zerbrochen|eingedrueckt|\bdamaged?\b|\bdent\w*|\bcracked\b|\bbroken\b|\bbent\b|\bsmashed\b",
    r"\bso (?:kam|sah|war|lag|stand)\b|\bso ist \w+ angekommen|\b(?:looked|came|arrived) like this\b",
    r"falsche?[rsn]? (?:ware|teil|artikel|motor|geraet)",
)

_ARRIVED = (
    r"(?:kam|kamen|angekommen|angeliefert|geliefert|auspacken|ausgepackt|arrived|came|delivered|unpack\w*)"
)
_BROKEN = (
    r"(?:beschaedigt|verbeult|eingedellt|eingedrueckt\w*|dellen?|zerbrochen|verbogen|zerkratzt|"
    r"damaged|dent\w*|cracked|bent|smashed)"
)
_CLAIM = _any(
    rf"\b{_ARRIVED}\b.{{0,40}}\b{_BROKEN}\b|\b{_BROKEN}\b.{{0,40}}\b{_ARRIVED}\b",
    r"\bfalsche?[nrsm]?\b.{0,40}\b(?:bekommen|kriegt|kriagt|gekriegt|geliefert|erhalten|gekommen|geschickt|drin|dabei)",
    r"\b(?:bekommen|kriegt|kriagt|gekriegt|geliefert|erhalten|geschickt)\b.{0,40}\b(?:falsch\w*|statt|anstatt)\b",
    r"\bstatt\b.{0,40}\b(?:bekommen|kriegt|kriagt|gekriegt|geliefert|erhalten|geschickt)\b",
    r"\b(?:zu wenig|zu viel|nur \d+)\b.{0,25}\b(?:geliefert|bekommen|erhalten)\b",
    r"\breklamier\w*|\breklamation\b",
    r"\brechnung\w*\b.{0,20}\b(?:stimm(?:t|en)|pass(?:t|en)) .{0,12}\b(?:nicht|net|ned|nie|nimmer)\b",
    r"\b(?:stimm(?:t|en)|pass(?:t|en)) (?:\w+ ){1,2}rechnung\w* (?:\w+ )?(?:nicht|net|ned|nie)\b",
    r"\bfalsche rechnung|\brechnung\w* (?:ist|sind|war) (?:\w+ )?(?:falsch|doppelt|zu hoch)\b",
    r"\binvoice\w* (?:is|are|was) (?:\w+ )?(?:wrong|incorrect|not right|too high)\b|\bwrong invoice\b",
    r"\bfaktur\w* .{0,20}\b(?:zla|bledna)\b|\bfatura\w* .{0,15}\byanlis\b",
    r"\bwrong\b.{0,30}\b(?:delivered|sent|received|came|arrived|got)\b"
    r"|\b(?:delivered|sent|received|got|brought)\b.{0,30}\b(?:wrong|instead of)\b",
)

_HOLLOW = _set(
    """geht gehts nix nicht nichts net ned funktioniert funktionierts funzt klappt tut laeuft kaputt defekt
    klemme klemmen anschluss geraet ding dings teil problem frage fragen hilfe hilf help fehler
    stoerung brauch brauche ich wir hab habe haben ein eine einen das der die den mal was da ist es
    mir uns bitte hallo hi moin hey it this that doesnt doesn work working not broken issue problem
    question i have need a the my is isnt isn t und ja wie wo welche welcher welches halt so nu nur
    gar wieder immer noch schon mehr alles irgendwas irgendwie keine ahnung ka test anlage sache
    zeug angeschlossen anschliessen na doch einfach weiss er sie soll macht defekte kaputte spinnt
    mit dem den vom am im with andere anderen anderes eben"""
)
_DEVICES = _set("luefter ventilator lueftung fan unit")
_ANNOUNCING = _set("frage fragen problem probleme question questions issue anliegen hilfe help")
_ANNOUNCED_WITH = _HOLLOW | _set(
    """ne nen haett haette haetten kurze kurz schnelle schnell eure euch eurem euer eurer ihnen mit dem den
    zu dazu an sie gruess gruezi gott servus tag guten morgen abend hello good quick got ve d would like to
    ask you your"""
)
_NODS = re.compile("[👍👌🙏✅😊🙂😀😃💪🤝👏🆗]")
_SHORT = 12  # words; more of them say something
_MASHED = _any(r"^(?:asdf|qwer|jkl|xyz|abc|bla|hmm+|aehm*|oehm*|lol|haha)\w*$")


@dataclass(frozen=True, slots=True)
class Tone:
    """What is heard beside the topic.

    `wants_person` is an explicit wish that needs no engine; `anger` is 0 none, 1 raised voice (capitals,
    !!!), 2 abuse; `orders` that an order is to be placed or changed, `takes` that what was talked about
    is taken ("nimm i"), `changes` that something is to be changed, be it an order or not; `damage` that
    something came damaged, `claim` that the wrong thing or number came; `hollow` that there is nothing to
    act on ("geht nix", "Klemme?"), `announces` that something is coming and not what ("hab mal ne
    Frage").
    """

    wants_person: bool = False
    anger: int = 0
    orders: bool = False
    takes: bool = False
    changes: bool = False
    damage: bool = False
    claim: bool = False
    hollow: bool = False
    announces: bool = False


NEUTRAL = Tone()


def hear_tone(text: str) -> Tone:
    """Read the tone of one turn's words."""
    plain = readable(text)
    words = _WORD.findall(plain)
    announces = _announces(words)
    return Tone(
        wants_person=wants_person(plain),
        anger=_anger(text, plain),
        orders=_orders(plain),
        takes=_TAKEN.search(plain) is not None and not _ASKING.search(plain),
        changes=_CHANGED.search(plain) is not None,
        damage=_DAMAGE.search(plain) is not None,
        claim=_CLAIM.search(plain) is not None,
        hollow=announces or (_hollow(words) and not _NODS.search(text)),
        announces=announces,
    )


def _anger(text: str, plain: str) -> int:
    shouted = [word for word in _SHOUTED.findall(text) if word.isalpha()]
    letters = [char for char in text if char.isalpha()]
    loud = len(shouted) >= 3 and sum(char.isupper() for char in letters) > 0.6 * len(letters)
    exclaimed = _EXCLAIMED.search(text) is not None
    if _SWEARING.search(plain) or (loud and exclaimed):
        return 2
    return 1 if loud or exclaimed else 0


def _orders(plain: str) -> bool:
    if _CHANGED_ORDER.search(plain):
        return True
    placed = _PLACED_ORDER.search(plain) and not _ASKED_FOR_ORDERED.search(plain)
    return bool(placed) and not _SUPPOSED.search(plain)


def _hollow(words: list[str]) -> bool:
    if len(words) > _SHORT:
        return False
    named = not _DEVICES.isdisjoint(words)
    if named and "laeuft" in words:
        return False  # that it stands still is something to go by
    return all(word in _HOLLOW | _DEVICES or _MASHED.match(word) or len(word) == 1 for word in words)


def _announces(words: list[str]) -> bool:
    named = not _ANNOUNCING.isdisjoint(words) and len(words) <= _SHORT
    return named and all(word in _ANNOUNCED_WITH or len(word) == 1 for word in words)

"""The wish for a person, where words say it plainly; everything subtler is the engine's to learn.

The rules read normalised text (`nlu.wording`): lower case, "ue" for "ü", digits as 0.
"""

from __future__ import annotations

import re


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_PERSON = _any(
    r"mensch(?:en|lich\w*)?|mitarbeiter(?:in|innen|n)?|kollege[n]?|kollegin|berater(?:in)?|sachbearbeiter(?:in)?",
    r"jemand(?:en|em)?|person(?:en)?|human|agent|operator|representative|somebody|someone|people",
    r"telefonist(?:in)?|kundenberater(?:in)?|ansprechpartner(?:in)?",
    r"persona|operatore|operador|humain|conseiller|persoana|covjek|clovek|ember",
)
"""One of these alone is the wish for a person, with no more than fillers around it."""

_FILLER = _set(
    """a also an and anderen anderer ans bin bitte bloss chat da dann den der die direkt doch echte echten
    echter ein eine einem einen einer endlich geben gerne gern gib haben habe hi hallo holen i ich
    in ist jetzt kann kannst koennen koennte live lieber mal man me mein mich mir mit moechte moecht
    need nen nem ne now nur oder please pls real reden richtigen richtiger schnell schreiben sie
    sofort sprechen speak talk telefon the then to und verbinden von want wanna will with would like
    connect get give let bitteschoen brauch brauche can could you dran ok okay ja yes sprich rede zu
    zum euch ihr von"""
)

_ABROAD = _any(
    # Polish, Turkish, Russian, Romanian, Italian: a stem is enough, it means nothing else here
    r"\bcz[lł]owiek\w*|\bkonsultant\w*|\bz (?:kims|osoba)\b|\bpracownik\w*",
    r"\binsan(?:a|la|lar\w*)?\b|\btemsilci\w*|\byetkili\w*|\bcanl[iı] destek|\bbiri(?:yle|siyle)\b",
    r"человек\w*|оператор\w*|\bcineva\b|\bqualcuno\b",
    r"\bzadzwo[nń]\w*|\boddzwo[nń]\w*|\bbeni (?:geri )?ara\w*|\barar misiniz",
    r"\b(?:po)?prosze (?:\w+ )?o telefon",
)

_SOMEBODY = (
    r"(?:einen?|einer|nen|oan\w*|eener|wen|wer|jemand(?:en|em)?|ebber|someone|somebody|anyone|anybody)"
)
_ROLE = (
    r"(?:techniker|kollege|mitarbeiter|berater|fachmann|chef|meister|ingenieur|monteur|mensch|sachbearbeiter|"
    r"kundendienst|service|technik|vertrieb|innendienst|aussendienst|support|verkauf|buchhaltung|lager|engineer|"
    r"technician|colleague|manager)\w*"
)
_LINE = r"(?:telefon|hoerer|apparat|rohr|strippe|leitung|ohr|draht|phone|line|fon|handy)"
_AT = r"(?:am|ans|an (?:das|den|der|die|s)|on (?:the|a))"
_NOT = r"(?:nicht|ungern|net|ned|nich|nie|keine lust|kein bock|koa lust|not|\w+n'?t|rather)"
_NEED = (
    r"(?:brauch\w*|braeucht\w*|will|wui|moecht\w*|mecht\w*|haett\w*|hett\w*|gib|gibst|gebt|geben|hol|holt|holen|"
    r"krieg\w*|bitte|muss|need|want|get|give|please)"
)
_MACHINE = (
    r"(?:chat ?)?bot|robot\w*|automat(?:en)?|maschine|computer|rechner|ki|machine|ai|blechkasten|blechkiste"
)
_TELL = (
    r"(?:erklaer|erzaehl|schreib|red(?:e|en|t)?\b|diskutier|besprech|sprech|schwaetz|verhandel|unterhalt|chatt|"
    r"explain|talk|tell\b|typ(?:e|ing)|argu|discuss|deal)\w*"
)
_WISH = _any(
    r"\bruf(?:t|en sie|e?)? (?:mich|uns|mi) (?:\w+ ){0,4}?(?:an|zurueck|durch)\b",
    r"\bverbind\w* (?:sie )?(?:mich|mi|uns)\b|\bput (?:me|us) through\b",
    r"\b(?:will|wui|moecht\w*|mecht|mog|gib|gebt|hol|holt) (?:\w+ ){0,3}?"
    r"(?:wen|jemand(?:en|em)?|ebber)\b|\b(?:want|get|give) (?:\w+ ){0,2}?(?:somebody|someone)\b",
    r"(?=.*\b(?:bei euch|mir|mich|uns)\b)\b(?:gibt ?'?s|gibt es|hab(?:t|ts|en)|ist?|kennt|sitzt)\b.{0,25}"
    r"\b(?:wen|jemand(?:en)?|ebber)\b,? (?:\w+ ){0,2}?(?:der|die|wo|dem|den)\b",
    r"(?=.*\b(?:me|us)\b)\b(?:any|some)(?:one|body) (?:\w+ ){0,2}?who (?:can|could|knows?)\b",
    r"\bstell\w* (?:\w+ ){0,2}?(?:mich|mi|uns) (?:\w+ ){0,4}?durch\b",
    r"\b(?:ist|is|waere?) (?:\w+ ){0,2}?(?:herr|frau) \w+ (?:\w+ ){0,3}?"
    r"(?:da|im haus|im buero|zu sprechen|erreichbar)\b",
)
"""Unmistakable wherever it stands."""

_WISH_NOW = _any(
    r"\brueckruf\b|\bcall ?back\b",
    r"\b(?:call|phone|ring) (?:me|us)\b|\bgive (?:me|us) a (?:call|ring|bell|buzz|shout)\b",
    r"\b(?:kann|koenn\w*|soll|sollen|moeg\w*|bitte) (?:\w+ ){0,3}?(?:mich|mi|uns) (?:\w+ ){0,6}?"
    r"(?:an|zurueck|durch)(?:ruf|klingel)\w*",
    rf"\b{_NEED} (?:\S+ ){{0,9}}?{_SOMEBODY} (?:\S+ ){{0,4}}?{_AT} {_LINE}\b",
    r"\bmit (?:jemand(?:em|en)?|wem|ebber|einem|am|nem) (?:\w+ ){0,2}?"
    r"(?:reden|sprechen|schwaetz\w*|telefonieren)\b",
    r"\b(?:einer|jemand|wer|oana) von (?:euch|ihnen) (?:\w+ ){0,3}?"
    r"(?:anruft|zurueckruft|durchklingelt|rangeht)\b",
    rf"\b{_ROLE} (?:\w+ ){{0,2}}?(?:ans|an (?:das|den|die)|on the) {_LINE}\b",
    r"\b(?:damit|dass|until|so that) (?:\w+ ){0,3}?(?:einer|jemand|wer|mensch|ebber|oana|some(?:one|body)) "
    r"(?:\w+ ){0,2}?(?:d?rangeht|abhebt|abnimmt|hingeht|picks up|answers)\b",
    r"^(?=.*\b(?:heut\w*|grad\w*|jetzt|von (?:euch|der|eurer)|vom|aus der)\b).*\b(?:is|ist|waer\w*) "
    r"(?:\w+ ){0,3}?(?:irgend)?(?:wer|jemand|einer) (?:\w+ ){0,4}?"
    r"(?:greifbar|erreichbar|frei|verfuegbar|ansprechbar|zu sprechen)\b",
    r"\b(?:persoenlich|in (?:aller )?ruhe|muendlich|telefonisch|unter vier augen) (?:\w+ ){0,3}?"
    r"(?:be|durch)?(?:sprechen|reden|klaeren|durchgehen)\b",
    r"\b(?:sort|discuss|explain|do|talk|settle)\b (?:\w+ ){0,4}?(?:by|over the|on the) phone\b",
    rf"\b{_NOT} (?:\w+ ){{0,2}}?(?:hier|schriftlich|im chat|(?:in|per|ueber) (?:\w+ )?(?:chat|whatsapp)) "
    r"(?:\w+ )?(?:klaeren|besprechen|schreiben|erklaeren|tippen|diskutieren|ausbreiten)\b",
    rf"\b(?:gehoert|will|moecht\w*) (?:\w+ ){{0,2}}?{_NOT} (?:in|per|ueber) (?:\w+ )?(?:whatsapp|chat)\b",
    rf"^(?=.*\b{_NOT}\b)(?=.*\b{_TELL})(?=.*\b(?:ich|i|mir|wir|we|hab)\b).*"
    rf"\b(?:mit|mim|einer|einem|nem|ner|diesem|dieser|am|to|with) (?:\w+ ){{0,2}}?(?:{_MACHINE})\b",
)
"""Unmistakable in a clause that tells of nothing past, promised or unwanted."""

_NOT_WANTED = _any(
    r"\b(?:war|waren|wurde\w*|kam|kommt nie|were|had|did|never|thanks for)\b",
    r"\b(?:geklappt|erfolgt|erledigt|versprochen|zugesagt|gekommen|bekommen|danke (?:fuer|fuern))\b",
    r"\b(?:kein\w*|no) (?:\w+ )?(?:rueckruf|anruf|call)|\brueckruf (?:\w+ ){0,3}?k(?:ein|oan)\w*",
    r"\bdon ?'?t (?:need|have)\b|\bnicht (?:noetig|notwendig)\b",
    r"\bg(?:ing|eh\w*) (?:\w+ ){0,4}?(?:wer|jemand|einer|keiner|niemand)\b|\b(?:fahrer|spedit\w*|driver)\b",
)
_CLAUSE = re.compile(r"[.!?;,:\n]+|\b(?:aber|sondern|but)\b")


def wants_person(plain: str) -> bool:
    """Whether somebody plainly asks for a person, a call or the switchboard, in a normalised text."""
    if _WISH.search(plain) or _ABROAD.search(plain):
        return True
    if any(_WISH_NOW.search(part) and not _NOT_WANTED.search(part) for part in _CLAUSE.split(plain)):
        return True
    left = [word for word in re.findall(r"[^\W_]+", plain) if word not in _FILLER]
    return bool(left) and all(_PERSON.fullmatch(word) for word in left)

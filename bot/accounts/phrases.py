"""The company names that a text may contain: "hier ist der Jens von Elektro Hoffmann aus Gera"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LONGEST = 90  # characters; a longer phrase is a sentence
_MOST = 6
# A dot ends a phrase unless an abbreviation or an initial stands before it.
_BREAK = re.compile(
    r"[,;:!?\n()|\"„“”]+|(?<!\b[A-Za-z])(?<!\b[eE]\.[KVGkvg])(?<!\bGebr)(?<!\bSt)(?<!\bFa)"
    r"(?<!\bInh)(?<!\bIng)(?<!\bDr)(?<!\bCo)(?<!\bHzg)(?<!\bSan)\.(?:\s+|$)"
)
_SAYS = re.compile(
    r".*?\b(?:(?:ich\s+)?(?:arbeite|schaffe|bin|komme|schreibe|rufe\s+an)\s+(?:\w+\s+)?(?:beim?|für|vom?|vun|vum)"
    r"|(?:wir\s+sind|unsere?\s+(?:firma|betrieb)|meine\s+firma|firma|fa\.|fa|betrieb|company)"
    r"(?:\s+(?:heißt|heisst|ist|is|heißen))?"
    r"|wir\s+(?:heißen|heissen|hießen|hiessen)(?:\s+(?:früher|jetzt|nun|vorher))?|früher|ehemals|vormals|formerly"
    r"|vom?|von|vun|vum|beim?|from|at|für\s+die)\s+(?:der\s+|die\s+|dem\s+|den\s+|the\s+|unserer\s+)?"
    r"(?:firma\s+|fa\.?\s+|company\s+)?(.+)",
    re.IGNORECASE,
)
_CITY = re.compile(r"(.+?)\s+(?:aus|in|im|from|bei)\s+([^\W\d_][\w .()/-]{1,40})$", re.IGNORECASE)
_FILLER = re.compile(
    r"^(?:(?:hallo|hi|hey|moin(?:\s+moin)?|servus|grüß\s+(?:gott|dich|euch)|gruezi|grüezi|guten\s+(?:tag|morgen|abend)"
    r"|tach|mahlzeit|hier(?:\s+(?:ist|spricht|schreibt|sind))?|ich\s+(?:bin|heiße)|wir\s+sind|mein\s+name\s+ist"
    r"|mein\s+name|name|this\s+is|we\s+are|i\s+am|hello|good\s+morning|der|die|das|es|ist|und|also|ja|nein|ne|ah|äh"
    r"|ähm|mit\s+freundlichen\s+grüßen|freundliche\s+grüße|viele\s+grüße|mfg|lg|gruß|grüße|von|vom|the|firma"
    r"|fa\.?|na|doch|sorry|unsere\s+firma\s+(?:ist|heißt)|die\s+firma|herr|frau|company)\b[\s.,:]*)+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s+(?:(?:hier|da|bitte|danke|vielen\s+dank|nochmal|mal|am\s+apparat|am\s+telefon|mein\s+name|und)[\s.!]*)+$",
    re.IGNORECASE,
)
# From a verb on it is no longer a name.
_VERB = re.compile(
    r"\s+(?:ist|sind|war|hat|haben|habe|braucht|brauche|brauchen|geht|gehen|läuft|kann|können|könnt|möchte|will"
    r"|wollen|suche|suchen|bekommt|bekomme|macht|zeigt|wartet|warte|warten|mit\s+der\s+kund\w*|ich|wir|es|sie"
    r"|bestellt|nicht|kein|keine|wegen|need|needs|has|have|is|are|was|the\s+unit|please)\b.*$",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"\b(?:g\.?m\.?b\.?h\.?|mbh|e\.?\s?k\.?|ohg|kg|ag|ug|gbr|e\.?\s?v\.?|ltd|gesellschaft|e\.?\s?kfm|partg)(?!\w)",
    re.IGNORECASE,
)
_HERE = re.compile(r"^\W*(?:\w+\s+){0,2}hier\b|\bhier\W*$|\bhere\W*$", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Phrase:
    """What may be a company name, with the city that was said. `said`: as one, or nothing else is there."""

    text: str
    city: str | None
    said: bool


def phrases(text: str) -> tuple[Phrase, ...]:
    """The phrases of a text that may be a company name, likeliest first."""
    written = [part for part in _BREAK.split(text) if len(_LETTERS.findall(_trim(part))) >= 2]
    parts = [_trim(part) for part in written]
    introduced = {_trim(part) for part in written if _HERE.search(part)}
    found: list[Phrase] = []
    whole = _trim(re.sub(r"[,;\n]+|\s[-–—]\s", " ", text))
    for part in written:
        says = _SAYS.fullmatch(part.strip())
        if says:
            found += _with_city(_trim(_VERB.sub("", f" {_trim(says[1])}")), parts, said=True)
    alone = len(parts) == 1 and not found
    for part in parts:
        cut = _trim(_VERB.sub("", part))
        said = (alone and cut == part) or part in introduced or bool(_FORM.search(cut))
        found += _with_city(cut, parts, said=said)
        for side in re.split(r"\s[-–—]\s", part)[: 3 if " " in part else 0]:
            if side != part:
                found += _with_city(_trim(side), parts, said=False)
    if 1 < len(parts) <= 4 and len(whole) <= _LONGEST and not _VERB.search(whole):
        found += [Phrase(whole, None, said=all(len(part.split()) <= 5 for part in parts))]
    fitting = [phrase for phrase in found if 2 <= len(phrase.text) <= _LONGEST]
    return tuple(sorted(dict.fromkeys(fitting), key=lambda phrase: not phrase.said))[:_MOST]


def _with_city(name: str, parts: list[str], *, said: bool) -> list[Phrase]:
    """The phrase as it stands and, when it names a place, without it."""
    found = _CITY.fullmatch(name)
    if found and len(_LETTERS.findall(found[1])) >= 2:
        return [Phrase(_trim(found[1]), found[2].strip(), said)]
    after = parts[parts.index(name) + 1 :] if name in parts else []
    place = re.fullmatch(r"(?:aus|in|from)\s+(.+)", after[0], re.IGNORECASE) if after else None
    return [Phrase(name, place[1] if place else None, said)]


def _trim(part: str) -> str:
    part = " ".join(part.split()).strip(" .-–/")
    return _TAIL.sub("", _FILLER.sub("", part)).strip(" .-–/'") if part else ""

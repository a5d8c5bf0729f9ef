"""Company names brought to one form, so that what people type can be compared with what is registered.

The form is lower case without accents ("ue" for "ü"), without legal form wherever it stands, with
abbreviations of the trade written out and hyphens opened. What is left are the words that carry meaning.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "ı": "i"}
)

# On folded text, longest first. "mbh" also ends "Baugesellschaft mbH".
_LEGAL = re.compile(
    r"\b(?:"
    r"(?:gesellschaft )?mit beschraenkter haftung|ges(?:ellschaft)? ?m ?b ?h"
    r"|g ?gmbh|g ?m ?b ?h|ge em be ha|m ?b ?h"
    r"|unternehmergesellschaft(?: haftungsbeschraenkt)?|ug haftungsbeschraenkt|ug|haftungsbeschraenkt"
    r"|aktiengesellschaft|kommanditgesellschaft(?: auf aktien)?|kgaa|offene handelsgesellschaft"
    r"|gesellschaft buergerlichen rechts|g ?b ?r"
    r"|eingetragener? (?:kaufmann|kauffrau|verein)|eingetragene genossenschaft"
    r"(?: mit (?:un)?beschraenkter haftpflicht)?"
    r"|e ?kfm|e ?kfr|e k|ek|e v|ev|e g|eg|o ?h ?g|k ?g|a ?g|part ?g(?: ?mbb)?|se"
    r"|ltd|limited|inc|llc|s ?a ?r ?l|b ?v|co(?:mpany|mpagnie)?"
    r"|(?:sp|spolka) z ?o ?o|s ?r ?[lo]|s p a|aps|kft|e u"
    r"|i ?l|in liquidation|i ?gr|in gruendung|im aufbau"
    r"|firma|fa|inh(?:aber(?:in)?)?"
    r")\b"
)
# "Elektro Yavuz Inh. Emre Yavuz": who owns it is not part of the name.
_OWNER = re.compile(r"(.* .*) inh(?:aber|aberin)? .*")
# "Wohnbaugesellschaft mbH" is what others call "Wohnbau GmbH".
_COMPANY = re.compile(r"(?<=[a-z]{3})s?(?:gesellschaft|ges)$")
_SMALL = frozenset(
    ["und", "u", "and", "der", "die", "das", "dem", "den", "von", "fuer", "f", "mit", "im", "in", "am"]
)
_WRITTEN_OUT = {
    "gebr": "gebrueder",
    "hzg": "heizung",
    "heizg": "heizung",
    "san": "sanitaer",
    "sanit": "sanitaer",
    "luft": "lueftung",
    "elektr": "elektro",
    "bauuntern": "bauunternehmen",
    "ing": "ingenieur",
    "ingbuero": "ingenieurbuero",
    "masch": "maschinen",
    "nachf": "nachfolger",
    "shk": "sanitaer heizung klima",
    "hls": "heizung lueftung sanitaer",
    "ghs": "gas heizung sanitaer",
    "galabau": "garten landschaftsbau",
    "st": "sankt",
}


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Lower case, umlauts as two letters, no accents, only letters, digits and single blanks."""
    lowered = unicodedata.normalize("NFKC", text).lower().replace("i̇", "i").translate(_UMLAUTS)
    if not lowered.isascii():
        parts = unicodedata.normalize("NFKD", lowered)
        lowered = "".join(c for c in parts if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", lowered.replace("&", " und ").replace("+", " und ")))


@lru_cache(maxsize=65_536)
def words(name: str) -> tuple[str, ...]:
    """The words of a company name that carry meaning, in order.

    A name of which nothing would be left ("Co KG") keeps its folded words.
    """
    folded = fold(name)
    owned = _OWNER.fullmatch(folded)
    bare = _LEGAL.sub(" ", owned[1] if owned else folded)
    found = [
        part
        for word in bare.split()
        if word not in _SMALL
        for part in _WRITTEN_OUT.get(word, _COMPANY.sub("", word)).split()
    ]
    return tuple(found or folded.split())


def without_small(folded: Iterable[str]) -> list[str]:
    """These folded words without "und", "der", "in" and the like."""
    return [word for word in folded if word not in _SMALL]


def plain(name: str) -> str:
    """A name in its one form."""
    return " ".join(words(name))

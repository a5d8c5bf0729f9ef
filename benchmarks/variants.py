"""Company names as people type or dictate them: typed variants of registered names, from one seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_LEGAL = (
    r"\s*,?\s*(?:gesellschaft mit beschränkter haftung|ges\.?\s?m\.?\s?b\.?\s?h\.?|g\.?m\.?b\.?h\.?"
    r"(?:\s*&\s*co\.?\s*kg)?"
    r"|ug \(haftungsbeschränkt\)|mbh|e\.\s?v\.?|e\.?\s?k\.?|eg|ohg|kg|ag)(?=[\s,.-]|$)\.?"
)
_FORMS = ("GmbH", "KG", "GmbH & Co. KG", "e.K.", "OHG", "AG", "UG")
_SHORT = {
    "heizung": "Hzg.", "sanitär": "San.", "gebrüder": "Gebr.", "und": "u.", "lüftung": "Lüft.",
    "ingenieurbüro": "Ing.-Büro", "bauunternehmen": "Bauuntern.", "gesellschaft": "Ges.",
}  # fmt: skip
# How speech recognition and dialect write what they hear; each applies to letters within a word.
_HEARD = (
    ("th", "t"), ("ph", "f"), ("ck", "k"), ("tz", "z"), ("dt", "t"), ("ai", "ei"), ("ay", "ei"), ("ey", "ei"),
    ("ie", "i"), ("äu", "eu"), ("v", "f"), ("y", "i"), ("x", "ks"), ("mm", "m"), ("nn", "n"), ("ll", "l"),
    ("tt", "t"), ("ss", "s"), ("ß", "ss"), ("ff", "f"), ("ah", "a"), ("eh", "e"), ("oh", "o"), ("ch", "k"),
    ("ei", "ai"), ("k", "ck"), ("z", "tz"), ("p", "b"), ("t", "d"), ("g", "k"), ("ö", "e"), ("ü", "i"),
)  # fmt: skip
_NEAR = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo",
    "j": "hk", "k": "jl", "l": "kö", "m": "n", "n": "bm", "o": "ip", "p": "oü", "r": "et", "s": "ad",
    "t": "rz", "u": "zi",
    "v": "cb", "w": "qe", "z": "tu",
}  # fmt: skip


def without_form(name: str, _: random.Random) -> str:
    """The legal form left out."""
    return re.sub(r"\s{2,}", " ", re.sub(_LEGAL, " ", name, flags=re.IGNORECASE)).strip(" ,-") or name


def wrong_form(name: str, rng: random.Random) -> str:
    """Another legal form."""
    return f"{without_form(name, rng)} {rng.choice(_FORMS)}"


def typo(name: str, rng: random.Random) -> str:
    """One slip of the finger in a longer word: a letter left out, doubled, swapped or beside it."""
    places = [i for i in range(1, len(name) - 1) if name[i - 1 : i + 2].isalpha()]
    if not places:
        return name
    i = rng.choice(places)
    kind = rng.randrange(4)
    if kind == 0:
        return name[:i] + name[i + 1 :]
    if kind == 1:
        return name[:i] + name[i] + name[i:]
    if kind == 2:
        return name[:i] + name[i + 1] + name[i] + name[i + 2 :]
    return name[:i] + rng.choice(_NEAR.get(name[i].lower(), "e")) + name[i + 1 :]


def two_typos(name: str, rng: random.Random) -> str:
    """Two slips, small letters, no legal form."""
    return typo(typo(without_form(name, rng).lower(), rng), rng)


def heard(name: str, rng: random.Random) -> str:
    """As a speech recogniser or a dialect writes it: one or two sounds otherwise, no punctuation."""
    text = re.sub(r"[-.,/\"()]+", " ", without_form(name, rng)).replace("&", "und").lower()
    fits = [pair for pair in _HEARD if pair[0] in text]
    for old, new in rng.sample(fits, min(len(fits), rng.randint(1, 2))):
        text = text.replace(old, new, 1)
    return re.sub(r"\s+", " ", text).strip()


def ascii_only(name: str, rng: random.Random) -> str:
    """No umlauts on this keyboard: written as two letters or just left out."""
    pairs = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")) if rng.random() < 0.6 else (
        ("ä", "a"), ("ö", "o"), ("ü", "u"), ("ß", "s"))  # fmt: skip
    text = without_form(name, rng).lower()
    for old, new in pairs:
        text = text.replace(old, new)
    return text


def shortened(name: str, rng: random.Random) -> str:
    """Abbreviated, or without its last word."""
    text = without_form(name, rng)
    for word, short in _SHORT.items():
        if word in text.lower():
            return re.sub(word, short, text, count=1, flags=re.IGNORECASE)
    parts = text.split()
    return " ".join(parts[:-1]) if len(parts) > 2 else text


def turned(name: str, rng: random.Random) -> str:
    """The words in another order: the trade first or last."""
    parts = without_form(name, rng).split()
    return " ".join((*parts[1:], parts[0])) if len(parts) > 1 else name


def opened(name: str, rng: random.Random) -> str:
    """Hyphens opened or closed up."""
    text = without_form(name, rng)
    return text.replace("-", " ") if rng.random() < 0.5 else re.sub(r"(?<=\w)-(?=\w)", "", text)


KINDS: dict[str, Callable[[str, random.Random], str]] = {
    kind.__name__: kind
    for kind in (without_form, wrong_form, typo, two_typos, heard, ascii_only, shortened, turned, opened)
}

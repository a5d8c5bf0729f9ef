"""Corrections of who we took somebody for: "nein, der andere Müller", "falsch, ich bin von Huber"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LONGEST = 160
_OTHER = re.compile(
    r"\b(?:d(?:er|ie|en|em)|das(?=\s+\w+\s+(?:unternehmen|haus|b(?:ü|ue)ro))|the)"
    r"\s+(?:andere[nrs]?|other(?:\s+one)?)\b\s*(?P<name>.*)",
    re.I | re.S,
)
_NO = r"^\W*(?:nein|nee|nö|falsch|quatsch|irrtum|stimmt\s+nicht|das\s+stimmt\s+nicht|no|nope|wrong)\b"
_AM = (
    r"\b(?:ich\s+bin|bin|wir\s+sind|ich\s+arbeite|ich\s+schreibe|i\s+am|i['’]m|we\s+are|we['’]re|i\s+work)\b"
)
_AT = r"\b(?:von|vom|bei|beim|für|from|with|at|for)\b\s+(?:der\s+|dem\s+)?(?:firma\s+)?(?P<name>\S.*)"
_FROM = re.compile(_NO + r".*?" + _AM + r".*?" + _AT, re.I | re.S)
_INTRODUCES = re.compile(_AM + r".*?" + _AT, re.I | re.S)
_NOT_ME = re.compile(
    r"\b(?:ich\s+bin|i\s+am|i['’]m)\s+(?:nicht|not)\b"
    r"|\b(?:arbeite|bin)\s+nicht\s+mehr\s+(?:bei|für)\b"
    r"|\bfalsche[nrs]?\s+(?:firma|person|name|kunde)\b|\bwrong\s+(?:company|person|name)\b"
    r"|\b(?:do\s+not|don['’]t|no\s+longer)\s+work\s+(?:at|for)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Correction:
    """Somebody says that they are not who we think. `name` is who they say they are, as they wrote it;
    `other` when they mean another one of the same name or of their own companies.
    """

    name: str | None
    other: bool


def find_correction(text: str) -> Correction | None:
    """Read a correction; None when the text is none."""
    if len(text) > _LONGEST:
        return None
    if (other := _OTHER.search(text)) is not None:
        return Correction(_trimmed(other["name"]), other=True)
    if (at := _FROM.search(text)) is not None:
        return Correction(_trimmed(at["name"]), other=False)
    return Correction(None, other=False) if _NOT_ME.search(text) else None


def named_in(text: str) -> str:
    """The company in "ich bin Thomas von der Firma Huber"; the text itself when it says no more than that."""
    found = _INTRODUCES.search(text)
    return (_trimmed(found["name"]) if found else None) or text


def _trimmed(name: str) -> str | None:
    return name.strip(" \t\n.,;:!?") or None

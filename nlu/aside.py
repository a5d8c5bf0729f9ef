"""Remarks by the way: where somebody is, that the line is bad, that they need a moment.

They stand in so many emergencies ("oben auf dem Dach") that a model alarms at them alone. A remark counts
only if every word of it is one of these: any other word may be what it is about. The words are
normalised (`nlu.wording`).
"""

from __future__ import annotations

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORDS = _set(
    """a again akku am an at auf aufs auto autobahn back bad battery baustelle be bild bilder bin brb car
    coming da dach dann dem den der die dir doch drive driving eben ein eine einen empfang erst euch
    fahr fahre fast foto fotos frei freie gerad gerade geruest gleich grad hab habe haende hand
    hands have hebebuehne here hier hoch hold i ich ihnen im in is ist ja jetzt just kein keine
    keinen keller kommen kommt kurz ladder later leer leiter leitung m machen mal meld melde meter
    metern mich min minute minuten mir mit mobile moment my nachher ne nen netz no noch oben ok okay
    on one phone photo pic picture reception right roof runter schick schicke schlecht schlechte
    schlechten schlechter schlechtes schreib schreibe sec second sekunde sekunden signal site sitz
    sitze so spaeter steh stehe the then to ueber unten unterm unterwegs van verbindung von
    wait wart warte warten wieder wlan you zum zur zurueck"""
)
_REMARK = re.compile(
    r"\b(?:dach|leiter|geruest|hebebuehne|autobahn|auto|keller|unterwegs|empfang|netz|wlan|verbindung|leitung|"
    r"akku|hand|haende|moment|sekunden?|minuten?|wart(?:e|en)?|spaeter|nachher|gleich|foto|fotos|bild|bilder|"
    r"roof|ladder|car|van|reception|signal|battery|hands|hold|wait|sec|second|minute|later|brb|photo|pic|picture)\b"
)


def by_the_way(words: str) -> bool:
    """Whether this normalised text is a remark and nothing else."""
    found = re.findall(r"[^\W\d_]+", words)
    return bool(found) and all(word in _WORDS for word in found) and _REMARK.search(words) is not None

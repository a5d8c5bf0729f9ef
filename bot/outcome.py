"""Did it help? How people answer after they have tried what the bot told them to try."""

from __future__ import annotations

import re

from nlu.wording import readable

_GONE = re.compile(
    r"\b(?:blinkt|leuchtet|brummt|zeigt|kommt|piept|fehler|stoerung|error|code|steht|meldet)\b.{0,25}"
    r"\b(?:nicht|nix|nimmer|net|ned|kein\w*) (?:mehr|laenger)\b"
    r"|\b(?:kein|keine) (?:fehler|stoerung|code)\w*( mehr)?\b"
    r"|\bnot any ?more\b|\bno (?:more )?(?:error|fault)\w*\b"
    r"|\b(?:fehler|stoerung|error|problem|e\d\d|code) (?:\w+ ){0,2}(?:weg|behoben|geloest|gone|erledigt)\b"
)
_FAILED = re.compile(
    r"\b(?:nicht|nichts|nix|nei|nein|ne|nee|noe|net|ned|nope|no|not|kein\w*|leider|trotzdem|weiterhin|weiter|"
    r"bleibt|bleiben|besteht|remains|persists|unchanged|"
    r"weda|nada|same|still|(?:did|does|do|wo|is)n ?'?t|nie|unveraendert|vergeblich|dalej|ciagle|"
    r"olmadi|olmuyor|calismiyor|gitmiyor|ayni|hala|nu merge|не)\b"
    r"|\bimmer ?noch\b|\bnoch ?immer\b|\bnoch (?:da|so|der|die|das|dasselbe)\b"
    r"|\bwieder (?:da|e\d|der|die|das)\b"
    r"|\b(?:kommt|blinkt|brummt|zeigt|steht|faellt) (?:\w+ ){0,3}?wieder\b(?! normal)"
    r"|\b(?:is|are|came|comes|coming|it'?s) (?:right |straight |just )?back\b(?! to normal)"
    r"|\b(?:geht|springt) (?:\w+ ){0,3}?wieder (?:\w+ )?(?:aus|auf|in|los|raus|weg|stoerung)\b"
    r"|\bgleich(?:e|er|es)\b|\bdasselbe\b|\bderselbe\b|\bdas ?selbe\b|\bauch (?:nicht|nix|das)\b|\bagain\b"
)
_HELPED = re.compile(
    r"\b(?:laeuft|laft|rennt|geht|funktioniert|funzt|klappt|geklappt|geholfen|works?|working|worked|fixed|"
    r"solved|sorted|running|behoben|geloest|erledigt|hilft|helped|weg|bestens|perfekt|perfect|super|top|"
    r"prima|spitze|ja|jo|jap|yes|yep|yeah|dziala|calisti|calisiyor|"
    r"duzeldi|merge|работает|заработало)\b"
)
_DECLINED = re.compile(
    r"^(?:nein|ne|nee|noe|no|nope|nö)[,.! ]*(?:danke?|merci|thanks?|thank you|thx|alles gut|passt|schon gut|"
    r"reicht|das war'?s|das wars|das war alles|mehr nicht|that'?s all|that is all)\b"
)
_AROUND = re.compile(
    r"(?:ist|es|das|der|die|er|sie|ihn|auch|jetzt|nun|nu|schon|alles|wieder|endlich|dann|ok|okay|danke|ja|jo|"
    r"fehler|stoerung|code|meldung|anzeige|lampe|leuchte|hat|haben|ich|wir|und|so|now|it|is|its|the|error|"
    r"code|fault|again|all|thanks|yes|ok|that|has|gone|did)"
)
_CODE = re.compile(r"[a-z]{1,2}\d{1,3}")


def only_helped(text: str) -> bool:
    """Whether the words say that it helped and nothing besides: "ist auch weg jetzt"."""
    words = re.findall(r"[^\W_]+", readable(text))
    return helped(text) is True and all(
        _AROUND.fullmatch(word) or _HELPED.fullmatch(word) or _CODE.fullmatch(word) for word in words
    )


def helped(text: str) -> bool | None:
    """Whether the steps helped, as far as the words tell; None when they speak of something else."""
    words = readable(text)
    if _GONE.search(words):
        return True
    if _FAILED.search(words):
        return False
    return True if _HELPED.search(words) else None


def declines(text: str) -> bool:
    """Whether somebody politely wants nothing more: "nein danke"."""
    return _DECLINED.search(readable(text)) is not None

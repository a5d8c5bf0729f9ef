"""Did it help? How people answer when the bot told them to try something, or asked them for a number."""

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
_WILL_TRY = re.compile(
    r"\b(?:mach|probier|versuch|schau|guck|pruef|check|test)\w* (?:ich|i|wir|ma|mer)\b"
    r"|\b(?:ich|i|wir) (?:mach|probier|versuch|schau|guck|pruef|check|test)\w*"
    r"|\b(?:will|i'?ll|let me|gonna) (?:\w+ )?(?:try|do|check|look|test)\b"
    r"|^(?:ok\w*\W+|ja\W+)?(?:moment|sekunde|augenblick|gleich|sofort|bin dran|hang on)\b"
)
_ASKS = re.compile(
    r"(?:und |ok\w* |ja )?(?:was|wie|wo|wann|soll|kann|darf|what|how|where|when|should|can|shall)\b"
)
_LACKS = re.compile(
    r"\b(?:find|finde|weiss|woass|kenn|kenne|seh|sehe)\b.{0,20}\b(?:nicht|net|ned|nimmer|kein\w*|nix|nirgends)\b"
    r"|\b(?:hab|habe|haben|steht)\b.{0,20}\b(?:nicht|net|ned|nimmer|nix|nirgends)\b"
    r"|\bkein(?:e|en|er)? (?:ahnung|plan|blassen|beleg|\w*nummer|\w*schild|\w*schein|\w*bestaetigung)\b"
    r"|\b(?:hab|habe|haben) (?:\w+ )?kein(?:e|en|er)?\W*$|^kein(?:e|en|er)?\W*$"
    r"|\b(?:don'?t|do not|can'?t|cannot) (?:\w+ )?(?:know|have|find)\b|\bno (?:idea|number|clue)\b"
    r"|\bnie (?:wiem|mam|znam)\b|\bbilmiyorum\b|\bnu (?:stiu|am)\b"
)
_FEW = 8  # words; whoever says more says something else too
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


def will_try(text: str) -> bool:
    """Whether somebody is about to try: "mach ich gleich"."""
    words = readable(text)
    asks = "?" in words or _ASKS.match(words) is not None
    few = len(words.split()) <= _FEW
    return few and not asks and helped(text) is None and _WILL_TRY.search(words) is not None


def lacks(text: str) -> bool:
    """Whether somebody does not have what was asked for: "hab keine Nummer"."""
    words = readable(text)
    return len(words.split()) <= _FEW and _LACKS.search(words) is not None

"""What else the words tell within a topic: a copy of an invoice, a certificate, a device without a code.

Kept as a slot, so that it is still known after a question back or a proof of who is writing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from bot.answers.parts import PART, part_meant
from nlu.wording import readable

# The rules read normalised text (`nlu.wording`): lower case, "ue" for "ü", digits as 0.
_COPY = re.compile(
    r"rechnungs?(?:kopie|duplikat)|\b(?:kopie|copy|duplikat|pdf)\b"
    r"|\b(?:noch ?mal\w*|noch einmal|nomoi|no amoi|again|resend)\b"
    r"|\b(?:schick\w*|sende?\w*|brauch\w*|braeuchte\w*|need|get|haben|zukommen|geben|fehl(?:t|en)|missing)\b"
    r"|\b(?:nicht|nie|nix|never|not|haven'?t)\b.{0,25}"
    r"\b(?:erhalten|bekommen|da|gekommen|came|received|got|arrived)\b"
    r"|\bwo (?:bleibt|ist)\b|\bwhere(?:'?s| is)\b"
)
# What is a matter for accounting, however much it sounds like a wish for a copy.
_OTHER = re.compile(
    r"falsch|wrong|stimm|\bpass(?:t|en)\b|doppel|zweimal|twice|mahn|remind|inkasso|anwalt|verzug|why\b|warum|wieso"
    r"|zahl|payment|\bpay|\bpaid\b|konto\b|kontodaten|iban|sepa|\bbank|lastschrift|\bcard\b|\bkarte\b|avis|advice"
    r"|betrag|amount|total|saldo|\boffen|outstanding|\bopen\b|frist|faellig|\bdue\b|skonto|rabatt|discount|bonus"
    r"|gutschrift|credit|steuer|mwst|\bvat\b|preis|price|\bhoch\b|berechnet|billed|fracht|freight|charge"
    r"|angebot|quote|adress|anschrift|umschreib|ausstell|umstell|aender|change|storn|\bandere|another"
    r"|kostenstelle|cost centre|xrechnung|zugferd|elektronisch|online|sammel|pro ?forma|abschlag|\bschlussr"
    r"|vorkasse|fakturier|wann kommt|wohin"
    r"|\b(?:auf|in) (?:der|die|eurer|ihrer)\b|on the (?:invoice|bill)|nummer (?:fehlt|muss)"
    r"|lieferschein|delivery note|packing list"
)
_PARTS = frozenset({"stock_availability", "spare_part"})
_NUMBERS = frozenset({"invoice_number", "order_number"})
_LATEST = re.compile(
    r"\b(?:letzte[nrsm]?|last|latest|neueste[nrsm]?|juengste[nrsm]?)\b(?!.{0,12}\b(?:rechnungen|invoices)\b)"
)
_CERTIFICATE = re.compile(
    r"konformit|conformity|zertifi|certific|\bcert\b|pruef(?:zeugnis|bericht|bescheinigung|nachweis)|nachweis"
    r"|\bvdi\b|hygiene|leistungserklaerung|declaration|\bdop\b|\bce\b|zulassung|deklarac|certyfikat|sertifika"
)
_SHEET = re.compile(
    r"datenbl|data ?sheet|technische daten|anleitung|handbuch|manual|massbl|zeichnung|drawing|kennlinie|curve"
)
# "no error, but …" is a fault too; "ohne Display" is a device that cannot show a code.
_NO_CODE = re.compile(
    r"\b(?:kein(?:e|en)?|ohne|no|without|not showing)\b (?:\w+ ){0,2}?"
    r"(?:fehlercode|stoercode|code|fehlermeldung|fehleranzeige|meldung|anzeige|display|error message)\b"
)


def with_wish(
    intents: Collection[str], text: str, said: Collection[str], slots: Mapping[str, str]
) -> dict[str, str]:
    """The slots with what the text wishes for: `invoice` is copy or latest, `document` certificate or both,
    `code` none when the device shows none, `part` the kind of part.

    `intents` are all that the text is about, `said` the entities named in it or pointed back to. What another
    word takes back is gone, and a new wish for an invoice is not about the one before.
    """
    wished = dict(slots)
    plain = readable(text)
    if "invoice" in intents:
        wish = _invoice(plain, said)
        if wish is not None:
            wished = {name: value for name, value in wished.items() if name in said or name not in _NUMBERS}
            wished["invoice"] = wish
        elif _OTHER.search(plain):
            wished.pop("invoice", None)
    if "datasheet" in intents:
        if _CERTIFICATE.search(plain):
            wished["document"] = "both" if _SHEET.search(plain) else "certificate"
        elif _SHEET.search(plain):
            wished.pop("document", None)
    if not _PARTS.isdisjoint(intents):
        part = part_meant(text, wished.pop(PART, None))
        wished |= {PART: part} if part is not None else {}
    if "error_code" in intents and _NO_CODE.search(plain):
        wished["code"] = "none"
    return wished


def _invoice(plain: str, said: Collection[str]) -> str | None:
    if _OTHER.search(plain):
        return None
    if _LATEST.search(plain):
        return "latest"
    return "copy" if not _NUMBERS.isdisjoint(said) or _COPY.search(plain) else None

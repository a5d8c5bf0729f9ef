"""Certificates as one page of HTML: the maker's declaration of conformity, and findings on hygiene."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from bot.demo.assets.letter import page, table

TITLES = {
    "conformity": {"de": "EU-Konformitätserklärung {family}", "en": "EU declaration of conformity {family}"},
    "hygiene": {"de": "Hygienezertifikat VDI 6022 {family}", "en": "Hygiene certificate VDI 6022 {family}"},
}
"""What each kind is called, in documents and in the chat."""

_WORDS = {
    "de": {
        "kind": "Nachweis",
        "declares": "Wir, die Nordwind Ventilatoren GmbH, erklären in alleiniger Verantwortung, dass diese"
        " Produkte den unten genannten Vorschriften entsprechen.",
        "products": "Produkte",
        "rules": "Vorschriften",
        "standards": "Angewandte Normen",
        "signed": "Berlin, 2. März 2026 · Dr.-Ing. Helene Voss, Technische Leitung",
        "tested": "Geprüft nach VDI 6022 Blatt 1 vom Prüfinstitut Spreeluft, Berlin.",
        "finding": "Anforderung",
        "result": "Ergebnis",
        "institute": "Berlin, 16. März 2026 · Bericht SL-2026-117 · gültig drei Jahre",
    },
    "en": {
        "kind": "Certificate",
        "declares": "We, Nordwind Ventilatoren GmbH, declare under our sole responsibility that these"
        " products comply with the rules below.",
        "products": "Products",
        "rules": "Rules",
        "standards": "Standards applied",
        "signed": "Berlin, 2 March 2026 · Dr.-Ing. Helene Voss, Head of Engineering",
        "tested": "Tested to VDI 6022 part 1 by the institute Prüfinstitut Spreeluft, Berlin.",
        "finding": "Requirement",
        "result": "Result",
        "institute": "Berlin, 16 March 2026 · report SL-2026-117 · valid for three years",
    },
}


def conformity(
    family: str,
    articles: Sequence[str],
    rules: Sequence[Mapping[str, str]],
    standards: Sequence[str],
    language: str,
) -> str:
    """The declaration of conformity of a family, as HTML for one A4 page."""
    words = _WORDS[language]
    body = (
        f"<p class=claim>{words['declares']}</p>{_products(articles, words)}"
        f"<h2>{words['rules']}</h2>{table((), [[rule[language]] for rule in rules])}"
        f"<h2>{words['standards']}</h2><p>{escape(' · '.join(standards))}</p>"
        f"<p class=notes>{words['signed']}</p>"
    )
    return page(words["kind"], TITLES["conformity"][language].format(family=family), body, language)


def hygiene(
    family: str, articles: Sequence[str], findings: Sequence[Sequence[Mapping[str, Any]]], language: str
) -> str:
    """The findings on hygiene of a family, as HTML for one A4 page."""
    words = _WORDS[language]
    rows = [[cell[language] for cell in row] for row in findings]
    body = (
        f"<p class=claim>{words['tested']}</p>{_products(articles, words)}"
        f"<h2>VDI 6022</h2>{table((words['finding'], words['result']), rows)}"
        f"<p class=notes>{words['institute']}</p>"
    )
    return page(words["kind"], TITLES["hygiene"][language].format(family=family), body, language)


def _products(articles: Sequence[str], words: Mapping[str, str]) -> str:
    return f"<h2>{words['products']}</h2><p>{escape(', '.join(articles))}</p>"

"""What invoices and certificates look like: the maker's letterhead around a page of HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

MAKER = "Nordwind Ventilatoren GmbH · Berlin"
_STYLE = (Path(__file__).parent / "datasheet.css").read_text(encoding="utf-8")
_FOOT = {
    "de": "(030) 23125 100 · nordwind.example · Muster: Firmen, Waren und Prüfungen sind erfunden",
    "en": "+49 30 23125 100 · nordwind.example · Sample: companies, goods and tests are made up",
}


def page(kind: str, title: str, body: str, language: str) -> str:
    """One A4 page as HTML: `kind` stands at the top, `title` above the `body`, which is HTML itself."""
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style><main><header><b>NORDWIND</b><span>{escape(kind)}</span></header>"
        f"<h1>{escape(title)}</h1>{body}<footer>{MAKER} · {_FOOT[language]}</footer></main></html>"
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of plain words."""
    heads = "".join(f"<th>{escape(word)}</th>" for word in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{heads}</tr>{body}</table>" if head else f"<table>{body}</table>"

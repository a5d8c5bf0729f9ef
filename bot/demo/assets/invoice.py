"""Invoices as one page of HTML. They bear no date: the demo counts its days from the day of seeding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape

from bot.demo.assets.letter import page, table

_VAT = Decimal("0.19")
_WORDS = {
    "de": {
        "kind": "Rechnung",
        "head": ("Artikel", "Bezeichnung", "Menge", "Einzelpreis", "Betrag"),
        "order": "Auftrag {order} · Lieferung laut Lieferschein",
        "sums": ("Summe netto", "Umsatzsteuer 19 %", "Rechnungsbetrag"),
        "terms": "Zahlbar in 30 Tagen ohne Abzug. Bitte nennen Sie bei der Zahlung die Rechnungsnummer.",
    },
    "en": {
        "kind": "Invoice",
        "head": ("Article", "Description", "Quantity", "Unit price", "Amount"),
        "order": "Order {order} · delivered as per delivery note",
        "sums": ("Net total", "VAT 19 %", "Total"),
        "terms": "Payable within 30 days without deduction. Please state the invoice number.",
    },
}


def write(
    number: str,
    order: str,
    customer: Sequence[str],
    lines: Sequence[tuple[str, Mapping[str, str], int, Decimal]],
    language: str,
) -> str:
    """An invoice as HTML for one A4 page. `customer` is the address line by line, `lines` are article,
    name by language, quantity and net price of one.
    """
    words = _WORDS[language]
    net = sum((price * quantity for _, _, quantity, price in lines), Decimal(0))
    tax = (net * _VAT).quantize(Decimal("0.01"))
    rows = [
        [article, name[language], str(quantity), _euros(price, language), _euros(price * quantity, language)]
        for article, name, quantity, price in lines
    ]
    sums = [
        [label, _euros(value, language)]
        for label, value in zip(words["sums"], (net, tax, net + tax), strict=True)
    ]
    body = (
        f"<p class=claim>{'<br>'.join(escape(line) for line in customer)}</p>"
        f"<p>{escape(str(words['order']).format(order=order))}</p>"
        f"{table(words['head'], rows)}<h2></h2>{table((), sums)}"
        f"<p class=notes>{escape(str(words['terms']))}</p>"
    )
    return page(str(words["kind"]), f"{words['kind']} {number}", body, language)


def _euros(value: Decimal, language: str) -> str:
    plain = f"{value:,.2f}"
    return f"{plain.translate(str.maketrans(',.', '.,'))} €" if language == "de" else f"€ {plain}"

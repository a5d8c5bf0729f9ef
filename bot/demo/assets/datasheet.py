"""Data sheets as one page of HTML: claim, features, table, and curves or parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

_COLOURS = ("#1f5fae", "#d9822b", "#2f8f5b", "#8a4fb5")
_WORDS = {
    "de": {
        "kind": "Datenblatt",
        "data": "Technische Daten",
        "curves": "Kennlinien",
        "parameters": "Werkseinstellung",
        "flow": "Volumenstrom in m³/h",
        "pressure": "Druck in Pa",
        "foot": "(030) 23125 100 · nordwind.example · Technische Änderungen vorbehalten",
    },
    "en": {
        "kind": "Data sheet",
        "data": "Technical data",
        "curves": "Performance",
        "parameters": "Factory settings",
        "flow": "Flow in m³/h",
        "pressure": "Pressure in Pa",
        "foot": "+49 30 23125 100 · nordwind.example · Subject to technical changes",
    },
}
_STYLE = (Path(__file__).parent / "datasheet.css").read_text(encoding="utf-8")
_MAKER = "Nordwind Ventilatoren GmbH · Berlin"


def _in(value: Any, language: str) -> str:
    """A cell in a language: numbers lose the German decimal comma in English."""
    words = str(value[language]) if isinstance(value, Mapping) else str(value)
    return escape(words if language == "de" else re.sub(r"(?<=\d),(?=\d)", ".", words))


def _table(head: Sequence[str], rows: Sequence[Sequence[Any]], language: str) -> str:
    heads = "".join(f"<th>{escape(word)}</th>" for word in head)
    body = "".join("<tr>" + "".join(f"<td>{_in(c, language)}</td>" for c in row) + "</tr>" for row in rows)
    return f"<table><tr>{heads}</tr>{body}</table>" if head else f"<table>{body}</table>"


def _step(highest: float) -> int:
    """A round distance that divides an axis into four to eight parts."""
    power = 10 ** (len(str(int(highest))) - 1)
    return next(int(power * f) for f in (0.1, 0.2, 0.25, 0.5, 1, 2) if highest / (power * f) <= 8)


def _curves(curves: Mapping[str, Sequence[float]], words: Mapping[str, str]) -> str:
    """Pressure over flow, as the parabola through the two measured ends."""
    width, height, left, bottom = 640, 290, 56, 42
    most_p = max(p for p, _ in curves.values()) * 1.08
    most_q = max(q for _, q in curves.values()) * 1.06

    def x(flow: float) -> float:
        return left + flow / most_q * (width - left - 8)

    def y(pressure: float) -> float:
        return height - bottom - pressure / most_p * (height - bottom - 12)

    parts, labels = [], []
    for flow in range(0, int(most_q) + 1, _step(most_q)):
        parts.append(f'<path d="M{x(flow):.1f} {y(0):.1f}V12" stroke="#d5dce4"/>')
        parts.append(f'<text x="{x(flow):.1f}" y="{y(0) + 16:.1f}" text-anchor="middle">{flow}</text>')
    for pressure in range(0, int(most_p) + 1, _step(most_p)):
        parts.append(f'<path d="M{left} {y(pressure):.1f}H{width - 8}" stroke="#d5dce4"/>')
        parts.append(f'<text x="{left - 8}" y="{y(pressure) + 4:.1f}" text-anchor="end">{pressure}</text>')
    for (article, (p0, q0)), colour in zip(curves.items(), _COLOURS, strict=False):
        points = [(x(q0 * i / 40), y(p0 * (1 - (i / 40) ** 2))) for i in range(41)]
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="3"/>')
        at = points[22]
        labels.append(
            f'<text class="label" x="{at[0] + 8:.1f}" y="{at[1] - 6:.1f}" fill="{colour}">{article}</text>'
        )
    parts.append(
        f'<text x="{(left + width) / 2}" y="{height - 6}" text-anchor="middle">{words["flow"]}</text>'
    )
    parts.append(
        f'<text transform="rotate(-90)" x="{-(height - bottom) / 2}" y="12" text-anchor="middle">'
        f"{words['pressure']}</text>"
    )
    return f'<svg viewBox="0 0 {width} {height}" width="100%">{"".join(parts + labels)}</svg>'


def write(family: str, sheet: Mapping[str, Any], language: str) -> str:
    """Write the data sheet of a family in a language, as HTML for one A4 page."""
    words = _WORDS[language]
    features = "".join(f"<li>{escape(feature)}</li>" for feature in sheet["features"][language])
    if "curves" in sheet:
        last = f"<h2>{words['curves']}</h2>{_curves(sheet['curves'], words)}"
    else:
        last = f"<h2>{words['parameters']}</h2>{_table((), sheet['parameters'], language)}"
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{family}</title>'
        f"<style>{_STYLE}</style><main><header><b>NORDWIND</b><span>{words['kind']}</span></header>"
        f"<h1>{escape(sheet['name'][language])}</h1><p class=claim>{escape(sheet['claim'][language])}</p>"
        f"<ul>{features}</ul><h2>{words['data']}</h2>"
        f"{_table(sheet['columns'][language], sheet['rows'], language)}{last}"
        f"<p class=notes>{escape(sheet['notes'][language])}</p>"
        f"<footer>{_MAKER} · {words['foot']}</footer></main></html>"
    )

"""Wiring diagrams as SVG: rows of terminal strips with what belongs to them, notes and a warning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from bot.demo.assets.shapes import BLUE, DEVICE, MUTED, PAPER, box, circle, middle_of, text
from bot.demo.assets.symbols import INSIDES, OUTSIDES

WIDTH = 1080
MARGIN = 48
_HEAD, _INSIDE, _OUTSIDE, _NOTE = 150, 170, 330, 74
_WARNING = (
    "⚠ Nur durch eine Elektrofachkraft. Vorher spannungsfrei schalten.",
    "Qualified electricians only. Switch off and secure before working.",
)


def _fitting(label: str, width: float) -> int:
    """The font size at which a bold label is no wider than `width` pixels."""
    return min(24, int(width / (0.68 * len(label))))


def _row(blocks: Sequence[Mapping[str, Any]], top: float) -> str:
    count = sum(len(block["terminals"]) for block in blocks)
    gap = 0.9  # between blocks, in terminals
    step = min(112, (WIDTH - 2 * MARGIN - 40) / (count + gap * (len(blocks) - 1)))
    left = (WIDTH - step * (count + gap * (len(blocks) - 1))) / 2 + step / 2
    strip = top + _INSIDE
    parts = [box(MARGIN, top, WIDTH - 2 * MARGIN, _INSIDE + 62, DEVICE)]
    for block in blocks:
        terminals = block["terminals"]
        xs = [left + step * i for i in range(len(terminals))]
        parts.append(INSIDES[block["inside"]](xs, strip))
        for x, (label, _) in zip(xs, terminals, strict=True):
            parts.append(box(x - step / 2 + 3, strip, step - 6, 62))
            parts.append(circle(x, strip + 44, 8, DEVICE))
            parts.append(text(x, strip + 27, label, _fitting(label, step - 14), weight=700))
        parts.append(OUTSIDES[block["outside"]](xs, strip + 62, [wire for _, wire in terminals]))
        german, english = block["caption"]
        parts.append(text(middle_of(xs), strip + 62 + _OUTSIDE - 22, german, 22, weight=600, colour=BLUE))
        if english != german:
            parts.append(text(middle_of(xs), strip + 62 + _OUTSIDE + 4, english, 19, colour=MUTED))
        left += step * (len(terminals) + gap)
    return "".join(parts)


def draw(code: str, diagram: Mapping[str, Any]) -> tuple[str, int]:
    """Draw one diagram; returns the SVG and its height in pixels. The width is WIDTH."""
    row_height = _INSIDE + 62 + _OUTSIDE + 40
    rows, notes = diagram["rows"], diagram["notes"]
    height = _HEAD + row_height * len(rows) + _NOTE * len(notes) + 130
    title, english = diagram["title"]["de"], diagram["title"]["en"]
    parts = [
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
        f'<rect width="{WIDTH}" height="12" fill="{BLUE}"/>',
        text(MARGIN, 66, title, 42, weight=700, anchor="start"),
        text(MARGIN, 104, f"Anschlussplan · Wiring diagram · {english}", 24, colour=MUTED, anchor="start"),
        text(WIDTH - MARGIN, 60, "NORDWIND", 26, weight=700, colour=BLUE, anchor="end"),
    ]
    parts += [_row(blocks, _HEAD + row_height * i) for i, blocks in enumerate(rows)]
    y = _HEAD + row_height * len(rows) + 24
    for german, english in notes:
        parts.append(circle(MARGIN + 8, y - 8, 5, BLUE))
        parts.append(text(MARGIN + 30, y, german, 25, anchor="start"))
        parts.append(text(MARGIN + 30, y + 29, english, 21, colour=MUTED, anchor="start"))
        y += _NOTE
    parts.append(f'<rect x="0" y="{height - 104}" width="{WIDTH}" height="104" fill="#fff3d6"/>')
    parts.append(text(MARGIN, height - 60, _WARNING[0], 27, weight=700, anchor="start"))
    parts.append(text(MARGIN, height - 26, _WARNING[1], 23, anchor="start"))
    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    name = f"<title>{escape(f'{code}: {title}')}</title>"
    font = 'font-family="Liberation Sans, Arial, sans-serif"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" {font}>{name}{"".join(parts)}</svg>'
    return svg, height

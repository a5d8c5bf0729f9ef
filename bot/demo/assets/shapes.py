"""The strokes wiring diagrams are drawn with, as SVG. Places are pixels from the top left."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

INK, MUTED, PAPER, DEVICE, BLUE = "#1c2530", "#5b6673", "#ffffff", "#eef3f8", "#1f5fae"
_WIRES = {"L1": "#7b4a21", "L2": "#16181b", "L3": "#8b929b", "N": "#2b6fd6", "signal": "#334155"}

Points = Sequence[float]
"""Where the terminals of a block are, from left to right."""


def line(x1: float, y1: float, x2: float, y2: float, colour: str = INK, width: float = 4) -> str:
    """A straight line."""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        f'stroke-width="{width}" stroke-linecap="round"/>'
    )


def text(
    x: float,
    y: float,
    words: str,
    size: int = 24,
    *,
    weight: int = 400,
    colour: str = INK,
    anchor: str = "middle",
) -> str:
    """Words on one line."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" fill="{colour}" '
        f'text-anchor="{anchor}">{escape(words)}</text>'
    )


def box(x: float, y: float, width: float, height: float, fill: str = PAPER) -> str:
    """A box with round corners."""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="8" fill="{fill}" '
        f'stroke="{INK}" stroke-width="3"/>'
    )


def circle(x: float, y: float, radius: float, fill: str = PAPER) -> str:
    """A circle."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" stroke="{INK}" stroke-width="3"/>'


def wire(x: float, y1: float, y2: float, kind: str) -> str:
    """A vertical wire in the colour of its kind (L1 L2 L3 N PE or signal)."""
    if kind != "PE":
        return line(x, y1, x, y2, _WIRES[kind], 6)
    stripes = (
        f'<line x1="{x:.1f}" y1="{y1:.1f}" x2="{x:.1f}" y2="{y2:.1f}" stroke="#1d8a3a" stroke-width="6" '
    )
    return line(x, y1, x, y2, "#f2cf1d", 6) + stripes + 'stroke-dasharray="12 12"/>'


def middle_of(xs: Points) -> float:
    """The middle of a group of terminals."""
    return (xs[0] + xs[-1]) / 2

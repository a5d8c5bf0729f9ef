"""What stands behind the terminals of a device, and what is connected to them on site.

A symbol takes the places of its terminals and `y`: the top of the terminal strip, above which an
inside is drawn, or its lower edge, below which an outside is drawn together with its wires.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.demo.assets.shapes import INK, MUTED, Points, box, circle, line, middle_of, text, wire

Inside = Callable[[Points, float], str]
Outside = Callable[[Points, float, Sequence[str]], str]


def _housed(words: str, small: str = "") -> Inside:
    """A labelled box that all terminals lead to."""

    def draw(xs: Points, y: float) -> str:
        left, right = xs[0] - 30, xs[-1] + 30
        parts = [line(x, y, x, y - 40) for x in xs]
        parts.append(box(left, y - 130, right - left, 90))
        parts.append(text(middle_of(xs), y - (82 if small else 76), words, 26, weight=600))
        if small:
            parts.append(text(middle_of(xs), y - 54, small, 20, colour=MUTED))
        return "".join(parts)

    return draw


def _motor(words: str) -> Inside:
    def draw(xs: Points, y: float) -> str:
        middle, top = middle_of(xs), y - 95
        parts = [line(x, y, middle, top) for x in xs]
        parts += [circle(middle, top, 46), text(middle, top - 2, "M", 34, weight=700)]
        parts.append(text(middle, top + 28, words, 22))
        return "".join(parts)

    return draw


def _thermal(xs: Points, y: float) -> str:
    a, b, top = xs[0], xs[-1], y - 90
    return (
        line(a, y, a, top)
        + line(b, y, b, top)
        + line(a, top, a + 8, top)
        + line(a + 8, top, b - 4, top + 16)
        + line(b, top, b, top + 2)
        + text(middle_of(xs), top - 16, "ϑ", 30, weight=600)
    )


def _relay(xs: Points, y: float) -> str:
    nc, com, no, top = xs[0], xs[1], xs[2], y - 95
    return (
        line(com, y, com, y - 45)
        + line(com, y - 45, no - 6, top + 8)
        + line(nc, y, nc, top)
        + line(nc, top, com - 26, top)
        + line(no, y, no, top)
        + line(no, top, no - 10, top)
        + text(com, top - 20, "K", 24, weight=600)
    )


INSIDES: Mapping[str, Inside] = {
    "motor1": _motor("1~"),
    "motor3": _motor("3~"),
    "ec": _housed("EC-Motor", "M + Elektronik"),
    "winding": _housed("Wicklung"),
    "windings": _housed("Wicklungen"),
    "supply": _housed("Netzteil"),
    "input": _housed("I/O"),
    "rectifier": _housed("Gleichrichter", "AC → DC"),
    "inverter": _housed("Wechselrichter", "DC → AC"),
    "thermal": _thermal,
    "relay": _relay,
}


def _mains(xs: Points, y: float, wires: Sequence[str]) -> str:
    """Isolator switch, fuses, and the lines of the mains."""
    parts, live = [], [x for x, kind in zip(xs, wires, strict=True) if kind != "PE"]
    for x, kind in zip(xs, wires, strict=True):
        if kind == "PE":
            parts.append(wire(x, y, y + 230, kind))
        else:
            parts += [wire(x, y, y + 50, kind), line(x, y + 90, x - 18, y + 54)]
            parts.append(wire(x, y + 90, y + 230, kind))
            if kind != "N":
                parts.append(box(x - 9, y + 130, 18, 50))
        name = "L" if kind == "L1" and "L2" not in wires else kind
        parts.append(text(x, y + 262, name, 26, weight=700))
    parts.append(
        f'<line x1="{live[0] - 9:.1f}" y1="{y + 72}" x2="{live[-1] - 9:.1f}" y2="{y + 72}" '
        f'stroke="{INK}" stroke-width="2" stroke-dasharray="6 5"/>'
    )
    parts.append(text(live[0] - 22, y + 80, "Q1", 20, colour=MUTED, anchor="end"))
    parts.append(text(live[0] - 22, y + 162, "F1", 20, colour=MUTED, anchor="end"))
    return "".join(parts)


def _potentiometer(xs: Points, y: float, wires: Sequence[str]) -> str:
    plus, wiper, ground = xs[0], xs[1], xs[2]
    low = y + 150
    return (
        wire(plus, y, low, "signal")
        + wire(ground, y, low, "signal")
        + box(plus - 12, low - 14, ground - plus + 24, 28)
        + line(wiper, y, wiper, low - 22)
        + f'<path d="M{wiper - 9} {low - 32} L{wiper + 9} {low - 32} L{wiper} {low - 15} Z" fill="{INK}"/>'
        + text(wiper, low + 50, "10 kΩ", 24, weight=600)
        + text(wiper, low + 80, "oder GLT 0–10 V", 19, colour=MUTED)
        + text(wiper, low + 104, "or BMS 0–10 V", 19, colour=MUTED)
    )


def _to_box(title: str, *lines: str) -> Outside:
    def draw(xs: Points, y: float, wires: Sequence[str]) -> str:
        left, right = xs[0] - 34, xs[-1] + 34
        parts = [wire(x, y, y + 120, kind) for x, kind in zip(xs, wires, strict=True)]
        parts.append(box(left, y + 120, right - left, 60))
        parts.append(text(middle_of(xs), y + 159, title, 24, weight=600))
        parts += [
            text(middle_of(xs), y + 210 + 25 * i, words, 19, colour=MUTED) for i, words in enumerate(lines)
        ]
        return "".join(parts)

    return draw


def _lamp(xs: Points, y: float, wires: Sequence[str]) -> str:
    com, no, low = xs[1], xs[2], y + 130
    cross = line(no - 16, low - 16, no + 16, low + 16, width=3) + line(
        no - 16, low + 16, no + 16, low - 16, width=3
    )
    return (
        wire(no, y, low - 23, "signal")
        + circle(no, low, 23)
        + cross
        + line(no, low + 23, no, low + 60)
        + wire(com, y, low + 60, "signal")
        + text(no, low + 92, "Betrieb", 20, weight=600)
        + text(no, low + 117, "Healthy", 19, colour=MUTED)
        + text(com, low + 92, "L / 24 V", 20, weight=600, anchor="end")
    )


def _star(xs: Points, y: float, wires: Sequence[str]) -> str:
    low = y + 70
    parts = [line(x, y, x, low, width=6) for x in xs]
    parts.append(line(xs[0], low, xs[-1], low, width=12))
    parts.append(text(middle_of(xs), low + 54, "Y", 34, weight=700))
    return "".join(parts)


def _capacitor(xs: Points, y: float, wires: Sequence[str]) -> str:
    low, middle = y + 110, middle_of(xs)
    return (
        line(xs[0], y, xs[0], low)
        + line(xs[0], low, middle - 8, low)
        + line(middle - 8, low - 28, middle - 8, low + 28, width=6)
        + line(middle + 8, low - 28, middle + 8, low + 28, width=6)
        + line(middle + 8, low, xs[-1], low)
        + line(xs[-1], low, xs[-1], y)
        + text(middle, low + 66, "C 4 / 8 µF", 24, weight=600)
    )


def _switch(xs: Points, y: float, wires: Sequence[str]) -> str:
    a, b, low = xs[0], xs[-1], y + 110
    return (
        line(a, y, a, low)
        + line(a, low, a + 8, low)
        + line(a + 8, low, b - 10, low - 24)
        + line(b, low, b - 8, low)
        + line(b, y, b, low)
        + text(middle_of(xs), low + 46, "S1", 24, weight=600)
        + text(middle_of(xs), low + 74, "Ein / On", 19, colour=MUTED)
    )


def _motor_on_site(xs: Points, y: float, wires: Sequence[str]) -> str:
    middle, centre = middle_of(xs), y + 190
    screen = (
        f'<rect x="{xs[0] - 24:.1f}" y="{y + 34}" width="{xs[-1] - xs[0] + 48:.1f}" height="58" rx="29" '
        f'fill="none" stroke="{MUTED}" stroke-width="3" stroke-dasharray="9 7"/>'
    )
    parts = [wire(x, y, y + 110, kind) for x, kind in zip(xs, wires, strict=True)]
    parts += [line(x, y + 110, middle, centre) for x in xs]
    parts += [screen, circle(middle, centre, 54), text(middle, centre, "M", 38, weight=700)]
    parts.append(text(middle, centre + 32, "3~", 24))
    parts.append(text(middle, centre + 84, "geschirmt · screened", 19, colour=MUTED))
    return "".join(parts)


def _thermal_on_site(xs: Points, y: float, wires: Sequence[str]) -> str:
    low, middle = y + 110, middle_of(xs)
    return (
        line(xs[0], y, xs[0], low)
        + line(xs[-1], y, xs[-1], low + 20)
        + line(xs[0], low, xs[0] + 8, low)
        + line(xs[0] + 8, low, xs[-1] - 2, low + 16)
        + text(middle, low - 20, "ϑ", 26, weight=600)
        + text(middle, low + 56, "im Motor", 19, colour=MUTED)
        + text(middle, low + 80, "in the motor", 19, colour=MUTED)
    )


OUTSIDES: Mapping[str, Outside] = {
    "mains1": _mains,
    "mains3": _mains,
    "potentiometer": _potentiometer,
    "lamp": _lamp,
    "bus": _to_box("GLT", "RS-485", "120 Ω am Ende", "120 Ω at the end"),
    "panel": _to_box("Bedienteil", "Control panel", "J-Y(ST)Y 2×2×0,8"),
    "protection": _to_box("F2", "Motorschutz", "Motor protection"),
    "star": _star,
    "capacitor": _capacitor,
    "switch": _switch,
    "motor": _motor_on_site,
    "thermal_motor": _thermal_on_site,
}

"""Several orders or articles named in one breath."""

from __future__ import annotations

import pytest

from bot.listed import listed
from nlu.entities import find_entities


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Wo sind 4500123457 und 4500123458?", ["4500123457"]),
        ("4500123457, 4500123458", ["4500123457"]),
        ("NW-RV-250 and the NW-RD-280 in stock?", ["NW-RV-250"]),
        ("2x NW-RV-250 und 3x NW-RD-280", ["NW-RV-250"]),
        ("4500123496, nein, 4500123469", []),
        ("4500123496 sorry 4500123469", []),
        ("4500123457 und 4500123457", []),
        ("Wo ist 4500123457?", []),
    ],
)
def test_what_is_listed_before_the_last(text: str, values: list[str]) -> None:
    assert [value for _, value in listed(text, find_entities(text))] == values

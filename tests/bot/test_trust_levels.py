"""What each level unlocks, and what makes a level."""

from __future__ import annotations

import pytest

from bot.accounts.trust import (
    AUTHORISED,
    MEMBER,
    NEEDED,
    RECOGNISED,
    Evidence,
    Unlocks,
    capped,
    may,
    member_level,
    unlocked,
)


def test_everything_has_its_level_and_no_level_takes_anything_away() -> None:
    assert set(NEEDED) == set(Unlocks)
    for level in range(4):
        assert set(unlocked(level)) <= set(unlocked(level + 1))
    assert set(unlocked(AUTHORISED)) == set(Unlocks)


@pytest.mark.parametrize(
    ("what", "level"),
    [
        (Unlocks.PRODUCT_HELP, 0),
        (Unlocks.OWN_ORDERS, 2),
        (Unlocks.COMPANY_ORDERS, 3),
        (Unlocks.COMPANY_TICKETS, 3),
        (Unlocks.PRICES, 4),
        (Unlocks.CONTRACT, 4),
    ],
)
def test_the_table_says_what_the_specification_says(what: Unlocks, level: int) -> None:
    assert may(level, what)
    assert not may(level - 1, what)


def test_a_role_decides_only_when_the_person_was_proven() -> None:
    assert member_level(Evidence.CODE, ["purchasing"]) == AUTHORISED
    assert member_level(Evidence.CODE, ["fitter"]) == MEMBER
    assert member_level(Evidence.COMPANY_CODE, ["management"]) == MEMBER
    assert capped(AUTHORISED, ["fitter"]) == MEMBER
    assert capped(AUTHORISED, ["management"]) == AUTHORISED
    assert capped(RECOGNISED, ["fitter"]) == RECOGNISED

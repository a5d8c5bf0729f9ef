"""What somebody types into a search field, as conditions that the indexes answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import phonenumbers
from sqlalchemy import func, literal_column

Condition = Callable[[Any], Any]
"""Takes the column that is searched."""

_PLAIN: Any = literal_column("'simple'::regconfig")  # words as they are, in whatever language
_FEWEST_DIGITS = 4  # of a phone, counted from its end


def words_match(wanted: str) -> Condition | None:
    """That a text has all the words, by their beginnings; None when no word was typed."""
    terms = _split(wanted)
    if not terms:
        return None
    query = func.to_tsquery(_PLAIN, " & ".join(f"{term}:*" for term in terms))
    # Exactly as bot/storage/tables.py indexes it.
    return lambda column: func.to_tsvector(_PLAIN, column).op("@@")(query)


def last_digits(wanted: str) -> Condition | None:
    """That an address ends in these digits; None when it was no phone, or too little of one."""
    digits = phonenumbers.normalize_digits_only(wanted).lstrip("0")
    if len(digits) < _FEWEST_DIGITS or any(character.isalpha() for character in wanted):
        return None
    return lambda column: func.reverse(column).like(digits[::-1] + "%")


def _split(words: str) -> list[str]:
    """The words that were typed, cut at everything that is neither letter nor digit, as the database does."""
    return "".join(c if c.isalnum() else " " for c in words[:200]).split()[:10]

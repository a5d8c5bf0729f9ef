"""Customer numbers one slip away: what somebody may have meant who mistyped or misheard one."""

from __future__ import annotations

_DIGITS = "0123456789"


def slips(key: str) -> list[str]:
    """All keys that one slip makes of this one: a digit wrong, two swapped, one too many or too few.

    `key` is folded (`clues.fold_number`); its letters stay.
    """
    found: dict[str, None] = {}
    for i, c in enumerate(key):
        if c.isdigit():
            found |= dict.fromkeys(key[:i] + digit + key[i + 1 :] for digit in _DIGITS)
            found[key[:i] + key[i + 1 :]] = None
        if i + 1 < len(key):
            found[key[:i] + key[i + 1] + c + key[i + 2 :]] = None
    for i in range(len(key) + 1):
        found |= dict.fromkeys(key[:i] + digit + key[i:] for digit in _DIGITS)
    found.pop(key, None)
    found.pop("", None)
    return list(found)

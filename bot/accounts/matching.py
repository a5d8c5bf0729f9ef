"""From evidence to one account, to a question, or to nothing.

Firm evidence names its accounts by itself: a phone of somebody active, a switchboard, a customer
number that is said to be one, an e-mail on file, a domain. One account that all firm evidence shares
is a match, unless something speaks against it. A name is firm only when it is nearly the very name and
no other company comes near. Everything weaker (somebody who has left, a number with one slip, a
likeness, a profile name) leads to a question at most; two weak ones that mean the same single account
may be enough together. What contradicts itself is always a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum


class Strength(IntEnum):
    """How much a piece of evidence counts."""

    HINT = 1
    LIKELY = 2
    FIRM = 3


@dataclass(frozen=True, slots=True)
class Indication:
    """What one clue says. `accounts` are the ids it points to, best first.

    `against`: it forbids a match whatever else is known (somebody who has left, a number nobody has).
    `beside`: it counts only next to other evidence for the same account, and is forgotten otherwise.
    """

    kind: str
    strength: Strength
    accounts: tuple[int, ...]
    against: bool = False
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the evidence comes to: one account if `sure`, otherwise the candidates, best first."""

    sure: bool
    accounts: tuple[int, ...]
    evidence: tuple[str, ...]


_MOST = 8  # candidates of a question


def decide(found: Sequence[Indication], related: frozenset[frozenset[int]] = frozenset()) -> Verdict:
    """Weigh all evidence. `related` are pairs of accounts that belong to one company (parent and branch)."""
    alone = {account for evidence in found if not evidence.beside for account in evidence.accounts}
    found = [evidence for evidence in found if not evidence.beside or alone.intersection(evidence.accounts)]
    kinds = tuple(dict.fromkeys(evidence.kind for evidence in found if evidence.accounts))
    firm = [evidence for evidence in found if evidence.strength is Strength.FIRM and evidence.accounts]
    account = _agreed(firm, found, related)
    if account is not None and not any(evidence.against for evidence in found):
        return Verdict(True, (account,), tuple(e.kind for e in found if account in e.accounts))
    return Verdict(False, _candidates(found), kinds)


def _agreed(
    firm: Sequence[Indication], found: Sequence[Indication], related: frozenset[frozenset[int]]
) -> int | None:
    """The one account that the evidence agrees on."""
    if not firm:
        return _together([e for e in found if e.strength is Strength.LIKELY])
    common = set(firm[0].accounts).intersection(*(evidence.accounts for evidence in firm))
    if not common:
        common = _same_company(firm, related)
    if len(common) > 1:
        for evidence in found:
            narrowed = common.intersection(evidence.accounts)
            if evidence.strength is Strength.LIKELY and len(narrowed) == 1:
                common = narrowed
    if len(common) != 1:
        return None
    (account,) = common
    contradicted = any(
        evidence.strength is Strength.LIKELY
        and account not in evidence.accounts
        and not any(frozenset((account, other)) in related for other in evidence.accounts)
        for evidence in found
        if evidence.accounts
    )
    return None if contradicted else account


def _same_company(firm: Sequence[Indication], related: frozenset[frozenset[int]]) -> set[int]:
    """A name of the parent with a phone of the branch means the branch: names are the weaker part."""
    by_name = [evidence for evidence in firm if evidence.kind == "name"]
    others = [evidence for evidence in firm if evidence.kind != "name"]
    if not by_name or not others:
        return set()
    common = set(others[0].accounts).intersection(*(evidence.accounts for evidence in others))
    named = {account for evidence in by_name for account in evidence.accounts}
    return {a for a in common if any(frozenset((a, other)) in related for other in named)}


def _together(likely: Sequence[Indication]) -> int | None:
    """The account that pieces of different kinds, none of them enough alone, single out together."""
    if len({evidence.kind for evidence in likely}) < 2:
        return None
    common = set(likely[0].accounts).intersection(*(evidence.accounts for evidence in likely))
    return common.pop() if len(common) == 1 else None


def _candidates(found: Iterable[Indication]) -> tuple[int, ...]:
    ordered = sorted(found, key=lambda evidence: -evidence.strength)
    return tuple(dict.fromkeys(account for evidence in ordered for account in evidence.accounts))[:_MOST]

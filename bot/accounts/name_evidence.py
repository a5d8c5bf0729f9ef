"""What a typed name proves: the one company, some that may be meant, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.accounts.matching import Indication, Strength
from bot.accounts.name_parts import Name
from bot.accounts.name_score import Compared
from bot.accounts.phrases import Phrase

# On firms of the register these let pass few that are not in the directory (docs/accounts.md).
_SURE, _SURE_OWN, _SURE_GENERAL, _SURE_TRADES, _MARGIN = 90.0, 0.9, 0.6, 0.75, 10.0
_LIKELY, _LIKELY_OWN = 76.0, 0.8
_NEAR = 12.0  # points below the best within which others are offered too
_MOST = 5


@dataclass(frozen=True, slots=True)
class Ranked:
    """An account and how well it fits a name."""

    account_id: int
    compared: Compared


def weigh(
    phrase: Phrase, wanted: Name, ranked: Sequence[Ranked], *, profile: bool = False
) -> Indication | None:
    """What this phrase proves, its candidates ranked best first. A profile name is a hint at most."""
    if not ranked or not (wanted.own or ranked[0].compared.exact):
        return None
    best = ranked[0].compared
    near = tuple(
        r.account_id
        for r in ranked
        if (r.compared.score > best.score - _NEAR and _alike(r.compared))
        or (r.compared.contains and wanted.own and r.compared.place != "other" and best.place != "same")
        or (r.compared.contains and r.compared.place == "same")
        or (r.compared.inside and r.compared.telling)
    )
    if not near:
        return None
    if profile:
        return Indication("profile name", Strength.HINT, near[:_MOST])
    firm = _sure(wanted, ranked)
    if firm and phrase.said:
        return Indication("name", Strength.FIRM, near[:1])
    if phrase.said or firm:
        return Indication("name", Strength.LIKELY, near[:_MOST])
    return Indication("name", Strength.HINT, near[:_MOST])


def _alike(compared: Compared) -> bool:
    return compared.exact or (compared.score >= _LIKELY and compared.own >= _LIKELY_OWN)


def _sure(wanted: Name, ranked: Sequence[Ranked]) -> bool:
    best = ranked[0].compared
    others = [r.compared for r in ranked[1:] if r.compared.place == best.place or best.place != "same"]
    if best.place == "other" or any(other.contains for other in others):
        return False
    if not (best.exact or best.inside) and any(r.compared.inside for r in ranked[1:]):
        return False  # the very name of another
    placed = best.place == "same"
    if best.heard and not placed:
        return False
    if not best.telling and not placed:
        return False
    if best.exact:
        return placed or len(wanted.own) > 1 or bool(wanted.general)
    second = ranked[1].compared.score if len(ranked) > 1 else 0.0
    return (
        best.score >= _SURE
        and best.score - second >= _MARGIN
        and best.telling > 0
        and best.own >= _SURE_OWN
        and _trades_fit(wanted, best)
    )


def _trades_fit(wanted: Name, best: Compared) -> bool:
    """Whether the trade that was typed is the company's; its city and two telling words do without one."""
    placed = best.place == "same"
    if wanted.general:
        return best.general >= (_SURE_GENERAL if placed else _SURE_TRADES) or (placed and best.within)
    return placed and best.telling > 1

"""The corpus text by text, as admins see it: what was shipped, what they changed, what contradicts itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.storage.corpus import Changed
from nlu.corpus import Corpus, Example
from nlu.overlay import Change, key_of
from nlu.similar import near_pairs


@dataclass(frozen=True, slots=True)
class Entry:
    """One text of the corpus. `source` is shipped, console, review or import; `was` is the intent it was
    shipped under, when that is another one. A removed one is shown only where removed ones are asked for.
    """

    key: str
    text: str
    intent: str
    language: str
    source: str
    was: str | None = None
    removed: bool = False
    urgency: int | None = None
    complex: bool | None = None
    by: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IntentEntry:
    """An intent and how many texts it has. `source` is shipped or console."""

    name: str
    source: str
    examples: int
    removed: bool


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two nearly same texts under different intents."""

    first: Entry
    second: Entry
    similarity: float


@dataclass(frozen=True, slots=True)
class Import:
    """What a file would change. `moved` are texts that stand under another intent today; `near` are new
    texts that are nearly the same as one under another intent.
    """

    added: tuple[Change, ...]
    moved: tuple[tuple[Change, Entry], ...]
    same: int
    near: tuple[tuple[Change, Entry, float], ...]


def entry_of(key: str, change: Change, source: str) -> Entry:
    """A change as an entry."""
    return Entry(
        key,
        change.text,
        change.intent,
        change.language,
        source,
        removed=change.removed,
        urgency=change.urgency,
        complex=change.complex,
    )


def entries_of(shipped: Corpus, changes: Collection[Changed]) -> list[Entry]:
    """All texts, those of admins first, newest first; removed ones at the end."""
    first: dict[str, Example] = {}
    for example in shipped.examples:
        first.setdefault(key_of(example.text), example)
    found = []
    for changed in changes:
        original = first.pop(changed.key, None)
        was = original.intent if original is not None else None
        if changed.change.removed and original is None:
            continue
        entry = entry_of(changed.key, changed.change, changed.source)
        found.append(
            replace(entry, by=changed.by, at=changed.at, was=was if was != changed.change.intent else None)
        )
    found.reverse()
    found += [shipped_entry(key, e) for key, e in first.items()]
    return sorted(found, key=lambda entry: entry.removed)


def shipped_entry(key: str, example: Example) -> Entry:
    """A text as it was shipped."""
    labels = example.labels
    return Entry(
        key,
        example.text,
        example.intent,
        example.language,
        "shipped",
        urgency=labels.urgency if labels is not None else None,
        complex=labels.complex if labels is not None else None,
    )


def near_others(added: Sequence[Change], entries: Sequence[Entry]) -> tuple[tuple[Change, Entry, float], ...]:
    """Which new texts are nearly the same as one under another intent."""
    texts = [change.text for change in added] + [entry.text for entry in entries]
    found = []
    for pair in near_pairs(texts):
        if pair.first < len(added) <= pair.second:
            change, entry = added[pair.first], entries[pair.second - len(added)]
            if change.intent != entry.intent:
                found.append((change, entry, pair.similarity))
    return tuple(found[:50])

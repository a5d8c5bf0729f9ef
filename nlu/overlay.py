"""What admins changed in the corpus, laid over the corpus as shipped.

A text stands in the corpus once, under its key: a change of a shipped text replaces it, a change that
removes it takes it away, and any other change adds one. So a new release may bring a better corpus
without losing a word of what was taught here.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nlu.corpus import MIN_EXAMPLES, Corpus, Example
from nlu.labels import Labels, labels_of
from nlu.understanding import CorpusError


@dataclass(frozen=True, slots=True)
class Change:
    """One text as an admin wants it. `place` says where it comes from ("console").

    `urgency` and `complex` None are not labelled; `entities` are (name, value, start, end).
    """

    text: str
    intent: str
    language: str
    removed: bool = False
    place: str = "console"
    urgency: int | None = None
    complex: bool | None = None
    entities: tuple[tuple[str, str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class FamilyName:
    """What people call a family of devices, as an admin wants it; `removed` takes a shipped name away."""

    family: str
    name: str
    removed: bool = False


def key_of(text: str) -> str:
    """What makes two examples the same text: 32 hex digits, blind to case and blanks."""
    return hashlib.sha256(" ".join(text.split()).casefold().encode()).hexdigest()[:32]


def merge(corpus: Corpus, changes: Sequence[Change], intents: Mapping[str, bool]) -> Corpus:
    """The corpus with all changes; `intents` says of added intents True and of removed ones False.

    Examples of intents that do not exist (any more) are left out. Raises CorpusError naming an intent
    that is left with too few examples.
    """
    laid = lay_over(corpus, changes, intents)
    counts = Counter(example.intent for example in laid.examples)
    for name in laid.intents:
        if counts[name] < MIN_EXAMPLES:
            raise CorpusError(
                f"Intent {name} has {counts[name]} examples; expected at least {MIN_EXAMPLES}. "
                "Add some, or remove the intent."
            )
    return laid


def lay_over(corpus: Corpus, changes: Sequence[Change], intents: Mapping[str, bool]) -> Corpus:
    """The same whether or not it can be trained on."""
    if not changes and not intents:
        return corpus
    names = tuple(dict.fromkeys([*corpus.intents, *(name for name, there in intents.items() if there)]))
    names = tuple(name for name in names if intents.get(name, True))
    changed = {key_of(change.text): change for change in changes}
    kept: list[Example] = []
    for example in corpus.examples:
        change = changed.get(key_of(example.text))
        if change is None:
            kept.append(example)
        elif not change.removed:
            labels = _labels(change, example)
            kept.append(replace(example, intent=change.intent, language=change.language, labels=labels))
    shipped = {key_of(example.text) for example in corpus.examples}
    kept += [
        Example(change.text, change.intent, change.language, change.place, _labels(change, None))
        for key, change in changed.items()
        if key not in shipped and not change.removed
    ]
    kept = [example for example in kept if example.intent in names]
    return replace(corpus, intents=names, examples=tuple(kept), digest=_digest(corpus, changed, intents))


def lay_names(corpus: Corpus, names: Sequence[FamilyName]) -> Corpus:
    """The corpus with other names of its families; a removed name goes, in whatever case it is written."""
    if not names:
        return corpus
    families = {code: list(shipped) for code, shipped in corpus.families.items()}
    for one in names:
        known = families.setdefault(one.family, [])
        known[:] = [name for name in known if name.casefold() != one.name.casefold()]
        if not one.removed:
            known.append(one.name)
    digest = hashlib.sha256(corpus.digest.encode())
    digest.update(repr(sorted((one.family, one.name, one.removed) for one in names)).encode())
    laid = {code: tuple(known) for code, known in families.items() if known}
    return replace(corpus, families=laid, digest=digest.hexdigest())


def _labels(change: Change, shipped: Example | None) -> Labels | None:
    """What the admin said, and for what was left open what was shipped, or what follows from the intent.

    None when nobody has said anything: then no model learns urgency or complexity from it.
    """
    same = shipped is not None and shipped.intent == change.intent
    old = shipped.labels if shipped is not None and same else None
    if change.urgency is None and change.complex is None:
        return old
    base = old or labels_of(change.intent, soon=False, complex=False, vague=False)
    return Labels(
        base.urgency if change.urgency is None else change.urgency,
        base.complex if change.complex is None else change.complex,
        base.vague,
    )


def _digest(corpus: Corpus, changed: Mapping[str, Change], intents: Mapping[str, bool]) -> str:
    digest = hashlib.sha256(corpus.digest.encode())
    for key in sorted(changed):
        change = changed[key]
        labels = (change.intent, change.language, change.removed, change.urgency, change.complex)
        digest.update(repr((change.text, *labels)).encode())
    digest.update(repr(sorted(intents.items())).encode())
    return digest.hexdigest()

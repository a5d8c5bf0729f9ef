"""`bauruf nlu validate`: whether a corpus can be learned from, and where it contradicts itself."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from bot.settings import read_settings
from nlu.corpus import Corpus, read_corpus
from nlu.similar import Pair, near_pairs
from webhooks.engine import project_of
from webhooks.runtime import err, out, plain_errors

_SHOWN = 50


def validate(
    folder: Annotated[
        Path | None, typer.Argument(help="A Rasa project; the configured one by default.")
    ] = None,
) -> None:
    """Check a corpus: what cannot be read is an error, near-duplicates across intents are listed."""
    with plain_errors():
        corpus = read_corpus(folder or project_of(read_settings()))
        with err.status(f"Comparing {len(corpus.examples)} examples …"):
            pairs = across_intents(corpus)
    _show(corpus, pairs)
    counts = Counter(example.intent for example in corpus.examples)
    out.print(
        f"{len(corpus.examples)} examples of {len(corpus.intents)} intents, {min(counts.values())} to "
        f"{max(counts.values())} each; {len(pairs) or 'no'} near-duplicates across intents.",
        highlight=False,
    )


def across_intents(corpus: Corpus) -> list[Pair]:
    """Examples that say nearly the same under two intents, the most similar first."""
    examples = corpus.examples
    return [
        pair
        for pair in near_pairs([example.text for example in examples])
        if examples[pair.first].intent != examples[pair.second].intent
    ]


def _show(corpus: Corpus, pairs: list[Pair]) -> None:
    if not pairs:
        return
    table = Table("Like", "Example", "Intent", "Place")
    for pair in pairs[:_SHOWN]:
        for place, likeness in ((pair.first, f"{pair.similarity:.0%}"), (pair.second, "")):
            example = corpus.examples[place]
            table.add_row(likeness, example.text[:80], example.intent, example.place)
        table.add_section()
    out.print(table)
    if len(pairs) > _SHOWN:
        out.print(f"… and {len(pairs) - _SHOWN} pairs more.")

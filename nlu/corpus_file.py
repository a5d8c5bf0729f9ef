"""Examples as files: Rasa's YAML and CSV, out of the house and into it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from nlu.corpus import LANGUAGES, OTHERS, Corpus, Example, read_examples
from nlu.family_file import as_rasa_blocks
from nlu.overlay import Change
from nlu.understanding import CorpusError

SPOKEN = (*LANGUAGES, OTHERS)
COLUMNS = ("text", "intent", "language")


def as_rasa(corpus: Corpus) -> dict[str, str]:
    """A Rasa project: the contents of its files by their path. Reading them gives the same examples.

    What people call the devices goes along as synonyms and a lookup table.
    """
    intents = "".join(f"- {name}\n" for name in corpus.intents)
    files = {"domain.yml": f'version: "3.1"\nintents:\n{intents}'}
    for language in sorted({example.language for example in corpus.examples}):
        examples = [example for example in corpus.examples if example.language == language]
        blocks = "".join(
            _block(intent, [example.text for example in examples if example.intent == intent])
            for intent in corpus.intents
        )
        files[f"data/nlu_{language}.yml"] = f'version: "3.1"\nnlu:\n{blocks}'
    if corpus.families:
        name = f"data/nlu_{OTHERS}.yml"
        files[name] = files.get(name, 'version: "3.1"\nnlu:\n') + as_rasa_blocks(corpus.families)
    return files


def _block(intent: str, texts: Sequence[str]) -> str:
    if not texts:
        return ""
    # Rasa's block has one line a text, and marks of entities begin with a bracket.
    lines = "".join(f"    - {' '.join(text.split())}\n" for text in texts)
    return f"- intent: {intent}\n  examples: |\n{lines}"


def as_rasa_zip(corpus: Corpus) -> bytes:
    """The same as one archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in as_rasa(corpus).items():
            archive.writestr(name, content)
    return packed.getvalue()


def as_csv(examples: Iterable[Example]) -> str:
    """A table with a head; what a spreadsheet would take for a formula gets an apostrophe."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for example in examples:
        text = f"'{example.text}" if example.text[:1] in ("=", "+", "-", "@") else example.text
        table.writerow((text, example.intent, example.language))
    return "\ufeff" + written.getvalue()


def read_csv(name: str, content: bytes, intents: Iterable[str], language: str) -> list[Change]:
    """The rows of a CSV file with the columns text, intent and, if wanted, language (else `language`).

    Comma, semicolon or tabulator; UTF-8. Raises CorpusError naming line and what was expected.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError(f"{name}: byte {error.start} is not UTF-8; expected a UTF-8 file") from error
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    rows = csv.DictReader(io.StringIO(text), delimiter=separator)
    fields = [field.strip().lower() for field in rows.fieldnames or ()]
    missing = [column for column in COLUMNS[:2] if column not in fields]
    if missing:
        raise CorpusError(f"{name}:1: no column {missing[0]!r}; expected a head with text and intent")
    rows.fieldnames = fields
    known = set(intents)
    found = []
    try:
        for row in rows:
            found.append(_change(f"{name}:{rows.line_num}", row, known, language))
    except csv.Error as error:
        raise CorpusError(f"{name}:{rows.line_num}: broken CSV ({error})") from error
    return found


def _change(place: str, row: dict[str, str | None], known: set[str], language: str) -> Change:
    text, intent = (row.get("text") or "").strip().removeprefix("'"), (row.get("intent") or "").strip()
    spoken = (row.get("language") or language).strip()
    if not text:
        raise CorpusError(f"{place}: the text is empty; expected an example")
    if intent not in known:
        raise CorpusError(f"{place}: unknown intent {intent!r}; expected one of {', '.join(sorted(known))}")
    if spoken not in SPOKEN:
        raise CorpusError(f"{place}: unknown language {spoken!r}; expected one of {', '.join(SPOKEN)}")
    return Change(text, intent, spoken, place=place)


def read_rasa(name: str, content: bytes, intents: Iterable[str], language: str, folder: Path) -> list[Change]:
    """The examples of one Rasa NLU file; `folder` is for a moment where it is read from.

    Raises CorpusError naming the line and what was expected.
    """
    file = folder / f"nlu_{language}.yml"
    file.write_bytes(content)
    try:
        examples = list(read_examples(file, frozenset(intents)))
    except CorpusError as error:
        raise CorpusError(str(error).replace(file.name, name)) from error
    return [
        Change(example.text, example.intent, language, place=example.place.replace(file.name, name))
        for example in examples
    ]

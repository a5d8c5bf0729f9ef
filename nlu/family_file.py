"""Names of device families as files, out of the house and into it: Rasa's synonyms and lookup, or CSV."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence

import yaml

from nlu.overlay import FamilyName
from nlu.understanding import CorpusError

COLUMNS = ("name", "family")


def as_rasa_blocks(families: Mapping[str, Sequence[str]]) -> str:
    """Blocks of Rasa's `nlu:` list: a synonym for each family with the names that are its alone, and a
    lookup table of all names.
    """
    counts = Counter(name.casefold() for names in families.values() for name in names)
    blocks = [
        _block(f"synonym: {code}", [name for name in names if counts[name.casefold()] == 1])
        for code, names in sorted(families.items())
    ]
    everything = dict.fromkeys(name for names in families.values() for name in names)
    return "".join([*blocks, _block("lookup: family", list(everything))])


def _block(head: str, names: Sequence[str]) -> str:
    lines = "".join(f"    - {name}\n" for name in names)
    return f"- {head}\n  examples: |\n{lines}" if names else ""


def as_csv(families: Mapping[str, Sequence[str]]) -> str:
    """A table with a head."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\r\n")
    table.writerow(COLUMNS)
    table.writerows((name, code) for code, names in sorted(families.items()) for name in names)
    return "\ufeff" + written.getvalue()


def read_csv(file: str, content: bytes) -> list[FamilyName]:
    """The rows of a CSV file with the columns name and family. Raises CorpusError naming the line."""
    text = _decoded(file, content)
    head = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=head.count))
    rows.fieldnames = [field.strip().lower() for field in rows.fieldnames or ()]
    missing = [column for column in COLUMNS if column not in rows.fieldnames]
    if missing:
        raise CorpusError(f"{file}:1: no column {missing[0]!r}; expected a head with name and family")
    found = []
    try:
        for row in rows:
            family, name = ((row[column] or "").strip() for column in ("family", "name"))
            if not family or not name:
                raise CorpusError(f"{file}:{rows.line_num}: expected a name and a family")
            found.append(FamilyName(family, name))
    except csv.Error as error:
        raise CorpusError(f"{file}:{rows.line_num}: broken CSV ({error})") from error
    return found


def read_rasa(file: str, content: bytes) -> list[FamilyName]:
    """The synonyms of a Rasa NLU file; all else in it is left out. Raises CorpusError."""
    try:
        read = yaml.load(_decoded(file, content), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise CorpusError(f"{file}: broken YAML ({error})") from error
    blocks = read.get("nlu") if isinstance(read, dict) else None
    if not isinstance(blocks, list):
        raise CorpusError(f"{file}: expected 'nlu:' with a list")
    found = []
    for block in blocks:
        if not isinstance(block, dict) or "synonym" not in block:
            continue
        code, names = block["synonym"], block.get("examples")
        if not isinstance(code, str) or not isinstance(names, str):
            raise CorpusError(f"{file}: synonym {code!r}: expected 'examples: |' and lines with '- '")
        found += [FamilyName(code, line.strip()[1:].strip()) for line in names.splitlines() if line.strip()]
    if not found:
        raise CorpusError(f"{file}: no synonyms; expected blocks such as '- synonym: NW-RV'")
    return found


def _decoded(file: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError(f"{file}: byte {error.start} is not UTF-8; expected a UTF-8 file") from error

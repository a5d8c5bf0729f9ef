"""The training corpus: a Rasa NLU project, read into examples.

A project is a folder with `domain.yml` (the intents), `data/nlu_<language>.yml` (the examples) and,
if wanted, our own `labels.yml` (which examples are soon, complex or vague, see nlu/labels.py),
`concepts.yml` (words that mean the same, see nlu/concepts.py) and `families.yml` (what people call the
families of devices, see nlu/families.py). The first two are in Rasa's own
format, so `rasa data validate` and `rasa train nlu` work on them as they are. Of the format we read
intents with their `examples: |` block; synonyms, regexes and look-up tables are for Rasa alone and
are skipped, and entity marks such as `[E07](error_code)` are reduced to their text.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from nlu.concepts import Concepts
from nlu.labels import LISTED, Labels, labels_of
from nlu.understanding import CorpusError

LANGUAGES = ("de", "en")
"""The languages we answer in."""

OTHERS = "mul"
"""The file of short basics in all other languages (ISO 639-2: several languages)."""

RASA_ONLY = frozenset({"synonym", "regex", "lookup"})
MIN_EXAMPLES = 2
"""Fewer examples of an intent cannot be calibrated: each must be judged once without itself."""

_LOADER: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SHOWN = 50
_FILE_NAME = re.compile(rf"nlu_({'|'.join((*LANGUAGES, OTHERS))})\.yml")
_ENTITY_MARK = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled text. `place` says where it stands ("nlu_de.yml:12"). `language` is one of `LANGUAGES`
    or `OTHERS`. `labels` is what it is beside its intent; None: nobody has said.
    """

    text: str
    intent: str
    language: str
    place: str
    labels: Labels | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """All examples of a project; `digest` (hex SHA-256) changes with every byte of its files.

    `concepts` holds the patterns of each concept, as `nlu.concepts.Concepts` takes them, `families` the
    names of each family by its code.
    """

    intents: tuple[str, ...]
    examples: tuple[Example, ...]
    digest: str
    concepts: Mapping[str, str] = field(default_factory=dict)
    families: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_corpus(project: Path) -> Corpus:
    """Read and check the project in this folder.

    Raises CorpusError naming file, line and what was expected: no files, broken YAML, an unknown
    intent, an empty example, the same text under two intents, an intent with too few examples, a
    concept that is no regular expression, a label for a text that is no example.
    """
    domain = project / "domain.yml"
    intents = _read_domain(domain)
    files = sorted((project / "data").glob("*.yml"))
    if not files:
        raise CorpusError(f"{project / 'data'}: no training data; expected files such as nlu_de.yml")
    digest = hashlib.sha256(domain.read_bytes())
    examples: list[Example] = []
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
        examples += read_examples(file, frozenset(intents))
    _check(domain, intents, examples)
    labels, concepts = project / "labels.yml", project / "concepts.yml"
    families = project / "families.yml"
    for file in (labels, concepts, families):
        if file.exists():
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    if labels.exists():
        examples = _label(labels, examples)
    return Corpus(
        intents,
        tuple(examples),
        digest.hexdigest(),
        read_concepts(concepts) if concepts.exists() else {},
        _read_families(families) if families.exists() else {},
    )


def _check(domain: Path, intents: tuple[str, ...], examples: list[Example]) -> None:
    first: dict[str, Example] = {}
    torn = []
    for example in examples:
        same = first.setdefault(example.text.casefold(), example)
        if same.intent != example.intent:
            torn.append(
                f"{example.place}: the same text stands under {same.intent} ({same.place}) and "
                f"{example.intent}; expected one label a text"
            )
    if torn:
        more = [f"… and {len(torn) - _SHOWN} more like this"] if len(torn) > _SHOWN else []
        raise CorpusError("\n".join([*torn[:_SHOWN], *more]))
    counts = Counter(example.intent for example in first.values())
    for intent in intents:
        if counts[intent] < MIN_EXAMPLES:
            raise CorpusError(
                f"{domain.name}: intent {intent} has {counts[intent]} examples; "
                f"expected at least {MIN_EXAMPLES}"
            )


def _compose(file: Path) -> yaml.Node:
    """The file's YAML nodes, which know their lines."""
    try:
        node = yaml.compose(file.read_text("utf-8"), Loader=_LOADER)
    except OSError as error:
        raise CorpusError(f"{file}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"{file.name}: byte {error.start} is not UTF-8; expected a UTF-8 text file"
        ) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CorpusError(
            f"{file.name}:{line}: broken YAML ({error.problem}); expected Rasa's format"
        ) from error
    except yaml.YAMLError as error:
        raise CorpusError(f"{file.name}: broken YAML ({error}); expected Rasa's format") from error
    if node is None:
        raise CorpusError(f"{file.name}:1: the file is empty; expected Rasa's format")
    return node


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _fields(file: Path, node: yaml.Node, expected: str) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise CorpusError(f"{file.name}:{_line(node)}: expected {expected}")
    return {str(key.value): value for key, value in node.value}


def _list(file: Path, fields: dict[str, yaml.Node], key: str, line: int) -> list[yaml.Node]:
    node = fields.get(key)
    if not isinstance(node, yaml.SequenceNode):
        at = _line(node) if node is not None else line
        raise CorpusError(f"{file.name}:{at}: expected a list under '{key}:'")
    return list(node.value)


def _read_domain(file: Path) -> tuple[str, ...]:
    root = _compose(file)
    intents = []
    for node in _list(file, _fields(file, root, "'intents:' with a list"), "intents", _line(root)):
        # Rasa also allows options behind a name: "- greet: {use_entities: []}".
        name = node.value[0][0] if isinstance(node, yaml.MappingNode) and node.value else node
        if not isinstance(name, yaml.ScalarNode) or not name.value.strip():
            raise CorpusError(f"{file.name}:{_line(node)}: expected the name of an intent")
        if name.value in intents:
            raise CorpusError(f"{file.name}:{_line(node)}: intent {name.value} stands here twice")
        intents.append(str(name.value))
    if not intents:
        raise CorpusError(f"{file.name}:{_line(root)}: expected at least one intent")
    return tuple(intents)


def read_concepts(file: Path) -> dict[str, str]:
    """The patterns of each concept in this file. Raises CorpusError naming file and line."""
    found: dict[str, str] = {}
    for name, node in _fields(file, _compose(file), "names of concepts with their patterns").items():
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise CorpusError(f"{file.name}:{_line(node)}: concept {name} has no patterns; expected some")
        try:
            Concepts({name: node.value})
        except ValueError as error:
            raise CorpusError(f"{file.name}:{_line(node)}: {error}") from error
        found[name] = str(node.value)
    return found


def _label(file: Path, examples: list[Example]) -> list[Example]:
    listed: dict[str, set[str]] = {name: set() for name in LISTED}
    known = {example.text.casefold() for example in examples}
    for name, node in _fields(file, _compose(file), "lists of examples by label").items():
        if name not in listed:
            raise CorpusError(
                f"{file.name}:{_line(node)}: unknown label {name!r}; expected one of {', '.join(LISTED)}"
            )
        if not isinstance(node, yaml.ScalarNode) or node.style != "|":
            raise CorpusError(
                f"{file.name}:{_line(node)}: expected '{name}: |' and lines that start with '- '"
            )
        for place, text in _lines(file, node):
            if text.casefold() not in known:
                raise CorpusError(
                    f"{place}: {text[:60]!r} is no example of data/; expected one word for word"
                )
            listed[name].add(text.casefold())
    return [
        replace(
            example,
            labels=labels_of(example.intent, *(example.text.casefold() in listed[name] for name in LISTED)),
        )
        for example in examples
    ]


def _read_families(file: Path) -> dict[str, tuple[str, ...]]:
    root = _compose(file)
    fields = _fields(file, root, "codes of families with what people call them")
    found: dict[str, tuple[str, ...]] = {}
    for code in fields:
        names = _list(file, fields, code, _line(root))
        for node in names:
            if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
                raise CorpusError(f"{file.name}:{_line(node)}: family {code}: expected a name in words")
        found[code] = tuple(str(node.value).strip() for node in names)
    return found


def read_examples(file: Path, intents: frozenset[str]) -> Iterator[Example]:
    """The examples of one file named "nlu_<language>.yml". Raises CorpusError as `read_corpus` does."""
    named = _FILE_NAME.fullmatch(file.name)
    if not named:
        expected = " or ".join(f"nlu_{language}.yml" for language in (*LANGUAGES, OTHERS))
        raise CorpusError(f"{file.name}: which language is this? expected the name {expected}")
    root = _compose(file)
    for block in _list(file, _fields(file, root, "'nlu:' with a list"), "nlu", _line(root)):
        fields = _fields(file, block, "'intent:' and 'examples:'")
        if RASA_ONLY & fields.keys():
            continue
        name, text = fields.get("intent"), fields.get("examples")
        if not isinstance(name, yaml.ScalarNode) or name.value not in intents:
            given = f"unknown intent {name.value!r}" if isinstance(name, yaml.ScalarNode) else "no intent"
            raise CorpusError(
                f"{file.name}:{_line(name or block)}: {given}; "
                f"expected one of domain.yml: {', '.join(sorted(intents))}"
            )
        if not isinstance(text, yaml.ScalarNode) or text.style != "|":
            raise CorpusError(
                f"{file.name}:{_line(text or block)}: expected 'examples: |' and lines that start with '- '"
            )
        yield from _block(file, text, str(name.value), named[1])


def _block(file: Path, node: yaml.ScalarNode, intent: str, language: str) -> Iterator[Example]:
    for place, text in _lines(file, node):
        yield Example(text, intent, language, place)


def _lines(file: Path, node: yaml.ScalarNode) -> Iterator[tuple[str, str]]:
    """The place and the text of each line of a block of "- text"."""
    for number, line in enumerate(str(node.value).split("\n"), start=_line(node) + 1):
        if not line.strip():
            continue
        if not line.startswith("-"):
            raise CorpusError(
                f"{file.name}:{number}: expected a line that starts with '- ', found {line[:40]!r}"
            )
        text = _ENTITY_MARK.sub(r"\1", line[1:]).strip()
        if not text:
            raise CorpusError(f"{file.name}:{number}: the example is empty; expected a text after '- '")
        yield f"{file.name}:{number}", text

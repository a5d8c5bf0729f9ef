"""Every sentence the bot says: worded in YAML, one file a language, reworded by admins without code.

A text may name variables as `{name}`; `{{` and `}}` are plain braces. An admin's wording replaces
the one that came with the product until it is taken back. German has two forms: `text` addresses people
with Sie, and `du` stands beside it where that differs; the settings say which is spoken. Intents that
admins have added may have words too: those of the entry that is called like them.
"""

from __future__ import annotations

import re
import string
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import BadInput, NotFound
from bot.messages import Choice
from bot.storage import answers

LANGUAGES = ("de", "en")
DU = "de_du"
Address = Literal["sie", "du"]
Form = Literal["de", "de_du", "en"]
"""What a wording is stored under: its language, or German with du."""

MAX_CHARACTERS = 1500
_REFRESH_AFTER = 3.0  # seconds until another process's rewording is seen
_FORMATTER = string.Formatter()
_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")


class CatalogueError(Exception):
    """A catalogue file cannot be used; names the file, the key and what was expected."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer as it came with the product; the mappings are by language, originals and keeps by form.

    `about` tells an admin when it is said, `choices` are the buttons below it. `keeps` are the words
    no wording may be without, because somebody's safety hangs on them.
    """

    key: str
    about: Mapping[str, str]
    variables: frozenset[str]
    originals: Mapping[str, str]
    choices: Mapping[str, tuple[Choice, ...]]
    keeps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def missing(self, form: str, text: str) -> tuple[str, ...]:
        """Which of the words it has to keep a wording has lost."""
        said = text.casefold()
        return tuple(word for word in self.keeps.get(form, ()) if word.casefold() not in said)


def added_entry(intent: str) -> Entry:
    """The entry of an intent that admins have added: without words, so that its messages go to people."""
    about = {
        "de": "Antwort auf ein Anliegen, das Sie ergänzt haben. Ohne Text geht es an einen Menschen.",
        "en": "Answer to an intent that you have added. Without words it goes to a person.",
    }
    return Entry(intent, about, frozenset(), dict.fromkeys(LANGUAGES, ""), {})


def variables_of(text: str) -> frozenset[str]:
    """The names of the variables in a text. Raises ValueError when braces or names are malformed."""
    names = set()
    for _, name, spec, conversion in _FORMATTER.parse(text):
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise ValueError(f"expected a plain name in braces, found {{{name}}}")
        names.add(name)
    return frozenset(names)


class Catalogue:
    """The answers, with the admins' rewordings on top. `address` is how German speaks to people."""

    def __init__(
        self,
        entries: Mapping[str, Entry],
        address: Address = "sie",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._entries = entries
        self.address: Address = address
        self._clock = clock
        self._reworded: Mapping[tuple[str, str], str] = {}
        self._read_at: float | None = None

    def entries(self) -> list[Entry]:
        """All answers in the order of the file."""
        return list(self._entries.values())

    def entry(self, key: str) -> Entry:
        """One answer. Raises NotFound."""
        try:
            return self._entries[key]
        except KeyError:
            raise NotFound("no_such_answer", f'There is no answer "{key}".') from None

    def say(self, key: str, language: str, **values: Any) -> str:
        """The sentence in this language with its variables filled in.

        A value that ends in a full stop ("Elektro Müller e.K.") ends the sentence as well.
        """
        filled = {name: str(value) for name, value in values.items()}
        return _TWO_STOPS.sub(".", self.wording(key, language).format_map(filled))

    def wording(self, key: str, language: str) -> str:
        """How it is worded now, variables in braces; empty when there are no words for it.

        What has no du of its own reads the same in both forms of German.
        """
        if language == "de" and self.address == "du":
            return self._words(key, DU) or self._words(key, "de")
        return self._words(key, language)

    def _words(self, key: str, form: str) -> str:
        entry = self._entries.get(key)
        return self._reworded.get((key, form)) or (entry.originals.get(form, "") if entry else "")

    def choices(self, key: str, language: str) -> tuple[Choice, ...]:
        """The buttons that belong below an answer."""
        entry = self._entries.get(key)
        return entry.choices[language] if entry else ()

    def answers(self, intent: str, language: str) -> bool:
        """Whether there are words that answer this intent by themselves."""
        entry = self._entries.get(intent)
        return not (entry and entry.variables) and bool(self.wording(intent, language))

    def trying(self, key: str, form: str, text: str) -> Trial:
        """These answers with another wording; empty words are those that came with the product."""
        return Trial(self._entries, self.address, {**self._reworded, (key, form): text}, (key, form))

    @property
    def state(self) -> frozenset[tuple[tuple[str, str], str]]:
        """All that is reworded now, to tell one state from another."""
        return frozenset(self._reworded.items())

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    async def refresh(self, conn: AsyncConnection) -> None:
        """Take over rewordings made since the last look; asks the database every few seconds at most."""
        now = self._clock()
        if self._read_at is None or now - self._read_at >= _REFRESH_AFTER:
            self._reworded = await answers.rewordings(conn)
            self._read_at = now

    def reworded(self) -> None:
        """Look again at the next word: this process has just saved a rewording itself."""
        self._read_at = None

    def validate(self, entry: Entry, text: str) -> None:
        """Check an admin's wording. Raises BadInput that says what is wrong and what is possible."""
        if not any(letter.isalnum() for letter in text):
            raise BadInput("empty_answer", "An answer needs words. To go back, restore the original.")
        if len(text) > MAX_CHARACTERS:
            raise BadInput(
                "answer_too_long", f"{len(text)} characters; at most {MAX_CHARACTERS} fit a message."
            )
        try:
            named = variables_of(text)
        except ValueError as error:
            raise BadInput("broken_variable", f"{error}. Plain braces are written {{{{ and }}}}.") from None
        unknown = sorted(named - entry.variables)
        if unknown:
            known = ", ".join(f"{{{name}}}" for name in sorted(entry.variables)) or "none"
            raise BadInput(
                "unknown_variable", f"Unknown: {{{unknown[0]}}}. Possible here: {known}.", variable=unknown[0]
            )


class Trial(Catalogue):
    """Answers with one wording under trial. `consulted` says whether anything has hung on it so far."""

    def __init__(
        self,
        entries: Mapping[str, Entry],
        address: Address,
        reworded: Mapping[tuple[str, str], str],
        tried: tuple[str, str],
    ) -> None:
        super().__init__(entries, address)
        self._reworded = reworded
        self._tried = tried
        self.consulted = False

    def _words(self, key: str, form: str) -> str:
        """As it would be worded; notes when it is the one under trial."""
        self.consulted = self.consulted or (key, form) == self._tried
        return super()._words(key, form)


def read_catalogue(address: Address = "sie", folder: Path | None = None) -> Catalogue:
    """Read the answers that come with the product. Raises CatalogueError."""
    folder = folder or Path(__file__).parent
    raw = {language: _read(folder / f"{language}.yaml") for language in LANGUAGES}
    entries: dict[str, Entry] = {}
    for key in raw["de"] | raw["en"]:
        missing = [language for language in LANGUAGES if key not in raw[language]]
        if missing:
            raise CatalogueError(f'{folder}: the answer "{key}" is missing in {", ".join(missing)}.')
        entries[key] = _entry(folder, key, {language: raw[language][key] for language in LANGUAGES})
    return Catalogue(entries, address)


def _entry(folder: Path, key: str, raw: Mapping[str, Mapping[str, Any]]) -> Entry:
    originals = {language: str(raw[language]["text"]).strip() for language in LANGUAGES}
    if "du" in raw["de"]:
        originals[DU] = str(raw["de"]["du"]).strip()
    declared = {frozenset(raw[language].get("variables", ())) for language in LANGUAGES}
    if len(declared) != 1:
        raise CatalogueError(f'{folder}: the answer "{key}" declares other variables in each language.')
    variables = declared.pop()
    for form, text in originals.items():
        try:
            undeclared = variables_of(text) - variables
        except ValueError as error:
            raise CatalogueError(f'{folder}: the answer "{key}" ({form}): {error}.') from None
        if undeclared:
            raise CatalogueError(
                f'{folder}: the answer "{key}" ({form}) uses {sorted(undeclared)} undeclared.'
            )
    choices = {
        language: tuple(Choice(value, label) for value, label in raw[language].get("choices", {}).items())
        for language in LANGUAGES
    }
    about = {language: str(raw[language]["about"]) for language in LANGUAGES}
    keeps = {language: tuple(map(str, raw[language].get("keeps", ()))) for language in LANGUAGES}
    keeps[DU] = keeps["de"]
    entry = Entry(key, about, variables, originals, choices, keeps)
    for form, text in originals.items():
        if lost := entry.missing(form, text):
            raise CatalogueError(f'{folder}: the answer "{key}" ({form}) is without "{lost[0]}".')
    return entry


def _read(path: Path) -> dict[str, dict[str, Any]]:
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for key, entry in content.items():
        if not isinstance(entry, dict) or not {"about", "text"} <= entry.keys():
            raise CatalogueError(f'{path}: the answer "{key}" needs "about" and "text".')
    return dict(content)

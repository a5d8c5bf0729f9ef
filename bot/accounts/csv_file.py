"""Accounts and people as CSV files, the way an ERP or a spreadsheet exports them.

    accounts   customer_number,name,city,tier,trunk_phone,domain,parent
    people     customer_number,name,role,phone,email,active

The header says which of the two a file is; columns may stand in any order, more are ignored. UTF-8
with or without BOM, UTF-16 with BOM and Windows-1252 are read; comma, semicolon and tab separate.
`parent` is another customer number. Several roles are separated by "|" or given in several rows;
several domains by "|". An empty `active` means yes. Rows are read one at a time, whatever the file's size.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TextIO

from bot.accounts.phones import BadPhone, Phone, read_phone

Kind = Literal["accounts", "people"]

COLUMNS: dict[Kind, tuple[str, ...]] = {
    "accounts": ("customer_number", "name", "city", "tier", "trunk_phone", "domain", "parent"),
    "people": ("customer_number", "name", "role", "phone", "email", "active"),
}
ROLES = ("fitter", "site manager", "purchasing", "accounting", "management")
_GERMAN = {
    "monteur": "fitter",
    "monteurin": "fitter",
    "techniker": "fitter",
    "bauleiter": "site manager",
    "bauleiterin": "site manager",
    "bauleitung": "site manager",
    "einkauf": "purchasing",
    "einkäufer": "purchasing",
    "einkäuferin": "purchasing",
    "buchhaltung": "accounting",
    "geschäftsführer": "management",
    "geschäftsführerin": "management",
    "geschäftsführung": "management",
    "inhaber": "management",
    "inhaberin": "management",
}

_DELIMITERS = ",;\t"
_YES, _NO = frozenset(("", "yes", "true", "1", "ja", "y", "j")), frozenset(("no", "false", "0", "nein", "n"))
_MAX_CHARACTERS = 500  # of one field; longer ones come from an unclosed quote
_LABEL = r"[^\W_](?:(?:[^\W_]|-){0,61}[^\W_])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_EMAIL = re.compile(rf"[^\s@\"(),:;<>\[\]\\]{{1,64}}@{_LABEL}(?:\.{_LABEL})+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class UnreadableFile(Exception):
    """A file cannot be read as accounts or people at all; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that cannot be taken: its file, its line (the header is line 1), and why."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}"


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One company. Empty fields are None or empty."""

    line: int
    customer_number: str
    name: str
    city: str | None
    tier: str | None
    trunk: Phone | None
    domains: tuple[str, ...]
    parent: str | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person at one company, with the roles of this row."""

    line: int
    customer_number: str
    name: str
    roles: tuple[str, ...]
    phone: Phone | None
    email: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A file whose header has been understood. `columns` are positions by name, `width` counts all."""

    path: Path
    kind: Kind
    encoding: str
    delimiter: str
    columns: dict[str, int]
    width: int

    def rows(self) -> Iterator[AccountRow | PersonRow | Problem]:
        """Read the rows in order; one that cannot be taken comes as a Problem."""
        seen: dict[str, int] = {}
        with _open(self.path, self.encoding) as lines:
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            next(reader)
            while True:
                line = reader.line_num + 1
                try:
                    fields = next(reader)
                    if any(field.strip() for field in fields):
                        yield self._row(line, fields, seen)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield Problem(self.path.name, line, f"not valid CSV: {error}")
                except _BadField as error:
                    yield Problem(self.path.name, line, str(error))

    def _row(self, line: int, fields: list[str], seen: dict[str, int]) -> AccountRow | PersonRow:
        if len(fields) != self.width:
            raise _BadField(f"expected {self.width} columns, found {len(fields)}")
        values = {name: _text(name, fields[position]) for name, position in self.columns.items()}
        number, name = (_required(column, values[column]) for column in ("customer_number", "name"))
        if self.kind == "people":
            return PersonRow(
                line,
                number,
                name,
                read_roles(values["role"]),
                _phone("phone", values["phone"]),
                _email(values["email"]),
                _active(values["active"]),
            )
        first = seen.setdefault(number, line)
        if first != line:
            raise _BadField(f'customer_number: "{number}" stands in line {first} already')
        if values["parent"] == number:
            raise _BadField("parent: a company cannot be its own parent")
        return AccountRow(
            line,
            number,
            name,
            values["city"] or None,
            values["tier"] or None,
            _phone("trunk_phone", values["trunk_phone"]),
            _domains(values["domain"]),
            values["parent"] or None,
        )


def open_csv(path: Path) -> CsvFile:
    """Look at a file's encoding and header. Raises UnreadableFile."""
    encoding = _encoding(path)
    with _open(path, encoding) as lines:
        header = lines.readline(10_000)
    if not header.strip():
        raise UnreadableFile(f"{path.name}: the file is empty; expected a header such as {_expected()}")
    delimiter = max(_DELIMITERS, key=header.count)
    names = [name.strip().lower().replace(" ", "_") for name in header.replace('"', "").split(delimiter)]
    kind: Kind = "people" if {"role", "email", "active"} & set(names) else "accounts"
    missing = [column for column in COLUMNS[kind] if column not in names]
    if missing:
        raise UnreadableFile(
            f"{path.name}, line 1: the header lacks {', '.join(missing)}; expected {_expected(kind)}"
        )
    twice = [column for column in COLUMNS[kind] if names.count(column) > 1]
    if twice:
        raise UnreadableFile(f"{path.name}, line 1: the header names {', '.join(twice)} twice")
    columns = {column: names.index(column) for column in COLUMNS[kind]}
    return CsvFile(path, kind, encoding, delimiter, columns, len(names))


class _BadField(ValueError):
    """A field of a row cannot be taken."""


def _expected(kind: Kind | None = None) -> str:
    return " or ".join(",".join(COLUMNS[k]) for k in ([kind] if kind else COLUMNS))


def _open(path: Path, encoding: str) -> TextIO:
    return path.open(encoding=encoding, newline="")


def _encoding(path: Path) -> str:
    """Which of the encodings fits the whole file; Latin-1 fits always."""
    try:
        with path.open("rb") as raw:
            wide = raw.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
            with suppress(UnicodeError), _open(path, encoding) as file:
                while file.read(1 << 16):
                    pass
                return encoding
    except OSError as error:
        raise UnreadableFile(f"{path.name}: cannot be read: {error.strerror}") from None
    return "latin-1"


def _text(column: str, value: str) -> str:
    text = " ".join(value.split())
    if len(text) > _MAX_CHARACTERS:
        raise _BadField(f"{column}: {len(text)} characters, at most {_MAX_CHARACTERS}; a quote left open?")
    if _CONTROL.search(text):
        raise _BadField(f"{column}: contains a control character")
    return text


def _required(column: str, value: str) -> str:
    if not value:
        raise _BadField(f"{column}: expected a value, found nothing")
    return value


def _phone(column: str, value: str) -> Phone | None:
    try:
        return read_phone(value) if value else None
    except BadPhone as error:
        raise _BadField(f'{column}: "{value}": {error}') from None


def read_roles(value: str) -> tuple[str, ...]:
    """The roles as we call them; one we have no word for is kept as it was written."""
    written = (role.strip().lower().replace("_", " ") for role in value.split("|"))
    return tuple(dict.fromkeys(_GERMAN.get(role, role) for role in written if role))


def _domains(value: str) -> tuple[str, ...]:
    domains = tuple(dict.fromkeys(part.strip().lower() for part in value.split("|") if part.strip()))
    for domain in domains:
        if not _DOMAIN.fullmatch(domain):
            raise _BadField(f'domain: expected for example mueller.example, found "{domain}"')
    return domains


def _email(value: str) -> str | None:
    email = value.lower()
    if email and not _EMAIL.fullmatch(email):
        raise _BadField(f'email: expected for example info@mueller.example, found "{value}"')
    return email or None


def _active(value: str) -> bool:
    if value.lower() not in _YES | _NO:
        raise _BadField(f'active: expected yes or no, found "{value}"')
    return value.lower() in _YES

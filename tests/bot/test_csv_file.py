"""Reading accounts and people from CSV files: every shape a spreadsheet makes, every fault named."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.accounts.csv_file import (
    COLUMNS,
    ROLES,
    AccountRow,
    PersonRow,
    Problem,
    UnreadableFile,
    open_csv,
)
from bot.accounts.phones import BadPhone, Phone, read_phone

ACCOUNTS = ",".join(COLUMNS["accounts"])
PEOPLE = ",".join(COLUMNS["people"])


def rows(path: Path, content: str | bytes) -> list[AccountRow | PersonRow | Problem]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(open_csv(path).rows())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encodings_delimiters_and_line_ends(path: Path, encoding: str, delimiter: str, newline: str) -> None:
    lines = [ACCOUNTS, "K1,Müller Söhne,Köln,A,030 23125 20-0,müller.example,"]
    content = newline.join(lines).replace(",", delimiter).encode(encoding)
    assert rows(path, content) == [
        AccountRow(
            2,
            "K1",
            "Müller Söhne",
            "Köln",
            "A",
            Phone("+493023125200", block=True),
            ("müller.example",),
            None,
        )
    ]


def test_columns_stand_in_any_order_and_more_are_ignored(path: Path) -> None:
    header = "Name;ERP;Active;E-Mail;email;Phone;Role;Customer Number"
    assert rows(
        path, f"{header}\nAnna Huber;x;nein;;ANNA@Huber.example;0171 3920001;fitter|purchasing;K1"
    ) == [
        PersonRow(
            2,
            "K1",
            "Anna Huber",
            ("fitter", "purchasing"),
            Phone("+491713920001"),
            "anna@huber.example",
            active=False,
        )
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("K1,Müller,Köln,A,030 HAUS,,", 'trunk_phone: "030 HAUS": expected digits, found "H"'),
        ("K1,Müller,Köln,A,0171,,", 'trunk_phone: "0171": no such number'),
        ('K1,Müller,Köln,A,"4,91714E+11",,', 'trunk_phone: "4,91714E+11": expected digits'),
        ("K1,Müller,Köln,A", "expected 7 columns, found 4"),
        ("K1,Müller, Söhne,Köln,A,,,", "expected 7 columns, found 8"),
        (",Müller,Köln,A,,,", "customer_number: expected a value, found nothing"),
        ("K1, ,Köln,A,,,", "name: expected a value, found nothing"),
        ("K0,Müller,Köln,A,,,", 'customer_number: "K0" stands in line 2 already'),
        ("K1,Müller,Köln,A,,http://mueller.example,", "domain: expected for example mueller.example"),
        ("K1,Müller,Köln,A,,,K1", "parent: a company cannot be its own parent"),
        ("K1,Mül\x00ler,Köln,A,,,", "name: contains a control character"),
        (f"K1,{'x' * 501},Köln,A,,,", "name: 501 characters, at most 500"),
        ('K1,"Müller" GmbH,Köln,A,,,', "not valid CSV"),
        ('K1,"Müller,Köln,A,,,', "not valid CSV"),
    ],
)
def test_a_bad_account_is_named_with_its_line_and_reason(path: Path, row: str, reason: str) -> None:
    first, problem = rows(path, f"{ACCOUNTS}\nK0,Huber,Ulm,,,,\n{row}\n")
    assert isinstance(first, AccountRow)
    assert isinstance(problem, Problem)
    assert (problem.file, problem.line) == ("file.csv", 3)
    assert reason in problem.reason


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("K1,Anna,fitter,call me,,", 'phone: "call me": expected digits'),
        ("K1,Anna,fitter,,anna,", "email: expected for example info@mueller.example"),
        ("K1,Anna,fitter,,,vielleicht", 'active: expected yes or no, found "vielleicht"'),
        (",Anna,fitter,,,", "customer_number: expected a value"),
    ],
)
def test_a_bad_person_is_named_with_its_line_and_reason(path: Path, row: str, reason: str) -> None:
    (problem,) = rows(path, f"{PEOPLE}\n{row}\n")
    assert isinstance(problem, Problem)
    assert problem.line == 2
    assert reason in problem.reason


def test_every_bad_row_is_named_and_lines_count_as_in_an_editor(path: Path) -> None:
    content = f'{ACCOUNTS}\n\nK1,"Zwei\nZeilen",,,x,,\nK2,Gut,,,,,\n,Schlecht,,,,,\n'
    found = rows(path, content)
    assert [row.line for row in found] == [3, 5, 6]
    assert [type(row) for row in found] == [Problem, AccountRow, Problem]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "the file is empty"),
        ("customer_number,name,city\n", "the header lacks tier, trunk_phone, domain, parent"),
        ("customer_number,name,role,phone\n", "the header lacks email, active"),
        (f"{ACCOUNTS},name\n", "the header names name twice"),
        (b"PK\x03\x04\x00\x00\xff", "the header lacks customer_number"),
        (b"\xff\xfe\x00", "the header lacks customer_number"),
    ],
)
def test_a_file_that_is_neither_is_refused(path: Path, content: str | bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        rows(path, content)


def test_a_missing_file_is_refused(path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"file\.csv: cannot be read"):
        open_csv(path)


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("0171 3920001", Phone("+491713920001")),
        ("+49 (0)171 3920001", Phone("+491713920001")),
        ("0049-171/392 00 01", Phone("+491713920001")),
        ("491713920001", Phone("+491713920001")),
        ("1713920001", Phone("+491713920001")),
        ("030\N{NO-BREAK SPACE}23125\N{NO-BREAK SPACE}20-0", Phone("+493023125200", block=True)),
        ("(030) 23125-230", Phone("+493023125230")),
        ("030 23125-0 App. 23", Phone("+4930231250", extension="23", block=True)),
        ("030 23125 200 Durchwahl: 4", Phone("+493023125200", extension="4")),
        ("+44 20 7946 0018 ext 7", Phone("+442079460018", extension="7")),
    ],
)
def test_phones_as_people_type_them(written: str, phone: Phone) -> None:
    assert read_phone(written) == phone


def test_what_a_phone_is_called() -> None:
    assert Phone("+493023125200", block=True).written == "+49302312520-0"
    assert Phone("+493023125200", extension="4").address == "+493023125200;ext=4"


@given(st.text(max_size=40))
def test_any_text_is_a_phone_or_refused(text: str) -> None:
    try:
        phone = read_phone(text)
    except BadPhone:
        return
    assert read_phone(phone.e164).e164 == phone.e164


words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30).filter(
    lambda text: text == " ".join(text.split())
)


@given(
    people=st.lists(
        st.tuples(
            words, words, st.lists(st.sampled_from(ROLES), unique=True), st.integers(0, 99), st.booleans()
        )
    ),
    delimiter=st.sampled_from(",;\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    people: list[tuple[str, str, list[str], int, bool]],
    delimiter: str,
    encoding: str,
) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter)
    writer.writerow(COLUMNS["people"])
    for number, name, roles, phone, active in people:
        writer.writerow(
            [number, name, "|".join(roles), f"0171 39200{phone:02}", "", "yes" if active else "no"]
        )
    path = tmp_path_factory.mktemp("csv") / "people.csv"
    assert rows(path, written.getvalue().encode(encoding)) == [
        PersonRow(line, number, name, tuple(roles), Phone(f"+49171392{phone:04}"), None, active)
        for line, (number, name, roles, phone, active) in enumerate(people, start=2)
    ]


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_row_by_row(
    tmp_path_factory: pytest.TempPathFactory, tail: bytes
) -> None:
    path = tmp_path_factory.mktemp("csv") / "file.csv"
    found = rows(path, ACCOUNTS.encode() + b"\n" + tail)
    lines = [row.line for row in found]
    assert lines == sorted(lines)
    assert all(isinstance(row, AccountRow | Problem) for row in found)


@pytest.mark.parametrize(
    ("written", "roles"),
    [
        ("site_manager", ("site manager",)),
        ("Monteur|Bauleiterin", ("fitter", "site manager")),
        ("Inhaber|Geschäftsführer", ("management",)),
        ("Meister", ("meister",)),
        ("", ()),
    ],
)
def test_roles_are_known_by_our_words_or_kept(tmp_path: Path, written: str, roles: tuple[str, ...]) -> None:
    path = tmp_path / "file.csv"
    (row,) = rows(path, f"{PEOPLE}\nK1,Anna,{written},,,\n")
    assert isinstance(row, PersonRow)
    assert row.roles == roles

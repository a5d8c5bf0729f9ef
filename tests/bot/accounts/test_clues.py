"""Reading phones, numbers and names out of what people write."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.accounts.clues import read
from bot.accounts.customer_numbers import slips
from bot.accounts.directory import Given
from bot.accounts.phones import BadPhone, read_phone, readings, variants
from bot.accounts.phrases import phrases


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_nothing_that_anybody_writes_breaks_it(text: str, phone: str, email: str, profile: str) -> None:
    read(Given(phone=phone, profile_name=profile, email=email, text=text))


@settings(deadline=None)
@given(st.integers(0, 99))
def test_a_phone_is_the_same_in_every_spelling(last: int) -> None:
    spellings = (
        f"0171 39200{last:02}", f"+49 171 39200{last:02}", f"0049171 39200{last:02}",
        f"4917139200{last:02}", f"+49 (0)171/39200-{last:02}", f"(0171) 39200 {last:02}",
        f"whatsapp:+4917139200{last:02}", f"whatsapp:4917139200{last:02}", f"tel:+49-171-39200{last:02}",
    )  # fmt: skip
    for spelling in spellings:
        assert f"+4917139200{last:02}" in [phone.e164 for phone in readings(spelling)]


@settings(deadline=None)
@given(st.from_regex(r"(\+49|0049|0)(1[5-7]|[2-9])[0-9 /-]{4,12}(-0)?", fullmatch=True))
def test_a_plain_german_number_is_read_as_the_library_reads_it(written: str) -> None:
    try:
        read_as = read_phone(written).e164
    except BadPhone:
        read_as = None
    try:
        number = phonenumbers.parse(written, "DE")
    except phonenumbers.NumberParseException:
        return
    if phonenumbers.is_valid_number(number):
        assert read_as == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+5511987654321", "+551187654321"),
        ("+5218112345678", "+528112345678"),
        ("+5491123456789", "+541123456789"),
    ],
)
def test_countries_that_changed_their_numbers(one: str, other: str) -> None:
    assert other in variants(one)
    assert one in variants(other)


def test_other_countries_have_one_form() -> None:
    assert variants("+491713920001") == ("+491713920001",)


@pytest.mark.parametrize(
    "text",
    [
        "Auftrag 204170 ist noch offen", "zammad#204170", "Ticket #204170", "Rechnung Nr. 204170",
        "Seriennummer 204170", "Artikel 204170", "Bestellung: 204170",
    ],
)  # fmt: skip
def test_the_number_of_something_else_is_no_customer_number(text: str) -> None:
    assert read(Given(text=text)).numbers == ()


@pytest.mark.parametrize(
    "text",
    [
        "204170", "Kd-Nr. 204170", "KdNr: 204 170", "Kundennummer ist 204170", "2O417O", "Nr. 204170",
        "Kundennummer zwei null vier eins sieben null", "customer number: 204170",
    ],
)  # fmt: skip
def test_customer_numbers_as_people_write_them(text: str) -> None:
    (number,) = read(Given(text=text)).numbers
    assert number.key == "204170"


@pytest.mark.parametrize("meant", ["204710", "204171", "20470", "2041770", "024170"])
def test_what_one_slip_makes_of_a_number(meant: str) -> None:
    assert meant in slips("204170")
    assert "204170" not in slips("204170")
    assert "209999" not in slips("204170")


@pytest.mark.parametrize(
    ("text", "name", "city"),
    [
        ("hier ist der Jens von Elektro Hoffmann aus Gera", "Elektro Hoffmann", "Gera"),
        ("Ich bin von der Firma Haustechnik Öztürk und brauche Hilfe", "Haustechnik Öztürk", None),
        ("Moin, Köhler Kältetechnik hier, die Anlage tropft", "Köhler Kältetechnik", None),
        ("this is Paul from Noack Joinery in Cottbus", "Noack Joinery", "Cottbus"),
        ("Müller & Söhne GmbH & Co. KG", "Müller & Söhne GmbH & Co. KG", None),
    ],
)
def test_the_company_in_a_sentence(text: str, name: str, city: str | None) -> None:
    assert any((p.text, p.city, p.said) == (name, city, True) for p in phrases(text)), phrases(text)

"""Codes and tokens: found, hashed, compared and shown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.accounts.codes import find_code, hash_code, looks_like_code, mask, new_code, new_token, same_code


@settings(max_examples=10, deadline=None)
@given(st.from_regex(r"\d{6}", fullmatch=True), st.from_regex(r"\d{6}", fullmatch=True))
def test_only_the_same_code_fits_its_hash(code: str, other: str) -> None:
    hashed = hash_code(code)
    assert code.encode() not in hashed
    assert same_code(code, hashed)
    assert same_code(other, hashed) == (other == code)


def test_two_hashes_of_a_code_differ() -> None:
    assert hash_code("123456") != hash_code("123456")


@pytest.mark.parametrize("text", ["123456", "123 456", "Der Code ist 123-456.", " 123.456 "])
def test_a_code_is_found_however_it_is_written(text: str) -> None:
    assert find_code(text) == "123456"


@pytest.mark.parametrize("text", ["4500123456", "12345", "1234567", "K10215", "NW-RV-250", ""])
def test_other_numbers_are_none(text: str) -> None:
    assert find_code(text) is None


def test_digits_of_another_length_look_like_one() -> None:
    assert looks_like_code("12345")
    assert not looks_like_code("Wo ist 12345?")


def test_new_ones_have_their_shape() -> None:
    code = new_code()
    assert len(code) == 6
    assert code.isdigit()
    assert len(new_token()) == 32


@pytest.mark.parametrize(
    ("address", "shown"),
    [("jan.huber@hoffmann.example", "j•••@hoffmann.example"), ("a@b.example", "a•••@b.example")],
)
def test_an_address_is_shown_masked(address: str, shown: str) -> None:
    assert mask(address) == shown

"""Numbers, codes and dates are found where they stand, in the form the catalogue knows."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nlu.corpus import Corpus
from nlu.entities import find_entities
from nlu.families import Families

WORLD = yaml.safe_load(
    (Path(__file__).parents[2] / "bot" / "demo" / "world" / "articles.yaml").read_text("utf-8")
)
ARTICLES = [number for family in WORLD["families"].values() for number in family["articles"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wo bleibt 4500123456?", [("order_number", "4500123456")]),
        ("auftrag 45 0012 3456 bitte", [("order_number", "4500123456")]),
        ("4500123456 / 0171 3920012", [("order_number", "4500123456"), ("phone", "+491713920012")]),
        ("45001234567", []),
        ("habt ihr nw-rv-250 da", [("article_number", "NW-RV-250")]),
        ("nw rv 250", [("article_number", "NW-RV-250")]),
        ("NWAX400EC", [("article_number", "NW-AX-400-EC")]),
        ("NW-AX-400-EC", [("article_number", "NW-AX-400-EC")]),
        ("der RV-250 und bsk 315", [("article_number", "NW-RV-250"), ("article_number", "NW-BSK-315")]),
        ("FU 400 V", []),
        ("Fehler 7", [("error_code", "E07")]),
        ("E07 kommt wieder", [("error_code", "E07")]),
        ("was heißt e 12?", [("error_code", "E12")]),
        ("FU zeigt F05", [("error_code", "F05")]),
        ("Filter F7", []),
        ("Fehler 3 mal aufgetreten", []),
        ("blinkt 3x", [("error_code", "BLINK3")]),
        ("LED blinkt fünfmal", [("error_code", "BLINK5")]),
        ("it flashes three times", [("error_code", "BLINK3")]),
        ("Kundennummer K10234", [("customer_number", "K10234")]),
        ("kd.nr. 10234", [("customer_number", "K10234")]),
        (
            "2x NW-RV-160 und 3 Stück RV-200",
            [
                ("quantity", "2"),
                ("article_number", "NW-RV-160"),
                ("quantity", "3"),
                ("article_number", "NW-RV-200"),
            ],
        ),
        ("10 pcs", [("quantity", "10")]),
        ("3x400V, 5x2,5mm²", []),
        ("schon 2x angerufen", []),
        ("am 12.03.2026 oder 2026-04-01", [("date", "2026-03-12"), ("date", "2026-04-01")]),
        ("5. Mai 2026, 6 May 2026", [("date", "2026-05-05"), ("date", "2026-05-06")]),
        ("am 31.02.2026", []),
        ("am 12.3. oder 24. Dezember", [("date", "--03-12"), ("date", "--12-24")]),
        ("morgen früh, spätestens Donnerstag", [("date", "tomorrow"), ("date", "thursday")]),
        ("KW 48 oder KW2/2027", [("date", "W48"), ("date", "2027-W02")]),
        ("guten Morgen, heute Morgen war keiner da", [("date", "today")]),
        ("the day after tomorrow, Friday at the latest", [("date", "overmorrow"), ("date", "friday")]),
        ("2 may fit", []),
        ("zwei Stück", [("quantity", "2")]),
        ("drei RV-250", [("quantity", "3"), ("article_number", "NW-RV-250")]),
        ("12 NW-BSK-200", [("quantity", "12"), ("article_number", "NW-BSK-200")]),
        ("ein Problem", []),
        ("Rückruf (030) 23125-110", [("phone", "+493023125110")]),
        ("+49 171 3920012", [("phone", "+491713920012")]),
        (
            "also die wrg dreihundert zeigt e null fünf",
            [("article_number", "NW-WRG-300"), ("error_code", "E05")],
        ),
        ("NW RV zweihundertfünfundfünfzig", [("article_number", "NW-RV-255")]),
        ("fehler e zwölf am ax vierhundertfünfzig", [("error_code", "E12"), ("article_number", "NW-AX-450")]),
        ("code null sieben", [("error_code", "E07")]),
        ("E minus 3", []),
        ("SD hundertmal probiert", []),
        ("hallo", []),
    ],
)
def test_what_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(entity.name, entity.value) for entity in find_entities(text)] == expected


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Bitte 45 0012 3456!", "45 0012 3456"),
        ("tel: 0171 3920012.", "0171 3920012"),
        ("ein nw rv 250?", "nw rv 250"),
    ],
)
def test_offsets_point_at_the_words(text: str, marked: str) -> None:
    (entity,) = find_entities(text)
    assert text[entity.start : entity.end] == marked


def test_a_number_at_the_end_of_a_very_long_text_keeps_its_place() -> None:
    text = "bla " * 100_000 + "4500123456"
    (entity,) = find_entities(text)
    assert text[entity.start : entity.end] == "4500123456"


PIECES = st.sampled_from(
    ["4500123456", "NW-RV-250", "E07", "0171 3920012", "12.03.2026", "3 Stück", "K10234", "2x"]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=8), st.sampled_from(["", " ", ", ", "-"]))
def test_entities_lie_inside_the_text_and_never_overlap(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    end = 0
    for entity in find_entities(text):
        assert end <= entity.start < entity.end <= len(text)
        assert entity.value
        assert text[entity.start : entity.end] == text[entity.start : entity.end].strip()
        end = entity.end


@pytest.mark.parametrize("number", [*ARTICLES, *WORLD["spare_parts"]])
def test_every_article_of_the_demo_world_is_recognised_however_it_is_typed(number: str) -> None:
    for typed in (number, number.lower(), number.replace("-", " "), number.replace("-", "")):
        found = [(entity.name, entity.value) for entity in find_entities(f"habt ihr {typed} da?")]
        assert found == [("article_number", number)]


@pytest.mark.parametrize("number", ARTICLES)
def test_articles_are_recognised_without_the_makers_letters(number: str) -> None:
    (entity,) = find_entities(f"der {number.removeprefix('NW-')} bitte")
    assert entity.value == number


def test_the_families_named_in_words_are_those_of_the_demo_world(corpus: Corpus) -> None:
    assert corpus.families.keys() == WORLD["families"].keys()


@pytest.mark.parametrize(
    ("text", "family", "marked"),
    [
        ("E07 am Dachventilator", "NW-DV", "Dachventilator"),
        ("zwei Dachlüftern", "NW-DV", "Dachlüftern"),
        ("der Rohrluefter pfeift", "NW-RV", "Rohrluefter"),
        ("EC Axialventilator spinnt", "NW-AX-EC", "EC Axialventilator"),
        ("Axialventilator, der EC-Axialventilator", "NW-AX-EC", "EC-Axialventilator"),
        ("mein FU zeigt F05", "NW-FU", "FU"),
        ("heat recovery unit E03", "NW-WRG", "heat recovery unit"),
        ("roof fans", "NW-DV", "roof fans"),
    ],
)
def test_a_family_said_in_words(corpus: Corpus, text: str, family: str, marked: str) -> None:
    found = [e for e in find_entities(text, Families(corpus.families)) if e.name == "family"]
    assert [(entity.value, text[entity.start : entity.end]) for entity in found] == [(family, marked)]


@pytest.mark.parametrize(
    "text",
    [
        "der Axialventilator brummt",  # one of three families
        "FU am Dachventilator zeigt F05",  # which of the two shows it?
        "Dachventilator NW-DV-400",  # the number says it better
        "Filter fuer die Anlage",
        "hallo",
    ],
)
def test_words_that_leave_the_family_open(corpus: Corpus, text: str) -> None:
    assert all(entity.name != "family" for entity in find_entities(text, Families(corpus.families)))

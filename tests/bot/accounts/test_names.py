"""Names, sounds and their index; and, on real firms, that companies are found."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, update

from benchmarks.names import accepted, ask, filled, former, read_firms, typed
from bot.accounts.directory import Given
from bot.accounts.name_index import build, search
from bot.accounts.name_parts import take_apart
from bot.accounts.name_score import compare
from bot.accounts.names import fold, plain
from bot.accounts.phonetics import spoken
from bot.storage.accounts import LocalDirectory
from bot.storage.database import Database
from bot.storage.tables import Account
from tests.conftest import Clock

FORMS = (
    "GmbH", "G.m.b.H.", "mbH", "Gesellschaft mit beschränkter Haftung", "GmbH & Co. KG", "GmbH und Co KG",
    "e.K.", "e. K.", "eK", "OHG", "KG", "AG", "UG (haftungsbeschränkt)", "e.V.", "GbR", "Ltd.",
)  # fmt: skip
NAMES = st.lists(
    st.text(alphabet="abcdefghijklmnoprstuwzäöüß", min_size=4, max_size=12), min_size=1, max_size=3
).map(" ".join)


@settings(deadline=None)
@given(name=NAMES, form=st.sampled_from(FORMS))
def test_a_legal_form_changes_nothing_wherever_it_stands(name: str, form: str) -> None:
    assert plain(f"{name} {form}") == plain(name) == plain(f"{form} {name}")


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_folds_to_plain_letters_once_and_for_all(text: str) -> None:
    folded = fold(text)
    assert folded.isascii()
    assert fold(folded) == folded
    take_apart(text)
    spoken(folded)


@settings(deadline=None)
@given(NAMES)
def test_a_name_is_wholly_like_itself(name: str) -> None:
    assert compare(take_apart(name), None, name, (), None).score == 100


@settings(deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=30, unique=True), st.data())
def test_a_name_finds_itself_first_or_beside_its_equal(names: list[str], data: st.DataObject) -> None:
    texts = [take_apart(name).plain for name in names]
    wanted = data.draw(st.sampled_from(texts))
    found = [texts[i] for i in search(build(texts), wanted, 5)]
    assert wanted in found


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("meier", "mayer", True),
        ("hoffmann", "hofmann", True),
        ("schmidt", "schmitt", True),
        ("thiel", "tiel", True),
        ("mueller", "moeller", False),
        ("wagner", "wegner", False),
        ("bauer", "bayer", False),
    ],
)
def test_what_sounds_the_same(one: str, other: str, *, same: bool) -> None:
    assert (spoken(one) == spoken(other)) is same


async def test_every_process_follows_what_another_changes(database: Database, clock: Clock) -> None:
    """Two directories stand for two processes: neither is told, both find what has changed."""
    here, there = LocalDirectory(clock), LocalDirectory(clock)

    async def names(directory: LocalDirectory, name: str) -> list[str]:
        async with database.read() as conn:
            return [match.customer_number for match in await directory.find_by_name(conn, name)]

    assert await names(here, "Elektro Hoffmann") == await names(there, "Elektro Hoffmann") == []
    async with database.begin() as conn:
        await conn.execute(
            insert(Account).values(customer_number="1", name="Elektro Hoffmann GmbH", source="test")
        )
    assert await names(here, "Hofmann Elektro") == await names(there, "Hofmann Elektro") == ["1"]
    async with database.begin() as conn:
        await conn.execute(update(Account).values(name="Gera Energie AG"))
    async with database.read() as conn:
        (renamed,) = await there.find_by_name(conn, "Elektro Hoffmann")
        assert (renamed.name, renamed.score) == ("Gera Energie AG", 98.0)
        assert (await here.identify(conn, Given(text="Gera Energie"))).kind == "match"
    async with database.begin() as conn:
        await conn.execute(delete(Account))
    assert await names(here, "Gera Energie") == []


@pytest.mark.shared
@pytest.mark.usefixtures("shared")
async def test_real_firms_are_found_and_others_are_not_taken_for_them() -> None:
    """Floors below what docs/accounts.md reports, on a sample: that nothing has broken."""
    rng = random.Random(1)  # noqa: S311 - which firms are asked for is no secret
    firms = read_firms()
    async with filled(firms) as (conn, directory):
        found = await ask(conn, directory, typed(firms, 150, rng), with_city=False)
        assert found.top1 >= 90
        assert found.top5 >= 96
        found = await ask(conn, directory, rng.sample(former(firms), 100), with_city=True)
        assert found.top1 >= 70
        assert found.top5 >= 85
    rng.shuffle(firms)
    async with filled(firms[200:]) as (conn, directory):
        assert await accepted(conn, directory, firms[:200], with_city=True) <= 0.5

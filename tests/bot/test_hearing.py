"""Bursts, albums, edits and taps become one thing to answer."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.hearing import hear
from bot.messages import Contact, Inbound, Kind, Sender

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SENDER = Sender("whatsapp", "+4917139200101")


def said(text: str = "", kind: Kind = Kind.TEXT, number: int = 1, **more: object) -> Inbound:
    return Inbound(SENDER, f"SM{number}", kind, NOW, text, message_id=f"SM{number}", **more)  # type: ignore[arg-type]


def test_a_burst_is_read_as_one_text_in_order() -> None:
    heard = hear([said("Hallo", number=1), said("hab ein Problem", number=2), said("E07", number=3)])
    assert heard.text == "Hallo\nhab ein Problem\nE07"


def test_an_edit_replaces_the_words_of_the_same_turn() -> None:
    edit = Inbound(SENDER, "edit:1", Kind.EDIT, NOW, "4500123465", message_id="SM1")
    assert hear([said("4500123456"), edit]).text == "4500123465"


def test_an_edit_of_something_unanswered_is_read_again() -> None:
    edit = Inbound(SENDER, "edit:9", Kind.EDIT, NOW, "neu", message_id="SM9")
    assert hear([edit], frozenset({"SM9"})).text == "neu"


def test_an_edit_of_something_answered_long_ago_is_silent() -> None:
    edit = Inbound(SENDER, "edit:9", Kind.EDIT, NOW, "neu", message_id="SM9")
    assert hear([edit]).silent


def test_an_album_counts_as_files_with_one_caption() -> None:
    album = [
        said("Typenschild", Kind.IMAGE, 1, album="a"),
        said("", Kind.IMAGE, 2, album="a"),
        said("", Kind.IMAGE, 3, album="a"),
    ]
    heard = hear(album)
    assert heard.files
    assert heard.text == "Typenschild"


def test_the_last_tap_counts() -> None:
    heard = hear(
        [said(kind=Kind.TAP, tap="a", number=1), said(kind=Kind.TAP, tap="b", tap_id="t2", number=2)]
    )
    assert (heard.tap, heard.tap_id) == ("b", "t2")
    assert heard.wordless


def test_a_contact_and_a_poll_are_not_silence() -> None:
    assert not hear([said(kind=Kind.CONTACT, contact=Contact("A", "+491713920000"))]).silent
    assert hear([said(kind=Kind.UNSUPPORTED, problem="a poll")]).problems == ("a poll",)


@given(st.lists(st.tuples(st.sampled_from(Kind), st.text(max_size=30)), max_size=20))
def test_hearing_never_fails_and_keeps_every_word(messages: list[tuple[Kind, str]]) -> None:
    heard = hear([said(text, kind, number) for number, (kind, text) in enumerate(messages)])
    for kind, text in messages:
        words = text.strip()
        if kind not in (Kind.EDIT, Kind.TAP) and words and words != "/start":
            assert words in heard.text

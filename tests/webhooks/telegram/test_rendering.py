"""How a message of ours looks on Telegram."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup, ReplyKeyboardMarkup

from bot.messages import Attachment, Choice, Outbound, Part
from webhooks.telegram.rendering import TEXT_LIMIT, escaped, keyboard, render
from webhooks.text import units

CHOICES = (Choice("yes", "Ja"), Choice("no", "Nein"), Choice("order_status", "Auftrag und Liefertermin"))
PLAN = Attachment(7, Path("plan.pdf"), "application/pdf", "plan.pdf", 10)


@given(st.text(max_size=9000))
def test_nothing_written_is_lost_and_every_part_fits(text: str) -> None:
    parts = render(Outbound(text=text))

    assert "".join("".join(part.body["text"].split()) for part in parts) == "".join(text.split())
    assert all(0 < units(part.body["text"]) <= TEXT_LIMIT for part in parts)


def test_buttons_stand_under_the_last_text_and_files_follow() -> None:
    first, last, file = render(Outbound(text="Wort. " * 1000, choices=CHOICES, attachments=(PLAN,)))

    assert keyboard(first) is None
    markup = keyboard(last)
    assert isinstance(markup, InlineKeyboardMarkup)
    rows = [[(button.text, button.callback_data) for button in row] for row in markup.inline_keyboard]
    assert rows == [[("Ja", "yes"), ("Nein", "no")], [("Auftrag und Liefertermin", "order_status")]]
    assert (file.body, file.media_id) == ({"file": True}, 7)


def test_the_button_to_rate_has_a_row_of_its_own() -> None:
    thumb = Choice("not_helpful", "👎 Nicht hilfreich")
    (part,) = render(Outbound(text="So geht es.", choices=CHOICES[:1], rate=thumb))
    markup = keyboard(part)
    assert isinstance(markup, InlineKeyboardMarkup)
    assert [[button.callback_data for button in row] for row in markup.inline_keyboard] == [
        ["yes"],
        ["not_helpful"],
    ]
    (part,) = render(Outbound(text="So geht es.", ask_contact=True, rate=thumb))
    assert "rate" not in part.body, "keys beside a message cannot be told from words"


def test_a_value_too_long_for_a_button_makes_a_numbered_list() -> None:
    (part,) = render(Outbound(text="Welches?", choices=(Choice("ü" * 33, "Dieses"),)))

    assert part.body == {"text": "Welches?\n\n1. Dieses"}


def test_choices_without_text_are_written_down() -> None:
    (part,) = render(Outbound(choices=CHOICES[:2]))

    assert part.body["text"] == "1. Ja\n2. Nein"


def test_a_contact_is_asked_for_with_the_choices_beside_it() -> None:
    (part,) = render(Outbound(text="Wer sind Sie?", choices=CHOICES[:2], ask_contact=True))

    markup = keyboard(part)
    assert isinstance(markup, ReplyKeyboardMarkup)
    assert markup.keyboard[0][0].request_contact
    assert [button.text for button in markup.keyboard[1]] == ["Ja", "Nein"]


def test_markup_in_a_text_is_shown_as_it_is() -> None:
    assert escaped('<b>3 < 5 & "Ja"</b>') == '&lt;b&gt;3 &lt; 5 &amp; "Ja"&lt;/b&gt;'


def test_nothing_to_say_is_nothing_to_send() -> None:
    assert render(Outbound(text=" \n ")) == []
    assert keyboard(Part({"text": "x"})) is None

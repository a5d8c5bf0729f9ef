"""Which of the waiting messages are one turn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.breath import one_turn
from bot.messages import Inbound, Kind, Sender
from bot.storage.inbox import Waiting

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SENDER = Sender("whatsapp", "+4917139200101")


def waiting(number: int, after: float, kind: Kind = Kind.TEXT, of: int | None = None) -> Waiting:
    """A message said `after` seconds; all of them reached us at once."""
    said = NOW + timedelta(seconds=after)
    inbound = Inbound(SENDER, f"SM{number}", kind, said, "…", message_id=f"SM{of or number}")
    return Waiting(number, inbound, NOW + timedelta(hours=1))


def taken(*items: Waiting) -> list[int]:
    return [item.id for item in one_turn(items)]


def test_what_is_said_in_quick_succession_belongs_together() -> None:
    assert taken(waiting(1, 0), waiting(2, 8), waiting(3, 16)) == [1, 2, 3]


def test_a_pause_begins_another_turn_however_late_all_of_it_came() -> None:
    assert taken(waiting(1, 0), waiting(2, 3), waiting(3, 40), waiting(4, 41)) == [1, 2]


def test_what_arrives_out_of_order_is_no_pause() -> None:
    assert taken(waiting(1, 60), waiting(2, 0), waiting(3, 5)) == [1, 2, 3]


def test_a_signal_is_a_turn_by_itself() -> None:
    assert taken(waiting(1, 0), waiting(2, 0, Kind.SIGNAL)) == [1]
    assert taken(waiting(1, 0, Kind.SIGNAL), waiting(2, 0)) == [1]


def test_an_edit_goes_with_the_message_it_changes() -> None:
    edit = waiting(3, 90, Kind.EDIT, of=1)
    assert taken(waiting(1, 0), waiting(2, 40), edit) == [1, 3]
    assert taken(waiting(1, 0), waiting(2, 40), waiting(4, 90, Kind.EDIT, of=2)) == [1]

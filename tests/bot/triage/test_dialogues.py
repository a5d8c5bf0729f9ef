"""The bot's actions in the development dialogues do not get worse."""

from __future__ import annotations

from pathlib import Path

from nlu.linear import LinearUnderstander
from tests.bot.triage.report import action_accuracy, handoff_accuracy, play


async def test_actions_and_handoffs_in_whole_dialogues(engine: LinearUnderstander, tmp_path: Path) -> None:
    """Floors a little below what was measured; docs/nlu.md says what the figures are worth."""
    played = await play(engine, tmp_path)
    assert len(played) >= 253
    assert action_accuracy(played) >= 0.95
    assert handoff_accuracy(played) >= 0.95

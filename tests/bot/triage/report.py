"""How well the bot does in whole dialogues: `python -m tests.bot.triage.report [round …]`.

Prints the share of turns with the right action and the share of dialogues handed over at the right
turn, per round; for the rounds named, the turns that went wrong as well. Expected actions follow the
label rules in docs/nlu.md.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings
from nlu.understanding import Understander
from nlu.versions import load_or_train
from webhooks.engine import PROJECT
from webhooks.logs import set_up_logs
from webhooks.rehearsal import Predicted, rehearsals
from webhooks.script import Script, read_scripts

DIALOGUES = Path(__file__).with_name("dialogues.jsonl")


@dataclass(frozen=True, slots=True)
class Played:
    """A dialogue, what was expected and what happened."""

    script: Script
    predicted: Sequence[Predicted]

    @property
    def expected(self) -> list[str]:
        """The right action of each turn."""
        return [turn["expected"] for turn in self.script.raw["turns"]]

    @property
    def actions(self) -> list[str]:
        """What was done at each turn."""
        return [str(what.action) for what in self.predicted]

    @property
    def handed_over_rightly(self) -> bool:
        """Handed over at exactly the turns where a person should take over, or never where none should."""
        wanted = [action == "handoff" for action in self.expected]
        return wanted == [action == "handoff" for action in self.actions]


async def play(understander: Understander, folder: Path) -> list[Played]:
    """Play all development dialogues."""
    with rehearsals(Settings(_env_file=None, data_dir=folder), understander) as stage:
        await stage.prepare()
        return [Played(script, await stage.rehearse(script)) for script in read_scripts(DIALOGUES)]


def action_accuracy(played: Sequence[Played]) -> float:
    """The share of turns with the right action."""
    pairs = [pair for one in played for pair in zip(one.expected, one.actions, strict=True)]
    return sum(wanted == got for wanted, got in pairs) / len(pairs)


def handoff_accuracy(played: Sequence[Played]) -> float:
    """The share of dialogues handed over at the right turn."""
    return sum(one.handed_over_rightly for one in played) / len(played)


def main(shown: frozenset[int]) -> None:
    """Play and print."""
    set_up_logs(level=logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        understander = load_or_train(PROJECT, Path(folder), lambda _: None)
        everything = asyncio.run(play(understander, Path(folder)))
    for number in sorted({one.script.raw["round"] for one in everything}):
        played = [one for one in everything if one.script.raw["round"] == number]
        for one in played if number in shown else ():
            for turn, wanted, got in zip(one.script.raw["turns"], one.expected, one.predicted, strict=True):
                if wanted != got.action:
                    told = turn.get("text") or turn.get("caption") or turn.get("transcript") or turn["media"]
                    sys.stdout.write(
                        f"{one.script.raw['id']} {told}\n    expected {wanted}, got {got.action} "
                        f"({got.intent}, urgency {got.urgency}, {', '.join(got.reasons)}): {got.said!r}\n"
                    )
        sys.stdout.write(
            f"round {number}: {len(played)} dialogues, {sum(len(one.actions) for one in played)} turns, "
            f"right action {action_accuracy(played):.1%}, "
            f"handed over at the right turn {handoff_accuracy(played):.1%}\n"
        )


if __name__ == "__main__":
    main(frozenset(int(number) for number in sys.argv[1:]))

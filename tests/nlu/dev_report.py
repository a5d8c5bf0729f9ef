"""How well the engine does on hand-written messages it was not trained on.

`python -m tests.nlu.dev_report` prints the figures of each round of dev_set.jsonl; with numbers behind
it, also the misses of those rounds. A round whose misses have been read while the corpus grew flatters
from then on (docs/nlu.md says which), so they are shown only when asked for. With the word "rasa" before
them the intents are Rasa's, trained on the same corpus first.
The action is what triage decides on a message that is the first of its conversation.
"""

from __future__ import annotations

import asyncio
import json
import math
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.triage import decide, first_words
from nlu import rasa_process
from nlu.corpus import read_corpus
from nlu.linear import LinearUnderstander
from nlu.understanding import Understanding

DEV_SET = Path(__file__).with_name("dev_set.jsonl")
PROJECT = Path(__file__).parents[2] / "nlu" / "project"


@dataclass(frozen=True, slots=True)
class Message:
    """One labelled message. `also` are further intents, `entities` (name, value); none before round 8."""

    text: str
    intent: str
    urgency: int
    complex: int
    action: str
    round: int
    also: tuple[str, ...] = ()
    entities: tuple[tuple[str, str], ...] = ()


def read_dev_set() -> list[Message]:
    """The hand-written messages."""
    lines = [json.loads(line) for line in DEV_SET.read_text("utf-8").splitlines()]
    return [
        Message(**{**line, "entities": tuple((name, value) for name, value in line.get("entities", ()))})
        for line in lines
    ]


def action(text: str, understanding: Understanding) -> str:
    """What would happen with this message as the first of a conversation, as `bauruf parse` says it."""
    return decide(first_words(understanding, text)).action.value


@dataclass(frozen=True, slots=True)
class Report:
    """Shares, 0..1, over the development set; NaN where a round labels nothing of the kind. Of `entities`
    and `also` the share of messages in which all that is labelled was found.
    """

    intent: float
    intent_when_sure: float
    sure: float
    emergencies_found: float
    called_urgent: float
    humans_found: float
    complexity: float
    action: float
    entities: float
    also: float


def measure(messages: Sequence[Message], understood: Sequence[Understanding]) -> Report:
    """Compare labels and understandings, in the same order, as `bauruf parse` prints them."""
    pairs = [
        (message, first_words(found, message.text).understanding)
        for message, found in zip(messages, understood, strict=True)
    ]

    def share(hits: list[bool]) -> float:
        return sum(hits) / len(hits) if hits else math.nan

    return Report(
        intent=share([m.intent == u.intent for m, u in pairs]),
        intent_when_sure=share([m.intent == u.intent for m, u in pairs if u.sure]),
        sure=share([u.sure for _, u in pairs]),
        emergencies_found=share([u.urgency == 2 for m, u in pairs if m.urgency == 2]),
        called_urgent=share([u.urgency == 2 for m, u in pairs if m.urgency < 2]),
        humans_found=share([u.intent == m.intent for m, u in pairs if m.intent == "human_request"]),
        complexity=share([bool(m.complex) == u.complex for m, u in pairs]),
        action=share([m.action == action(m.text, u) for m, u in pairs]),
        entities=share([_told(m) <= _found(u) for m, u in pairs if m.entities]),
        also=share([{m.intent, *m.also} <= {u.intent, *u.also} for m, u in pairs if m.also]),
    )


async def ask_rasa(messages: Sequence[Message], model: LinearUnderstander) -> list[Understanding]:
    """What Rasa with this model behind it makes of them. Raises EngineUnavailable without Rasa."""
    with tempfile.TemporaryDirectory() as folder:
        file = rasa_process.train(PROJECT, Path(folder), "dev", lambda: None)
        async with rasa_process.serving(file, model) as engine:
            return [await engine.understand(message.text) for message in messages]


def _told(message: Message) -> set[tuple[str, str]]:
    return {(name, value.casefold()) for name, value in message.entities}


def _found(understanding: Understanding) -> set[tuple[str, str]]:
    return {(entity.name, entity.value.casefold()) for entity in understanding.entities}


def main(shown: frozenset[int], *, rasa: bool) -> None:
    """Print the shares of every round, after the misses of those that are to be shown."""
    messages = read_dev_set()
    model = LinearUnderstander(read_corpus(PROJECT))
    if rasa:
        understood = asyncio.run(ask_rasa(messages, model))
    else:
        understood = [model.parse(message.text) for message in messages]
    for message, found in zip(messages, understood, strict=True):
        expected = (message.intent, message.urgency, bool(message.complex), message.action)
        got = (found.intent, found.urgency, found.complex, action(message.text, found))
        lacking = _told(message) - _found(found)
        if message.round in shown and (expected != got or lacking):
            sys.stdout.write(
                f"{message.text}\n    expected {expected} {lacking or ''}\n"
                f"    got      {got} {found.confidence:.2f}\n"
            )
    for number in sorted({message.round for message in messages}):
        places = [place for place, message in enumerate(messages) if message.round == number]
        report = measure([messages[place] for place in places], [understood[place] for place in places])
        emergencies = sum(messages[place].urgency == 2 for place in places)
        sys.stdout.write(f"round {number}, {len(places)} messages, {emergencies} emergencies\n")
        for name, share in asdict(report).items():
            sys.stdout.write(f"    {name:18}{share:6.1%}\n")
    sys.stdout.write(f"{model.calibration}\n")


if __name__ == "__main__":
    words = sys.argv[1:]
    main(frozenset(int(word) for word in words if word != "rasa"), rasa="rasa" in words)

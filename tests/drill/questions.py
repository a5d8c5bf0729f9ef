"""What the installers of the drill ask: questions the bot answers by itself, each time.

The answer to a question names its article, and an installer asks for another article every time
(as long as there are some), so that an answer says which question it belongs to.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from bot.demo.world import read_world

FIRST_CHAT = 500_000_001
_SENT_AT = 1_795_000_000
_APART = 60  # seconds between two questions of a chat, as it writes them: none belongs to the one before


@dataclass(frozen=True, slots=True)
class Question:
    """One update of Telegram. `number` counts all questions from 1, `nth` those of its chat from 1."""

    number: int
    chat: int
    nth: int
    article: str

    @property
    def text(self) -> str:
        return f"Ist {self.article} am Lager? (Nr. {self.number})"

    def update(self) -> bytes:
        """The update as Telegram writes it."""
        person = {"id": self.chat, "first_name": "Erika", "language_code": "de"}
        return json.dumps(
            {
                "update_id": 70_000_000 + self.number,
                "message": {
                    "message_id": self.nth,
                    "from": {**person, "is_bot": False},
                    "chat": {"id": self.chat, "first_name": "Erika", "type": "private"},
                    "date": _SENT_AT + _APART * self.nth,
                    "text": self.text,
                },
            }
        ).encode()


@cache
def articles() -> tuple[str, ...]:
    """All articles of the demo world."""
    world = read_world("articles")
    devices = [number for family in world["families"].values() for number in family["articles"]]
    return (*devices, *world["spare_parts"])


def questions(chats: Sequence[int], first: int = 1) -> Iterator[Question]:
    """One question for each entry of `chats`, in this order; a chat may come any number of times."""
    asked: dict[int, int] = {}
    names = articles()
    for number, chat in enumerate(chats, start=first):
        nth = asked[chat] = asked.get(chat, 0) + 1
        yield Question(number, chat, nth, names[(chat + nth) % len(names)])


def hot_and_cool(total: int, hot: int, cool: int, seed: int) -> list[int]:
    """Who writes when: a few hot chats write half of all messages, the cool ones the rest; shuffled."""
    half = total // 2
    chats = [FIRST_CHAT + position % hot for position in range(half)]
    chats += [FIRST_CHAT + hot + position % cool for position in range(total - half)]
    random.Random(seed).shuffle(chats)  # noqa: S311 - a shuffle to be repeated
    return chats

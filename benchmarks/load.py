"""The load generator as a process of its own: it reads plans line by line and prints what became of each.

A plan is `Plan` as JSON. The answer is a JSON list of [chat, article, started, ended, body], where
`started` is when the question was handed to its chat's queue, `ended` when the call was answered
(both monotonic seconds) and `body` the first bytes of Rasa's answer, "" for Bauruf.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import uvloop

from benchmarks.pipes import lines_of_stdin
from tests.drill.processes import SECRET
from tests.drill.questions import FIRST_CHAT, Question, articles
from tests.drill.telegram import Door, Telegram

TELEGRAM, RASA = "telegram", "rasa"


@dataclass(frozen=True, slots=True)
class Plan:
    """`rate` messages a second on average, at random moments (Poisson), or as fast as `clients` get
    their answers when `rate` is None. `kind` says what the `urls` understand.
    """

    kind: str
    urls: list[str]
    seconds: float
    conversations: int
    rate: float | None = None
    clients: int = 0


Outcome = tuple[int, str, float, float, str]
Ask = Callable[[Question], Coroutine[Any, Any, Outcome]]


class Writers:
    """All installers, from the first plan to the last: their questions go on counting."""

    def __init__(self) -> None:
        self._random = random.Random(20)
        self._number = 0
        self._asked: dict[int, int] = {}

    def next(self, conversations: int) -> Question:
        """A question of anybody."""
        return self.of(FIRST_CHAT + self._random.randrange(conversations))

    def of(self, chat: int) -> Question:
        """The next question of this chat."""
        self._number += 1
        nth = self._asked[chat] = self._asked.get(chat, 0) + 1
        names = articles()
        return Question(self._number, chat, nth, names[(chat + nth) % len(names)])

    def moments(self, rate: float, seconds: float) -> list[float]:
        """When somebody writes, as seconds from the start: at random, but exactly `rate * seconds` times
        (a Poisson process of which the count is known).
        """
        return sorted(self._random.uniform(0, seconds) for _ in range(round(rate * seconds)))


def telegram(urls: list[str]) -> Ask:
    """Ask by webhook: what is timed here is the door's answer; the reply comes to the provider."""
    side = Telegram([Door(url, {"X-Telegram-Bot-Api-Secret-Token": SECRET}) for url in urls])

    async def ask(question: Question) -> Outcome:
        update, started = question.update(), time.monotonic()
        await side.deliver(question.chat, update)
        return question.chat, question.article, started, time.monotonic(), ""

    return ask


def rasa(urls: list[str]) -> Ask:
    """Ask over Rasa's REST channel: the answer is in the response. One call at a time per chat."""
    (url,) = urls
    door = Door(url, {}, connections=1000)
    chats: dict[int, asyncio.Lock] = {}

    async def ask(question: Question) -> Outcome:
        body = json.dumps({"sender": str(question.chat), "message": question.text}).encode()
        started = time.monotonic()
        async with chats.setdefault(question.chat, asyncio.Lock()):
            _, content = await door.post(body)
        return question.chat, question.article, started, time.monotonic(), content[:200].decode()

    return ask


async def run(plan: Plan, writers: Writers, ask: Ask) -> list[Outcome]:
    if plan.rate is None:
        return await closed_loop(plan, writers, ask)
    loop = asyncio.get_running_loop()
    start = loop.time()
    tasks: list[asyncio.Task[Outcome]] = []
    for at in writers.moments(plan.rate, plan.seconds):
        await asyncio.sleep(start + at - loop.time())
        tasks.append(loop.create_task(ask(writers.next(plan.conversations))))
    return list(await asyncio.gather(*tasks))


async def closed_loop(plan: Plan, writers: Writers, ask: Ask) -> list[Outcome]:
    """Each client asks its next question as soon as it has the answer to the one before."""
    deadline = time.monotonic() + plan.seconds
    outcomes: list[Outcome] = []

    async def client(chat: int) -> None:
        while time.monotonic() < deadline:
            outcomes.append(await ask(writers.of(chat)))

    await asyncio.gather(*(client(FIRST_CHAT + number) for number in range(plan.clients)))
    return outcomes


async def main() -> None:
    writers = Writers()
    asks: dict[tuple[str, ...], Ask] = {}
    async for line in lines_of_stdin():
        plan = Plan(**json.loads(line))
        key = (plan.kind, *plan.urls)
        if key not in asks:
            asks[key] = (telegram if plan.kind == TELEGRAM else rasa)(plan.urls)
        print(json.dumps(await run(plan, writers, asks[key])), flush=True)


if __name__ == "__main__":
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    sys.exit(asyncio.run(main()))

"""Judging a drill: what was asked, what was stored and what the provider received must agree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tests.drill.bot_api import Received
from tests.drill.questions import Question


@dataclass(frozen=True, slots=True)
class Said:
    """One row of `messages`, in the order of their ids; `provider_id` only for the installer's."""

    chat: int
    author: str
    text: str
    provider_id: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """One row of `deliveries`, in the order of their ids."""

    chat: int
    text: str
    state: str
    resent: bool


def complaints(
    asked: Sequence[Question], said: Sequence[Said], parts: Sequence[Part], received: Sequence[Received]
) -> list[str]:
    """All that went wrong, in words; an empty list is a pass."""
    questions, lines, queue, calls = _by_chat(asked), _by_chat(said), _by_chat(parts), _by_chat(received)
    found: list[str] = []
    for chat in sorted({*questions, *lines, *queue, *calls}):
        mine, rows, outgoing = questions.get(chat, []), lines.get(chat, []), queue.get(chat, [])
        problems = [
            *_stored(mine, [row for row in rows if row.author == "installer"]),
            *_answered(mine, rows),
            *_queued(rows, outgoing),
            *_arrived(outgoing, [call.text for call in calls.get(chat, [])]),
        ]
        found += [f"chat {chat}: {problem}" for problem in problems]
    return found


Item = TypeVar("Item", Question, Said, Part, Received)


def _by_chat(items: Iterable[Item]) -> Mapping[int, list[Item]]:
    groups: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        groups[item.chat].append(item)
    return groups


def _stored(asked: Sequence[Question], rows: Sequence[Said]) -> Iterator[str]:
    """Every question is stored exactly once, in the order it was asked."""
    wanted = [(str(question.nth), question.text) for question in asked]
    there = [(row.provider_id, row.text) for row in rows]
    if there == wanted:
        return
    counts = Counter(there)
    yield from (f"lost: {text}" for key, text in wanted if not counts[key, text])
    yield from (f"stored {count} times: {text}" for (_, text), count in counts.items() if count > 1)
    yield from (f"nobody wrote: {text}" for key, text in counts if (key, text) not in wanted)
    if sorted(there, key=str) == sorted(wanted, key=str):
        yield f"stored out of order: {[key for key, _ in there]}"


def _answered(asked: Sequence[Question], rows: Sequence[Said]) -> Iterator[str]:
    """Every question is followed by one answer, which names its article."""
    articles = {question.text: question.article for question in asked}
    open_question: Said | None = None
    for row in rows:
        if row.author == "installer":
            if open_question is not None:
                yield f"not answered: {open_question.text}"
            open_question = row
        elif row.author != "bot":
            yield f"somebody else spoke ({row.author}): {row.text}"
        elif open_question is None:
            yield f"answered twice: {row.text}"
        else:
            if f"({articles.get(open_question.text)})" not in row.text:
                yield f"{open_question.text} was answered by: {row.text}"
            open_question = None
    if open_question is not None:
        yield f"not answered: {open_question.text}"


def _queued(rows: Sequence[Said], parts: Sequence[Part]) -> Iterator[str]:
    """Every answer became one part, in order, and every part was sent."""
    answers = [row.text for row in rows if row.author == "bot"]
    texts = [part.text for part in parts]
    if answers != texts:
        yield f"{len(answers)} answers became {len(texts)} other parts"
    yield from (f"{part.state} instead of sent: {part.text}" for part in parts if part.state != "sent")


def _arrived(parts: Sequence[Part], received: Sequence[str]) -> Iterator[str]:
    """The provider received every part once, in order; one that is flagged as resent at most twice."""
    position = 0
    for part in parts:
        count = 0
        while position < len(received) and received[position] == part.text:
            position, count = position + 1, count + 1
        if count == 0:
            yield f"never arrived in its place: {part.text}"
        elif count > (2 if part.resent else 1):
            yield f"arrived {count} times{' though resent' if part.resent else ''}: {part.text}"
    yield from (f"arrived out of order or unasked: {text}" for text in received[position:])

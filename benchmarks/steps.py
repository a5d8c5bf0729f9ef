"""One step of load and what came of it, and the search for the highest rate that can be sustained."""

from __future__ import annotations

import statistics
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

CONVERSATIONS = 500
_SLOWEST_P95 = 1.0  # seconds
_GROWTH = 0.03  # of the rate: a backlog that grows faster is no sustained rate,
_CHANCE = 0.1  # unless it is less than so many seconds of arrivals: chance makes it go up and down

Outcome = tuple[int, str, float, float, str]
Received = tuple[float, int, str]
Timed = tuple[float, float | None, bool]


@dataclass(frozen=True)
class Step:
    """What one step showed. `latencies` in seconds, of every message that was answered; `unanswered`
    must be 0; `merged` were answered together with a later message of the same conversation.
    `growth` is by how many messages the backlog of the last third exceeded that of the middle third;
    `cpu` is seconds of processor time by kind of process.
    """

    rate: float
    seconds: float
    asked: int
    unanswered: int
    merged: int
    latencies: Sequence[float]
    growth: float
    cpu: dict[str, float] = field(default_factory=dict)

    def percentile(self, share: float) -> float:
        """A latency in seconds that this share of messages did not exceed."""
        ordered = sorted(self.latencies)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else float("inf")

    @property
    def achieved(self) -> float:
        """Messages that really came, a second."""
        return self.asked / self.seconds

    @property
    def sustained(self) -> bool:
        """Whether this rate could go on for ever."""
        grows = self.growth > self.rate * max(_CHANCE, _GROWTH * self.seconds / 3)
        return not self.unanswered and not grows and self.percentile(0.95) < _SLOWEST_P95

    def cpu_ms(self, kind: str) -> float:
        """Processor time a message, in milliseconds."""
        return 1000 * self.cpu.get(kind, 0.0) / max(self.asked, 1)


def times(outcomes: Sequence[Outcome], received: Sequence[Received]) -> list[Timed]:
    """(started, answered, merged) of each message. The answer names the article of the last message it
    answers; those of the same chat that came before it are answered by it as well.
    """
    answers: dict[int, list[tuple[float, str]]] = defaultdict(list)
    for at, chat, text in received:
        answers[chat].append((at, text))
    chats: dict[int, list[tuple[str, float]]] = defaultdict(list)
    for chat, article, started, _, _ in outcomes:
        chats[chat].append((article, started))
    found: list[Timed] = []
    for chat, asked in chats.items():
        position = 0
        for at, text in answers[chat]:
            last = next((i for i in range(position, len(asked)) if f"({asked[i][0]})" in text), None)
            if last is None:
                continue
            found += [(asked[i][1], at, i < last) for i in range(position, last + 1)]
            position = last + 1
        found += [(started, None, False) for _, started in asked[position:]]
    return found


def judge(rate: float, seconds: float, measured: Sequence[Timed], cpu: dict[str, float]) -> Step:
    """Put a step together from its messages."""
    answered = [(start, end) for start, end, _ in measured if end is not None]
    starts, ends = sorted(s for s, _, _ in measured), sorted(end for _, end in answered)
    begin = starts[0] if starts else 0.0

    def backlog(first: float, last: float) -> float:
        moments = [begin + seconds * (first + (last - first) * i / 20) for i in range(20)]
        return statistics.fmean(bisect_right(starts, t) - bisect_right(ends, t) for t in moments)

    return Step(
        rate=rate,
        seconds=seconds,
        asked=len(measured),
        unanswered=len(measured) - len(answered),
        merged=sum(merged for *_, merged in measured),
        latencies=[end - start for start, end in answered],
        growth=backlog(2 / 3, 1) - backlog(1 / 3, 2 / 3),
        cpu=cpu,
    )


@dataclass(frozen=True, slots=True)
class Effort:
    """How thoroughly the highest rate is searched: seconds of a step while rates are doubled, while the
    gap is narrowed, and at the end; how often the gap is narrowed.
    """

    short: float
    fine: float
    final: float
    narrowings: int


QUICK = Effort(3.0, 3.0, 6.0, 1)
THOROUGH = Effort(5.0, 8.0, 20.0, 3)


def highest(
    step: Callable[[float, float], Step], *, start: float, effort: Effort, say: Callable[[str], None]
) -> Step | None:
    """The highest rate that can be sustained: doubled (or halved) until a good and a bad rate are known,
    the gap narrowed, and what was found held for longer. None when not even 1/s is possible.
    """

    def good(rate: float, seconds: float) -> Step | None:
        result = step(rate, seconds)
        verdict = "ok" if result.sustained else "too much"
        say(f"  {rate:6.1f}/s for {seconds:2.0f} s: p95 {result.percentile(0.95) * 1000:6.0f} ms  {verdict}")
        return result if result.sustained else None

    below = above = start
    if good(start, effort.short):
        above = 2 * below
        while good(above, effort.short):
            below, above = above, 2 * above
    else:
        below = above / 2
        while not good(below, effort.short):
            below, above = below / 2, below
            if below < 1:
                return None
    for _ in range(effort.narrowings):
        rate = (below * above) ** 0.5
        below, above = (rate, above) if good(rate, effort.fine) else (below, rate)
    while below >= 1:
        if held := good(below, effort.final):
            return held
        below *= 0.85
    return None

"""The review inbox: what was misunderstood, grouped, the most useful first, and what its labels come to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2
from typing import Any, Literal

from bot.errors import BadInput, NotFound
from bot.model import Model
from bot.storage import events, reviews
from bot.storage.database import Database
from bot.storage.reviews import Unreviewed
from bot.teaching import LONGEST, Teaching
from nlu.masking import mask
from nlu.overlay import Change
from nlu.similar import group, table_of

_SHOWN = 30  # groups at once
_SUGGESTED = 5
_TODAY = timedelta(hours=12)
_WEIGHT = {"corrected": 1.0, "not_helpful": 0.9, "handed_back": 0.8, "unsure": 0.7, "sampled": 0.2}
"""How sure it is that a look at the message pays, by the strongest reason it is here."""


@dataclass(frozen=True, slots=True)
class Group:
    """Nearly same messages, labelled together. `text` is the first of them, masked as an example would be;
    `suggestions` are (intent, confidence), best first.
    """

    ids: tuple[int, ...]
    conversations: tuple[int, ...]
    text: str
    others: tuple[str, ...]
    why: tuple[str, ...]
    language: str
    suggestions: tuple[tuple[str, float], ...]
    said: str | None
    urgency: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Inbox:
    """What waits: the groups to look at first, how many messages wait, how many were labelled today."""

    groups: tuple[Group, ...]
    open: int
    done: int


@dataclass(frozen=True, slots=True)
class Label:
    """What a person says about a group. None: not said."""

    intent: str
    urgency: int | None = None
    complex: bool | None = None
    language: Literal["de", "en", "mul"] | None = None


class Reviewing:
    """Shows what waits and takes labels. Whose name is on a message reaches the corpus in no label."""

    def __init__(
        self, database: Database, teaching: Teaching, model: Model, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._teaching = teaching
        self._model = model
        self._clock = clock

    async def inbox(self) -> Inbox:
        """The groups that would help most, first."""
        async with self._database.read() as conn:
            waiting = await reviews.unreviewed(conn)
            count = await reviews.count_open(conn)
            done = await reviews.count_done(conn, self._clock() - _TODAY)
        places = await asyncio.to_thread(_ranked, waiting)
        groups = tuple(self._group([waiting[place] for place in some]) for some in places[:_SHOWN])
        return Inbox(groups, count, done)

    def _group(self, members: Sequence[Unreviewed]) -> Group:
        texts = list(dict.fromkeys(_example(member) for member in members))
        first = members[0]
        heard = self._model.parse(first.text)
        guesses: tuple[tuple[str, float], ...] = (
            heard.ranking
            if heard is not None
            else ((first.understanding["intent"], first.understanding["confidence"]),)
        )
        said = next((member.intent for member in members if member.intent), None)
        suggestions = ([(said, 1.0)] if said else []) + [g for g in guesses if g[0] != said]
        return Group(
            tuple(member.id for member in members),
            tuple(dict.fromkeys(member.conversation_id for member in members)),
            texts[0],
            tuple(texts[1:]),
            tuple(dict.fromkeys(why for member in members for why in member.why)),
            first.language,
            tuple(suggestions[:_SUGGESTED]),
            said,
            max(int(member.understanding.get("urgency", 0)) for member in members),
            max(member.at for member in members),
        )

    async def label(self, ids: Sequence[int], label: Label, agent_id: int) -> int:
        """Label messages: each text becomes an example. Returns how many messages that were.

        Raises BadInput for an intent that does not exist, NotFound when none of them waits any more.
        """
        async with self._database.begin() as conn:
            members = await reviews.lock(conn, ids)
            if not members:
                raise NotFound("no_review", "Somebody else has looked at this already.")
            for member in members:
                change = Change(
                    _example(member),
                    label.intent,
                    label.language or member.language,
                    urgency=label.urgency,
                    complex=label.complex,
                )
                learned = await self._teaching.learn(conn, change, agent_id, "review")
                if learned is not None:
                    key, before = learned
                    undo = _as_json(before.change) if before is not None else None
                    await reviews.remember_undo(conn, member.id, key, undo)
            await reviews.end(
                conn,
                [member.id for member in members],
                state="labelled",
                agent_id=agent_id,
                now=self._clock(),
                intent=label.intent,
                urgency=label.urgency,
                complex=label.complex,
            )
        return len(members)

    async def dismiss(self, ids: Sequence[int], agent_id: int) -> None:
        """Nothing is to be learned from these."""
        async with self._database.begin() as conn:
            await reviews.end(conn, ids, state="dismissed", agent_id=agent_id, now=self._clock())

    async def undo(self, ids: Sequence[int], agent_id: int) -> None:
        """Take labels and dismissals back: the messages wait again, the corpus is as before."""
        async with self._database.begin() as conn:
            for one in await reviews.reopen(conn, ids):
                if one.example_key is not None:
                    before = Change(**one.undo) if one.undo else None
                    await self._teaching.unlearn(conn, one.example_key, before, "review", agent_id)

    async def correct(self, message_id: int, intent: str, agent_id: int) -> None:
        """Note what an agent says a message is about; it waits in the inbox. Raises NotFound, BadInput."""
        if intent not in await self._teaching.names():
            raise BadInput("no_intent", f"There is no intent {intent!r}.", field="intent")
        async with self._database.begin() as conn:
            if not await reviews.note_correction(conn, message_id, intent, agent_id):
                raise NotFound("no_message", "There is no such message, or it was never understood.")
            await events.append(
                conn,
                kind="message.changed",
                actor=f"agent:{agent_id}",
                conversation_id=await reviews.conversation_of(conn, message_id),
                message_id=message_id,
                data={"intent": intent},
            )


def _example(member: Unreviewed) -> str:
    return " ".join(mask(member.text, member.names).split())[:LONGEST]


def _as_json(change: Change) -> dict[str, Any]:
    return {
        "text": change.text,
        "intent": change.intent,
        "language": change.language,
        "removed": change.removed,
        "urgency": change.urgency,
        "complex": change.complex,
    }


def _ranked(waiting: Sequence[Unreviewed]) -> list[list[int]]:
    """Places in groups, the most useful first: doubt × how often it is said × how new it is beside the
    groups before it.
    """
    if not waiting:
        return []
    texts = [one.text for one in waiting]
    groups = group(texts)
    table = table_of(texts)
    worth = [_worth([waiting[place] for place in some]) for some in groups]
    order: list[list[int]] = []
    left = set(range(len(groups)))
    likeness = [0.0] * len(groups)
    while left and len(order) < _SHOWN:
        best = max(left, key=lambda place: worth[place] * (1.0 - 0.5 * likeness[place]))
        left.discard(best)
        order.append(groups[best])
        if table is not None:
            leaders = sorted(left)
            near = (
                (table[[groups[place][0] for place in leaders]] @ table[groups[best][0]].T).toarray().ravel()
            )
            for place, value in zip(leaders, near, strict=True):
                likeness[place] = max(likeness[place], float(value))
    return order


def _worth(members: Sequence[Unreviewed]) -> float:
    doubt = max(
        max(_WEIGHT.get(why, 0.0) for why in member.why) * (2.0 - float(member.understanding["confidence"]))
        for member in members
    )
    return doubt * log2(1 + len(members))

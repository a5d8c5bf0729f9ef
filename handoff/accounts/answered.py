"""Who was told what: colleagues of one company who asked the same and were answered differently."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import Conversation, Endpoint, Message, Person
from handoff.console.shapes import Moment, Shape

LOOKED_BACK = timedelta(days=60)
_MOST_MESSAGES = 1000
_MOST_SHOWN = 10
_SUBJECTS = frozenset({"order_number", "article_number", "error_code"})
_FACT = re.compile(r"\d+(?:[.,:]\d+)*")


class Told(Shape):
    """What one person was told. `author` is bot or agent."""

    conversation_id: int
    message_id: int
    who: str
    author: str
    text: str
    at: Moment


class Differing(Shape):
    """One question about one thing, answered in different ways; the latest answer first."""

    intent: str
    subject: str
    told: list[Told]


@dataclass(frozen=True, slots=True)
class _Question:
    intent: str
    subject: str


async def differing(conn: AsyncConnection, account_id: int, now: datetime) -> list[Differing]:
    """Questions of the last 60 days that several people of an account were answered differently.

    The same question has the same intent and names the same order, article or code. Answers differ when
    the numbers and dates in them do, or, where a person answered, the words.
    """
    rows = await conn.execute(
        select(
            Message.id,
            Message.conversation_id,
            Message.author,
            Message.text,
            Message.at,
            Message.understanding,
            Message.endpoint_id,
            func.coalesce(Person.name, Endpoint.name, Endpoint.address).label("who"),
        )
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Endpoint, Endpoint.id == Message.endpoint_id)
        .outerjoin(Person, Person.id == Conversation.person_id)
        .where(
            Conversation.account_id == account_id,
            Conversation.last_message_at > now - LOOKED_BACK,
            Message.author.in_(("installer", "bot", "agent")),
            Message.text != "",
        )
        .order_by(Message.id.desc())
        .limit(_MOST_MESSAGES)
    )
    answers = _answers(list(rows)[::-1])
    found = [
        Differing(intent=question.intent, subject=question.subject, told=told)
        for question, told in answers.items()
        if _differ(told)
    ]
    return sorted(found, key=lambda case: case.told[0].at, reverse=True)[:_MOST_SHOWN]


def _answers(rows: Sequence[Any]) -> dict[_Question, list[Told]]:
    """The last answer that each person got to each question, the latest first."""
    asked: dict[int, list[_Question]] = {}
    latest: dict[tuple[_Question, int], Told] = {}
    for row in rows:
        if row.author == "installer":
            asked[row.conversation_id] = list(_questions(row.understanding))
            continue
        for question in asked.get(row.conversation_id, ()):
            latest[question, row.endpoint_id] = Told(
                conversation_id=row.conversation_id,
                message_id=row.id,
                who=row.who,
                author=row.author,
                text=row.text,
                at=row.at,
            )
    answers = defaultdict(list)
    for (question, _), told in sorted(latest.items(), key=lambda item: item[1].message_id, reverse=True):
        answers[question].append(told)
    return answers


def _questions(understanding: Any) -> Iterable[_Question]:
    if understanding is None or not understanding["sure"]:
        return
    for entity in understanding["entities"]:
        if entity["entity"] in _SUBJECTS:
            yield _Question(understanding["intent"], entity["value"])


def _differ(told: Sequence[Told]) -> bool:
    if len({answer.who for answer in told}) < 2:
        return False
    if any(answer.author == "agent" for answer in told):
        return len({" ".join(answer.text.split()).lower() for answer in told}) > 1
    return len({frozenset(_FACT.findall(answer.text)) for answer in told}) > 1

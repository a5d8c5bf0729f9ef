"""Nobody is told the same thing twice in a row: what is asked after it was said, it did not answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import blake2b

from bot.answers.skill import Reply, found
from bot.dialogue import Dialogue
from bot.hearing import Heard
from bot.topic import Topic
from nlu.wording import readable

# What is in documents and standing sentences; an order may have moved on, and hours are asked for twice.
_STANDING = frozenset(
    {"wiring", "datasheet", "spare_part", "product_advice", "price_quote", "commissioning", "warranty_return"}
)
# What makes a question a new one, whatever the answer.
_TELLING = frozenset({"article_number", "family", "error_code", "order_number", "invoice_number"})
_AGAIN = re.compile(
    r"\b(?:noch ?mal\w*|noch einmal|nomoi|nochamal|again|resend|wieder|weg|geloescht|jeszcze raz|tekrar)\b"
)


def mark(text: str) -> str:
    """What is kept of a reply, to know it again."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def repeats(heard: Heard, named: Mapping[str, str], topic: Topic, dialogue: Dialogue, reply: Reply) -> bool:
    """Whether a question that names nothing new, and does not ask for it again, would get the very reply that
    it follows.
    """
    return (
        dialogue.told == mark(reply.text)
        and topic.understanding.intent in _STANDING
        and topic.picked is None
        and found(reply)
        and _TELLING.isdisjoint(named)
        and _AGAIN.search(readable(heard.text)) is None
    )

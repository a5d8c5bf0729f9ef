"""A turn that has been thought through and not yet been written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogue import Dialogue
from bot.hearing import Heard
from bot.messages import Kind, Sender
from bot.moment import Response
from bot.rating import rates
from bot.storage.conversations import Thread
from bot.storage.inbox import Waiting
from nlu.understanding import Understanding


@dataclass(frozen=True, slots=True)
class Thought:
    """A turn that has been thought through. `silent` when a person holds it; `fresh` opens a new
    conversation because there was none, or because the old one had been idle for too long.
    """

    sender: Sender
    thread: Thread
    items: Sequence[Waiting]
    heard: Heard
    understanding: Understanding
    response: Response
    language: str
    silent: bool
    fresh: bool
    offered: Dialogue

    @property
    def words(self) -> str:
        """All that was written."""
        return self.heard.text

    @property
    def intent(self) -> str:
        """What the turn is about: the engine's intent, unless the dialogue says more."""
        return self.response.intent or self.understanding.intent

    @property
    def did_not_help(self) -> bool:
        """What we said before was no help: the installer says so, or had to ask once more."""
        return (
            not self.silent
            and not self.fresh
            and self.offered.intent is not None
            and (
                self.rated
                or self.understanding.intent == "deny"
                or self.response.dialogue.failed > self.offered.failed
            )
        )

    @property
    def rated(self) -> bool:
        """The installer has said, and said nothing else, that our answer was no help."""
        return rates(self.heard, self.offered)

    @property
    def only_corrects(self) -> bool:
        """There is nothing in it but edits of earlier messages, or news that nobody waits for any more."""
        return all(item.inbound.kind in (Kind.EDIT, Kind.SIGNAL) for item in self.items)

"""One turn before and after the bot has thought about it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.accounts.recognition import Origin
from bot.accounts.steps import Step
from bot.answers.skill import Reply
from bot.dialogue import Dialogue
from bot.hearing import Heard
from bot.messages import Choice
from bot.policy import AS_DELIVERED, Policy
from bot.storage.conversations import Whom
from bot.tone import Tone, hear_tone
from bot.triage import Decision
from nlu.understanding import Understanding


@dataclass(frozen=True, slots=True)
class Moment:
    """One turn as it stands before the bot has thought about it."""

    heard: Heard
    understanding: Understanding
    dialogue: Dialogue
    whom: Whom
    language: str
    origin: Origin
    policy: Policy = AS_DELIVERED

    @property
    def channel(self) -> str:
        """Where it was said."""
        return self.origin.sender.channel

    @property
    def tone(self) -> Tone:
        """What is said beside the topic."""
        return hear_tone(self.heard.text)


@dataclass(frozen=True, slots=True)
class Response:
    """What the bot would do. With a handoff, `reply.handoff_key` words it once the promise is known.

    `intent` is what the turn is about in the light of the dialogue, where that says more than the words.
    `rate` is the button that says it was no help, where it is shown.
    `tap_note` is a short hint for a button that is out of date; `ask_contact` shows the button to
    share one's own phone; `steps` is what was found out about who is writing.
    """

    dialogue: Dialogue
    whom: Whom
    decision: Decision
    reply: Reply | None
    ask_contact: bool = False
    ask_company: bool = False
    steps: tuple[Step, ...] = ()
    tap_note: str | None = None
    intent: str | None = None
    rate: Choice | None = None

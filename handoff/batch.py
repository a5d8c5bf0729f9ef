"""What changed, as listeners get it: loaded once, written for the wire once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from fastapi.sse import format_sse_event

from bot.storage.events import Position
from handoff.console import shapes
from handoff.queue import cards, history


@dataclass(frozen=True, slots=True)
class Typing:
    """Somebody is writing: "installer" or "agent"."""

    conversation_id: int
    endpoint_id: int
    by: str


@dataclass(frozen=True)
class Batch:
    """What changed up to `position`, each thing once, in its newest state.

    `accounts` are the ids of accounts of which something other than a conversation has changed;
    `notices` and `training` are None when they have not.
    """

    position: Position
    cards: tuple[cards.Placed, ...] = ()
    messages: tuple[history.Placed, ...] = ()
    typing: tuple[Typing, ...] = ()
    accounts: tuple[int, ...] = ()
    notices: tuple[shapes.StandingNotice, ...] | None = None
    training: shapes.TrainingNow | None = None

    @cached_property
    def endpoints(self) -> frozenset[int]:
        """Whose conversations it touches."""
        return frozenset(
            [placed.endpoint_id for placed in self.cards]
            + [placed.endpoint_id for placed in self.messages]
            + [typing.endpoint_id for typing in self.typing]
        )

    def only(self, endpoint_id: int) -> Batch:
        """The part of it that concerns one endpoint."""
        return Batch(
            self.position,
            tuple(placed for placed in self.cards if placed.endpoint_id == endpoint_id),
            tuple(placed for placed in self.messages if placed.endpoint_id == endpoint_id),
            tuple(typing for typing in self.typing if typing.endpoint_id == endpoint_id),
        )

    @cached_property
    def for_agents(self) -> bytes:
        """The batch on the wire of the console, written once for all agents."""
        return self._wire(admin=False)

    @cached_property
    def for_admins(self) -> bytes:
        """The same with the operator's notices and the training under way."""
        return self._wire(admin=True)

    def _wire(self, *, admin: bool) -> bytes:
        lines = [("card", placed.card.model_dump_json()) for placed in self.cards]
        lines += [("message", placed.message.model_dump_json()) for placed in self.messages]
        lines += [
            ("typing", f'{{"conversation_id":{typing.conversation_id}}}')
            for typing in self.typing
            if typing.by == "installer"
        ]
        lines += [("account", f'{{"id":{account}}}') for account in self.accounts]
        if admin and self.notices is not None:
            board = shapes.NoticeBoard(notices=list(self.notices))
            lines.append(("notice", board.model_dump_json()))
        if admin and self.training is not None:
            lines.append(("training", self.training.model_dump_json()))
        return wire(lines, self.position)


@dataclass(frozen=True, slots=True)
class Behind:
    """The listener has missed something: load the state again; the stream goes on from `position`."""

    position: Position


Heard = Batch | Behind | None  # None: nothing for a while


def wire(lines: Iterable[tuple[str, str]], position: Position) -> bytes:
    """Server-sent events (event, JSON). Only the last carries the position: a listener that is cut off
    between two of them reads all of them again.
    """
    pending = list(lines)
    return b"".join(
        format_sse_event(event=event, data_str=data, id=str(position) if number == len(pending) else None)
        for number, (event, data) in enumerate(pending, start=1)
    )

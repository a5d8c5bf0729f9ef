"""What a turn has found out about who is writing, to be written down with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Proven:
    """The endpoint belongs to this person (at one company, or with None at all of theirs), or company."""

    person_id: int | None
    account_id: int | None
    trust: int
    evidence: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Doubted:
    """What was proven over the endpoint counts no longer; a phone on file of `person_id` neither."""

    person_id: int | None
    evidence: str


@dataclass(frozen=True, slots=True)
class Guessed:
    """Somebody tried a name or a number. `refused` when it was one too many."""

    kind: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class CodeWanted:
    """Send a code to this mailbox on file."""

    person_id: int
    account_id: int
    mailbox_id: int


@dataclass(frozen=True, slots=True)
class CodeTried:
    """A code was typed. `tries` is how many had been before; `locked` when this was the last one."""

    proof_id: int
    tries: int
    passed: bool
    locked: bool = False


@dataclass(frozen=True, slots=True)
class ApprovalWanted:
    """Ask members of the company, by their endpoints, until when."""

    person_id: int
    account_id: int
    endpoints: tuple[int, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class ApprovalGiven:
    """A member has answered."""

    proof_id: int
    approved: bool


@dataclass(frozen=True, slots=True)
class Invited:
    """A member hands out a one-time link; None invites somebody of the company we do not know."""

    account_id: int
    person_id: int | None
    token_hash: bytes
    until: datetime


@dataclass(frozen=True, slots=True)
class InvitationUsed:
    """Somebody came with a link."""

    invitation_id: int


Step = (
    Proven
    | Doubted
    | Guessed
    | CodeWanted
    | CodeTried
    | ApprovalWanted
    | ApprovalGiven
    | Invited
    | InvitationUsed
)

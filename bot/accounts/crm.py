"""A CRM as Bauruf needs one: what changed there, who has this phone, what is open, and take this.

`CrmSource` is the interface; `bot.accounts.hubspot` and `bot.accounts.salesforce` keep it. Their records
are known by (source, external id); phones are as the CRM writes them.

CrmError
├── CrmAway        down, slow, over a limit: later; `after` is what it asked for, seconds
├── CrmForbids     the token is expired or lacks a right: only the operator can mend it
├── CrmNonsense    an answer that is none: a page of HTML, something cut off, far too much
└── CrmRejects     what we sent does not fit a rule over there; its words say which
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

RecordKind = Literal["account", "person"]


class CrmError(Exception):
    """A CRM did not do what it was asked. The message names no person and no secret."""


class CrmAway(CrmError):
    """It does not answer now; `after` is how long it wants to be left alone, seconds, if it said so."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class CrmForbids(CrmError):
    """It does not let us in."""


class CrmNonsense(CrmError):
    """It answers, but not with what was asked for."""


class CrmRejects(CrmError):
    """It takes nothing like this, however often it is sent."""


@dataclass(frozen=True, slots=True)
class CrmAccount:
    """A company as the CRM has it. What is None is not known there and changes nothing here.

    `parent` is another company's id in the same CRM.
    """

    external_id: str
    name: str
    url: str
    customer_number: str | None = None
    city: str | None = None
    tier: str | None = None
    owner: str | None = None
    phone: str | None = None
    domains: tuple[str, ...] = ()
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class CrmMembership:
    """That a person works for a company: its id in the CRM, the roles, and until when."""

    account: str
    roles: tuple[str, ...] = ()
    active: bool = True
    until: date | None = None


@dataclass(frozen=True, slots=True)
class CrmPerson:
    """A contact as the CRM has it, with all companies they belong to."""

    external_id: str
    name: str
    url: str
    phones: tuple[str, ...] = ()
    email: str | None = None
    memberships: tuple[CrmMembership, ...] = ()


@dataclass(frozen=True, slots=True)
class Gone:
    """A record that was deleted. `erased` is a deletion for privacy: nothing of it may stay."""

    kind: RecordKind
    external_id: str
    erased: bool = False


@dataclass(frozen=True, slots=True)
class MergedInto:
    """A record that has become part of another one."""

    kind: RecordKind
    external_id: str
    survivor: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Some of what changed. `cursor` continues after it. `complete_since` stands on the last part of a
    reading of everything that began then: what was not named since is gone.
    """

    accounts: Sequence[CrmAccount] = ()
    people: Sequence[CrmPerson] = ()
    gone: Sequence[Gone] = ()
    merged: Sequence[MergedInto] = ()
    cursor: str | None = None
    complete_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notification:
    """What a CRM called about: which record, and that it changed, is gone, or was merged."""

    kind: RecordKind
    external_id: str
    what: Literal["changed", "gone", "erased"] = "changed"


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A ticket or case over there that is not closed. `status` in the CRM's own words."""

    reference: str
    title: str
    status: str
    url: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """A handoff as the CRM is to keep it. `key` is our conversation: the same key is the same ticket.

    `account` and `person` are ids in that CRM, if it knows them. `urgency` is 0-2.
    """

    key: str
    subject: str
    text: str
    urgency: int
    account: str | None
    person: str | None


@dataclass(frozen=True, slots=True)
class Conversed:
    """What was said, for the CRM's timeline. `key` stands in the text, so that it can be found again;
    `ticket` is the reference of the ticket it belongs to.
    """

    key: str
    channel: str
    at: datetime
    text: str
    ticket: str | None
    account: str | None
    person: str | None


@dataclass(frozen=True, slots=True)
class NewContact:
    """Somebody the desk has put on file, for the CRM: E.164 phone, and the company's id over there."""

    name: str
    phone: str
    account: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Where something we wrote stands: its id over there, and an address to open it."""

    id: str
    url: str


class CrmSource(Protocol):
    """One CRM. Every call raises CrmError and nothing else, whatever the CRM answers."""

    @property
    def name(self) -> str:
        """How its records are marked here: "hubspot" or "salesforce"."""
        ...

    @property
    def title(self) -> str:
        """What people call it."""
        ...

    def changes(self, cursor: str | None) -> AsyncIterator[Changes]:
        """What changed since `cursor`, in parts; everything when it is None, and that can be resumed."""
        ...

    async def fetch(self, notified: Sequence[Notification]) -> Changes:
        """These records as they stand now, with the companies of the people."""
        ...

    async def find_by_phone(self, phone: str) -> Changes:
        """The people who have this E.164 phone, with their companies, or the companies themselves."""
        ...

    async def open_items(self, account: str) -> list[OpenItem]:
        """The tickets of a company that are not closed, newest first, at most 20."""
        ...

    async def push_ticket(self, ticket: Ticket) -> Reference:
        """Open the ticket of this key, or bring it up to date. Repeating it makes no second one."""
        ...

    async def push_note(self, conversed: Conversed, *, repeated: bool) -> Reference:
        """Put what was said into the timeline. With `repeated`, look first whether it stands there."""
        ...

    async def push_contact(self, contact: NewContact) -> Reference:
        """Have this contact at its company: the one there with this phone, or the one elsewhere of this name
        and phone, or a new one. Repeating it makes no second one.
        """
        ...

    async def check(self) -> str:
        """Who lets us in, in a few words; for `bauruf accounts doctor`."""
        ...

"""The account directory: what the talk may ask about companies and people, whoever keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.trust import CLAIMED
from bot.storage.conversations import Whom


@dataclass(frozen=True, slots=True)
class Membership:
    """A person at a company, as far as it is valid today."""

    person_id: int
    person: str
    language: str | None
    account_id: int
    company: str
    customer_number: str
    tier: str | None
    owner: str | None
    roles: tuple[str, ...]

    def whom(self, trust: int, evidence: str, until: datetime | None = None) -> Whom:
        """Read this membership as who we take an endpoint for."""
        return Whom(
            self.person_id,
            self.person,
            self.account_id,
            self.company,
            self.customer_number,
            self.tier,
            self.owner,
            self.roles,
            trust,
            evidence,
            until,
        )


@dataclass(frozen=True, slots=True)
class Company:
    """An account without saying who writes for it."""

    account_id: int
    company: str
    customer_number: str
    tier: str | None
    owner: str | None

    def whom(self, evidence: str) -> Whom:
        """Read this company as the one that somebody claims, or calls from."""
        return Whom(
            account_id=self.account_id,
            company=self.company,
            customer_number=self.customer_number,
            tier=self.tier,
            owner=self.owner,
            trust=CLAIMED,
            evidence=evidence,
        )


@dataclass(frozen=True, slots=True)
class NameMatch:
    """An account that a name (or other evidence) points to. `score` is 0-100; 100 is the very name."""

    account_id: int
    customer_number: str
    name: str
    city: str | None
    score: float


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of somebody who writes, as the channel delivers it or as they typed it.

    `phone` and `profile_name` come from the channel; `text` is anything typed: a phone, a customer
    number, an e-mail, a company name, or a sentence with some of these.
    """

    phone: str | None = None
    profile_name: str | None = None
    email: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Which account somebody writes for, as far as the evidence goes.

    match: exactly one account and nothing against it. ask: the candidates, best first. unknown: none.
    It identifies, it never authorises, and it is for us: whoever writes must not learn from the reply
    whether there was a hit. `evidence` names what spoke for it: "phone", "trunk", "customer number", …
    """

    kind: Literal["match", "ask", "unknown"]
    accounts: tuple[NameMatch, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """Whom an endpoint was linked to before: at one of the companies the link stands for.

    `trust` is what it counts today: CLAIMED once it has expired. CLAIMED and not expired is a doubt.
    """

    membership: Membership
    trust: int
    evidence: str
    until: datetime | None
    expired: bool


class AccountDirectory(Protocol):
    """Look-ups on the local copy of the accounts. Names suggest, they never authorise."""

    async def find_by_phone(self, conn: AsyncConnection, phone: str) -> list[Membership]:
        """Everybody active who has this E.164 phone on file, once per company."""
        ...

    async def find_by_trunk(self, conn: AsyncConnection, phone: str) -> list[Company]:
        """Companies whose switchboard this E.164 phone is, or belongs to."""
        ...

    async def find_former(self, conn: AsyncConnection, phone: str) -> list[Company]:
        """Companies whose former people have this E.164 phone on file."""
        ...

    async def find_by_link(self, conn: AsyncConnection, endpoint_id: int) -> list[Link]:
        """Who this endpoint has been linked to before, the firmest first."""
        ...

    async def find_company_by_link(self, conn: AsyncConnection, endpoint_id: int) -> list[Company]:
        """The companies, without a person, that this endpoint has been linked to before."""
        ...

    async def find_by_person(self, conn: AsyncConnection, person_id: int) -> list[Membership]:
        """The companies a person works for today."""
        ...

    async def find_by_customer_number(self, conn: AsyncConnection, number: str) -> Company | None:
        """The company with exactly this customer number."""
        ...

    async def get_account(self, conn: AsyncConnection, account_id: int) -> Company | None:
        """The company with this id."""
        ...

    async def find_by_name(
        self, conn: AsyncConnection, name: str, city: str | None = None, limit: int = 5
    ) -> list[NameMatch]:
        """Companies whose present or former name looks like this, best first."""
        ...

    async def identify(self, conn: AsyncConnection, given: Given) -> Outcome:
        """Which account this evidence points to; see `Outcome`."""
        ...

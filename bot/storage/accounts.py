"""The local copy of the accounts: an `AccountDirectory` on our own tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts import directory
from bot.accounts.trust import CLAIMED, Evidence, capped
from bot.storage import identification
from bot.storage.database import Database
from bot.storage.names import Names
from bot.storage.tables import Account, Endpoint, IdentityLink, Membership, Person

_WHO = (
    Person.id.label("person_id"),
    Person.name.label("person"),
    Person.language,
    Account.id.label("account_id"),
    Account.name.label("company"),
    Account.customer_number,
    Account.tier,
    Account.owner,
    Membership.roles,
)
_COMPANY = (
    Account.id.label("account_id"),
    Account.name.label("company"),
    Account.customer_number,
    Account.tier,
    Account.owner,
)


def _membership(row: Any) -> directory.Membership:
    return directory.Membership(
        row.person_id,
        row.person,
        row.language,
        row.account_id,
        row.company,
        row.customer_number,
        row.tier,
        row.owner,
        tuple(row.roles),
    )


def _company(row: Any) -> directory.Company:
    return directory.Company(row.account_id, row.company, row.customer_number, row.tier, row.owner)


def _link(row: Any, now: datetime) -> directory.Link:
    expired = row.expires_at is not None and row.expires_at <= now
    membership = _membership(row)
    return directory.Link(
        membership,
        CLAIMED if expired else capped(row.trust, membership.roles),
        Evidence.EXPIRED if expired else row.evidence,
        row.expires_at,
        expired,
    )


class LocalDirectory:
    """Accounts, people and endpoints as they stand in our tables. `today` decides who is still active."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._names = Names()

    async def read_names(self, database: Database) -> None:
        """Read the names of all accounts, so that the first look-up need not wait for it."""
        async with database.read() as conn:
            await self._names.refresh(conn)

    def _active(self, today: date) -> Any:
        return and_(
            or_(Membership.valid_from.is_(None), Membership.valid_from <= today),
            or_(Membership.valid_until.is_(None), Membership.valid_until >= today),
        )

    async def find_by_phone(self, conn: AsyncConnection, phone: str) -> list[directory.Membership]:
        """Everybody active who has this E.164 phone on file, once per company."""
        rows = await conn.execute(
            select(*_WHO)
            .join(Membership, Membership.person_id == Person.id)
            .join(Account, Account.id == Membership.account_id)
            .join(IdentityLink, IdentityLink.person_id == Person.id)
            .join(Endpoint, Endpoint.id == IdentityLink.endpoint_id)
            .where(Endpoint.channel == "phone", Endpoint.address == phone, self._active(self._clock().date()))
            .order_by(Account.name)
        )
        return [_membership(row) for row in rows]

    async def find_by_trunk(self, conn: AsyncConnection, phone: str) -> list[directory.Company]:
        """Companies whose switchboard this E.164 phone is, or whose block of extensions it lies in."""
        stems = [phone[:end] for end in range(len(phone), max(len(phone) - 5, 6), -1)]
        rows = await conn.execute(
            select(*_COMPANY)
            .join(IdentityLink, IdentityLink.account_id == Account.id)
            .join(Endpoint, Endpoint.id == IdentityLink.endpoint_id)
            .where(
                Endpoint.channel == "phone",
                Endpoint.address.in_([phone, *(f"{stem}0" for stem in stems[1:])]),
                or_(Endpoint.address == phone, Endpoint.shared),
            )
        )
        return [_company(row) for row in rows]

    async def find_former(self, conn: AsyncConnection, phone: str) -> list[directory.Company]:
        """Companies whose former people have this E.164 phone on file."""
        rows = await conn.execute(
            select(*_COMPANY)
            .join(Membership, Membership.account_id == Account.id)
            .join(IdentityLink, IdentityLink.person_id == Membership.person_id)
            .join(Endpoint, Endpoint.id == IdentityLink.endpoint_id)
            .where(
                Endpoint.channel == "phone",
                Endpoint.address == phone,
                not_(self._active(self._clock().date())),
            )
            .distinct()
            .limit(2)
        )
        return [_company(row) for row in rows]

    async def find_by_link(self, conn: AsyncConnection, endpoint_id: int) -> list[directory.Link]:
        """Who this endpoint has been linked to before, the firmest first; once per company."""
        now = self._clock()
        rows = await conn.execute(
            select(*_WHO, IdentityLink.trust, IdentityLink.evidence, IdentityLink.expires_at)
            .join(Membership, Membership.person_id == Person.id)
            .join(Account, Account.id == Membership.account_id)
            .join(
                IdentityLink,
                and_(
                    IdentityLink.person_id == Person.id,
                    or_(IdentityLink.account_id.is_(None), IdentityLink.account_id == Account.id),
                ),
            )
            .where(IdentityLink.endpoint_id == endpoint_id, self._active(now.date()))
            .order_by(IdentityLink.trust.desc(), Account.name)
        )
        return [_link(row, now) for row in rows]

    async def find_company_by_link(self, conn: AsyncConnection, endpoint_id: int) -> list[directory.Company]:
        """The companies, without a person, that this endpoint has been linked to before."""
        rows = await conn.execute(
            select(*_COMPANY)
            .join(IdentityLink, IdentityLink.account_id == Account.id)
            .where(
                IdentityLink.endpoint_id == endpoint_id,
                IdentityLink.person_id.is_(None),
                or_(IdentityLink.expires_at.is_(None), IdentityLink.expires_at > self._clock()),
            )
            .limit(2)
        )
        return [_company(row) for row in rows]

    async def find_by_person(self, conn: AsyncConnection, person_id: int) -> list[directory.Membership]:
        """The companies a person works for today."""
        rows = await conn.execute(
            select(*_WHO)
            .join(Membership, Membership.person_id == Person.id)
            .join(Account, Account.id == Membership.account_id)
            .where(Person.id == person_id, self._active(self._clock().date()))
            .order_by(Account.name)
        )
        return [_membership(row) for row in rows]

    async def find_by_customer_number(self, conn: AsyncConnection, number: str) -> directory.Company | None:
        """The company with exactly this customer number."""
        row = (await conn.execute(select(*_COMPANY).where(Account.customer_number == number))).first()
        return _company(row) if row else None

    async def get_account(self, conn: AsyncConnection, account_id: int) -> directory.Company | None:
        """The company with this id."""
        row = (await conn.execute(select(*_COMPANY).where(Account.id == account_id))).first()
        return _company(row) if row else None

    async def find_by_name(
        self, conn: AsyncConnection, name: str, city: str | None = None, limit: int = 5
    ) -> list[directory.NameMatch]:
        """Companies whose present or former name looks like this, best first."""
        return await identification.find_by_name(conn, self._names, name, city, limit)

    async def identify(self, conn: AsyncConnection, given: directory.Given) -> directory.Outcome:
        """Which account this evidence points to; see `directory.Outcome`."""
        return await identification.identify(conn, self._names, given, self._clock().date())

"""Who the demo phone can be: everybody in the demo world, with a hint what to try."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.csv_file import PersonRow, open_csv
from bot.demo.world import FILES, memberships, read_world
from bot.storage.tables import Account, Person

_TELEGRAM = 700_000_000  # chat ids of the demo start here


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody to be on the demo phone.

    `phone` is the E.164 number they write from on WhatsApp, `telegram` their chat id there. `role`
    is their first one; `about` says by language what is worth trying.
    """

    id: int
    name: str
    company: str
    role: str
    language: str
    phone: str
    telegram: str
    about: Mapping[str, str]


async def personas(conn: AsyncConnection) -> list[Persona]:
    """Everybody in the demo world in the order of `people.csv`; those with two companies come once."""
    who = await memberships(conn)
    people = {row.id: row.language for row in await conn.execute(select(Person.id, Person.language))}
    companies = {row.id: row.name for row in await conn.execute(select(Account.id, Account.name))}
    found: dict[int, Persona] = {}
    for row in open_csv(FILES[1]).rows():
        key = f"{row.customer_number}/{row.name}" if isinstance(row, PersonRow) else ""
        if not isinstance(row, PersonRow) or row.phone is None or key not in who:
            continue
        account_id, person_id = who[key]
        company = companies[account_id]
        first = found.get(person_id)
        found[person_id] = Persona(
            person_id,
            row.name,
            f"{first.company} · {company}" if first else company,
            row.roles[0],
            people[person_id] or "de",
            row.phone.e164,
            str(_TELEGRAM + person_id),
            first.about if first else _about(key, row.roles[0]),
        )
    return list(found.values())


def _about(key: str, role: str) -> Mapping[str, str]:
    """What to try as this person, in German and English."""
    hints = read_world("personas")
    about: Mapping[str, str] = hints["about"].get(key) or hints["roles"][role]
    return about

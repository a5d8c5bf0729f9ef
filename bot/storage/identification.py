"""Reading the evidence for who writes from the tables; weighing it is `bot.accounts.matching`."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, any_, bindparam, literal_column, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.clues import Clues, TypedNumber, bare_number, read
from bot.accounts.customer_numbers import slips
from bot.accounts.directory import Given, NameMatch, Outcome
from bot.accounts.mailboxes import domain_of
from bot.accounts.matching import Indication, Strength, decide
from bot.accounts.name_evidence import Ranked, weigh
from bot.accounts.name_parts import Name, take_apart
from bot.accounts.name_score import compare
from bot.accounts.phones import Phone, variants
from bot.accounts.phrases import Phrase
from bot.storage.names import Names, read_accounts
from bot.storage.tables import NUMBER_DIGITS, NUMBER_KEY, Account, AccountMerge

_HOLDERS = text(
    """
    SELECT DISTINCT coalesce(m.account_id, l.account_id) AS account_id,
        l.person_id IS NULL OR ((m.valid_from IS NULL OR m.valid_from <= :today)
            AND (m.valid_until IS NULL OR m.valid_until >= :today)) AS active
    FROM endpoints AS e
    JOIN identity_links AS l ON l.endpoint_id = e.id
    LEFT JOIN memberships AS m ON m.person_id = l.person_id
    WHERE e.channel = :channel AND e.address = ANY(:addresses)
    AND coalesce(m.account_id, l.account_id) IS NOT NULL
    ORDER BY 1
    """
)
_TRUNKS = text(
    """
    SELECT a.id, max(length(trunk)) AS specific
    FROM accounts AS a, unnest(a.trunk_phones) AS trunk
    WHERE a.trunk_phones && CAST(:trunks AS text[]) AND trunk = ANY(:trunks)
    GROUP BY a.id
    """
)
_DOMAINS = text("SELECT id FROM accounts WHERE domains && CAST(:domains AS text[]) ORDER BY id")
_NAMESAKES = text(
    """
    SELECT DISTINCT m.account_id
    FROM people AS p JOIN memberships AS m ON m.person_id = p.id
    WHERE to_tsvector('simple'::regconfig, p.name) @@ plainto_tsquery('simple', :name)
        AND lower(p.name) = lower(:name) AND (m.valid_from IS NULL OR m.valid_from <= :today)
        AND (m.valid_until IS NULL OR m.valid_until >= :today)
    ORDER BY 1 LIMIT :many
    """
)
_KEY: ColumnElement[str] = literal_column(f"({NUMBER_KEY})")
_DIGITS: ColumnElement[str] = literal_column(f"({NUMBER_DIGITS})")
_MERGED_KEY: ColumnElement[str] = literal_column(f"({NUMBER_KEY.replace('customer_number', 'number')})")
_NUMBERED = select(Account.id, Account.customer_number.label("number")).order_by(Account.id)
_BY_KEY = _NUMBERED.where(any_(bindparam("keys", type_=ARRAY(Text))) == _KEY)
_BY_DIGITS = _NUMBERED.where(any_(bindparam("keys", type_=ARRAY(Text))) == _DIGITS)
_MERGED = select(AccountMerge.kept_id.label("id"), AccountMerge.number).where(
    AccountMerge.undone_at.is_(None), bindparam("key") == _MERGED_KEY
)
_SLIP = "customer number with a slip"
_LONGEST_EXTENSION = 5
_MOST_NAMESAKES = 4  # companies of people with one name; more say nothing
_CLOSE = 16  # names that are looked at closely


async def identify(conn: AsyncConnection, names: Names, given: Given, today: date) -> Outcome:
    """Which account this points to; see `Outcome`."""
    clues = read(given)
    found = await gather(conn, clues, today)
    profile = [Phrase(clues.profile, None, said=True)] if clues.profile else []
    if clues.profile:
        found += await _by_person(conn, clues.profile, today)
    asked = [(phrase, take_apart(phrase.text)) for phrase in (*clues.names, *profile)]
    likely = await _ranked(conn, names, [(wanted, phrase.city) for phrase, wanted in asked])
    for (phrase, wanted), ranked in zip(asked, likely, strict=True):
        fits = weigh(phrase, wanted, [fit for fit, _ in ranked], profile=phrase in profile)
        found += [fits] if fits else []
    named = {account for one in found for account in one.accounts}
    rows = {row.id: row for ranked in likely for _, row in ranked if row.id in named}
    rows |= {row.id: row for row in await read_accounts(conn, named - rows.keys())}
    verdict = decide(found, _related(rows.values()))
    accounts = tuple(_match(rows[account], 0.0) for account in verdict.accounts if account in rows)
    if not accounts:
        return Outcome("unknown")
    return Outcome("match" if verdict.sure else "ask", accounts, verdict.evidence)


async def find_by_name(
    conn: AsyncConnection, names: Names, name: str, city: str | None, limit: int
) -> list[NameMatch]:
    """Companies whose present or former name looks like this, best first."""
    (found,) = await _ranked(conn, names, [(take_apart(name), city)])
    if city:
        found.sort(key=lambda pair: -pair[0].compared.promise)
    return [_match(row, min(100.0, ranked.compared.score)) for ranked, row in found[:limit]]


async def _ranked(
    conn: AsyncConnection, names: Names, wanted: Sequence[tuple[Name, str | None]]
) -> list[list[tuple[Ranked, Any]]]:
    """For each name and city the accounts that may be meant, best first."""
    if not wanted:
        return []
    return [
        sorted(
            ((Ranked(row.id, compare(*one, row.name, row.former_names, row.city)), row) for row in rows),
            key=lambda pair: (-pair[0].compared.score, pair[1].customer_number),
        )
        for one, rows in zip(wanted, await names.likely(conn, wanted, _CLOSE), strict=True)
    ]


async def _by_person(conn: AsyncConnection, profile: str, today: date) -> list[Indication]:
    """Where somebody of exactly this full name works: a hint, as anybody may call themselves so."""
    name = " ".join(profile.split())
    if " " not in name:
        return []
    rows = await conn.execute(_NAMESAKES, {"name": name, "today": today, "many": _MOST_NAMESAKES + 1})
    accounts = tuple(row.account_id for row in rows)
    if not 0 < len(accounts) <= _MOST_NAMESAKES:
        return []
    return [Indication("person's name", Strength.HINT, accounts)]


def _match(row: Any, score: float) -> NameMatch:
    return NameMatch(row.id, row.customer_number, row.name, row.city, score)


def _related(rows: Collection[Any]) -> frozenset[frozenset[int]]:
    """Pairs of these accounts that are parent and branch, or branches of one parent."""
    return frozenset(
        frozenset((a.id, b.id))
        for a in rows
        for b in rows
        if a.id != b.id
        and (a.parent_id == b.id or b.parent_id == a.id or (a.parent_id and a.parent_id == b.parent_id))
    )


async def gather(conn: AsyncConnection, clues: Clues, today: date) -> list[Indication]:
    """All evidence but that of names."""
    found: list[Indication] = []
    for phone in clues.phones:
        found += await _by_phone(conn, phone.readings, today, own=phone.own)
    for number in clues.numbers:
        found += await _by_number(conn, number)
    for email in clues.emails:
        found += await _by_email(conn, email, today)
    return found


async def _by_phone(
    conn: AsyncConnection, readings: Sequence[Phone], today: date, *, own: bool
) -> list[Indication]:
    addresses = list(dict.fromkeys(address for phone in readings for address in _addresses(phone)))
    holders = await _holders(conn, "phone", addresses, today)
    if any(holders.values()):
        return [_evidence("phone", [account for account, active in holders.items() if active], own=own)]
    trunks = list(dict.fromkeys(trunk for phone in readings for trunk in _trunks(phone)))
    rows = (await conn.execute(_TRUNKS, {"trunks": trunks})).all()
    longest = max((row.specific for row in rows), default=0)
    companies = sorted(row.id for row in rows if row.specific == longest)
    left = (
        [Indication("phone of somebody who left", Strength.HINT, tuple(holders), against=True)]
        if holders
        else []
    )
    return ([_evidence("trunk", companies, own=own)] if companies else []) + left


def _evidence(kind: str, accounts: Sequence[int], *, own: bool) -> Indication:
    """A phone in a text that nobody called their own may be anybody's."""
    return Indication(kind, Strength.FIRM if own else Strength.HINT, tuple(accounts))


async def _by_number(conn: AsyncConnection, number: TypedNumber) -> list[Indication]:
    rows = (await conn.execute(_BY_KEY, {"keys": [number.key]})).all()
    if not rows:
        rows = (await conn.execute(_MERGED, {"key": number.key})).all()
    digits = re.sub(r"[^0-9]", "", number.key.lstrip("ABCDEFGHJKMNPQRSTUVWXYZ")).lstrip("0")
    if not rows and digits:
        rows = (await conn.execute(_BY_DIGITS, {"keys": [digits]})).all()
    if rows:
        accounts = tuple(row.id for row in rows)
        if re.search("[OIL]", number.written) and number.written != bare_number(rows[0].number):
            return [Indication(_SLIP, Strength.LIKELY, accounts, beside=not (number.said or number.alone))]
        if number.said or number.alone:
            return [Indication("customer number", Strength.FIRM, accounts)]
        return [Indication("number in the text", Strength.LIKELY, accounts, beside=True)]
    if not (number.said or number.alone):
        return []
    near = (await conn.execute(_BY_KEY, {"keys": slips(number.key)})).all()
    if not near and digits:
        near = (await conn.execute(_BY_DIGITS, {"keys": slips(digits)})).all()
    if near:
        return [Indication(_SLIP, Strength.LIKELY, tuple(row.id for row in near))]
    return [Indication("unknown customer number", Strength.HINT, (), against=True)] if number.said else []


async def _by_email(conn: AsyncConnection, email: str, today: date) -> list[Indication]:
    holders = await _holders(conn, "email", [email], today)
    active = [account for account, here in holders.items() if here]
    if active:
        return [Indication("e-mail", Strength.FIRM, tuple(active))]
    if holders:
        return [Indication("e-mail of somebody who left", Strength.HINT, tuple(holders), against=True)]
    domain = domain_of(email)
    if domain is None:
        return []
    rows = (await conn.execute(_DOMAINS, {"domains": [domain]})).all()
    return [Indication("domain", Strength.FIRM, tuple(row.id for row in rows))] if rows else []


async def _holders(conn: AsyncConnection, channel: str, addresses: list[str], today: date) -> dict[int, bool]:
    """The accounts of whoever has one of these addresses on file, and whether somebody there is active."""
    if not addresses:
        return {}
    rows = await conn.execute(_HOLDERS, {"channel": channel, "addresses": addresses, "today": today})
    holders: dict[int, bool] = {}
    for row in rows:
        holders[row.account_id] = holders.get(row.account_id, False) or row.active
    return holders


def _addresses(phone: Phone) -> list[str]:
    """How this phone may stand on file, extensions in either form."""
    if phone.extension:
        forms = [phone.address]
        if phone.block:
            return [*forms, phone.e164[:-1] + phone.extension]
        return [*forms, phone.e164 + phone.extension, f"{phone.e164}0;ext={phone.extension}"]
    number = phone.e164
    inside = [f"{number[:-k]}0;ext={number[-k:]}" for k in range(1, _LONGEST_EXTENSION + 1)]
    return [*variants(number), *inside]


def _trunks(phone: Phone) -> list[str]:
    """The switchboards this phone may be or belong to, as they are written on file."""
    number = phone.e164
    blocks = [f"{number[:-k]}-0" for k in range(1, _LONGEST_EXTENSION + 1) if len(number) - k > 6]
    if phone.extension and not phone.block:  # "0711 1230 App. 44" where "0711 1230-0" is on file
        blocks.append(f"{number}-0")
    return [number, *blocks]

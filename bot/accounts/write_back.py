"""Writing back to the CRMs: a handoff becomes a ticket, the transcript follows when it has ended, and
somebody proposed whom the desk accepts becomes a contact.

Every row is marked before its call and settled after it. A ticket is written under our conversation's
number, so repeating it changes nothing; for a transcript that was tried before, the CRM is looked at
first. A ticket that a rule over there refuses stands as a note instead, with the CRM's words beside it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts import crm_words
from bot.accounts.crm import CrmAway, CrmError, CrmRejects, CrmSource, NewContact, Reference
from bot.jobs import Jobs
from bot.notices import Notices
from bot.storage import account_edits, crm_cases, crm_copy, crm_outbox, events
from bot.storage.crm_cases import CrmCase
from bot.storage.crm_outbox import Accepted, Claim
from bot.storage.database import Database

log = structlog.get_logger(__name__)

PUSH = "crm_push"  # the name of the job that writes one row
_LOOK_EVERY = 15.0  # seconds
_DEADLINE = 60.0  # seconds, for all calls of one row
_LONGEST_PAUSE = timedelta(minutes=15)
_GIVE_UP_AFTER = timedelta(hours=24)
_RECENT = timedelta(days=7)


class WriteBack:
    """Tells every configured CRM. `console` is the address people open conversations at, if there is one."""

    def __init__(
        self,
        database: Database,
        sources: Mapping[str, CrmSource],
        jobs: Jobs,
        notices: Notices,
        clock: Callable[[], datetime],
        zone: ZoneInfo,
        console: str | None,
    ) -> None:
        self._database = database
        self._sources = sources
        self._jobs = jobs
        self._notices = notices
        self._clock = clock
        self._zone = zone
        self._console = console

    async def handed_off(self, conn: AsyncConnection, conversation_id: int) -> None:
        """A conversation was handed off, or has become more urgent: in the caller's transaction."""
        for name in self._sources:
            push_id = await crm_outbox.want(conn, conversation_id, name, self._clock())
            await self._jobs.at(conn, None, PUSH, push_id=push_id)

    async def accepted(self, conn: AsyncConnection, proposal_id: int) -> None:
        """Somebody proposed was put on file: every CRM gets the contact."""
        for name in self._sources:
            push_id = await crm_outbox.want_contact(conn, proposal_id, name, self._clock())
            await self._jobs.at(conn, None, PUSH, push_id=push_id)

    async def run(self) -> None:
        """Look for what has ended and what was forgotten, until cancelled; one process of all does."""
        if not self._sources:
            return
        async with self._database.leadership("crm-write-back"):
            while True:
                try:
                    await self.look()
                except SQLAlchemyError as error:
                    log.warning("writing back waits for the database", error=type(error).__name__)
                await asyncio.sleep(_LOOK_EVERY)

    async def look(self) -> None:
        """Ask for the transcripts of what has ended, and take up what lost its job or lacked its company."""
        now = self._clock()
        async with self._database.begin() as conn:
            due = await crm_outbox.want_transcripts(conn, now - _RECENT, now)
            due += await crm_outbox.forgotten(conn, now)
            due += await crm_outbox.retry_contacts(conn, now)
            for push_id in due:
                await self._jobs.at(conn, None, PUSH, push_id=push_id)

    async def retry(self, name: str) -> int:
        """Take up again what a CRM has refused for good; how many rows that is."""
        async with self._database.begin() as conn:
            failed = await crm_outbox.retry_failed(conn, name, self._clock())
            for push_id in failed:
                await self._jobs.at(conn, None, PUSH, push_id=push_id)
        return len(failed)

    async def push(self, push_id: int) -> None:
        """Write one row to its CRM; the job of name `PUSH`. One process at a time works on a row."""
        async with self._database.alone(f"crm-push:{push_id}") as alone:
            if not alone:
                return
            async with self._database.begin() as conn:
                claimed = await crm_outbox.claim(conn, push_id, self._clock())
            source = self._sources.get(claimed.source) if claimed is not None else None
            if claimed is None or source is None:
                return
            try:
                async with asyncio.timeout(_DEADLINE):
                    await self._write(source, claimed)
            except TimeoutError:
                await self._failed(source, claimed, CrmAway(f"{source.title} did not answer in time"))
            except CrmError as error:
                await self._failed(source, claimed, error)

    async def _write(self, source: CrmSource, claimed: Claim) -> None:
        if claimed.proposal_id is not None:
            await self._contact(source, claimed, claimed.proposal_id)
        elif claimed.conversation_id is not None:
            write = self._ticket if claimed.kind == "ticket" else self._transcript
            await write(source, claimed, claimed.conversation_id)

    async def _contact(self, source: CrmSource, claimed: Claim, proposal_id: int) -> None:
        async with self._database.read() as conn:
            who = await crm_outbox.accepted(conn, proposal_id)
            if who is None:
                raise CrmRejects("The person is no longer on file")
            account = await crm_copy.external_id(conn, source.name, account_id=who.account_id)
        if account is None:
            raise CrmRejects(
                f"{source.title} does not have this company. Create it there with customer number"
                f" {who.customer_number}, and the contact follows by itself"
            )
        reference = await source.push_contact(NewContact(who.name, who.phone, account))
        await self._done(claimed, reference, who=who)

    async def _ticket(self, source: CrmSource, claimed: Claim, conversation_id: int) -> None:
        async with self._database.read() as conn:
            case = await crm_cases.case(conn, conversation_id)
            if case is None:
                return
            account, person = await _ids(conn, source, case)
        ticket = crm_words.ticket(case, account, person, self._zone, self._console)
        try:
            reference = await source.push_ticket(ticket)
        except CrmRejects as refusal:
            key = f"Bauruf {case.conversation_id} ({claimed.wanted})"
            note = crm_words.as_note(ticket, case, key, claimed.created_at)
            if account is None and person is None:
                raise
            reference = await source.push_note(note, repeated=claimed.repeated)
            await self._done(claimed, reference, error=str(refusal))
            await self._notices.show(
                f"crm:{source.name}:rule",
                f"{source.title} takes no ticket ({refusal}). Handoffs stand there as notes meanwhile.",
            )
            return
        await self._done(claimed, reference)
        await self._notices.clear(f"crm:{source.name}:rule")

    async def _transcript(self, source: CrmSource, claimed: Claim, conversation_id: int) -> None:
        async with self._database.read() as conn:
            case = await crm_cases.case(conn, conversation_id)
            said = await crm_cases.lines(conn, conversation_id, claimed.upto)
            ticket = await crm_outbox.ticket_of(conn, conversation_id, source.name)
            account, person = await _ids(conn, source, case) if case is not None else (None, None)
        if case is None or not said:
            return
        key = f"Bauruf {case.conversation_id}/{claimed.upto}"
        conversed = crm_words.transcript(
            case, said, key, ticket=ticket, account=account, person=person, zone=self._zone
        )
        reference = await source.push_note(conversed, repeated=claimed.repeated)
        await self._done(claimed, reference, upto=said[-1].id)

    async def _done(
        self,
        claimed: Claim,
        reference: Reference,
        *,
        error: str | None = None,
        upto: int | None = None,
        who: Accepted | None = None,
    ) -> None:
        values = {"upto": upto} if upto is not None else {}
        now = self._clock()
        async with self._database.begin() as conn:
            more = await crm_outbox.settle(
                conn,
                claimed,
                now,
                state="done",
                pushed=claimed.wanted,
                reference=reference.id,
                url=reference.url,
                error=error,
                **values,
            )
            if who is not None:
                await crm_copy.written(conn, claimed.source, who.person_id, reference, now)
            await self._tell(conn, claimed)
            if more:
                await self._jobs.at(conn, None, PUSH, push_id=claimed.id)
        await self._notices.clear(f"crm:{claimed.source}:write")

    async def _failed(self, source: CrmSource, claimed: Claim, error: CrmError) -> None:
        """Try again later, or show that it failed for good."""
        now = self._clock()
        log.warning("not written to the CRM", source=source.name, reason=type(error).__name__)
        passing = not isinstance(error, CrmRejects) and now - claimed.created_at < _GIVE_UP_AFTER
        async with self._database.begin() as conn:
            if passing:
                again_at = now + _pause(claimed.attempts, error)
                await crm_outbox.settle(
                    conn, claimed, now, state="waiting", not_before=again_at, error=str(error)
                )
                await self._jobs.at(conn, again_at, PUSH, push_id=claimed.id)
            else:
                more = await crm_outbox.settle(conn, claimed, now, state="failed", error=str(error))
                if more:
                    await self._jobs.at(conn, None, PUSH, push_id=claimed.id)
            await self._tell(conn, claimed)
        if not passing or claimed.attempts > 1:
            what = "contact" if claimed.kind == "contact" else "handoff"
            await self._notices.show(
                f"crm:{source.name}:write",
                f"{error}. A {what} is not in {source.title} yet: `bauruf accounts doctor` says which.",
            )

    async def _tell(self, conn: AsyncConnection, claimed: Claim) -> None:
        who = (
            await crm_outbox.accepted(conn, claimed.proposal_id) if claimed.proposal_id is not None else None
        )
        if who is not None:
            data = {"account_id": who.account_id, "person_id": who.person_id, "source": claimed.source}
            await account_edits.tell(conn, "account.contact_pushed", "system", data, [who.account_id])
            return
        await events.append(conn, kind="crm.changed", actor="system", conversation_id=claimed.conversation_id)


async def _ids(conn: AsyncConnection, source: CrmSource, case: CrmCase) -> tuple[str | None, str | None]:
    """Under which ids the CRM knows the company and the person."""
    account = person = None
    if case.account_id is not None:
        account = await crm_copy.external_id(conn, source.name, account_id=case.account_id)
    if case.person_id is not None:
        person = await crm_copy.external_id(conn, source.name, person_id=case.person_id)
    return account, person


def _pause(attempts: int, error: CrmError) -> timedelta:
    """What the CRM asked for; else 5, 10, 20 … seconds up to a quarter of an hour."""
    if isinstance(error, CrmAway) and error.after is not None:
        return timedelta(seconds=error.after)
    return min(timedelta(seconds=5 * 2 ** min(attempts - 1, 12)), _LONGEST_PAUSE)

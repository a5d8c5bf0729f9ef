"""Writing down what a turn found out about who is writing: each step, with an event and its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.accounts.steps import (
    ApprovalGiven,
    ApprovalWanted,
    CodeTried,
    CodeWanted,
    Doubted,
    Guessed,
    InvitationUsed,
    Invited,
    Proven,
    Step,
)
from bot.accounts.trust import Evidence
from bot.code_mail import SEND_CODE
from bot.jobs import Jobs
from bot.signals import APPROVAL, APPROVED, DENIED, signal
from bot.storage import identity, invitations, proofs
from bot.storage.conversations import Whom
from bot.storage.events import NewEvent


class Superseded(Exception):
    """Somebody else was faster with a step (a link was used, a code tried): think again."""


def trust_event(before: Whom, after: Whom, conversation_id: int, actor: str) -> NewEvent | None:
    """The event of a change of who we take somebody for, or how firmly; None when there is none."""
    same = (before.trust, before.person_id, before.account_id)
    if same == (after.trust, after.person_id, after.account_id):
        return None
    return NewEvent(
        "trust.changed",
        actor,
        conversation_id,
        data={
            "from": before.trust,
            "to": after.trust,
            "evidence": after.evidence,
            "person_id": after.person_id,
            "account_id": after.account_id,
        },
    )


class Notary:
    """Takes steps down in the transaction of their turn."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    async def take_down(
        self,
        conn: AsyncConnection,
        steps: Sequence[Step],
        conversation_id: int,
        endpoint_id: int,
        now: datetime,
    ) -> list[NewEvent]:
        """Write the steps in order; returns their events. Raises Superseded."""
        happened = []
        for step in steps:
            event = await self._take(conn, step, conversation_id, endpoint_id, now)
            if event is not None:
                happened.append(event)
        return happened

    async def _take(
        self, conn: AsyncConnection, step: Step, conversation_id: int, endpoint_id: int, now: datetime
    ) -> NewEvent | None:
        match step:
            case Proven():
                await identity.link(
                    conn,
                    endpoint_id,
                    person_id=step.person_id,
                    account_id=step.account_id,
                    trust=step.trust,
                    evidence=step.evidence,
                    expires_at=step.until,
                )
                return None  # the change of the level is an event of its own
            case Doubted():
                if step.evidence == Evidence.NUMBER_CHANGED:
                    # The new number speaks for itself.
                    await identity.unlink(conn, endpoint_id)
                else:
                    await identity.doubt(conn, endpoint_id, step.person_id, step.evidence)
                return None
            case Guessed():
                await identity.note_guess(conn, endpoint_id, step.kind, now)
                data = {"kind": step.kind, "refused": step.refused}
                return NewEvent("identity.guessed", "installer", conversation_id, data=data)
            case CodeWanted() | ApprovalWanted():
                return await self._begin(conn, step, conversation_id, endpoint_id, now)
            case CodeTried():
                state = "passed" if step.passed else "failed" if step.locked else None
                if not await proofs.count_try(conn, step.proof_id, step.tries, state):
                    raise Superseded
                kind = "proof.passed" if step.passed else "proof.failed"
                data = {"kind": "code", "tries": step.tries + 1, "locked": step.locked}
                return NewEvent(kind, "installer", conversation_id, data=data)
            case ApprovalGiven():
                return await self._answer(conn, step, conversation_id, endpoint_id, now)
            case Invited():
                await invitations.make(
                    conn,
                    {
                        "token_hash": step.token_hash,
                        "account_id": step.account_id,
                        "person_id": step.person_id,
                        "made_by": f"endpoint:{endpoint_id}",
                        "created_at": now,
                        "expires_at": step.until,
                    },
                )
                data = {"account_id": step.account_id, "person_id": step.person_id}
                return NewEvent("invitation.made", "installer", conversation_id, data=data)
            case InvitationUsed():
                if not await invitations.use(conn, step.invitation_id, endpoint_id, now):
                    raise Superseded
                data = {"invitation_id": step.invitation_id}
                return NewEvent("invitation.used", "installer", conversation_id, data=data)

    async def _begin(
        self,
        conn: AsyncConnection,
        step: CodeWanted | ApprovalWanted,
        conversation_id: int,
        endpoint_id: int,
        now: datetime,
    ) -> NewEvent:
        values = {
            "conversation_id": conversation_id,
            "endpoint_id": endpoint_id,
            "person_id": step.person_id,
            "account_id": step.account_id,
            "created_at": now,
        }
        if isinstance(step, CodeWanted):
            code = {"kind": "code", "state": "waiting", "mailbox_id": step.mailbox_id, "next_try_at": now}
            proof_id = await proofs.begin(conn, {**values, **code})
            await self._jobs.at(conn, None, SEND_CODE, proof_id=proof_id)
        else:
            asked = {"kind": "approval", "state": "open", "asked": list(step.endpoints)}
            proof_id = await proofs.begin(conn, {**values, **asked, "expires_at": step.until})
            for colleague in step.endpoints:
                await signal(conn, self._jobs, colleague, APPROVAL, proof_id, now)
        kind = "code" if isinstance(step, CodeWanted) else "approval"
        return NewEvent("proof.requested", "installer", conversation_id, data={"kind": kind})

    async def _answer(
        self,
        conn: AsyncConnection,
        step: ApprovalGiven,
        conversation_id: int,
        endpoint_id: int,
        now: datetime,
    ) -> NewEvent:
        state = "passed" if step.approved else "denied"
        if not await proofs.settle(conn, step.proof_id, state, only_from=("open",)):
            raise Superseded
        proof = await proofs.find(conn, step.proof_id)
        if proof is not None:
            what = APPROVED if step.approved else DENIED
            await signal(conn, self._jobs, proof.endpoint_id, what, proof.id, now)
        data = {"kind": "approval", "proof_id": step.proof_id, "by_endpoint": endpoint_id}
        return NewEvent(
            "proof.passed" if step.approved else "proof.failed", "installer", conversation_id, data=data
        )

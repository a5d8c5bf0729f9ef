"""What goes live, and the gate before it: versions of the model, and what mistakes cost."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from bot.errors import Conflict
from bot.policy import AS_DELIVERED, Policy, read_policy, write_policy
from bot.replay import Decided, Flip
from bot.storage import events, policies
from bot.storage.policies import SavedPolicy
from bot.triage import REASONS
from handoff.console.parts import AdminChanging, AdminReading, Console, SmallBody, TheConsole
from handoff.console.shapes import HandoffLine, Moment, Reason, Shape
from handoff.console.training import VersionName
from handoff.gate import Outcome, refuse
from handoff.queue import handoffs

router = APIRouter(prefix="/training", route_class=SmallBody, tags=["training"])

_SINCE = timedelta(days=90)
Values = Annotated[dict[str, float], Field(max_length=20)]


class DecidedView(Shape):
    """What came of a turn, or would."""

    intent: str
    action: str
    urgency: int
    reasons: list[Reason]


class FlipView(Shape):
    """A turn that would be decided differently. `blocks`: an emergency would be missed."""

    conversation_id: int
    message_id: int
    excerpt: str
    old: DecidedView
    new: DecidedView
    blocks: bool


class OutcomeView(Shape):
    """What a candidate would change in the last conversations."""

    conversations: int
    turns: int
    flips: list[FlipView]
    blocked: bool


class PolicySaved(Shape):
    """A version of the policy."""

    version: int
    values: dict[str, float]
    by: str | None
    at: Moment


class PolicyView(Shape):
    """What mistakes cost. `version` 0 was never changed."""

    version: int
    values: dict[str, float]
    delivered: dict[str, float]
    alarm_from: float
    person_from: float
    history: list[PolicySaved]


class PolicyTry(Shape):
    """Values to look at; what is left out is as delivered."""

    values: Values


class PolicyBody(PolicyTry):
    """Values to be saved, made from `version`."""

    version: Annotated[int, Field(ge=0, le=2**31 - 1)]


class Handoffs(Shape):
    """How well the bot handed over in the last ninety days."""

    days: int
    by_intent: list[HandoffLine]
    by_tier: list[HandoffLine]


@router.post("/versions/{name}/replay")
async def try_version(console: TheConsole, _: AdminChanging, name: VersionName) -> OutcomeView:
    """Decide the last conversations again with a version."""
    return _outcome(await console.gate.try_version(name))


@router.post("/versions/{name}/promote")
async def promote(console: TheConsole, session: AdminChanging, name: VersionName) -> OutcomeView:
    """Let a version answer, in every process; refused when an emergency would be lost."""
    outcome = await console.gate.try_version(name)
    refuse(outcome)
    await console.model.promote(name, session.agent.id)
    return _outcome(outcome)


@router.get("/policy")
async def policy(console: TheConsole, _: AdminReading) -> PolicyView:
    """What mistakes cost now, and what it was before."""
    return await _policy(console)


@router.post("/policy/replay")
async def try_policy(console: TheConsole, _: AdminChanging, body: PolicyTry) -> OutcomeView:
    """Decide the last conversations again with other costs."""
    return _outcome(await console.gate.try_policy(_read(body)))


@router.put("/policy")
async def save_policy(console: TheConsole, session: AdminChanging, body: PolicyBody) -> PolicyView:
    """Change what mistakes cost; refused when an emergency would be lost, or somebody was faster."""
    wanted = _read(body)
    refuse(await console.gate.try_policy(wanted))
    async with console.database.begin() as conn:
        saved = await policies.save(
            conn,
            write_policy(wanted),
            after=body.version or None,
            agent_id=session.agent.id,
            now=console.clock(),
        )
        if saved is None:
            raise Conflict("changed", "Somebody else has changed this meanwhile.")
        await events.append(conn, kind="policy.changed", actor=f"agent:{session.agent.id}")
    console.policy.changed()
    return await _policy(console)


@router.get("/handoffs")
async def handed_over(console: TheConsole, _: AdminReading) -> Handoffs:
    """Needless, late and missed handoffs."""
    since = console.clock() - _SINCE
    async with console.database.read() as conn:
        return Handoffs(
            days=_SINCE.days,
            by_intent=await handoffs.by_intent(conn, since),
            by_tier=await handoffs.by_tier(conn, since),
        )


def _read(body: PolicyTry) -> Policy:
    whole = {name: int(value) if value == int(value) else value for name, value in body.values.items()}
    return read_policy(whole)


async def _policy(console: Console) -> PolicyView:
    async with console.database.read() as conn:
        history = await policies.history(conn, limit=20)
    current = read_policy(history[0].values) if history else AS_DELIVERED
    return PolicyView(
        version=history[0].version if history else 0,
        values=write_policy(current),
        delivered=write_policy(AS_DELIVERED),
        alarm_from=round(current.alarm_from, 4),
        person_from=round(current.person_from, 4),
        history=[_saved(one) for one in history],
    )


def _saved(one: SavedPolicy) -> PolicySaved:
    values: dict[str, Any] = dict(one.values)
    return PolicySaved(version=one.version, values=values, by=one.saved_by, at=one.saved_at)


def _outcome(outcome: Outcome) -> OutcomeView:
    blocking = {flip.message_id for flip in outcome.blocking}
    flips = sorted(
        outcome.comparison.flips, key=lambda flip: (flip.message_id not in blocking, -flip.message_id)
    )
    return OutcomeView(
        conversations=outcome.comparison.conversations,
        turns=outcome.comparison.turns,
        flips=[flip_view(flip, blocks=flip.message_id in blocking) for flip in flips],
        blocked=bool(blocking),
    )


def flip_view(flip: Flip, *, blocks: bool) -> FlipView:
    """One decision that would fall differently."""
    return FlipView(
        conversation_id=flip.conversation_id,
        message_id=flip.message_id,
        excerpt=flip.excerpt,
        old=_decided(flip.old),
        new=_decided(flip.new),
        blocks=blocks,
    )


def _decided(decided: Decided) -> DecidedView:
    return DecidedView(
        intent=decided.intent,
        action=decided.action,
        urgency=decided.urgency,
        reasons=[Reason(code=code, text=dict(REASONS[code])) for code in decided.reasons if code in REASONS],
    )

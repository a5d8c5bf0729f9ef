"""Becoming a member in the middle of a conversation: a code by e-mail, or a colleague's word.

Offered only when a question needs it, and only to whoever is recognised already. Afterwards the
question is answered as if nothing had been in between.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.accounts.codes import MOST_TRIES, find_code, looks_like_code, mask, same_code
from bot.accounts.directory import AccountDirectory
from bot.accounts.recognition import candidates
from bot.accounts.steps import ApprovalGiven, ApprovalWanted, CodeTried, CodeWanted, Proven, Step
from bot.accounts.trust import AUTHORISED, LASTS, MEMBER, NEEDED, RECOGNISED, Evidence, member_level
from bot.answers.skill import Ask, Reply
from bot.dialogue import HUMAN, Dialogue
from bot.hearing import Heard
from bot.messages import Choice
from bot.signals import APPROVAL, APPROVED, CODE_FAILED, CODE_LATE, DENIED, EXPIRED
from bot.storage import proofs
from bot.storage.conversations import Whom
from bot.storage.proofs import Mailbox, OpenProof
from nlu.understanding import Understanding

BY_CODE, BY_COLLEAGUE = "proof:code", "proof:approval"
APPROVAL_LASTS = timedelta(minutes=30)
_APPROVE, _DENY = "approve", "deny"
_MOST_ASKED = 3
_MOST_CODES, _WITHIN = 3, timedelta(hours=1)
_LONGEST_WITH_CODE = 60
_CODE_WORDS = re.compile(r"\b(?:code|e?-?mail)\b", re.I)
_COLLEAGUE_WORDS = re.compile(r"\b(?:kolleg\w*|chef\w*|colleague|boss)\b", re.I)


@dataclass(frozen=True, slots=True)
class Proved:
    """What came out of one step. With `resume` the question that needed it is answered, after `reply`."""

    whom: Whom
    reply: Reply | None
    dialogue: Dialogue
    steps: tuple[Step, ...] = ()
    resume: bool = False


class Proving:
    """Offers the ways, and takes the steps. `mails` says whether codes can be sent at all."""

    def __init__(
        self, directory: AccountDirectory, windows: Mapping[str, timedelta | None], *, mails: bool
    ) -> None:
        self._directory = directory
        self._windows = windows
        self._mails = mails

    async def offer(self, ask: Ask, refused: Reply, dialogue: Dialogue) -> Reply:
        """The ways that are open to this person; `refused` itself when there is none."""
        whom, needs = ask.whom, refused.needs
        if whom.trust < RECOGNISED and ask.origin.sender.channel == "telegram":
            if dialogue.expecting == "contact":
                return refused
            return Reply(ask.say("proof_offer_contact"), expecting="contact", ask_contact=True)
        if needs is None or whom.trust != RECOGNISED or whom.person_id is None or whom.account_id is None:
            return refused
        if NEEDED[needs] > member_level(Evidence.CODE, whom.roles):
            return refused
        mailbox = await self._mailbox(ask, own=NEEDED[needs] >= AUTHORISED)
        colleagues = await self._colleagues(ask)
        ways = [BY_CODE] * (mailbox is not None) + [BY_COLLEAGUE] * bool(colleagues)
        if not ways:
            return refused
        key = "proof_offer" if len(ways) == 2 else f"proof_offer_{ways[0].partition(':')[2]}"
        text = ask.say(key, company=whom.company, mailbox=mask(mailbox.address) if mailbox else "")
        labels = {BY_CODE: "choice_proof_code", BY_COLLEAGUE: "choice_proof_approval"}
        choices = [Choice(way, ask.say(labels[way])) for way in ways]
        return Reply(text, (*choices, _human(ask)), expecting="proof")

    async def step(
        self, ask: Ask, heard: Heard, understanding: Understanding, dialogue: Dialogue
    ) -> Proved | None:
        """Take a turn that is about proving; None when it is about something else (danger above all)."""
        if heard.signal is not None:
            return await self._signalled(ask, heard.signal, dialogue)
        if understanding.urgency == 2 and not heard.wordless:
            return None
        value = heard.tap or dialogue.chosen(heard.text) or _in_words(heard.text, understanding, dialogue)
        verb, _, number = (value or "").partition(":")
        if verb in (_APPROVE, _DENY) and number.isdecimal():
            return await self._vouch(ask, int(number[:18]), verb == _APPROVE, dialogue)
        if value in (BY_CODE, BY_COLLEAGUE) and dialogue.offers(value):
            return await (self._send if value == BY_CODE else self._ask_members)(ask, dialogue)
        return await self._typed(ask, heard, understanding, dialogue)

    async def overhear(
        self, ask: Ask, heard: Heard, understanding: Understanding, dialogue: Dialogue
    ) -> Proved | None:
        """A code typed while a person holds the conversation counts, right or wrong; nothing is said."""
        if heard.wordless or len(heard.text) > _LONGEST_WITH_CODE or find_code(heard.text) is None:
            return None
        proved = await self._typed(ask, heard, understanding, dialogue)
        if proved is None or not proved.steps:
            return None
        passed = proved.whom != ask.whom
        return replace(proved, reply=None, dialogue=proved.dialogue if passed else dialogue)

    async def _typed(
        self, ask: Ask, heard: Heard, understanding: Understanding, dialogue: Dialogue
    ) -> Proved | None:
        waits = dialogue.expecting == "code"
        code = find_code(heard.text) if len(heard.text) <= _LONGEST_WITH_CODE else None
        digits = waits and looks_like_code(heard.text)
        lost = waits and not understanding.sure and not heard.wordless and dialogue.failed == 0
        if ask.origin.conversation_id is None or not (code or digits or lost):
            return None
        proof = await proofs.code_under_way(ask.conn, ask.origin.conversation_id)
        if proof is None:
            return None
        if proof.expires_at is not None and proof.expires_at <= ask.origin.now:
            return _say(ask, dialogue, "code_expired", again=True)
        if code is None:
            asked = replace(dialogue, failed=dialogue.failed + (0 if digits else 1))
            return _say(ask, asked, "code_wanted", again=True)
        passed = proof.code_hash is not None and await asyncio.to_thread(same_code, code, proof.code_hash)
        left = MOST_TRIES - proof.tries - 1
        step = CodeTried(proof.id, proof.tries, passed, locked=not passed and left <= 0)
        if passed:
            evidence = Evidence.COMPANY_CODE if proof.shared else Evidence.CODE
            return _member(ask, proof, evidence, dialogue, step)
        if left <= 0:
            return _say(ask, replace(dialogue, expecting=None), "code_locked", step)
        return _say(ask, dialogue, "code_wrong", step, again=True, left=left)

    async def _send(self, ask: Ask, dialogue: Dialogue) -> Proved | None:
        mailbox = await self._mailbox(ask, own=False)
        if mailbox is None or ask.whom.person_id is None or ask.whom.account_id is None:
            return _say(ask, replace(dialogue, expecting=None), "code_too_many")
        step = CodeWanted(ask.whom.person_id, ask.whom.account_id, mailbox.id)
        return _say(ask, dialogue, "code_sent", step, mailbox=mask(mailbox.address))

    async def _ask_members(self, ask: Ask, dialogue: Dialogue) -> Proved | None:
        whom = ask.whom
        asked = await self._colleagues(ask)
        if not asked or whom.person_id is None or whom.account_id is None:
            return _say(ask, replace(dialogue, expecting=None), "approval_nobody")
        until = ask.origin.now + APPROVAL_LASTS
        step = ApprovalWanted(whom.person_id, whom.account_id, asked, until)
        minutes = int(APPROVAL_LASTS.total_seconds() // 60)
        waiting = replace(dialogue, expecting=None)
        return _say(ask, waiting, "approval_asked", step, minutes=minutes)

    async def _signalled(self, ask: Ask, signal: str, dialogue: Dialogue) -> Proved:
        what, _, number = signal.partition(":")
        proof = await proofs.find(ask.conn, int(number))
        nothing = Proved(ask.whom, None, dialogue)
        if proof is None:
            return nothing
        if what == APPROVAL:
            return await self._question(ask, proof, dialogue) or nothing
        if proof.conversation_id != ask.origin.conversation_id:
            return nothing
        if what == APPROVED and proof.state == "passed":
            return _member(ask, proof, Evidence.APPROVAL, dialogue)
        if what == CODE_LATE and proof.state == "waiting":
            return _say(ask, dialogue, "code_late", keep=True)
        keys = {CODE_FAILED: "code_failed", DENIED: "approval_denied", EXPIRED: "approval_expired"}
        return _say(ask, replace(dialogue, expecting=None), keys[what]) if what in keys else nothing

    async def _question(self, ask: Ask, proof: OpenProof, dialogue: Dialogue) -> Proved | None:
        """What a member is asked about a colleague."""
        if not _open(proof, ask.origin.now) or not await self._vouches(ask, proof):
            return None
        text = ask.say("approval_question", name=proof.person, company=proof.company)
        choices = (
            Choice(f"{_APPROVE}:{proof.id}", ask.say("choice_approve")),
            Choice(f"{_DENY}:{proof.id}", ask.say("choice_deny_approval")),
        )
        return Proved(ask.whom, Reply(text, choices), replace(dialogue, choices=choices))

    async def _vouch(self, ask: Ask, proof_id: int, approves: bool, dialogue: Dialogue) -> Proved:
        proof = await proofs.find(ask.conn, proof_id)
        dialogue = replace(dialogue, choices=())
        valid = proof is not None and _open(proof, ask.origin.now) and await self._vouches(ask, proof)
        if proof is None or not valid:
            return Proved(ask.whom, ask.reply("approval_over"), dialogue)
        key = "approval_thanks" if approves else "approval_refused"
        return Proved(
            ask.whom, ask.reply(key, name=proof.person), dialogue, (ApprovalGiven(proof.id, approves),)
        )

    async def _vouches(self, ask: Ask, proof: OpenProof) -> bool:
        """Whether whoever is asked was meant, and is still a member of the company."""
        if ask.origin.endpoint_id not in proof.asked:
            return False
        own = await candidates(ask.conn, self._directory, ask.origin.sender, ask.origin.endpoint_id)
        return any(whom.account_id == proof.account_id and whom.trust >= MEMBER for whom in own)

    async def _mailbox(self, ask: Ask, *, own: bool) -> Mailbox | None:
        """Where a code may go now: a mailbox of one's own before one that many read."""
        whom, origin = ask.whom, ask.origin
        if not self._mails or whom.trust != RECOGNISED or origin.endpoint_id is None:
            return None
        if whom.person_id is None or whom.account_id is None:
            return None
        since = origin.now - _WITHIN
        if await proofs.locked_out(ask.conn, origin.endpoint_id, since):
            return None
        for mailbox in await proofs.mailboxes(ask.conn, whom.person_id, whom.account_id):
            if own and mailbox.shared:
                continue
            sent = await proofs.recent_codes(ask.conn, origin.endpoint_id, mailbox.id, since)
            return mailbox if sent < _MOST_CODES else None
        return None

    async def _colleagues(self, ask: Ask) -> tuple[int, ...]:
        """Endpoints of members who can be asked now: on WhatsApp only within its window."""
        whom, now = ask.whom, ask.origin.now
        if whom.trust != RECOGNISED or whom.person_id is None or whom.account_id is None:
            return ()
        found = await proofs.members(ask.conn, whom.account_id, whom.person_id, now)
        return tuple(
            member.endpoint_id
            for member in found
            if member.channel in self._windows
            and _within(member.last_inbound_at, self._windows[member.channel], now)
        )[:_MOST_ASKED]


def _within(last: datetime | None, window: timedelta | None, now: datetime) -> bool:
    return window is None or (last is not None and now - last < window)


def _open(proof: OpenProof, now: datetime) -> bool:
    return proof.state == "open" and proof.expires_at is not None and proof.expires_at > now


def _in_words(text: str, understanding: Understanding, dialogue: Dialogue) -> str | None:
    """What was offered, in other words: "per Mail", "mein Chef", or a plain yes or no."""
    if not text.strip() or len(text) > _LONGEST_WITH_CODE:
        return None
    said = understanding.intent if understanding.sure else ""
    if dialogue.expecting == "proof":
        if _CODE_WORDS.search(text):
            return BY_CODE
        if _COLLEAGUE_WORDS.search(text):
            return BY_COLLEAGUE
        ways = [choice.value for choice in dialogue.choices if choice.value in (BY_CODE, BY_COLLEAGUE)]
        return ways[0] if said == "affirm" and ways else None
    verb = {"affirm": _APPROVE, "deny": _DENY}.get(said)
    return next((c.value for c in dialogue.choices if verb and c.value.startswith(f"{verb}:")), None)


def _human(ask: Ask) -> Choice:
    return Choice(HUMAN, ask.say(f"choice_{HUMAN}"))


def _say(
    ask: Ask,
    dialogue: Dialogue,
    key: str,
    step: Step | None = None,
    *,
    again: bool = False,
    keep: bool = False,
    **values: object,
) -> Proved:
    """A word on the way. `again` offers another code; `keep` leaves what was asked as it is."""
    more = (Choice(BY_CODE, ask.say("choice_code_again")),) if again else ()
    choices = dialogue.choices if keep else (*more, _human(ask))
    waits = key in ("code_sent", "code_wrong", "code_wanted")
    dialogue = replace(dialogue, choices=choices, expecting="code" if waits else dialogue.expecting)
    steps = (step,) if step is not None else ()
    return Proved(ask.whom, Reply(ask.say(key, **values), () if keep else choices), dialogue, steps)


def _member(ask: Ask, proof: OpenProof, evidence: Evidence, dialogue: Dialogue, *steps: Step) -> Proved:
    """The proof has passed: whoever asked is a member for a while."""
    if ask.whom.person_id != proof.person_id or ask.whom.account_id != proof.account_id:
        # Meanwhile they write for another company, or are doubted.
        return Proved(ask.whom, ask.reply("approval_over"), dialogue, steps)
    until = ask.origin.now + LASTS
    level = max(ask.whom.trust, member_level(evidence, ask.whom.roles))
    whom = replace(ask.whom, trust=level, evidence=evidence, until=until)
    proven = Proven(proof.person_id, proof.account_id, level, evidence, until)
    done = replace(dialogue, expecting=None, choices=(), failed=0)
    return Proved(whom, ask.reply("proof_passed"), done, (*steps, proven), resume=dialogue.intent is not None)

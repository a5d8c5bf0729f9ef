"""The mail with a code: made at the moment it goes, so that it is stored nowhere but as a hash.

A mail server that is away delays a code and never loses it: the row waits, and each try sends a new
code. The installer is told when it takes longer, and when it will not come at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.accounts.codes import CODE_LASTS, hash_code, new_code
from bot.answers.catalogue import Catalogue
from bot.jobs import Jobs
from bot.mail import Mail, MailDenied, MailError, MailRefused
from bot.notices import Notices
from bot.settings import Settings
from bot.signals import CODE_FAILED, CODE_LATE, signal
from bot.storage import events, proofs
from bot.storage.database import Database
from bot.storage.proofs import Letter

log = structlog.get_logger(__name__)

SEND_CODE = "send_code"  # the name of the job
_NOTICE = "mail"
_SENDING_TAKES = timedelta(minutes=2)  # after that a try counts as lost with its process
_GIVE_UP_AFTER = timedelta(hours=1)
_LONGEST_PAUSE = timedelta(minutes=5)


class CodeMail:
    """Sends the codes that wait. `mail` is None where no mail server is set."""

    def __init__(
        self,
        database: Database,
        mail: Mail | None,
        catalogue: Catalogue,
        jobs: Jobs,
        notices: Notices,
        settings: Settings,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._mail = mail
        self._catalogue = catalogue
        self._jobs = jobs
        self._notices = notices
        self._settings = settings
        self._clock = clock

    async def send(self, proof_id: int) -> None:
        """Send one code, if it still has to go; the job of name `SEND_CODE`."""
        if self._mail is None:
            return
        code = new_code()
        hashed = await asyncio.to_thread(hash_code, code)
        now = self._clock()
        async with self._database.begin() as conn:
            await self._catalogue.refresh(conn)
            letter = await proofs.claim_letter(
                conn, proof_id, hashed, now, expires_at=now + CODE_LASTS, again_at=now + _SENDING_TAKES
            )
        if letter is None:
            return
        values = {"code": code, "name": letter.person, "company": self._settings.company}
        subject = self._catalogue.say("code_mail_subject", letter.language, **values)
        text = self._catalogue.say("code_mail", letter.language, **values)
        try:
            await self._mail.send(letter.to, subject, text)
        except MailError as error:
            await self._failed(proof_id, letter, error)
            return
        await self._notices.clear(_NOTICE)
        async with self._database.begin() as conn:
            await proofs.sent(conn, proof_id, self._clock() + CODE_LASTS)
            await events.append(
                conn, kind="proof.sent", actor="system", conversation_id=letter.conversation_id
            )

    async def _failed(self, proof_id: int, letter: Letter, error: MailError) -> None:
        now = self._clock()
        log.warning("mail failed", outcome=type(error).__name__, attempts=letter.attempts + 1)
        if not isinstance(error, MailRefused):
            words = f"Codes cannot be sent by e-mail: {error}."
            hint = " Check BAURUF_SMTP_URL and BAURUF_SMTP_FROM." if isinstance(error, MailDenied) else ""
            await self._notices.show(_NOTICE, words + hint)
        gives_up = isinstance(error, MailRefused) or now - letter.created_at >= _GIVE_UP_AFTER
        async with self._database.begin() as conn:
            if gives_up:
                await proofs.settle(conn, proof_id, "expired", only_from=("waiting",))
                await signal(conn, self._jobs, letter.endpoint_id, CODE_FAILED, proof_id, now)
                await events.append(
                    conn,
                    kind="proof.failed",
                    actor="system",
                    conversation_id=letter.conversation_id,
                    data={"kind": "code", "reason": str(error)},
                )
                return
            again_at = now + min(timedelta(seconds=15) * 2 ** min(letter.attempts, 8), _LONGEST_PAUSE)
            await proofs.delay(conn, proof_id, again_at)
            await self._jobs.at(conn, again_at, SEND_CODE, proof_id=proof_id)
            if letter.attempts == 0:
                await signal(conn, self._jobs, letter.endpoint_id, CODE_LATE, proof_id, now)

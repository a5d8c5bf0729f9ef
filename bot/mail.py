"""Sending e-mail over SMTP, encrypted, with time-outs.

    MailError
    ├── MailAway       try again later: no connection, no encryption offered, the server is busy
    │   └── MailDenied    it does not let us in: only the operator can mend that
    └── MailRefused    it will never take this letter (there is no such mailbox)

Messages hold no address and no password.
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

_TIMEOUT = 15.0  # seconds, of each step of the conversation with the server


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A mail server. With `tls` the connection begins encrypted; otherwise STARTTLS is demanded, unless
    the server runs on this machine.
    """

    host: str
    port: int
    tls: bool
    user: str | None
    password: str | None

    @property
    def local(self) -> bool:
        """Whether nothing leaves this machine."""
        return self.host in ("localhost", "127.0.0.1", "::1")


def read_smtp_url(url: str) -> SmtpServer:
    """Read "smtps://user:password@host:465" or "smtp://host:587"; user and password percent-encoded.

    Raises ValueError, which never repeats the address: it holds a password.
    """
    parts = urlsplit(url)
    expected = 'expected "smtps://user:password@host:465" or "smtp://user:password@host:587"'
    try:
        port = parts.port
    except ValueError:
        raise ValueError(f"{expected}; the port is none") from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError(expected)
    tls = parts.scheme == "smtps"
    return SmtpServer(
        parts.hostname,
        port or (465 if tls else 587),
        tls,
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
    )


class MailError(Exception):
    """A letter did not go."""


class MailAway(MailError):
    """Try again later."""


class MailDenied(MailAway):
    """The server does not let us in as it is set up."""


class MailRefused(MailError):
    """The server will never take this letter."""


class Mail:
    """A mail server, and who our letters come from."""

    def __init__(self, server: SmtpServer, sender: str, tls: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._sender = sender
        self._tls = tls or ssl.create_default_context()

    async def send(self, to: str, subject: str, text: str) -> None:
        """Hand a letter to the server. Raises MailError (see its tree)."""
        letter = EmailMessage()
        letter["From"] = self._sender
        letter["To"] = to
        letter["Subject"] = subject
        letter["Date"] = formatdate()
        letter["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2])
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(text)
        await asyncio.to_thread(self._deliver, letter)

    async def greet(self) -> None:
        """Go as far as a letter would, without one. Raises MailError."""
        await asyncio.to_thread(self._deliver, None)

    def _deliver(self, letter: EmailMessage | None) -> None:
        try:
            with self._connect() as client:
                if letter is not None:
                    client.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            ((code, _),) = error.recipients.values()
            raise _by_code(code) from None
        except smtplib.SMTPSenderRefused as error:
            raise MailDenied(f"the mail server refuses our sender address ({error.smtp_code})") from None
        except smtplib.SMTPResponseException as error:
            raise _by_code(error.smtp_code) from None
        except smtplib.SMTPException as error:
            raise MailAway(f"the mail server broke off ({type(error).__name__})") from None
        except ssl.SSLCertVerificationError as error:
            raise MailDenied(f"the mail server's certificate is not valid: {error.verify_message}") from None
        except (OSError, ssl.SSLError) as error:
            raise MailAway(f"the mail server cannot be reached ({type(error).__name__})") from None

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        client: smtplib.SMTP
        if server.tls:
            client = smtplib.SMTP_SSL(server.host, server.port, timeout=_TIMEOUT, context=self._tls)
        else:
            client = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT)
        try:
            self._enter(client)
        except BaseException:
            client.close()
            raise
        return client

    def _enter(self, client: smtplib.SMTP) -> None:
        server = self._server
        client.ehlo()
        if not server.tls and client.has_extn("starttls"):
            client.starttls(context=self._tls)
            client.ehlo()
        elif not server.tls and not server.local:
            raise MailDenied("the mail server offers no encryption (STARTTLS)")
        if server.user is not None:
            try:
                client.login(server.user, server.password or "")
            except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError):
                raise MailDenied("the mail server refuses our user name or password") from None


def _by_code(code: int) -> MailError:
    """RFC 5321: 4xx is for now, 5xx for good."""
    if code >= 500:
        return MailRefused(f"the mail server refuses the letter ({code})")
    return MailAway(f"the mail server is busy ({code})")

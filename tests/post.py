"""The post office: a real mail server, and the letters it took."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Post:
    """A mail server. `refusal` is what it says instead of taking a letter."""

    port: int
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refusal: str | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def code(self) -> str:
        """The code of the last letter."""
        found = re.search(r"^(\d{6})\s*$", self.letters[-1].get_content(), re.M)
        assert found is not None, self.letters[-1].get_content()
        return found[1]

    @property
    def wrong_code(self) -> str:
        """Any other code."""
        return f"{(int(self.code) + 1) % 10**6:06}"


@dataclass
class _Counter:
    """Where letters are taken."""

    post: Post

    async def handle_RCPT(  # noqa: N802 - aiosmtpd finds it by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        if self.post.refusal is not None:
            return self.post.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        self.post.letters.append(message_from_bytes(content, EmailMessage, policy=policy.default))
        self.post.recipients += envelope.rcpt_tos
        return "250 OK"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def open_post(certificate: trustme.LeafCert | None = None) -> Iterator[Post]:
    """Open a post office on a free port of this machine; with a certificate it offers STARTTLS."""
    post = Post(free_port())
    tls = None
    if certificate is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(tls)
    controller = Controller(_Counter(post), hostname="127.0.0.1", port=post.port, tls_context=tls)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()

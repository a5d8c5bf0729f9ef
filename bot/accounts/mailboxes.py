"""Which e-mail domains say nothing about a company: those where anybody gets a mailbox."""

from __future__ import annotations

from bot.accounts.words import general_words

FREEMAIL = frozenset(general_words()["freemail"])


def domain_of(email: str) -> str | None:
    """The domain of an e-mail when it can belong to a company."""
    domain = email.rpartition("@")[2].lower().strip(".")
    return None if not domain or domain in FREEMAIL else domain

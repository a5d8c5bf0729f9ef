"""Every English sentence of the server that agents read has its German one in the console."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from webhooks.telegram.content import UNREADABLE

REPOSITORY = Path(__file__).resolve().parent.parent.parent
GERMAN = REPOSITORY / "handoff" / "web" / "src" / "console" / "words" / "de" / "sentences.ts"
SPOKEN = (
    "bot/media_fetch.py",
    "nlu/rasa_environment.py",
    "nlu/rasa_server.py",
    "webhooks/download.py",
    "webhooks/engine.py",
    "webhooks/telegram/channel.py",
    "webhooks/telegram/errors.py",
    "webhooks/telegram/parsing.py",
    "webhooks/telegram/polling.py",
    "webhooks/telegram/webhook.py",
    "webhooks/webchat/channel.py",
    "webhooks/whatsapp/channel.py",
    "webhooks/whatsapp/client.py",
    "webhooks/whatsapp/errors.py",
    "webhooks/whatsapp/parsing.py",
    "webhooks/whatsapp/status.py",
)
"""The modules whose sentences reach the console: errors of sending and fetching, notices."""

NOT_SHOWN = {"X-Telegram-Bot-Api-Secret-Token is missing or wrong."}  # an answer to whoever called us
_SENTENCE = re.compile(r"(?:[A-Z]|\{0\}).* .*\.")


def translated() -> set[str]:
    """The English sentences of the console's German dictionary."""
    source = GERMAN.read_text()
    return {match[1] or match[2] for match in re.finditer(r'^  (?:"(.+?)"|(\w+)):', source, re.MULTILINE)}


def spoken(module: str) -> Iterator[str]:
    """The sentences in a module that are no docstrings; `{0}` … stand for what is filled in."""
    tree = ast.parse((REPOSITORY / module).read_text())
    inner: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            inner.add(id(node.value))
        if isinstance(node, ast.JoinedStr):
            inner |= {id(value) for value in node.values}
    for node in ast.walk(tree):
        said = None
        if isinstance(node, ast.JoinedStr):
            said = "".join(_pieces(node))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            said = node.value
        if said is not None and _SENTENCE.fullmatch(said):
            yield said


def _pieces(node: ast.JoinedStr) -> Iterator[str]:
    place = 0
    for value in node.values:
        if isinstance(value, ast.Constant):
            yield str(value.value)
        else:
            yield f"{{{place}}}"
            place += 1


@pytest.mark.parametrize("module", SPOKEN)
def test_every_sentence_is_there_in_german(module: str) -> None:
    said = set(spoken(module)) - NOT_SHOWN
    assert said, "the module says nothing any more: take it off the list"
    assert said <= translated()


def test_every_unreadable_kind_is_there_in_german() -> None:
    assert set(UNREADABLE.values()) <= translated()

"""Reading what a CRM answers: texts tidied, and whatever does not fit is nonsense, never our own error."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from bot.accounts.crm import CrmNonsense

_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")
_LONGEST = 500  # characters of one field

Asked = ParamSpec("Asked")
Said = TypeVar("Said")


def text(record: Mapping[str, Any], name: str) -> str | None:
    """A field as one tidy line: no control characters (PostgreSQL takes no NUL), at most 500 characters.

    Numbers are written out; None when it is empty. Raises TypeError for a list or an object.
    """
    value = record.get(name)
    if value is None:
        return None
    if not isinstance(value, str | int | float):
        raise TypeError(f"{name} is no text")
    return " ".join(_CONTROL.sub(" ", str(value)).split())[:_LONGEST] or None


@contextmanager
def understood(title: str) -> Iterator[None]:
    """Turn what goes wrong in reading an answer of another shape into CrmNonsense."""
    try:
        yield
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise CrmNonsense(
            f"{title} answered in a shape that cannot be read ({type(error).__name__})"
        ) from error


def reading(
    title: str,
) -> Callable[[Callable[Asked, Coroutine[Any, Any, Said]]], Callable[Asked, Coroutine[Any, Any, Said]]]:
    """The same for a whole coroutine."""

    def wrap(call: Callable[Asked, Coroutine[Any, Any, Said]]) -> Callable[Asked, Coroutine[Any, Any, Said]]:
        @wraps(call)
        async def run(*args: Asked.args, **kwargs: Asked.kwargs) -> Said:
            with understood(title):
                return await call(*args, **kwargs)

        return run

    return wrap

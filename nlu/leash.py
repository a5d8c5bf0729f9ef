"""A process that ends when its standard input does, so that it does not outlive whoever started it.

`python -m nlu.leash MODULE ARGUMENTS…` runs another module that way: Rasa's, in Rasa's environment.
"""

from __future__ import annotations

import os
import runpy
import sys
import threading


def end_with_parent() -> None:
    """End this process, whatever it does, as soon as standard input ends."""
    threading.Thread(target=_wait, daemon=True).start()


def _wait() -> None:
    while sys.stdin.buffer.read(1):
        pass
    os._exit(1)


if __name__ == "__main__":
    end_with_parent()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)

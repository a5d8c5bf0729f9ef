"""Processor time by kind of process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import psutil

Reading = dict[str, float]


def read(groups: Mapping[str, Sequence[int]]) -> Reading:
    """Seconds of processor time each group of processes (with their children) has used so far."""
    return {kind: sum(_used(pid) for pid in pids) for kind, pids in groups.items()}


def spent(before: Reading, after: Reading) -> Reading:
    """What was used between two readings."""
    return {kind: after[kind] - before.get(kind, 0.0) for kind in after}


def _used(pid: int) -> float:
    total = 0.0
    root = psutil.Process(pid)
    for process in (root, *root.children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total

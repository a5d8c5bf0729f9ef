"""`python -m benchmarks`: measure, print, draw docs/bench.svg and write docs/bench.md.

`--quick` measures shorter; `--no-rasa` leaves Rasa out; `--dry` writes nothing into docs/.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks import breakdown, rasa, report, understanding
from benchmarks.bauruf import Around, Server, desk
from benchmarks.pipes import Helper
from benchmarks.report import Measured, Report
from benchmarks.steps import QUICK, THOROUGH, Effort, highest
from tests.conftest import REPOSITORY

RATE = 20.0  # messages a second at which latency is measured
WORKERS = 3
_CLIENTS = 8


def say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure Bauruf next to Rasa.")
    parser.add_argument("--quick", action="store_true", help="shorter and rougher")
    parser.add_argument("--no-rasa", action="store_true", help="measure Bauruf alone")
    parser.add_argument("--dry", action="store_true", help="leave docs/ as it is")
    options = parser.parse_args()
    # Being asked to end must not leave processes behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bauruf-bench-") as name:
        result = measure(Path(name), quick=options.quick, with_rasa=not options.no_rasa)
    say("\n" + report.table(result) + "\n\n" + result.understanding)
    say(f"\nMeasured in {time.monotonic() - began:.0f} s.")
    if not options.dry:
        report.write(result, REPOSITORY / "docs")
        say("Written: docs/bench.md, docs/bench.svg")
    return 0


def measure(folder: Path, *, quick: bool, with_rasa: bool) -> Report:
    """Everything, one system after the other, so that none takes the other's cores."""
    seconds, effort = (15.0, QUICK) if quick else (60.0, THOROUGH)  # the first system; the others half
    systems: list[Measured] = []
    if with_rasa and not rasa.is_there():
        say("Rasa's environment is missing (make rasa builds it): measuring without Rasa.")
        with_rasa = False
    if with_rasa:
        say("Training Rasa …")
        rasa.train()
    with ExitStack() as stack:
        load = Helper("benchmarks.load")
        stack.callback(load.close)
        provider = Helper("benchmarks.provider")
        stack.callback(provider.close)
        api = provider.hear()
        server = Server(folder)
        stack.callback(server.close)
        machine = report.machine(server.version, folder)
        around = Around(server, folder, load, provider, api)
        for workers in (0, WORKERS):
            title = f"Bauruf, door and {workers} workers" if workers else "Bauruf, one process"
            with desk(around, workers) as running:
                systems.append(_one(title, running.step, seconds / (2 if workers else 1), 60.0, effort))
        say("Counting where the time goes …")
        account = folder / "account.json"
        with desk(around, 0, breakdown.ACCOUNTED, BENCH_ACCOUNT=str(account)) as running:
            parts = breakdown.measure(running, account, effort.final)
        if with_rasa:
            with rasa.assistant(load) as running:
                measured = _one("Rasa 3.6.21, REST", running.step, seconds / 2, 60.0, effort)
                loop = running.closed_loop(_CLIENTS, 5.0 if quick else 10.0)
                say(f"  {_CLIENTS} clients, closed loop: {loop.achieved:.0f}/s")
                systems.append(measured.with_closed_loop(loop, _CLIENTS))
        say("Understanding alone …")
        heard = understanding.measure(with_rasa=with_rasa, seconds=seconds / 3)
        return Report(systems, parts, RATE, seconds, effort.final, quick, machine, heard)


def _one(title: str, step: report.Stepper, seconds: float, start: float, effort: Effort) -> Measured:
    say(f"{title}:")
    step(RATE, 2.0)  # caches fill, connections open
    latency = step(RATE, seconds)
    say(
        f"  at {RATE:.0f}/s for {seconds:.0f} s: p50 {latency.percentile(0.5) * 1000:.1f} ms,"
        f" p95 {latency.percentile(0.95) * 1000:.1f} ms, unanswered {latency.unanswered}"
    )
    return Measured(title, latency, highest(step, start=start, effort=effort, say=say))


if __name__ == "__main__":
    sys.exit(main())

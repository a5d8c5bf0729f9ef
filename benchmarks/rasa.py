"""Rasa's own server under the same load: a whole assistant around the project's corpus, over REST.

Everything is Rasa's default where it has one: RulePolicy, its in-memory tracker store and lock store,
one server process. It knows no article, keeps nothing on disk and calls no provider.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import yaml

from benchmarks import cpu
from benchmarks.load import RASA, Plan
from benchmarks.pipes import Helper
from benchmarks.steps import CONVERSATIONS, Step, judge
from nlu import rasa_environment
from tests.drill.processes import free_port
from tests.drill.telegram import Door

_START_SECONDS = 120.0
_ANSWER = "Antwort auf {intent}"
_EXPECTED = _ANSWER.format(intent="stock_availability")


def is_there() -> bool:
    """Whether Rasa's environment has been built."""
    return rasa_environment.is_built(rasa_environment.location())


def folder() -> Path:
    """Where the assistant is kept, so that Rasa's own cache saves the training the next time."""
    return rasa_environment.location().with_name("rasa-bench")


def train() -> None:
    """Write the assistant and let Rasa train it. Raises RuntimeError with Rasa's words."""
    _write(folder())
    rasa = rasa_environment.location() / "bin" / "rasa"
    command = [str(rasa), "train", "--config", "config.yml", "--domain", "domain.yml", "--data", "rules.yml"]
    done = subprocess.run(
        [*command, str(rasa_environment.PROJECT / "data"), "--out", "models"],
        cwd=folder(),
        env=rasa_environment.quiet(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"Rasa did not train:\n{done.stdout}")


def _write(target: Path) -> None:
    """The project's pipeline and intents, and for every intent a rule that answers it."""
    target.mkdir(parents=True, exist_ok=True)
    config = yaml.safe_load((rasa_environment.PROJECT / "config.yml").read_text("utf-8"))
    config["policies"] = [{"name": "RulePolicy"}]
    intents = yaml.safe_load((rasa_environment.PROJECT / "domain.yml").read_text("utf-8"))["intents"]
    answered = [*intents, "nlu_fallback"]
    domain = {
        "version": "3.1",
        "intents": intents,
        "responses": {f"utter_{intent}": [{"text": _ANSWER.format(intent=intent)}] for intent in answered},
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }
    rules = {
        "version": "3.1",
        "rules": [
            {"rule": f"answer {intent}", "steps": [{"intent": intent}, {"action": f"utter_{intent}"}]}
            for intent in answered
        ],
    }
    for name, content in (
        ("config.yml", config),
        ("domain.yml", domain),
        ("rules.yml", rules),
        ("credentials.yml", {"rest": None}),
    ):
        (target / name).write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")


class Assistant:
    """A running Rasa server."""

    def __init__(self, url: str, pid: int, load: Helper) -> None:
        self._url = url
        self._load = load
        self._groups = {"rasa": [pid], "load": [load.pid]}

    def step(self, rate: float, seconds: float) -> Step:
        """Load it for so long; an answer is what came back in the response."""
        return self._measure(Plan(RASA, [self._url], seconds, CONVERSATIONS, rate))

    def closed_loop(self, clients: int, seconds: float) -> Step:
        """Let so many clients ask, each again as soon as it has its answer."""
        return self._measure(Plan(RASA, [self._url], seconds, CONVERSATIONS, None, clients))

    def _measure(self, plan: Plan) -> Step:
        before = cpu.read(self._groups)
        outcomes = self._load.ask(asdict(plan))
        used = cpu.spent(before, cpu.read(self._groups))
        measured = [
            (started, ended if _answers(body) else None, False) for _, _, started, ended, body in outcomes
        ]
        return judge(plan.rate or len(outcomes) / plan.seconds, plan.seconds, measured, used)


def _answers(body: str) -> bool:
    try:
        return [said["text"] for said in json.loads(body)] == [_EXPECTED]
    except (ValueError, TypeError, KeyError):
        return False


@contextmanager
def assistant(load: Helper) -> Iterator[Assistant]:
    """Serve what `train` made."""
    port = free_port()
    command = rasa_environment.server_command(rasa_environment.location(), Path("models"), port, "bench")
    log = folder() / "server.log"
    with log.open("wb") as target:
        process = subprocess.Popen(
            [*command, "--credentials", "credentials.yml"],
            cwd=folder(),
            env=rasa_environment.quiet(),
            stdout=target,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
    try:
        if not asyncio.run(_answering(url, process)):
            raise RuntimeError(f"Rasa does not serve; it said:\n{log.read_text('utf-8', 'replace')}")
        yield Assistant(url, process.pid, load)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def _answering(url: str, process: subprocess.Popen[bytes]) -> bool:
    """Wait until it answers a question of ours as expected; False when it ends or takes too long."""
    body = json.dumps({"sender": "0", "message": "Ist NW-RV-250 am Lager? (Nr. 0)"}).encode()
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        door = Door(url, {})
        try:
            _, content = await door.post(body)
        except ConnectionError:
            await asyncio.sleep(0.5)
            continue
        finally:
            door.close()
        if _answers(content.decode()):
            return True
        await asyncio.sleep(0.5)
    return False

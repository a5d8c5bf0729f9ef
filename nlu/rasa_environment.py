"""Rasa's own environment: build it, check and train the project in it, say how to start its server.

Rasa 3.6.21 wants other versions of nearly everything than we do, so it lives in a virtual
environment of its own and is spoken to over HTTP (`nlu.rasa`). `python -m nlu.rasa_environment DIR`
builds the environment, trains the project as shipped into DIR/rasa/models, and writes
DIR/rasa/bauruf.yml, with which a Rasa server fetches the promoted model from ours instead.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from nlu.understanding import EngineUnavailable

PROJECT = Path(__file__).with_name("project")
REQUIREMENTS = Path(__file__).with_name("rasa_requirements") / "requirements.lock"
"""Made by `uv pip compile requirements.in --override overrides.txt --universal --python-version 3.11
--generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock`."""

PYTHON = "3.11"
"""The newest Python on which Rasa's models load."""

ENDPOINTS = """# Where a Rasa server fetches the model that was promoted in Bauruf.
models:
  url: http://127.0.0.1:8000/rasa/model
  token: ${BAURUF_RASA_TOKEN}
  wait_time_between_pulls: 5
"""

_MARKER = "bauruf-requirements.sha256"


def location() -> Path:
    """Where the environment lives: below the user's cache, shared by every checkout."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "bauruf" / "rasa"


def is_built(environment: Path) -> bool:
    """Whether the environment holds exactly the locked packages."""
    marker = environment / _MARKER
    return marker.exists() and marker.read_text("ascii") == _digest()


def installed() -> Path:
    """The environment as Rasa is used from it. Raises EngineUnavailable when it is not built."""
    environment = location()
    if not is_built(environment):
        raise EngineUnavailable("Rasa's environment is missing; `make rasa` builds it (about 2.4 GB).")
    return environment


def build(environment: Path) -> None:
    """Create the environment, or bring it up to date (about 2.4 GB; minutes the first time).

    Raises EngineUnavailable when uv is missing or cannot install.
    """
    if is_built(environment):
        return
    uv = shutil.which(
        "uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    )
    if uv is None:
        raise EngineUnavailable(
            "Rasa's environment is built with uv, which is missing; install it: pip install uv"
        )
    if not binary(environment, "python").exists():
        # A path is safer than a version: uv trips over shims of other Python managers.
        same = f"{sys.version_info.major}.{sys.version_info.minor}" == PYTHON
        _run([uv, "venv", "--python", sys.executable if same else PYTHON, str(environment)])
    python = str(binary(environment, "python"))
    _run([uv, "pip", "sync", "--python", python, "--require-hashes", str(REQUIREMENTS)])
    (environment / _MARKER).write_text(_digest(), "ascii")


def validate(environment: Path, project: Path) -> None:
    """Let Rasa itself check the project. Raises EngineUnavailable when it finds fault with it."""
    command = [str(binary(environment, "rasa")), "data", "validate", "--fail-on-warnings"]
    command += ["--config", str(project / "config.yml"), "--domain", str(project / "domain.yml")]
    _run([*command, "--data", str(project / "data")], cwd=_writable(environment))


def train(environment: Path, project: Path, models: Path) -> None:
    """Train the project's NLU model into this folder, before there is any version of ours.

    Raises EngineUnavailable when Rasa refuses the project.
    """
    command = [str(binary(environment, "rasa")), "train", "nlu", "--config", str(project / "config.yml")]
    command += ["--nlu", str(project / "data"), "--domain", str(project / "domain.yml"), "--out", str(models)]
    _run(command, cwd=_writable(models))


def server_command(environment: Path, models: Path, port: int, token: str) -> list[str]:
    """The command that serves the newest model in `models` on 127.0.0.1."""
    command = [str(binary(environment, "rasa")), "run", "--enable-api", "-i", "127.0.0.1"]
    return [*command, "--auth-token", token, "-m", str(models), "--port", str(port)]


def quiet() -> dict[str, str]:
    """The environment variables Rasa runs with: no telemetry, less noise from its dependencies, and our
    component (`nlu.rasa_component`) where Python finds it.
    """
    ours = str(Path(__file__).parents[1])
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [ours, os.environ.get("PYTHONPATH")])),
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "2",
    }


def binary(environment: Path, name: str) -> Path:
    """A program of the environment."""
    return environment / "Scripts" / f"{name}.exe" if os.name == "nt" else environment / "bin" / name


def _digest() -> str:
    return hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()


def _writable(folder: Path) -> Path:
    """Rasa leaves its cache (.rasa) in the working directory: never the project's."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _run(command: Sequence[str], cwd: Path | None = None) -> None:
    done = subprocess.run(command, env=quiet(), cwd=cwd, check=False)  # noqa: S603 - our own command line
    if done.returncode:
        name = Path(command[0]).stem
        raise EngineUnavailable(
            f"{name} {' '.join(command[1:3])} failed with exit code {done.returncode}; see above why"
        )


def main(arguments: Sequence[str]) -> int:
    """Build, check, train, and say how to go on. Returns the exit code."""
    if len(arguments) != 1:
        sys.stderr.write("expected: python -m nlu.rasa_environment DATA_DIR\n")
        return 2
    environment, folder = location(), Path(arguments[0]).resolve() / "rasa"
    try:
        build(environment)
        validate(environment, PROJECT)
        train(environment, PROJECT, folder / "models")
    except EngineUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    endpoints = folder / "bauruf.yml"  # "endpoints.yml" would be taken unasked, and -m models ignored
    if not endpoints.exists():
        _writable(folder)
        endpoints.write_text(ENDPOINTS, "utf-8")
    sys.stdout.write(
        f"\nRasa is ready. Choose a token and start both, each in a terminal of its own:\n\n"
        f"  export BAURUF_NLU_ENGINE=rasa BAURUF_RASA_TOKEN=...\n  make run\n\n"
        f"  export BAURUF_RASA_TOKEN=... RASA_TELEMETRY_ENABLED=false\n  cd {folder}\n"
        f"  {binary(environment, 'rasa')} run --enable-api -i 127.0.0.1 --auth-token $BAURUF_RASA_TOKEN"
        f" -m models\n\n"
        f"To train and promote its models in the console (Training, Models), start it with"
        f" --endpoints bauruf.yml\ninstead of -m models: it then fetches the promoted version by itself."
        f" Another address than\nhttp://127.0.0.1:8000 of Bauruf stands in {endpoints}.\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

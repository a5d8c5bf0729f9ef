"""`bauruf nlu train | versions | promote | rollback`, as processes, on a real database."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.project import write_project

_NAME = re.compile(r"linear-[0-9a-f]{12}")


class Terminal:
    """Runs commands with these settings."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self._settings = {
            "BAURUF_DATABASE_URL": database_url,
            "BAURUF_DATA_DIR": str(folder),
            "BAURUF_NLU_PROJECT": str(folder / "project"),
            "COLUMNS": "160",
        }

    async def __call__(self, *words: str) -> tuple[int, str]:
        """The exit code, and all that was printed."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "webhooks", "nlu", *words),
            cwd=REPOSITORY,
            env={**os.environ, **self._settings},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        return process.returncode or 0, said.decode()


async def test_a_version_goes_live_and_back_from_the_command_line(database_url: str, tmp_path: Path) -> None:
    project = write_project(tmp_path / "project")
    nlu = Terminal(database_url, tmp_path)
    assert await nlu("versions") == (0, "No model has been trained yet.\n")
    code, said = await nlu("train")
    first = _NAME.findall(said)[-1]
    assert code == 0 and f"bauruf nlu promote {first}" in said
    assert (await nlu("promote", first))[0] == 0
    with (project / "data" / "nlu_de.yml").open("a", encoding="utf-8") as file:
        file.write("- intent: wiring\n  examples: |\n    - wohin mit dem schutzleiter\n")
    code, said = await nlu("train")
    second = _NAME.findall(said)[-1]
    assert code == 0 and second != first
    code, said = await nlu("promote", second)
    assert code == 0 and f"{second} answers from now on." in said
    code, said = await nlu("versions")
    assert re.search(rf"{second}.*live", said) and first in said
    assert (await nlu("rollback"))[1].endswith(f"{first} answers again.\n")
    code, said = await nlu("promote", "linear-nothing")
    assert code == 1 and "There is no model version linear-nothing." in said


async def test_a_corpus_that_cannot_be_trained_on_changes_nothing(database_url: str, tmp_path: Path) -> None:
    project = write_project(tmp_path / "project")
    nlu = Terminal(database_url, tmp_path)
    (project / "data" / "nlu_de.yml").write_text("nlu:\n- intent: gret\n  examples: |\n    - x\n", "utf-8")
    code, said = await nlu("train")
    assert code == 1 and "nlu_de.yml:2: unknown intent 'gret'" in said
    assert await nlu("versions") == (0, "No model has been trained yet.\n")

"""`bauruf nlu validate` and `evaluate`, as a person calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from webhooks.cli import cli


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["nlu", *map(str, arguments)])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "domain.yml").write_text('version: "3.1"\nintents:\n- order\n- wiring\n', "utf-8")
    fill(tmp_path, order=["wo bleibt die lieferung", "wann kommt die ware"])
    return tmp_path


def fill(project: Path, order: list[str]) -> None:
    """Write the examples; wiring always has the same three."""
    lines = "".join(f"    - {text}\n" for text in order)
    (project / "data" / "nlu_de.yml").write_text(
        f'version: "3.1"\nnlu:\n- intent: order\n  examples: |\n{lines}'
        "- intent: wiring\n  examples: |\n    - welche klemme\n    - klemme am motor bitte\n    - kabel\n",
        "utf-8",
    )


def test_a_sound_corpus_is_summed_up(project: Path) -> None:
    result = call("validate", project)
    assert result.exit_code == 0
    assert "5 examples of 2 intents, 2 to 3 each; no near-duplicates" in " ".join(result.output.split())


def test_near_duplicates_across_intents_are_listed(project: Path) -> None:
    fill(project, ["klemme am motor, bitte", "wo bleibt die lieferung"])
    result = call("validate", project)
    assert result.exit_code == 0
    for part in (
        "klemme am motor, bitte",
        "nlu_de.yml:5",
        "klemme am motor bitte",
        "nlu_de.yml:10",
        "1 near-d",
    ):
        assert part in result.output


def test_every_text_under_two_intents_is_named(project: Path) -> None:
    fill(project, ["Kabel", "welche Klemme", "wo bleibt die ware"])
    result = call("validate", project)
    assert result.exit_code == 1
    said = " ".join(result.output.split())
    assert "nlu_de.yml:10: the same text stands under order (nlu_de.yml:6) and wiring" in said
    assert "nlu_de.yml:12: the same text stands under order (nlu_de.yml:5) and wiring" in said


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        ("nlu: [\n", "nlu_de.yml:2: broken YAML"),
        (
            "nlu:\n- intent: dance\n  examples: |\n    - tango\n",
            "nlu_de.yml:2: unknown intent 'dance'; expected",
        ),
        ("nlu:\n- intent: order\n  examples: |\n    - \n", "nlu_de.yml:4: the example is empty; expected"),
        (
            "nlu:\n- intent: order\n  examples: |\n    tango\n",
            "nlu_de.yml:4: expected a line that starts with",
        ),
    ],
    ids=["a broken line", "an unknown intent", "an empty example", "no list"],
)
def test_what_cannot_be_read_is_named_with_its_line(project: Path, broken: str, complaint: str) -> None:
    (project / "data" / "nlu_de.yml").write_text(broken, "utf-8")
    result = call("validate", project)
    assert result.exit_code == 1
    assert complaint in " ".join(result.output.split())


def test_a_folder_that_is_no_project_is_named(tmp_path: Path) -> None:
    result = call("validate", tmp_path)
    assert result.exit_code == 1
    assert "domain.yml: cannot be read" in " ".join(result.output.split())


def test_an_evaluation_prints_one_json_object(tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    pairs = [("wo bleibt die ware", "order"), ("welche klemme", "wiring"), ("wann kommt die ware", "order")]
    file.write_text("".join(json.dumps({"text": t, "intent": i}) + "\n" for t, i in pairs), "utf-8")
    result = call("evaluate", "--train", file, "--test", file, "--json")
    figures = json.loads(result.stdout)
    assert (figures["engine"], figures["accuracy"], figures["oos_auroc"]) == ("linear", 100.0, None)
    result = call("evaluate", "--train", file, "--test", file)
    assert "Right intent" in result.stdout
    result = call("evaluate", "--train", file, "--test", tmp_path / "gone.jsonl")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "cannot be read" in result.stderr

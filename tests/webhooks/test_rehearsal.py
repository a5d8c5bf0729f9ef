"""Dialogues from a file, played with the real turn code on a database that is thrown away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import BadInput
from bot.messages import Kind
from bot.settings import Settings
from nlu.linear import LinearUnderstander
from webhooks.rehearsal import Predicted, rehearsals
from webhooks.script import read_scripts

THOMAS = {"phone": "+491713920001", "customer_number": "K10215"}
STRANGER = {"phone": None, "customer_number": None}


def written(folder: Path, *dialogues: dict[str, Any]) -> Path:
    file = folder / "dialogues.jsonl"
    file.write_text("\n".join(json.dumps({"id": "x", **d}) for d in dialogues) + "\n\n", "utf-8")
    return file


async def played(
    folder: Path, engine: LinearUnderstander, *dialogues: dict[str, Any]
) -> list[list[Predicted]]:
    scripts = read_scripts(written(folder, *dialogues))
    with rehearsals(Settings(_env_file=None, data_dir=folder), engine) as stage:
        await stage.prepare()
        return [await stage.rehearse(script) for script in scripts]


async def test_a_case_is_held_for_its_chat_until_it_is_resolved(
    tmp_path: Path, engine: LinearUnderstander
) -> None:
    turns = [
        {"text": "Aus dem Lüfter kommt Rauch!"},
        {"text": "Anschlussplan für NW-RV-250"},
        {"text": "Datenblatt für NW-RV-250", "from": "+491713920002"},
        {"text": "Datenblatt für NW-RV-250", "gap_min": 90, "state_before": "resolved"},
    ]
    ((first, second, colleague, afterwards),) = await played(
        tmp_path, engine, {"channel": "whatsapp", "sender": THOMAS, "turns": turns}
    )
    assert (first.action, first.urgency, first.reasons) == ("handoff", 2, ("emergency", "top_tier"))
    assert (second.action, second.said) == ("silent", "")
    assert colleague.action == "answer"
    assert afterwards.action == "answer"


async def test_dialogues_know_nothing_of_each_other(tmp_path: Path, engine: LinearUnderstander) -> None:
    dialogue = {
        "channel": "whatsapp",
        "sender": THOMAS,
        "turns": [{"text": "Ich will einen Menschen sprechen"}],
    }
    first, second = await played(tmp_path, engine, dialogue, dialogue)
    assert first == second
    assert first[0].action == "handoff"


@pytest.mark.parametrize("channel", ["whatsapp", "telegram", "webchat"])
async def test_a_phone_with_a_customer_number_is_recognised_on_every_channel(
    tmp_path: Path, engine: LinearUnderstander, channel: str
) -> None:
    new = {"phone": "+491713920077", "customer_number": "K77777"}
    ((known,), (stranger,)) = await played(
        tmp_path,
        engine,
        {"channel": channel, "sender": new, "turns": [{"text": "Hallo"}]},
        {"channel": channel, "sender": STRANGER, "turns": [{"text": "Hallo"}]},
    )
    assert "K77777" in known.said
    assert "Hallo" not in stranger.said


def test_turns_are_read_in_all_their_forms(tmp_path: Path) -> None:
    turns = [
        {"media": "photo", "caption": "Typenschild", "transcript": None},
        {"media": "voice", "caption": None, "transcript": "der Lüfter brummt"},
        {"media": "image/jpeg"},
        {"text": "hallo", "from": "0171 3920005", "gap_min": 1.5},
    ]
    (script,) = read_scripts(written(tmp_path, {"sender": STRANGER, "turns": turns}))
    assert [line.kind for line in script.lines] == [Kind.IMAGE, Kind.VOICE, Kind.IMAGE, Kind.TEXT]
    assert [line.text for line in script.lines] == ["Typenschild", "der Lüfter brummt", "", "hallo"]
    by = script.lines[3].by
    assert by is not None
    assert by.phone == "+491713920005"


@pytest.mark.parametrize(
    ("dialogue", "complaint"),
    [
        ({"turns": []}, "at least one turn"),
        ({"channel": "fax", "turns": [{"text": "a"}]}, "channel"),
        ({"turns": [{"text": "a"}, {"text": 3}]}, "turn 2"),
        ({"turns": [{}]}, '"text" or "media"'),
        ({"turns": [{"media": "smell"}]}, '"media" is one of'),
        ({"turns": [{"text": "a", "gap_min": -1}]}, "gap_min"),
        ({"turns": [{"text": "a", "state_before": "lost"}]}, "state_before"),
        ({"sender": {"phone": "no number"}, "turns": [{"text": "a"}]}, '"phone"'),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, dialogue: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BadInput, match="line 2") as refused:
        read_scripts(written(tmp_path, {"turns": [{"text": "fine"}]}, dialogue))
    assert complaint in refused.value.message


def test_a_broken_line_and_a_missing_file_are_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"turns": [\n')
    with pytest.raises(BadInput, match="line 1: no JSON"):
        read_scripts(broken)
    with pytest.raises(BadInput, match="cannot be read"):
        read_scripts(tmp_path / "nowhere.jsonl")

"""A Rasa project of a few intents that trains in no time."""

from __future__ import annotations

from pathlib import Path

EXAMPLES = {
    "greet": ["hallo", "guten tag", "hallo zusammen", "moin", "grüß gott", "tach auch"],
    "wiring": [
        "welche klemme für 0-10v",
        "wo ist die klemme L",
        "klemmenplan bitte",
        "wie klemme ich den regler an",
        "anschluss der klemmen am motor",
        "klemme N gesucht",
    ],
    "opening_hours": [
        "wann habt ihr auf",
        "öffnungszeiten bitte",
        "bis wann seid ihr da",
        "habt ihr samstag geöffnet",
        "wie lange ist heute jemand da",
        "ab wann kann man anrufen",
    ],
    "emergency": [
        "hier kommt rauch aus dem gerät",
        "es brennt im schaltschrank",
        "der lüfter raucht und es stinkt",
        "kollege hat einen stromschlag",
        "funken am gehäuse und rauch",
        "feuer im lüftungsgerät",
    ],
    "out_of_scope": [
        "wie wird das wetter",
        "erzähl einen witz",
        "wer wird meister",
        "ich suche einen job",
        "rezept für pfannkuchen",
        "wie heißt du mit nachnamen",
    ],
}


def write_project(folder: Path) -> Path:
    """Write it below `folder`, which is returned."""
    (folder / "data").mkdir(parents=True)
    intents = "\n".join(f"- {intent}" for intent in EXAMPLES)
    (folder / "domain.yml").write_text(f'version: "3.1"\nintents:\n{intents}\n', "utf-8")
    blocks = [
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {text}\n" for text in texts)
        for intent, texts in EXAMPLES.items()
    ]
    (folder / "data" / "nlu_de.yml").write_text('version: "3.1"\nnlu:\n' + "".join(blocks), "utf-8")
    return folder

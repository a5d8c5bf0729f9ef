"""What an admin says of an example counts; what was left open follows from what is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.corpus import read_corpus
from nlu.labels import Labels, labels_of
from nlu.overlay import Change, merge


@pytest.mark.parametrize(
    ("intent", "expected"),
    [
        ("emergency", Labels(urgency=2, complex=True, vague=False)),
        ("complaint", Labels(urgency=1, complex=False, vague=False)),
        ("human_request", Labels(urgency=0, complex=False, vague=False)),
        ("wiring", Labels(urgency=0, complex=False, vague=False)),
    ],
)
def test_some_labels_follow_from_the_intent(intent: str, expected: Labels) -> None:
    assert labels_of(intent, soon=False, complex=False, vague=False) == expected


def test_labels_of_changed_examples(small_project: Path) -> None:
    (small_project / "labels.yml").write_text("complex: |\n  - welche klemme\n", "utf-8")
    changes = [
        Change("welche klemme", "wiring", "de", urgency=1),
        Change("hallo", "greet", "de"),
        Change("guten tag", "wiring", "de"),
        Change("wo ist N", "wiring", "de", complex=True),
        Change("und L", "wiring", "de"),
        Change("ciao", "greet", "de"),
    ]
    corpus = merge(read_corpus(small_project), changes, {})
    labels = {example.text: example.labels for example in corpus.examples}
    assert labels["welche klemme"] == Labels(urgency=1, complex=True, vague=False)
    assert labels["hallo"] == Labels(urgency=0, complex=False, vague=False)
    assert labels["guten tag"] is None
    assert labels["wo ist N"] == Labels(urgency=0, complex=True, vague=False)
    assert labels["und L"] is None

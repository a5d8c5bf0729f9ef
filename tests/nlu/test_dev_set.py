"""The figures on messages written apart from the training data do not fall."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nlu.corpus import Corpus
from nlu.linear import LinearUnderstander
from nlu.wording import normalise
from tests.nlu.dev_report import measure, read_dev_set


def test_the_development_set_is_no_training_data(corpus: Corpus) -> None:
    trained = {normalise(example.text) for example in corpus.examples}
    assert not [message.text for message in read_dev_set() if normalise(message.text) in trained]
    assert {message.intent for message in read_dev_set()} == set(corpus.intents)


def test_quality_on_unseen_messages(
    ear: LinearUnderstander, record_property: Callable[[str, object], None]
) -> None:
    messages = read_dev_set()
    report = measure(messages, [ear.parse(message.text) for message in messages])
    record_property("dev set", report)
    assert report.emergencies_found >= 0.94
    assert report.humans_found >= 0.98
    assert report.called_urgent <= 0.09
    assert report.intent >= 0.80
    assert report.action >= 0.85


@pytest.mark.parametrize(
    "text",
    [
        "Kurzschlussstrom vom Motor für die Auslegung?",
        "bei uns geht's heiß her, wann kommt die Ware",
        "Überspannungsschutz nachrüstbar?",
    ],
)
def test_known_false_friends_raise_no_alarm(ear: LinearUnderstander, text: str) -> None:
    assert ear.parse(text).urgency < 2

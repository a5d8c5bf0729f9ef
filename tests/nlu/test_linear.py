"""The embedded engine: calm with any input, deterministic, and honest about what it is not sure of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from nlu.calibration import KEEP_IN_SCOPE
from nlu.classifier import OUT_OF_SCOPE
from nlu.corpus import Corpus, read_corpus
from nlu.features import Features, Letters, Neighbours, Terms
from nlu.linear import LinearUnderstander

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=300)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Moin, wo bleibt 4500123456", "order_status"),
        ("WELCHE KLEMME FÜR 0-10V", "wiring"),
        ("what does E07 mean", "error_code"),
        ("datenblatt nw-rv-250 pls", "datasheet"),
        ("hallo", "greet"),
        ("ich will mit einem menschen reden", "human_request"),
    ],
)
async def test_plain_messages_are_understood(ear: LinearUnderstander, text: str, intent: str) -> None:
    understood = await ear.understand(text)
    assert (understood.intent, understood.sure, understood.engine) == (intent, True, "linear")
    assert understood.model_version == "linear-test"
    assert understood.ranking[0] == (intent, understood.confidence)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Welche Klemme ist das?", "de"),
        ("Which terminal is it?", "en"),
        ("dzień dobry, gdzie paczka", None),
        ("4500123456", None),
        ("", None),
        ("👍", None),
    ],
)
def test_language(ear: LinearUnderstander, text: str, language: str | None) -> None:
    assert ear.parse(text).language == language


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ANY_TEXT)
def test_any_text_gives_a_whole_answer(ear: LinearUnderstander, text: str) -> None:
    understood = ear.parse(text)
    assert understood.intent in ear.intents
    assert 0.0 <= understood.confidence <= 1.0
    chances = [chance for _, chance in understood.ranking]
    assert chances == sorted(chances, reverse=True)
    assert understood.urgency in (0, 1, 2)


@pytest.mark.parametrize("text", ["", " \n\t", "\x00\x00", "\ud800", "\u202e\u200f"])
def test_the_unreadable_is_out_of_scope_and_not_sure(ear: LinearUnderstander, text: str) -> None:
    understood = ear.parse(text)
    assert (understood.intent, understood.sure, understood.urgency) == (OUT_OF_SCOPE, False, 0)


@pytest.mark.parametrize(
    "text",
    [
        "wort" * 2_500_000,
        "🔥" * 10_000,
        "\ufdfa" * 100_000,
        "שלום עולם " * 1_000,
        "ignore all previous instructions <script>alert(1)</script>",
    ],
    ids=["10 MB of one word", "emoji", "ligatures that grow", "right to left", "injection"],
)
def test_strange_and_huge_texts_are_no_trouble(ear: LinearUnderstander, text: str) -> None:
    assert ear.parse(text).intent in ear.intents


@pytest.mark.parametrize(
    "text",
    [
        "xqzt brmpf",
        "wfk jjj öööp",
        "xqzvy wkpfj",
        "zzzz",
        "dsfsdf sdfsdf",
        "ξένος κόσμος",
        "🔥🔥",
    ],
)
def test_what_shares_nothing_with_the_corpus_means_nothing(ear: LinearUnderstander, text: str) -> None:
    understood = ear.parse(text)
    assert (understood.sure, understood.urgency, understood.complex) == (False, 0, False)


@pytest.mark.parametrize(
    "text",
    [
        "Schulz Haustechnik aus Kassel",
        "Dachdeckerei Petersen",
        "Meyer-Fantasie Lüftung GmbH",
        "Nordwind Customer GmbH",
        "K10215",
        "Anna Berger, Berger Metallbau",
    ],
)
def test_a_name_is_an_introduction_and_no_alarm(ear: LinearUnderstander, text: str) -> None:
    understood = ear.parse(text)
    assert (understood.intent, understood.urgency, understood.complex) == ("introduction", 0, False)


def test_training_twice_gives_the_same_model(corpus: Corpus, ear: LinearUnderstander) -> None:
    again = LinearUnderstander(corpus, "linear-test")
    assert again.calibration == ear.calibration
    for text in ("wo bleibt 4500123456", "am gehäuse bitzelt's", "asdf"):
        assert again.parse(text) == ear.parse(text)


def test_two_intents_in_one_language_suffice(small_project: Path) -> None:
    small = LinearUnderstander(read_corpus(small_project))
    understood = small.parse("welche klemme nehme ich")
    assert (understood.intent, understood.language, understood.urgency) == ("wiring", "de", 0)
    assert sum(chance for _, chance in understood.ranking) == pytest.approx(1.0)


@given(
    st.lists(st.sampled_from(["wo", "bleibt", "e00", "klemme", "xyz", "ü", "0000000000"]), min_size=1).map(
        " ".join
    )
)
def test_the_short_way_to_features_gives_scikit_learns_numbers(text: str) -> None:
    texts = ["wo bleibt die klemme", "was ist e00", "bleibt bleibt 0000000000"]
    terms = Terms((Neighbours(), 0.7), (Letters(2, 5), 1.0))
    features = Features(terms, terms.count(texts))
    words = TfidfVectorizer(binary=True, analyzer=Neighbours()).fit(texts)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), binary=True).fit(texts)
    columns = [words.vocabulary_[term] for term in terms.vocabularies[0]]
    columns += [letters.vocabulary_[term] + len(words.vocabulary_) for term in terms.vocabularies[1]]
    expected = np.hstack([0.7 * words.transform([text]).toarray(), letters.transform([text]).toarray()])
    dense = np.zeros(expected.shape[1])
    row = features.row(text)
    dense[row.columns] = row.values
    np.testing.assert_allclose(dense, expected[0][columns], atol=1e-12)


def test_learning_from_some_texts_knows_only_theirs() -> None:
    terms = Terms((str.split, 1.0))
    counts = terms.count(["wo bleibt die klemme", "was ist das"])
    first = Features(terms, counts.rows(np.array([0])))
    assert first.known(counts).tolist() == [1.0, 0.0]
    assert (first.row("wo ist die").known, first.row("was ist das").known) == (2 / 3, 0.0)


@pytest.fixture(scope="module")
def unseen(corpus: Corpus) -> tuple[LinearUnderstander, Corpus]:
    """A model that has not seen every fifth example, and those examples."""
    kept = tuple(example for place, example in enumerate(corpus.examples) if place % 5)
    held = tuple(example for place, example in enumerate(corpus.examples) if not place % 5)
    return LinearUnderstander(replace(corpus, examples=kept)), replace(corpus, examples=held)


def test_confidence_means_what_it_says(unseen: tuple[LinearUnderstander, Corpus]) -> None:
    """Among unseen examples, those with about 80 % confidence are right about 80 % of the time."""
    model, held = unseen
    parsed = [(model.parse(example.text), example.intent) for example in held.examples]
    confidence = np.array([understood.confidence for understood, _ in parsed])
    right = np.array([understood.intent == intent for understood, intent in parsed])
    bins = np.minimum((confidence * 5).astype(int), 4)
    gaps = [
        abs(confidence[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in set(bins)
    ]
    assert sum(gaps) < 0.08


def test_the_threshold_keeps_what_it_promises(unseen: tuple[LinearUnderstander, Corpus]) -> None:
    model, held = unseen
    in_scope = [example for example in held.examples if example.intent != OUT_OF_SCOPE]
    kept = np.mean([model.parse(example.text).sure for example in in_scope])
    assert KEEP_IN_SCOPE - 0.05 <= kept <= KEEP_IN_SCOPE + 0.06


def test_unseen_emergencies_raise_the_alarm_and_others_rarely_do(
    unseen: tuple[LinearUnderstander, Corpus],
) -> None:
    model, held = unseen
    alarms = np.array([model.parse(example.text).urgency == 2 for example in held.examples])
    emergency = np.array([example.intent == "emergency" for example in held.examples])
    assert alarms[emergency].mean() >= 0.93
    assert alarms[~emergency].mean() <= 0.06

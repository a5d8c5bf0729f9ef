from __future__ import annotations

from nlu.similar import group, near_pairs

TEXTS = [
    "wo bleibt meine bestellung 4500123456",
    "welche klemme für 0-10V",
    "Wo bleibt meine Bestellung 4500999999?",
    "wo bleibt mei bestellung 4500123457",
    "🔥",
]


def test_the_same_in_other_letters_and_numbers_is_one_group() -> None:
    assert group(TEXTS) == [[0, 2, 3], [1], [4]]
    assert group([]) == []
    assert group(["🔥", "!!!"]) == [[0], [1]]


def test_pairs_come_most_similar_first() -> None:
    pairs = near_pairs(TEXTS)
    assert {(pair.first, pair.second) for pair in pairs} == {(0, 2), (0, 3), (2, 3)}
    assert pairs == sorted(pairs, key=lambda pair: -pair.similarity)


def test_very_many_texts_are_compared_by_their_words() -> None:
    texts = ["".join("bdfgklmnpr"[int(d)] + "aeiou"[int(d) % 5] for d in f"{n:05d}") for n in range(13_000)]
    pairs = near_pairs([*texts, "klemme welche", "welche Klemme"])
    assert [(pair.first, pair.second) for pair in pairs] == [(13_000, 13_001)]

"""Before something goes live: which past decisions would fall differently."""

from __future__ import annotations

from dataclasses import replace

from bot.policy import Policy
from nlu.linear import LinearUnderstander
from nlu.understanding import Understanding
from tests.stories.stage import Stage


class Careless:
    """A candidate that hears no emergency and takes every order for a greeting."""

    name = "linear"

    def __init__(self, engine: LinearUnderstander) -> None:
        self._engine = engine

    async def understand(self, text: str) -> Understanding:
        found = self._engine.parse(text)
        intent = "greet" if found.intent == "order_status" else found.intent
        return replace(found, intent="out_of_scope" if found.urgency else intent, urgency=0, complex=False)


async def _a_morning(stage: Stage) -> None:
    thomas = await stage.installer("Thomas Müller")
    await thomas.says("WRG 300 zeigt E07")
    await thomas.says("nein, hilft nicht")
    await thomas.says("Aus dem Lüfter kommt Rauch!")
    await thomas.says("hier brennt es jetzt richtig")
    sandra = await stage.installer("Sandra Wolff")
    await sandra.says("Moin", "Wo bleibt meine Bestellung?")
    await (await stage.installer()).says("asdf")


async def test_the_model_in_force_changes_nothing(stage: Stage, engine: LinearUnderstander) -> None:
    await _a_morning(stage)
    told: list[tuple[int, int]] = []
    comparison = await stage.system.replay.compare(
        understander=engine, progress=lambda done, total: told.append((done, total))
    )
    assert (comparison.conversations, comparison.turns) == (3, 6)
    assert comparison.flips == ()
    assert not comparison.lost_emergency
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


async def test_a_lost_emergency_is_found_even_while_a_person_holds_the_case(
    stage: Stage, engine: LinearUnderstander
) -> None:
    await _a_morning(stage)
    comparison = await stage.system.replay.compare(understander=Careless(engine))
    assert comparison.lost_emergency
    lost = [flip.excerpt for flip in comparison.flips if flip.lost_emergency]
    assert lost == ["Aus dem Lüfter kommt Rauch!", "hier brennt es jetzt richtig"]
    (order,) = [flip for flip in comparison.flips if flip.old.intent == "order_status"]
    assert order.excerpt == "Moin\nWo bleibt meine Bestellung?"
    assert (order.new.intent, order.new.action) == ("greet", "answer")


async def test_a_policy_is_tried_on_the_past(stage: Stage, engine: LinearUnderstander) -> None:
    await _a_morning(stage)
    comparison = await stage.system.replay.compare(understander=engine, policy=Policy(give_up_after=1))
    (flip,) = comparison.flips
    assert (flip.excerpt, flip.old.action, flip.new.action) == ("asdf", "clarify", "handoff")


async def test_only_the_last_conversations_are_looked_at(stage: Stage, engine: LinearUnderstander) -> None:
    await _a_morning(stage)
    assert (await stage.system.replay.compare(understander=engine, last=1)).conversations == 1

"""What Rasa's server may answer, faked at the transport; and the engine that steps in for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest

from nlu.linear import LinearUnderstander
from nlu.rasa import FallbackUnderstander, RasaUnderstander
from nlu.understanding import EngineUnavailable

Handler = Callable[[httpx.Request], httpx.Response]


def rasa(handler: Handler, ear: LinearUnderstander) -> RasaUnderstander:
    client = httpx.AsyncClient(transport=httpx.MockTransport(handler))
    return RasaUnderstander(client, "http://rasa.example:5005/", "geheim", ear)


def reply(*ranking: tuple[str, float]) -> httpx.Response:
    """What a Rasa 3.6.21 server answers to POST /model/parse, with the fields it has."""
    entries = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    body = {"text": "…", "intent": entries[0], "entities": [], "text_tokens": [[0, 1]]}
    return httpx.Response(200, json={**body, "intent_ranking": entries})


async def test_intents_come_from_rasa_the_rest_from_our_own_code(ear: LinearUnderstander) -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return reply(("order_status", 0.9), ("invoice", 0.1))

    understood = await rasa(handler, ear).understand("Wo bleibt die Lieferung 4500123456, Kran steht")
    assert str(seen[0].url) == "http://rasa.example:5005/model/parse?token=geheim"
    assert json.loads(seen[0].content) == {"text": "Wo bleibt die Lieferung 4500123456, Kran steht"}
    assert (understood.intent, understood.confidence, understood.sure) == ("order_status", 0.9, True)
    assert understood.entity("order_number") == "4500123456"
    assert (understood.urgency, understood.language, understood.engine) == (1, "de", "rasa")


async def test_the_fallback_is_no_intent_but_the_next_one_is_not_sure(ear: LinearUnderstander) -> None:
    understood = await rasa(lambda _: reply(("nlu_fallback", 0.8), ("wiring", 0.2)), ear).understand("hm")
    assert (understood.intent, understood.confidence, understood.sure) == ("wiring", 0.2, False)
    assert understood.ranking == (("wiring", 0.2),)


async def test_an_emergency_is_heard_even_when_rasa_misses_it(ear: LinearUnderstander) -> None:
    engine = rasa(lambda _: reply(("error_code", 0.7), ("emergency", 0.04)), ear)
    assert (await engine.understand("am gehäuse bitzelt es beim hinfassen")).urgency == 2
    assert (await engine.understand("was heißt E07")).urgency == 0


@pytest.mark.parametrize("text", ["", "  ", "\ud800", "x" * 10_000_000])
async def test_strange_texts_are_sent_short_and_whole(ear: LinearUnderstander, text: str) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert 0 < len(json.loads(request.content)["text"]) <= 2_001
        return reply(("out_of_scope", 0.5))

    assert (await rasa(handler, ear).understand(text)).intent == "out_of_scope"


def broken(error: httpx.HTTPError) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        raise error

    return handler


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (broken(httpx.ConnectError("refused")), "cannot be reached"),
        (broken(httpx.ReadTimeout("slow")), "did not answer within 2 seconds"),
        (broken(httpx.RemoteProtocolError("cut")), "cannot be reached"),
        (lambda _: httpx.Response(401, json={"status": "failure"}), "BAURUF_RASA_TOKEN"),
        (lambda _: httpx.Response(409, json={"reason": "Conflict"}), "HTTP status 409"),
        (lambda _: httpx.Response(500, text="oh"), "HTTP status 500"),
        (lambda _: httpx.Response(200, text="<html>"), "something else than JSON"),
        (lambda _: httpx.Response(200, json=[1]), "no parse result"),
        (lambda _: httpx.Response(200, json={"intent": {"name": None, "confidence": 0.0}}), "trained model"),
        (lambda _: httpx.Response(200, json={"intent": None}), "no parse result"),
        (lambda _: httpx.Response(200, json={"intent_ranking": 5}), "no parse result"),
        (lambda _: httpx.Response(200, json={"intent_ranking": [{"name": "x"}]}), "no parse result"),
        (
            lambda _: httpx.Response(200, json={"intent_ranking": [{"name": "x", "confidence": "much"}]}),
            "no parse",
        ),
        (lambda _: httpx.Response(200, text='{"intent": {"name": "x", "confidence": NaN}}'), "finite"),
    ],
)
async def test_a_server_that_does_not_work_is_named(
    ear: LinearUnderstander, handler: Handler, reason: str
) -> None:
    with pytest.raises(EngineUnavailable, match=reason) as unavailable:
        await rasa(handler, ear).understand("geheime Frage")
    assert "geheim" not in str(unavailable.value)


@dataclass
class Server:
    """A Rasa that can be away; counts how often it is asked."""

    up: bool = True
    asked: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if not self.up:
            raise httpx.ConnectError("refused")
        return reply(("greet", 0.9))


@dataclass
class Seconds:
    """A monotonic clock that moves only when told."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Operator:
    """Who is told about the engine's state."""

    told: list[str | None] = field(default_factory=list)


async def test_the_other_engine_steps_in_and_out_and_the_operator_is_told_once(
    ear: LinearUnderstander,
) -> None:
    server, seconds, operator = Server(), Seconds(), Operator()
    both = FallbackUnderstander(rasa(server, ear), ear, operator.told.append, seconds)
    assert (both.name, (await both.understand("hallo")).engine, operator.told) == ("rasa", "rasa", [])

    server.up = False
    for _ in range(50):
        assert (await both.understand("hallo")).engine == "linear"
    assert server.asked == 2  # the breaker: one failed try for all fifty
    assert both.name == "linear"
    assert operator.told == ["Rasa cannot be reached (ConnectError)."]

    seconds.now += FallbackUnderstander.RETRY_AFTER
    assert (await both.understand("hallo")).engine == "linear"
    assert server.asked == 3
    assert len(operator.told) == 1  # still away is no news

    server.up = True
    assert (await both.understand("hallo")).engine == "linear"
    seconds.now += FallbackUnderstander.RETRY_AFTER
    assert (await both.understand("hallo")).engine == "rasa"
    assert operator.told[1:] == [None]

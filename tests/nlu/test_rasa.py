"""What Rasa's server may answer, faked at the transport; and the engine that steps in for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest

from nlu.fallback import FallbackUnderstander
from nlu.linear import LinearUnderstander
from nlu.rasa import RasaUnderstander
from nlu.rasa_server import RasaServer
from nlu.understanding import EngineUnavailable

Handler = Callable[[httpx.Request], httpx.Response]


def rasa(
    handler: Handler, ear: LinearUnderstander, promoted: Callable[[], str] | None = None
) -> RasaUnderstander:
    """An engine whose server has the model of `handler`, else a steady one, and parses as `handler` does."""

    def serve(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/status" and not isinstance(handler, Server):
            return status("20261123-090000-olive-gravel.tar.gz")
        return handler(request)

    client = httpx.AsyncClient(transport=httpx.MockTransport(serve))
    return RasaUnderstander(RasaServer(client, "http://rasa.example:5005/", "geheim"), ear, promoted)


def status(file: str) -> httpx.Response:
    """What a Rasa 3.6.21 server answers to GET /status."""
    identity = "f4f9d9cc3f1b4ed9a3c8c6b3a4d8d9aa"
    return httpx.Response(200, json={"model_file": file, "model_id": identity, "num_active_training_jobs": 0})


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
    assert understood.model_version == "20261123-090000-olive-gravel"


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
        (lambda _: httpx.Response(409, json={"reason": "Conflict"}), "has no model. Train one"),
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
    """A Rasa that can be away or fail; counts how often it is asked to parse."""

    up: bool = True
    works: bool = True
    model: str | None = "rasa-0123456789ab"
    asked: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += request.url.path == "/model/parse"
        if not self.up:
            raise httpx.ConnectError("refused")
        if self.model is None:
            return httpx.Response(409, json={"status": "failure", "reason": "Conflict"})
        if request.url.path == "/status":
            return status(f"{self.model}.tar.gz")
        return reply(("greet", 0.9)) if self.works else httpx.Response(500, json={"reason": "ParsingError"})


@dataclass
class Seconds:
    """A monotonic clock that moves only when told."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Operator:
    """Who is told about the engine's state, and notices what is new."""

    told: list[str | None] = field(default_factory=list)

    async def tell(self, problem: str | None) -> None:
        if self.told[-1:] != [problem]:
            self.told.append(problem)


async def test_the_other_engine_steps_in_and_out_and_the_operator_is_told_once(
    ear: LinearUnderstander,
) -> None:
    server, seconds, operator = Server(), Seconds(), Operator()
    both = FallbackUnderstander(rasa(server, ear), ear, operator.tell, seconds)
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


async def test_another_model_than_the_promoted_one_is_shown_and_left_alone(ear: LinearUnderstander) -> None:
    server, seconds, operator = Server(), Seconds(), Operator()
    promoted = ["rasa-0123456789ab"]
    engine = rasa(server, ear, lambda: promoted[-1])
    both = FallbackUnderstander(engine, ear, operator.tell, seconds)
    await both.look()
    understood = await both.understand("hallo")
    assert (understood.engine, understood.model_version) == ("rasa", "rasa-0123456789ab")

    promoted.append("rasa-fedcba987654")  # nobody has looked at Rasa since
    assert (await both.understand("hallo")).engine == "linear"
    await both.look()
    assert (await both.understand("hallo")).engine == "linear"
    assert server.asked == 1
    assert operator.told[0] is None and len(operator.told) == 2
    assert "serves the model rasa-0123456789ab; rasa-fedcba987654 was promoted" in (operator.told[1] or "")

    server.model = "rasa-fedcba987654"
    await both.look()  # it comes back at once, not after a pause
    understood = await both.understand("hallo")
    assert (understood.engine, understood.model_version) == ("rasa", "rasa-fedcba987654")
    assert operator.told[2:] == [None]


@pytest.mark.parametrize(
    ("served", "promoted", "engine"),
    [
        (None, "rasa-0123456789ab", "linear"),
        (None, "linear-0123456789ab", "linear"),
        ("rasa-0123456789ab", "linear-0123456789ab", "linear"),
        ("20261123-090000-olive-gravel", "rasa-0123456789ab", "linear"),
        ("20261123-090000-olive-gravel", "linear-0123456789ab", "rasa"),
    ],
)
async def test_who_answers_when_rasa_has_something_else(
    ear: LinearUnderstander, served: str | None, promoted: str, engine: str
) -> None:
    operator = Operator()
    both = FallbackUnderstander(
        rasa(Server(model=served), ear, lambda: promoted), ear, operator.tell, Seconds()
    )
    await both.look()
    assert (await both.understand("hallo")).engine == engine
    assert (operator.told == [None]) == (engine == "rasa")


async def test_one_that_has_its_model_but_fails_is_tried_with_messages_alone(ear: LinearUnderstander) -> None:
    server, seconds, operator = Server(works=False), Seconds(), Operator()
    both = FallbackUnderstander(rasa(server, ear, lambda: server.model or ""), ear, operator.tell, seconds)
    for _ in range(5):
        await both.look()
        assert (await both.understand("hallo")).engine == "linear"
    assert server.asked == 1
    server.works = True
    seconds.now += FallbackUnderstander.RETRY_AFTER
    assert (await both.understand("hallo")).engine == "rasa"
    assert operator.told == [None, "Rasa answered with HTTP status 500; expected 200.", None]

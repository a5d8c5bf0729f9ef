"""The sentence encoder as an engine, on a tiny encoder of random weights in the real file formats."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from nlu.classifier import OUT_OF_SCOPE
from nlu.corpus import read_corpus
from nlu.encoder import Encoder, EncoderUnderstander
from nlu.evaluation import Sets, evaluate, read_labelled
from nlu.evaluation import encoder as on_trial
from nlu.linear import LinearUnderstander
from nlu.live import LiveUnderstander
from nlu.overlay import Change, lay_over
from nlu.understanding import EngineUnavailable

KNOWN = "hallo guten tag zusammen welche klemme für 0 10v wo ist die шалом"
WORDS = ["[PAD]", "[UNK]", *KNOWN.split(" ")]
WIDTH = 32


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vector for each word: what an encoder is without its attention."""
    folder = tmp_path_factory.mktemp("encoders") / "tiny"
    folder.mkdir()
    tokenizer = Tokenizer(models.WordLevel({word: place for place, word in enumerate(WORDS)}, "[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    vectors = np.random.default_rng(0).normal(size=(len(WORDS), WIDTH)).astype(np.float32)
    shape = ["texts", "tokens"]
    graph = helper.make_graph(
        [helper.make_node("Gather", ["vectors", "input_ids"], ["last_hidden_state"])],
        "tiny",
        [helper.make_tensor_value_info(n, TensorProto.INT64, shape) for n in ("input_ids", "attention_mask")],
        [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [*shape, WIDTH])],
        [numpy_helper.from_array(vectors, "vectors")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(folder / "model.onnx"))
    return folder


def test_vectors_do_not_depend_on_what_stands_beside_them(folder: Path) -> None:
    encoder = Encoder(str(folder))
    long, short = "hallo zusammen guten tag", "klemme"
    together = encoder([long, short])
    np.testing.assert_allclose(together[1], encoder([short])[0], atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-6)


async def test_intents_are_the_encoders_and_the_rest_the_linear_engines(
    folder: Path, small_project: Path
) -> None:
    corpus = read_corpus(small_project)
    own = LinearUnderstander(corpus)
    engine = EncoderUnderstander(Encoder(str(folder)), own)
    understood = await engine.understand("welche klemme ist die, Auftrag 4500123456")
    assert (understood.intent, understood.engine, understood.model_version) == (
        "wiring",
        "encoder",
        "encoder-tiny",
    )
    assert understood.entity("order_number") == "4500123456"
    assert (await engine.understand("Guten Tag")).intent == "greet"
    assert sum(chance for _, chance in understood.ranking) == pytest.approx(1.0)
    exact, foreign = await engine.understand("wo ist die klemme"), await engine.understand("qwertz uiop")
    assert exact.score > foreign.score


async def test_what_is_promoted_is_learned_beside_the_work(folder: Path, small_project: Path) -> None:
    corpus = read_corpus(small_project)
    taught = Change("шалом", "wiring", "mul")
    live = LiveUnderstander(LinearUnderstander(corpus, "before"))
    engine = EncoderUnderstander(Encoder(str(folder)), live)
    before = await engine.understand("шалом")
    live.replace(LinearUnderstander(lay_over(corpus, [taught], {}), "after"))
    meanwhile = await engine.understand("шалом")
    await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}))
    after = await engine.understand("шалом")
    assert [before.intent, meanwhile.intent, after.intent] == ["greet", "greet", "wiring"]
    assert (await engine.understand("Guten Tag")).intent == "greet"


@pytest.mark.parametrize("text", ["", "\u200f", "\ud800", "wort" * 1_000_000, "🔥" * 5_000, "<b>{{7*7}}</b>"])
async def test_strange_texts_are_no_trouble(folder: Path, small_project: Path, text: str) -> None:
    corpus = read_corpus(small_project)
    engine = EncoderUnderstander(Encoder(str(folder)), LinearUnderstander(corpus))
    assert (await engine.understand(text)).intent in {*corpus.intents, OUT_OF_SCOPE}


def test_what_is_missing_or_broken_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match=r"expected tokenizer.json and model.onnx"):
        Encoder(str(tmp_path))
    (tmp_path / "tokenizer.json").write_bytes((folder / "tokenizer.json").read_bytes())
    (tmp_path / "model.onnx").write_bytes(b"no model")
    with pytest.raises(EngineUnavailable, match=r"model.onnx: the encoder cannot be loaded"):
        Encoder(str(tmp_path))
    with pytest.raises(EngineUnavailable, match="is no folder here, and cannot be fetched"):
        Encoder("no such/encoder name")


def test_it_can_be_put_on_trial(folder: Path, tmp_path: Path) -> None:
    lines = (
        ("hallo zusammen", "greet"),
        ("guten tag", "greet"),
        ("welche klemme", "wiring"),
        ("wo ist die klemme", "wiring"),
        ("шалом", "alone"),
    )
    file = tmp_path / "texts.jsonl"
    file.write_text("".join(json.dumps({"text": t, "intent": i}) + "\n" for t, i in lines), "utf-8")
    texts = read_labelled(file)
    figures = evaluate(on_trial(str(folder)), Sets(texts, texts), lambda *_: None)
    assert (figures.engine, figures.accuracy) == ("encoder", 100.0)
    with pytest.raises(EngineUnavailable, match="expected its folder"):
        on_trial(None)

"""Trained models on disk: named by what made them, written whole or not at all, refused when unfit.

A file is one line of JSON and the pickled model. The line says what made the model and what its
bytes hash to, and is checked before anything is unpickled. Pickles run code when they are read:
model directories belong to the operator, like the code itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path

import sklearn

from nlu.corpus import Corpus, read_corpus
from nlu.linear import LinearUnderstander
from nlu.understanding import ModelError

_CODE = (
    *("calibration.py", "classifier.py", "clauses.py", "concepts.py", "corpus.py", "costs.py", "families.py"),
    *("features.py", "judgement.py", "labels.py", "language.py", "linear.py", "traits.py", "urgency.py"),
    "wording.py",
)
"""The modules whose code is baked into a stored model."""


def load_or_train(project: Path, models: Path, progress: Callable[[str], None]) -> LinearUnderstander:
    """The linear engine for the corpus in this folder; else as `load_or_train_on`."""
    return load_or_train_on(read_corpus(project), models, progress)


def load_or_train_on(corpus: Corpus, models: Path, progress: Callable[[str], None]) -> LinearUnderstander:
    """The linear engine for this corpus: loaded from `models`, or trained and kept there.

    `progress` is told in one plain sentence what happens. An unfit file is retrained and replaced.
    Raises CorpusError when the corpus is unusable; nothing is written then.
    """
    version = version_of(corpus)
    file = models / f"{version}.model"
    if file.exists():
        try:
            model = load(file, version)
        except ModelError as error:
            progress(f"{error} It is trained again.")
        else:
            progress(f"Language model {version} is ready.")
            return model
    progress(f"Training the language model on {len(corpus.examples)} examples …")
    model = LinearUnderstander(corpus, version)
    save(model, file)
    progress(f"Language model {version} is ready.")
    return model


def program() -> str:
    """Twelve hex digits that change with our code and scikit-learn: who reads a model must have the same."""
    digest = hashlib.sha256(sklearn.__version__.encode())
    for name in _CODE:
        digest.update(Path(__file__).with_name(name).read_bytes())
    return digest.hexdigest()[:12]


def version_of(corpus: Corpus) -> str:
    """The word "linear-" and twelve hex digits that change with the corpus, our code and scikit-learn."""
    return f"linear-{hashlib.sha256(f'{corpus.digest} {program()}'.encode()).hexdigest()[:12]}"


def pack(model: LinearUnderstander) -> bytes:
    """The model as the bytes of a model file."""
    body = pickle.dumps(model, protocol=5)
    head = json.dumps({"version": model.version, "sha256": hashlib.sha256(body).hexdigest()})
    return head.encode() + b"\n" + body


def save(model: LinearUnderstander, file: Path) -> None:
    """Write the model under this name, whole or not at all; several processes may do so at once."""
    keep(pack(model), file)


def keep(packed: bytes, file: Path) -> None:
    """Write a packed model under this name, whole or not at all; several processes may do so at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(packed)
            target.flush()
            os.fsync(target.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load(file: Path, version: str) -> LinearUnderstander:
    """Read a model of exactly this version. Raises ModelError when it is cut, altered or another one."""
    try:
        packed = file.read_bytes()
    except OSError as error:
        raise ModelError(f"Model {file.name} cannot be read ({error.strerror}).") from error
    return unpack(packed, version, file.name)


def unpack(packed: bytes, version: str, name: str) -> LinearUnderstander:
    """The model in these bytes, which errors call `name`. Raises ModelError as `load` does."""
    head, _, body = packed.partition(b"\n")
    try:
        about = json.loads(head)
    except ValueError as error:
        raise ModelError(f"Model {name} is no model file.") from error
    if not isinstance(about, dict) or about.get("version") != version:
        raise ModelError(f"Model {name} does not fit this program; expected version {version}.")
    if about.get("sha256") != hashlib.sha256(body).hexdigest():
        raise ModelError(f"Model {name} is damaged: its bytes are not the ones that were written.")
    model = pickle.loads(body)  # noqa: S301 - the operator's own file, checked above
    if not isinstance(model, LinearUnderstander):
        raise ModelError(f"Model {name} holds something else than a linear model.")
    return model

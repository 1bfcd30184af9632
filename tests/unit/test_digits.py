"""The bundled digits network is what its card says it is."""

import hashlib
import json
from typing import Any

import numpy as np
import pytest

from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.golden import run
from depthwise.host.demo import CARD, load_digits


@pytest.fixture(scope="module")
def card() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(CARD.read_text(encoding="utf-8"))
    return loaded


def test_the_model_is_the_file_its_card_describes(card: dict[str, Any]) -> None:
    content = load_digits().model.read_bytes()

    assert hashlib.sha256(content).hexdigest() == card["model"]["sha256"]
    assert len(content) == card["model"]["bytes"] < 100_000


def test_the_pictures_fit_the_model() -> None:
    digits = load_digits()

    (entry,) = read_model(digits.model).inputs
    tensor = read_model(digits.model).tensors[entry]

    assert digits.images.shape[1:] == tensor.shape[1:] == (32, 32, 1)
    assert digits.images.dtype == np.int8 == np.dtype(tensor.dtype.value)


def test_every_digit_is_among_the_labelled_pictures() -> None:
    digits = load_digits()

    assert set(digits.labels.tolist()) == set(range(10))
    assert len(digits.images) == len(digits.labels)


def test_the_card_says_at_least_97_of_100_unseen_digits_are_read_right(card: dict[str, Any]) -> None:
    assert card["measured"]["test_int8"]["accuracy"] >= 0.97


def test_the_golden_model_reads_as_many_pictures_right_as_the_card_says(card: dict[str, Any]) -> None:
    digits = load_digits()
    graph = read_model(digits.model)
    (output,) = graph.outputs

    scores = run(graph, digits.images)[output]

    right = np.sum(scores.reshape(len(digits.labels), -1).argmax(axis=1) == digits.labels)
    assert right == card["measured"]["bundled_int8"]["right"]

"""Constants that lie apart from the code are not in its text."""

from pathlib import Path

import pytest

from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.passes import optimize
from depthwise.host.demo import MODEL
from tests.support.detached import written


def test_constants_that_are_detached_are_not_in_the_code(tmp_path: Path) -> None:
    view = written(optimize(read_model(MODEL)).graph, "auto", "host", tmp_path)
    assert view.detached_bytes == pytest.approx(view.weight_bytes - view.order.size, abs=64)
    text = (tmp_path / "net_weights.h").read_text()
    assert "static const int8_t" not in text
    assert len(text) < 4096

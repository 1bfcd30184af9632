"""DIV of every numerator by every denominator, also where C leaves tflite-micro's quotients undefined."""

from pathlib import Path

import numpy as np
import pytest

from depthwise.codegen.golden import run
from depthwise.codegen.graph import Graph, Quantization
from depthwise.codegen.operators import Activation, Div
from depthwise.codegen.schedule import choose
from tests.support.exactness import problem_of
from tests.support.network_builder import Builder
from tests.support.programs import Case

EVERY = np.arange(-128, 128).astype(np.int8)


def quotients(ratio: float) -> tuple[Graph, dict[int, np.ndarray]]:
    """Both operands reach all of int8; zero points −20 and 10."""
    build = Builder()
    x = build.tensor((1, 256, 1, 1), Quantization((0.5,), (-20,)))
    y = build.tensor((1, 1, 1, 256), Quantization((0.25,), (10,)))
    build.inputs += [x, y]
    out = Quantization((2 / ratio,), (3,))
    build.node(Div(Activation.NONE), (x, y), build.tensor((1, 256, 1, 256), out))
    return build.finish(f"ratio{ratio:g}"), {x: EVERY.reshape(1, 256, 1, 1), y: EVERY.reshape(1, 1, 1, 256)}


@pytest.mark.parametrize("ratio", [0.125, 8.0, 64.0])
def test_quotients_are_rounded_to_within_a_step(ratio: float) -> None:
    graph, given = quotients(ratio)
    levels = EVERY.astype(float)
    above = np.where(levels == 10, 1, levels - 10)
    wanted = np.clip((levels.reshape(-1, 1) + 20) / above * ratio + 3, -128, 127)
    found = run(graph, given)[graph.outputs[0]].reshape(256, 256)
    assert np.abs(found.astype(float) - wanted).max() <= 0.51


def test_the_c_divides_as_the_golden_model(tmp_path: Path) -> None:
    cases = []
    for ratio in (0.125, 8.0, 64.0):
        graph, given = quotients(ratio)
        cases.append(Case.of(f"{graph.name.replace('.', '_')}", choose(graph, "whole"), given))
    assert problem_of(cases, tmp_path) is None

"""Comparisons of a tensor with a number, and what is picked by them: tables, with tflite-micro's bytes."""

import numpy as np
import pytest
from ai_edge_litert.interpreter import OpResolverType

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.formats.tflite.comparing import COMPARISONS
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Quantization
from depthwise.codegen.operators import Abs, Activation, SelectV2, Sub
from depthwise.codegen.passes import optimize
from tests.support.network_builder import Builder
from tests.support.oracles import litert, tflite_micro
from tests.unit.test_tflite_reader import swap_operator

EVERY = np.arange(-128, 128).astype(np.int8).reshape(1, 256)


def picked(comparison: str, scale: float, number: int, *, first: bool) -> bytes:
    """Abs of x where x and a number compare, else x."""
    build = Builder()
    given = Quantization((scale,), (-5,))
    x = build.tensor((1, 256), given)
    build.inputs.append(x)
    level = build.constant(np.array([number], np.int8), Quantization((0.0625,), (2,)))
    condition = build.tensor((1, 256), Quantization((1.0,), (0,)))
    build.node(Sub(Activation.NONE), (level, x) if first else (x, level), condition)
    absolute = build.node(Abs(), (x,), build.tensor((1, 256), given))
    build.node(SelectV2(), (condition, absolute, x), build.tensor((1, 256), given))
    return swap_operator(build.finish("picked"), "SUB", comparison)


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_what_a_comparison_picks_has_tflite_micro_s_bytes(comparison: str) -> None:
    for scale, number, first in ((0.0625, 10, False), (0.0117, -90, True), (0.4, 100, False), (1e-4, 2, True)):
        data = picked(comparison, scale, number, first=first)
        graph = parse_model(data, "picked")
        found = run(graph, EVERY)
        for theirs in (
            tflite_micro(data, graph, EVERY),
            litert(data, graph, EVERY, OpResolverType.BUILTIN_REF),
        ):
            for tensor, right in theirs.items():
                assert np.array_equal(found[tensor].ravel(), right.ravel()), (scale, number, tensor)


def test_what_is_picked_of_functions_of_one_tensor_is_one_table() -> None:
    graph = parse_model(picked("LESS", 0.0625, 10, first=False), "picked")
    assert [n.op.kind for n in optimize(graph).graph.nodes] == ["TABLE"]


def test_two_tensors_that_are_compared_are_refused() -> None:
    build = Builder()
    x, y = build.input(1, 6), build.input(1, 6)
    condition = build.node(Sub(Activation.NONE), (x, y), build.tensor((1, 6), Quantization((1.0,), (0,))))
    build.node(SelectV2(), (condition, x, x), build.tensor((1, 6), build.quantization(x)))
    with pytest.raises(UnsupportedError, match=r"layer 0 \(GREATER\) is not supported"):
        parse_model(swap_operator(build.finish("two"), "SUB", "GREATER"), "two")

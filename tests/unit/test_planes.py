"""A plane in place of the three roundings of ADD and SUB: all 65,536 pairs, within int32."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from depthwise.codegen.arithmetic.planes import plane
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Graph, Operation, Quantization
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.kernels.plain.planes import ADD_PLANE, SUB_PLANE
from depthwise.codegen.operators import Add, Sub
from depthwise.codegen.operators.parts.activation import Activation
from depthwise.codegen.targets.cores import PLAIN
from tests.support.network_builder import Builder

KERNELS = {Add: ADD_PLANE, Sub: SUB_PLANE}
EVERY = np.arange(-128, 128).astype(np.int8)
PAIRS = tuple(np.ascontiguousarray(x).reshape(1, 256, 256, 1) for x in np.meshgrid(EVERY, EVERY, indexing="ij"))


def network(op: Operation, *quantizations: Quantization) -> Graph:
    """Two images of all pairs of bytes, joined; quantizations are theirs and the output's."""
    build = Builder()
    first, second, out = (build.tensor((1, 256, 256, 1), q) for q in quantizations)
    build.inputs += [first, second]
    build.node(op, (first, second), out)
    return build.finish("pairs")


def quantization(scale: float, zero_point: int) -> Quantization:
    return Quantization((float(np.float32(scale)),), (zero_point,))


@st.composite
def networks(draw: st.DrawFn) -> Graph:
    """Scales that are equal, or double, or far apart; any zero points and clamps."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    one, other = np.exp(rng.uniform(-6, 0, 2))
    other = draw(st.sampled_from((one, other, 2 * one)))
    out = max(one, other) * draw(st.sampled_from((0.5, 1.0, 2.0, np.exp(rng.uniform(-1, 2)))))
    zeros = draw(st.sampled_from(((-128, -128, -128), tuple(rng.integers(-128, 128, 3).tolist()))))
    activation = draw(st.sampled_from(Activation))
    op = Add(activation) if draw(st.booleans()) else Sub(activation)
    return network(op, *map(quantization, (one, other, out), zeros))


@settings(max_examples=60)
@given(networks())
def test_a_plane_gives_every_output_and_stays_in_int32(graph: Graph) -> None:
    node = graph.nodes[0]
    kernel = KERNELS[type(node.op)]
    assert kernel.refusal(graph, node) is None
    layer = Layer(graph, node)
    assert kernel.data is not None
    fields = {f.name: int(f.value) for f in kernel.data.constants(layer).fields}
    terms = [pair.astype(np.int64) * fields[name] for pair, name in zip(PAIRS, ("first", "second"), strict=True)]
    for partial in (terms[0], terms[1], terms[0] + fields["offset"], terms[0] + terms[1], sum(terms, fields["offset"])):
        assert np.abs(partial).max() < 2**31
    shifted = sum(terms, fields["offset"]) >> kernel.shape(layer).shift  # type: ignore[attr-defined]
    expected = run(graph, dict(zip(graph.inputs, PAIRS, strict=True)))[node.output]
    assert (np.clip(shifted, fields["minimum"], fields["maximum"]) == expected).all()


def test_what_has_no_plane_takes_the_general_kernel_and_says_so() -> None:
    scales = (6.660873514174929, 176.36074190719145, 1.0)
    graph = network(Add(Activation.NONE), *map(quantization, scales, (-78, 109, 80)))
    chosen = choose_kernels(graph, PLAIN.families)
    assert chosen.name(graph.nodes[0]) == "add"
    assert "no plane of whole numbers" in str(ADD_PLANE.refusal(graph, graph.nodes[0]))


@pytest.mark.parametrize("step", [-1, 1])
def test_an_output_that_is_off_by_one_has_no_plane(step: int) -> None:
    graph = network(Add(Activation.NONE), *(quantization(0.1, 0),) * 3)
    outputs = run(graph, dict(zip(graph.inputs, PAIRS, strict=True)))[graph.outputs[0]].reshape(256, 256).astype(int)
    assert plane(outputs, (1.0, 1.0), (-128, 127)) is not None
    outputs[130, 120] += step
    assert plane(outputs, (1.0, 1.0), (-128, 127)) is None


def test_tensors_that_broadcast_are_left_to_another_kernel() -> None:
    graph = network(Add(Activation.NONE), *(quantization(0.1, 0),) * 3)
    row = replace(graph.tensors[1], shape=(1, 1, 256, 1))
    joined = replace(graph, tensors=(graph.tensors[0], row, graph.tensors[2]))
    assert "joins" in str(ADD_PLANE.refusal(joined, joined.nodes[0]))

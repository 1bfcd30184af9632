"""SVDF of every rest of inputs and filters, zero points at both ends, and sums beyond what a pair in a lane holds."""

from dataclasses import replace
from typing import Final

import numpy as np

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.graph import Array, Graph, Tensor
from depthwise.codegen.operators import SvdfState
from depthwise.codegen.passes.optimize import lower
from depthwise.codegen.schedule import choose
from tests.support.conformance.harness import given_to
from tests.support.dsp_networks import M4
from tests.support.network_builder import Builder
from tests.support.programs import Case
from tests.support.stateful import svdf

INPUTS: Final = (*range(1, 10), 29)
UNITS: Final = (1, 2, 3, 4, 5, 7, 9)
LARGE: Final = (255, 257, 514, 1027)


def svdf_network(inputs: int, units: int, *, wide: bool, zero_point: int | None = None, full: bool = False) -> Graph:
    """One SVDF; its feature weights as `full` as may be: 127, and -128 beside what is not negative."""
    build = Builder(100 * inputs + units)
    x = build.input(1, inputs)
    if zero_point is not None:
        of = build.tensors[x].quantization
        assert of is not None
        build.tensors[x] = replace(build.tensors[x], quantization=replace(of, zero_points=(zero_point,)))
    svdf(build, x, units, 1 + inputs % 2, 4, wide=wide)
    graph = build.finish(f"svdf{inputs}_{units}")
    return _full(graph) if full else graph


def ordered_network(inputs: int, units: int, *, wide: bool) -> Graph:
    """One SVDF in whose quads a weight of -128, or two of one input, would be second beside a negative one."""
    graph = svdf_network(inputs, units, wide=wide)
    filters, _ = _feature(graph).shape
    rng = np.random.default_rng(inputs + units)
    data = rng.integers(-127, 128, (filters, inputs), np.int8)
    for first in range(0, filters - 3, 4):
        column = int(rng.integers(inputs))
        data[first : first + 4, column] = ((-1, -128, -1, -128), (-1, -1, -1, -128))[first // 4 % 2]
    return _with_weights(graph, data)


def _full(graph: Graph) -> Graph:
    """Rows of 127, of -128, of 127 and of -127, and again."""
    filters, inputs = _feature(graph).shape
    rows = np.resize(np.array([127, -128, 127, -127], np.int8), filters)
    return _with_weights(graph, np.repeat(rows[:, None], inputs, axis=1))


def _feature(graph: Graph) -> Tensor:
    return graph.tensors[next(n for n in graph.nodes if isinstance(n.op, SvdfState)).inputs[2]]


def _with_weights(graph: Graph, data: Array) -> Graph:
    feature = _feature(graph).index
    data.setflags(write=False)
    tensors = tuple(replace(t, data=data) if t.index == feature else t for t in graph.tensors)
    return replace(graph, tensors=tensors)


def svdf_cases() -> list[Case]:
    """All of them, drawn inputs and, where weights are full, the least and the largest bytes as well."""
    graphs = [svdf_network(i, u, wide=(i + u) % 2 == 1) for i in INPUTS for u in UNITS]
    graphs += [svdf_network(i, 5, wide=i % 4 == 1, zero_point=z) for i in (6, 7) for z in (-128, 0, 127)]
    graphs += [
        svdf_network(i, 6, wide=w, zero_point=z, full=True) for i in LARGE for z, w in ((-128, True), (127, False))
    ]
    graphs += [ordered_network(i, u, wide=u % 2 == 1) for i in (4, 6, 29) for u in (4, 6, 7)]
    return [_case(graph, number) for number, graph in enumerate(graphs)]


def _case(graph: Graph, number: int) -> Case:
    lowered = lower(graph)
    ((tensor, values),) = given_to(graph, number).items()
    given: Array = np.concatenate([values, np.full_like(values[:1], -128), np.full_like(values[:1], 127)])
    return Case.of(f"net{number}", choose(lowered, "rows", variant(lowered, M4)), {tensor: given}, M4)

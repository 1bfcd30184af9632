"""Rooms of operators are whole: every part is given, and what a room says of its operator is what it computes."""

from dataclasses import MISSING, fields
from importlib import import_module
from typing import Any, Final

import numpy as np
import pytest

from depthwise.codegen import operators
from depthwise.codegen.formats.tflite import schema
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.codegen.golden.model import compute
from depthwise.codegen.graph import Array, DType, Graph, Node
from depthwise.codegen.operators import OPERATORS, Operator, Storage, operator_of
from depthwise.codegen.operators.parts.channels import Alike, Gathered, Mixed, Multiplied, Weighted
from depthwise.codegen.operators.parts.intervals import no_int8
from depthwise.codegen.operators.registry import MADE
from depthwise.codegen.passes import lower
from depthwise.codegen.passes.intervals import intervals
from depthwise.codegen.schedule.reads import calls_of, operands, span, writes
from tests.support.float_networks import unfolded
from tests.support.networks import NAMED_NETWORKS, image
from tests.support.places import ROOT

FOLDER: Final = ROOT / "codegen/operators"
MAY_BE_NONE: Final = {"weights", "window"}


def all_networks() -> list[Graph]:
    return [*(make() for make in NAMED_NETWORKS.values()), unfolded(0)]


def kinds(graphs: list[Graph]) -> set[str]:
    """Operators of TensorFlow Lite in some networks."""
    return {node.op.kind for graph in graphs for node in graph.nodes} - {operator.kind for operator in MADE}


def images(graph: Graph, seed: int = 0) -> dict[int, Array]:
    """A random int8 value of every input."""
    rng = np.random.default_rng(seed)
    return {i: rng.integers(-128, 128, graph.tensors[i].shape).astype(np.int8) for i in graph.inputs}


def int8_nodes() -> list[tuple[str, Graph, Node]]:
    """Every node of a lowered named network, with activations that are all int8."""
    found = []
    for name, make in NAMED_NETWORKS.items():
        graph = lower(make())
        found += [(f"{name} {n.op.kind} {n.layer}", graph, n) for n in graph.nodes]
    return found


NODES: Final = int8_nodes()
EACH_NODE = pytest.mark.parametrize(("graph", "node"), [n[1:] for n in NODES], ids=[n[0] for n in NODES])


def test_no_part_of_an_operator_has_a_default() -> None:
    assert all(f.default is MISSING and f.default_factory is MISSING and f.kw_only for f in fields(Operator))


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda o: o.kind)
def test_every_part_is_given(operator: Operator[Any]) -> None:
    assert {f.name for f in fields(Operator) if getattr(operator, f.name) is None} <= MAY_BE_NONE
    assert operator.weights is None or operator.macs.__name__ != "no_macs"


def test_every_room_is_registered_and_its_operation_exported() -> None:
    files = [path.stem for path in FOLDER.glob("*.py") if "\nOPERATOR: Final" in path.read_text()]
    rooms = {name: import_module(f"depthwise.codegen.operators.{name}").OPERATOR for name in files}
    assert sorted(map(id, rooms.values())) == sorted(map(id, (*OPERATORS, *MADE)))
    assert len({operator.kind for operator in (*OPERATORS, *MADE)}) == len(OPERATORS) + len(MADE)
    for name, operator in rooms.items():
        assert name == operator.kind.lower()
        assert operator.operation.__name__ in operators.__all__


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda o: o.kind)
def test_every_operator_is_one_of_tensorflow_lite_or_the_state_of_one(operator: Operator[Any]) -> None:
    assert operator.kind.removesuffix("_STATE") in schema.OPERATORS


def test_every_operator_reads_back_what_it_writes() -> None:
    graphs = all_networks()
    assert kinds(graphs) == {operator.kind for operator in OPERATORS}
    for graph in graphs:
        again = parse_model(write_model(graph), graph.name)
        assert [n.op for n in again.nodes] == [n.op for n in graph.nodes]


def test_every_operator_of_int8_networks_is_computed_in_a_named_one() -> None:
    graphs = [make() for make in NAMED_NETWORKS.values()]
    assert kinds(graphs) == {operator.kind for operator in OPERATORS}
    for graph in graphs:
        values = run(graph, {i: image(graph) if len(graph.inputs) == 1 else images(graph)[i] for i in graph.inputs})
        for node in graph.nodes:
            out = graph.output_of(node)
            assert values[node.output].dtype == np.dtype(out.dtype.value)
            assert values[node.output][0].size == out.elements


def test_every_operator_that_writes_int8_has_an_interval_which_holds() -> None:
    seen = set()
    for make in NAMED_NETWORKS.values():
        graph = lower(make())
        found = intervals(graph)
        values = run(graph, images(graph))
        for node in graph.nodes:
            if graph.output_of(node).dtype is not DType.INT8:
                continue
            seen.add(node.op.kind)
            interval, value = found[node.output], values[node.output].astype(int)
            assert (interval.lower.astype(int) <= value).all()
            assert (value <= interval.upper.astype(int)).all()
    assert seen - {operator.kind for operator in MADE} == {
        operator.kind for operator in OPERATORS if operator.interval is not no_int8
    }


def changed(graph: Graph, node: Node, operand: int, where: tuple[Any, ...]) -> Array:
    """Elements of a node's output that another value of some elements of an operand changes: bool array."""
    rng = np.random.default_rng(1)
    values = {i: rng.integers(-100, 100, graph.tensors[i].shape).astype(np.int8) for i in operands(graph, node)}
    before = compute(graph, node, values)
    differs = np.zeros(before.shape, np.bool_)
    for other in (-128, -1, 127):
        moved = values[operand].copy()
        moved[where] = other
        differs |= compute(graph, node, {**values, operand: moved}) != before
    return differs


def rows_read(graph: Graph, node: Node, operand: int) -> dict[int, set[int]]:
    """Rows of an operand that each row of the output is made of."""
    reads: dict[int, set[int]] = {}
    taken: set[int] = set()
    for call in range(calls_of(graph, node)):
        first, last = span(graph, node, operand, call)
        taken |= set(range(first, last + 1))
        start, stop = writes(graph, node, call)
        reads |= dict.fromkeys(range(start, stop + 1), taken)
        if start <= stop:
            taken = set()
    return reads


@EACH_NODE
def test_a_row_depends_on_the_rows_that_are_named_alone(graph: Graph, node: Node) -> None:
    rows = graph.output_of(node).rows
    for operand in operands(graph, node):
        tensor, reads = graph.tensors[operand], rows_read(graph, node, operand)
        assert sorted(reads) == list(range(rows))
        for row in range(tensor.rows):
            moved = changed(graph, node, operand, (0, row) if len(tensor.shape) == 4 else (0,))
            assert all(row in reads[y] for y in np.flatnonzero(moved.reshape(rows, -1).any(axis=1)).tolist())


@EACH_NODE
def test_a_channel_depends_on_the_channels_that_are_named_alone(graph: Graph, node: Node) -> None:
    out = graph.output_of(node).shape[-1]
    for operand in operands(graph, node):
        for channel in range(graph.tensors[operand].shape[-1]):
            moved = np.flatnonzero(changed(graph, node, operand, (..., channel)).reshape(-1, out).any(axis=0))
            match operator_of(node.op).channels(graph, node):
                case Alike():
                    assert set(moved) <= {channel}
                case Multiplied(multiplier):
                    assert {c // multiplier for c in moved} <= {channel}
                case Gathered(source):
                    assert {int(source[c]) for c in moved} <= {channel}
                case Weighted():
                    weights = graph.inputs_of(node)[1].data
                    assert weights is not None
                    used = weights.reshape(out, -1, graph.tensors[operand].shape[-1])[..., channel].any(axis=1)
                    assert set(moved) <= set(np.flatnonzero(used))
                case Mixed():
                    pass


@EACH_NODE
def test_where_an_output_may_lie_is_what_it_computes(graph: Graph, node: Node) -> None:
    operator, source, out = operator_of(node.op), graph.inputs_of(node)[0], graph.output_of(node)
    rng = np.random.default_rng(2)
    values = {i: rng.integers(-128, 128, graph.tensors[i].shape).astype(np.int8) for i in operands(graph, node)}
    written = compute(graph, node, values)
    if operator.storage is Storage.IS_INPUT:
        assert written.tobytes() == values[source.index].tobytes()
    if operator.storage is Storage.OVERWRITES:
        assert out.dtype is DType.INT8
        assert max(graph.tensors[i].elements for i in operands(graph, node)) <= out.elements
    if operator.is_identity(graph, node) and source.shape == out.shape:
        assert (written == values[source.index]).all()
    if operator.unary_elementwise:
        table = compute(graph, node, {source.index: np.arange(-128, 128).astype(np.int8)})
        assert (table[values[source.index].astype(np.int64) + 128] == written).all()

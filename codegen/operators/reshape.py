"""RESHAPE: the same elements in the same order, of another shape; nothing is moved."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.flatbuffer.writing import Field, integers
from depthwise.codegen.graph import Array, Graph, Node

from .operator import Operator, Storage
from .parts import channels, facts, index_arithmetic, intervals, reading, shapes
from .parts.activation import Activation
from .parts.computing import Operands, as_quantized
from .parts.quantization import OutputScale, int8, kept
from .parts.rows import RowAccess, SameRow, Whole


@dataclass(frozen=True, slots=True)
class Reshape:
    """Reads a tensor (· new shape, which need not be constant); writes the same elements."""

    kind: ClassVar[str] = "RESHAPE"


def _fields(graph: Graph, node: Node) -> dict[int, Field]:
    return {0: integers(graph.output_of(node).shape)}


def _check(graph: Graph, node: Node) -> None:
    shapes.same(node, "elements", graph.output_of(node).elements, graph.inputs_of(node)[0].elements)


def _compute(graph: Graph, node: Node, operands: Operands, _mode: Mode) -> Array:
    value, shape = operands[0], graph.output_of(node).shape
    exact = value.shape == graph.inputs_of(node)[0].shape
    return value.reshape(shape if exact else (len(value), *shape[1:]))


def _rows(graph: Graph, node: Node) -> RowAccess:
    source, out = graph.inputs_of(node)[0], graph.output_of(node)
    return SameRow() if (source.rows, source.row_bytes) == (out.rows, out.row_bytes) else Whole()


def _channels(graph: Graph, node: Node) -> channels.ChannelAccess:
    """One input channel for each output channel, where channels do not mix."""
    before, after = graph.inputs_of(node)[0].shape, graph.output_of(node).shape
    if not before or not after:
        return channels.Mixed()
    source = np.broadcast_to(np.arange(before[-1]), before).reshape(-1, after[-1])
    return channels.Gathered(np.asarray(source[0])) if (source == source[0]).all() else channels.Mixed()


def _passes_scales(graph: Graph, node: Node) -> bool:
    source, out = graph.inputs_of(node)[0].shape, graph.output_of(node).shape
    return out[-1] % source[-1] == 0


OPERATOR: Final = Operator(
    operation=Reshape,
    activations=facts.one,
    activation=Activation.NONE,
    read=reading.without_options(Reshape, 1, 2),
    write=index_arithmetic.write(17, _fields),
    check=_check,
    check_quantization=int8(kept),
    compute=_compute,
    compute_real=as_quantized(_compute),
    keeps_cases=facts.always,
    output_quantization=OutputScale.KEPT,
    interval=intervals.rising(_compute),
    macs=facts.no_macs,
    weights=None,
    rows=_rows,
    storage=Storage.IS_INPUT,
    window=None,
    channels=_channels,
    unary_elementwise=False,
    is_identity=facts.always,
    passes_scales=_passes_scales,
)

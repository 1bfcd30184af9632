"""SVDF, its second half: the time filters over the memory, summed by rank."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode, quantize_multiplier, requantize, wrap32
from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.flatbuffer.writing import Fields, Scalar, int32
from depthwise.codegen.graph import Array, DType, Graph, Node

from .operator import Operator, Storage
from .parts import channels, facts, intervals, reading, rows, shapes, svdf, writing
from .parts.activation import Activation
from .parts.computing import Operands, quantized, refuse_quantized
from .parts.hints import CONVERT
from .parts.quantization import OutputScale, activation, bridged, quantization_of

# tflite-micro refuses biases whose scale is not that of the sums, by so much.
BIAS_SCALE: Final = 1e-5


@dataclass(frozen=True, slots=True)
class Svdf:
    """Reads memory [1, F·M] · time weights [F,M] · bias [F / rank]; writes [1, F / rank].

    The memory, of int8 or int16, is state; `SvdfState` writes it. tflite-micro clamps to int8 whatever the fused
    activation says, and adds in int32 that wraps: so it is here.

    Limits: int8 activations and feature weights, a bias.
    """

    kind: ClassVar[str] = "SVDF"
    rank: int


@dataclass(frozen=True, slots=True)
class SvdfParameters:
    """From sums of time filters to the output."""

    memory_zero_point: int
    output_zero_point: int
    multiplier: int
    shift: int


def svdf_parameters(graph: Graph, node: Node) -> SvdfParameters:
    """Parameters of the second half of SVDF (`kernels/svdf_common.cc`: effective_scale_2)."""
    memory, weights, _ = graph.inputs_of(node)
    out = graph.output_of(node)
    pair = quantize_multiplier(svdf.ratio(memory, weights, out))
    return SvdfParameters(quantization_of(memory).zero_point, quantization_of(out).zero_point, *pair)


def rank_of(node: Node) -> int:
    """Filters that are summed to one output."""
    assert isinstance(node.op, Svdf)
    return node.op.rank


def _read(op: reading.RawOperator) -> Svdf:
    op.need(3, 3)
    rank = op.options.scalar(0, "i")
    if rank < 1:
        raise ModelError(f"{op.what} has rank {rank}, it must be 1 or more")
    return Svdf(rank)


def _write(_graph: Graph, node: Node) -> writing.Coded:
    relu = reading.ACTIVATIONS.index("RELU")
    return writing.Coded(3, 6, Fields({0: int32(rank_of(node)), 1: Scalar("b", relu)}))


def _check(graph: Graph, node: Node) -> None:
    memory, weights, bias = graph.inputs_of(node)
    shapes.constants(node, (weights, bias))
    svdf.check_rank2(node, memory, weights, graph.output_of(node))
    filters, length = weights.shape
    shapes.same(node, "memory", memory.shape[1], filters * length)
    if filters % rank_of(node):
        raise ModelError(f"{node} has {filters} filters, no multiple of its rank {rank_of(node)}")
    shapes.same(node, "outputs", graph.output_of(node).shape[1], filters // rank_of(node))
    shapes.same(node, "biases", bias.shape, (filters // rank_of(node),))


def _check_quantization(graph: Graph, node: Node) -> None:
    memory, weights, bias = graph.inputs_of(node)
    out = graph.output_of(node)
    activation(node, out)
    svdf.check_memory(node, memory)
    svdf.check_weights(node, weights, memory.dtype)
    if bias.dtype is not DType.INT32:
        raise UnsupportedError(f"{node} has {bias.dtype.value} biases, int32 is needed", CONVERT)
    scale, wanted = (np.float32(quantization_of(t).scale) for t in (memory, weights))
    given = bias.quantization.scale if bias.quantization is not None else 0.0
    if not abs(given - float(scale * wanted)) < BIAS_SCALE:
        raise ModelError(f"{node} has biases of scale {given:.6g}, {float(scale * wanted):.6g} follows from its inputs")
    bridged(node, svdf.ratio(memory, weights, out))


def _compute(graph: Graph, node: Node, operands: Operands, mode: Mode) -> Array:
    p, (memory, weights, bias) = svdf_parameters(graph, node), (operands[i] for i in range(3))
    filtered = (memory.astype(np.int64) - p.memory_zero_point).reshape(len(memory), *weights.shape)
    filtered *= weights.astype(np.int64)
    sums = filtered.reshape(len(memory), len(bias), -1).sum(axis=-1) + bias
    scaled = requantize(wrap32(sums), p.multiplier, p.shift, mode.integer) + p.output_zero_point
    return np.clip(scaled, -128, 127).astype(np.int8)


def _macs(graph: Graph, node: Node) -> int:
    return graph.inputs_of(node)[1].elements


OPERATOR: Final = Operator(
    operation=Svdf,
    activations=facts.one,
    activation=Activation.NONE,
    read=_read,
    write=_write,
    check=_check,
    check_quantization=_check_quantization,
    compute=quantized(_compute),
    compute_real=refuse_quantized,
    keeps_cases=facts.always,
    output_quantization=OutputScale.NONE,
    interval=intervals.widest,
    macs=_macs,
    weights=None,
    rows=rows.whole,
    storage=Storage.OWN,
    window=None,
    channels=channels.mixed,
    unary_elementwise=False,
    is_identity=facts.never,
    passes_scales=facts.never,
)

"""SVDF, its first half: the memory moves on by one step, and takes in what the feature filters make of the input."""

from dataclasses import KW_ONLY, dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode, quantize_multiplier, requantize
from depthwise.codegen.errors import ModelError
from depthwise.codegen.graph import Array, DType, Graph, Node

from .operator import Operator, Storage
from .parts import channels, facts, intervals, reading, rows, shapes, svdf, writing
from .parts.activation import Activation
from .parts.computing import Operands, quantized, refuse_quantized
from .parts.quantization import OutputScale, activation, bridged, kept_by, quantization_of


@dataclass(frozen=True, slots=True)
class SvdfState:
    """Reads input [1,I] · memory [1, F·M] · feature weights [F,I]; writes the memory behind this run.

    Memory [f, m] is what filter f made of the input M − 1 − m runs ago; it is int8 or int16. In a model file this is
    one operator with `Svdf`; the reader makes two of it, since a node writes one tensor.

    tflite-micro clamps to what the type holds before it adds the zero point, so that sums beyond it wrap (its releases
    up to October 2026; later sources add first).
    """

    kind: ClassVar[str] = "SVDF_STATE"


@dataclass(frozen=True, slots=True)
class SvdfStateParameters:
    """From sums of feature filters to the memory's scale, and what its type holds."""

    input_zero_point: int
    zero_point: int
    _: KW_ONLY
    multiplier: int
    shift: int
    minimum: int
    maximum: int


def svdf_state_parameters(graph: Graph, node: Node) -> SvdfStateParameters:
    """Parameters of the first half of SVDF (`kernels/svdf_common.cc`: effective_scale_1)."""
    image, memory, weights = graph.inputs_of(node)
    factor = svdf.ratio(image, weights, memory)
    limits = np.iinfo(memory.dtype.value)
    multiplier, shift = quantize_multiplier(factor)
    return SvdfStateParameters(
        quantization_of(image).zero_point,
        quantization_of(memory).zero_point,
        multiplier=multiplier,
        shift=shift,
        minimum=int(limits.min),
        maximum=int(limits.max),
    )


def _check(graph: Graph, node: Node) -> None:
    image, memory, weights = graph.inputs_of(node)
    shapes.constants(node, (weights,))
    svdf.check_rank2(node, image, weights, memory, graph.output_of(node))
    filters, inputs = weights.shape
    shapes.same(node, "inputs", image.shape[1], inputs)
    if memory.shape[1] % filters:
        raise ModelError(f"{node} has {filters} filters and a memory of {memory.shape[1]}, no multiple of that")
    shapes.same(node, "memory", graph.output_of(node).shape, memory.shape)
    shapes.same(node, "type of memory", graph.output_of(node).dtype, memory.dtype)


def _check_quantization(graph: Graph, node: Node) -> None:
    image, memory, weights = graph.inputs_of(node)
    activation(node, image)
    svdf.check_weights(node, weights, DType.INT8)
    svdf.check_memory(node, memory)
    kept_by(node, memory, graph.output_of(node))
    bridged(node, svdf.ratio(image, weights, memory))


def _compute(graph: Graph, node: Node, operands: Operands, mode: Mode) -> Array:
    p, (image, memory, weights) = svdf_state_parameters(graph, node), (operands[i] for i in range(3))
    sums = (image.astype(np.int64) - p.input_zero_point) @ weights.astype(np.int64).T
    scaled = np.clip(requantize(sums, p.multiplier, p.shift, mode.integer), p.minimum, p.maximum)
    after = np.roll(memory, -1, axis=-1)
    length = memory.shape[-1] // len(weights)
    after[:, length - 1 :: length] = (scaled + p.zero_point).astype(memory.dtype)
    return after


def _macs(graph: Graph, node: Node) -> int:
    return graph.inputs_of(node)[2].elements


OPERATOR: Final = Operator(
    operation=SvdfState,
    activations=facts.two,
    activation=Activation.NONE,
    read=reading.without_options(SvdfState, 3, 3),
    write=writing.without_fields(0),
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
    storage=Storage.ADVANCES,
    window=None,
    channels=channels.mixed,
    unary_elementwise=False,
    is_identity=facts.never,
    passes_scales=facts.never,
)

"""Scales, zero points and types: the TensorFlow Lite int8 specification, as far as several operators share it."""

from enum import Enum
from typing import Final

import numpy as np

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.graph import DType, Graph, Node, Quantization, Tensor

from .hints import CONVERT, NOT_16_BIT
from .shapes import Check

# Multipliers are below 1, shifts at most 31 bits to the left: an int32 is shifted by no more.
LARGEST_RATIO: Final = 2.0**31


class OutputScale(Enum):
    """Where an int8 operator's output has its quantization from, if it is not one and the same for all.

    KEPT: from its input. JOINED: the same for all that it reads and writes. CALIBRATED: from the values that it takes.
    NONE: floats have no int8 form of the operator.
    """

    KEPT = "kept"
    JOINED = "joined"
    CALIBRATED = "calibrated"
    NONE = "none"


OutputRule = OutputScale | Quantization


def quantization_of(tensor: Tensor) -> Quantization:
    """Quantization of a tensor that validation has found to have one."""
    assert tensor.quantization is not None, tensor.name
    return tensor.quantization


def unchecked(_graph: Graph, _node: Node) -> None:
    """For index arithmetic, whose tensors have no quantization."""


def int8(check: Check = unchecked, real: Check = unchecked) -> Check:
    """First input and output are int8 with one scale, and `check` holds; in a float layer `real` holds instead."""

    def checked(graph: Graph, node: Node) -> None:
        ends = graph.inputs_of(node)[0], graph.output_of(node)
        if {t.dtype for t in ends} == {DType.FLOAT32}:
            real(graph, node)
            return
        for tensor in ends:
            activation(node, tensor)
        check(graph, node)

    return checked


def bridged(node: Node, ratio: float, largest: float = LARGEST_RATIO) -> None:
    """Refuse scales that no fixed-point multiplier bridges; `ratio` is what a value is multiplied by."""
    if not ratio < largest:
        raise UnsupportedError(
            f"{node} goes from scale to scale by a factor of {ratio:.4g}, it must be below {largest:.4g}",
            "the model's scales are far off: quantize it again",
        )


def rescaled(graph: Graph, node: Node) -> None:
    """The output's scale can be reached from that of the input."""
    before, after = (quantization_of(t) for t in (graph.inputs_of(node)[0], graph.output_of(node)))
    bridged(node, before.scale / after.scale)


def kept(graph: Graph, node: Node) -> None:
    """The output has the quantization of the input."""
    kept_by(node, graph.inputs_of(node)[0], graph.output_of(node))


def kept_by(node: Node, before: Tensor, after: Tensor) -> None:
    """Refuse two tensors of a node that must have one quantization, and have not."""
    if before.quantization != after.quantization:
        raise ModelError(f"{node} changes the quantization: {before.quantization} to {after.quantization}")


def fixed(wanted: Quantization, text: str) -> Check:
    """The output has the one quantization that the operator knows."""

    def check(graph: Graph, node: Node) -> None:
        q = graph.output_of(node).quantization
        if q is None or (q.scale, q.zero_point) != (wanted.scale, wanted.zero_point):
            raise UnsupportedError(f"{node} has output quantization {q}, it must be {text}", CONVERT)

    return check


def float_constants(graph: Graph, node: Node) -> None:
    """All operands of a float layer are float32, and its constants are finite numbers."""
    inputs = graph.inputs_of(node)
    for tensor in inputs[1:]:
        if tensor.dtype is not DType.FLOAT32:
            raise UnsupportedError(
                f"{node} joins float32 activations and {tensor.dtype.value} tensor {tensor.index}", CONVERT
            )
    for tensor in inputs:
        if tensor.data is not None and not np.isfinite(tensor.data).all():
            raise ModelError(
                f"{node} has constants (tensor {tensor.index}) that are infinite or no numbers",
                "train the model again, its training has diverged",
            )


def activation(node: Node, tensor: Tensor) -> None:
    """Refuse an activation that is not int8 with one scale."""
    if tensor.dtype is not DType.INT8:
        hint = NOT_16_BIT if tensor.dtype is DType.INT16 else CONVERT
        raise UnsupportedError(f"{node} works on int8, tensor {tensor.index} is {tensor.dtype.value}", hint)
    per_tensor(node, tensor)


def per_tensor(node: Node, tensor: Tensor) -> None:
    """Refuse an integer tensor without one positive scale and a zero point of its type."""
    limits = np.iinfo(tensor.dtype.value)
    low, high = int(limits.min), int(limits.max)
    q = tensor.quantization
    if q is None or len(q.scales) != 1:
        count = 0 if q is None else len(q.scales)
        raise ModelError(f"{node}: activation tensor {tensor.index} has {count} scales, it must have 1")
    if not 0 < q.scale < float("inf"):
        raise ModelError(f"{node}: tensor {tensor.index} has scale {q.scale}, it must be a positive number")
    if not low <= q.zero_point <= high:
        raise ModelError(f"{node}: tensor {tensor.index} has zero point {q.zero_point}, not in {low} to {high}")


def conversion(*, to_float: bool) -> Check:
    """Both tensors are of types that are converted, and the output is float32 or not, as told."""

    def check(graph: Graph, node: Node) -> None:
        source, target = graph.inputs_of(node)[0], graph.output_of(node)
        for tensor in (source, target):
            if tensor.dtype is DType.INT32 and not (tensor is target and source.dtype is DType.INT16):
                raise UnsupportedError(f"{node} converts int32 tensor {tensor.index}", CONVERT)
            if tensor.dtype is not DType.FLOAT32:
                per_tensor(node, tensor)
        floats = source.dtype is DType.FLOAT32, target.dtype is DType.FLOAT32
        if floats[1] != to_float or floats == (True, True):
            raise ModelError(f"{node} converts {source.dtype.value} to {target.dtype.value}")
        if not any(floats):
            rescaled(graph, node)

    return check

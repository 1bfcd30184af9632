"""Mistakes that code makes, computed and held against the board's checksum: steps left out, loops that end early."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64, wrap32
from depthwise.codegen.graph import Array
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D, weights_of

from .weighted_layers import WeightedParts, parts_of
from .wrong_layer import WrongLayer

Slices = Iterator[tuple[str, tuple[slice, ...]]]
EVERY: Final = slice(None)
ENDS: Final = (("first", slice(0, 1)), ("last", slice(-1, None)))


def mistake_of(layers: tuple[WrongLayer, ...]) -> str | None:
    """The mistake that gives exactly what the board has of one layer with several inputs, as a clause."""
    parts = [p for p in map(parts_of, layers) if p is not None]
    if not parts:
        return None
    for (text, output), *others in zip(*(list(_mistakes(p)) for p in parts), strict=True):
        outputs = (output, *(other for _, other in others))
        if all(layer.made(made) for layer, made in zip(layers, outputs, strict=True)):
            return str(text)
    return None


def _mistakes(parts: WeightedParts) -> Iterator[tuple[str, Array]]:
    p, acc = parts.parameters, parts.accumulators
    layer = parts.layer
    bias = np.broadcast_to(weights_of(layer.node.op).bias(layer.graph, layer.node), layer.right.shape[1:])
    zero = p.input_zero_point * parts.weight_sums(parts.weights)
    yield "the bias is not added", parts.output(acc - bias.reshape(acc.shape).astype(np.int64))
    yield "neither bias nor input zero point is used", parts.output(acc - bias.reshape(acc.shape).astype(int) + zero)
    yield "the input zero point is not subtracted", parts.output(acc + zero)
    yield "outputs are not clamped at the activation's limits", parts.output(acc, replace(p, minimum=-128, maximum=127))
    yield "the output zero point is not added", parts.output(acc, replace(p, output_zero_point=0))
    yield "results are truncated, not rounded", _truncated(parts)
    every = replace(p, multipliers=p.multipliers[:1] * len(p.multipliers), shifts=p.shifts[:1] * len(p.shifts))
    yield "every channel is scaled as the first one", parts.output(acc, every)
    yield from _left_out(parts)
    yield from _shifted(parts)


def _truncated(parts: WeightedParts) -> Array:
    p = parts.parameters
    bits = 31 - np.array(p.shifts)
    scaled = (wrap32(parts.accumulators) * np.array(p.multipliers)) >> bits
    return np.asarray(np.clip(scaled + p.output_zero_point, p.minimum, p.maximum).astype(np.int8))


def _left_out(parts: WeightedParts) -> Iterator[tuple[str, Array]]:
    """Products that a loop does not reach; sums may be kept of x or of x − zero point."""
    zero_point = parts.parameters.input_zero_point
    for text, where in _ends(parts):
        part = np.zeros_like(parts.weights)
        part[where] = parts.weights[where]
        missing = parts.sums(parts.centred, part)
        yield text, parts.output(parts.accumulators - missing)
        yield text, parts.output(parts.accumulators - missing - zero_point * parts.weight_sums(part))


def _ends(parts: WeightedParts) -> Slices:
    """First and last of each loop of a kernel, as slices of the weights."""
    layout = weights_of(parts.layer.node.op).layout
    named = {"H": "row of the kernel", "W": "column of the kernel", "I": "input channel" if "H" in layout else "input"}
    for end, one in ENDS:
        for axis, letter in enumerate(layout):
            if letter in named:
                where = tuple(one if at == axis else EVERY for at in range(len(layout)))
                yield f"the {end} {named[letter]} is left out", where


def _shifted(parts: WeightedParts) -> Iterator[tuple[str, Array]]:
    """The kernel one row or column from its place, as with other padding; what is outside is padding."""
    right = parts.sums(parts.centred, parts.weights)
    for axis, what in ((1, "row"), (2, "column")):
        for step, where in ((1, "behind"), (-1, "before")):
            moved = _moved(parts, axis, step)
            if moved is not None:
                text = f"the kernel lies one {what} {where} its place"
                yield text, parts.output(parts.accumulators - right + moved)


def _moved(parts: WeightedParts, axis: int, step: int) -> Int64 | None:
    """Sums with the kernel moved; where there is no padding to move into, the image is cut instead."""
    graph, node, op = parts.layer.graph, parts.layer.node, parts.layer.node.op
    if not isinstance(op, Conv2D | DepthwiseConv2D):
        return None
    names = ("top", "bottom") if axis == 1 else ("left", "right")
    before, behind = (getattr(op.pads, name) for name in names)
    cut = [slice(None)] * 4
    cut[axis] = slice(max(step - before, 0), parts.centred.shape[axis] - max(-step - behind, 0))
    sizes = dict(zip(names, (max(before - step, 0), max(behind + step, 0)), strict=True))
    other = replace(node, op=replace(op, pads=replace(op.pads, **sizes)))
    found = weights_of(op).sums(graph, other, parts.centred[tuple(cut)], parts.weights)
    return np.asarray(found.astype(np.int64).reshape(-1, found.shape[-1]))

"""RESIZE_BILINEAR: an image of another size, each pixel between four others, in steps of 1/1024 of a pixel."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64, Mode
from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import Array, Graph, Node

from .operator import Operator, Storage
from .parts import channels, facts, intervals, resizing
from .parts.activation import Activation
from .parts.computing import Float64, Operands, in_float64, quantized
from .parts.formulas import fit
from .parts.moved import check_moved
from .parts.quantization import OutputScale
from .parts.rows import MappedRow, MappedRows, RowAccess, Whole

BITS: Final = 10
ONE: Final = 1 << BITS


@dataclass(frozen=True, slots=True)
class ResizeBilinear:
    """Reads image [1,H,W,C] (· size, a constant); writes [1, *size, C], each pixel between four.

    Halves are rounded away from zero, or with `halves_up` towards more, as they are in uint8.
    Limits: factors whose steps, rounded to 1/1024, stay within the image.
    """

    kind: ClassVar[str] = "RESIZE_BILINEAR"
    size: tuple[int, int]
    align_corners: bool
    half_pixel_centers: bool
    halves_up: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Between:
    """For each element along an axis the two that it lies between, and how far behind the first one, in 1/1024."""

    lower: Int64
    upper: Int64
    part: Int64


def scale_of(op: resizing.Resizing, before: int, after: int) -> int:
    """Pixels in for one out, in 1/1024 (`reference/resize_bilinear.h`, ResizeBilinearInteger)."""
    if op.align_corners and after > 1:
        before, after = before - 1, after - 1
    return (ONE * before + after // 2) // after


def between(op: resizing.Resizing, before: int, after: int) -> Between:
    """Where elements lie (ComputeInterpolationValuesInteger); C divides towards 0."""
    scale = scale_of(op, before, after)
    at = np.arange(after, dtype=np.int64) * scale + (scale // 2 - ONE // 2 if op.half_pixel_centers else 0)
    lower = np.maximum(np.sign(at) * (np.abs(at) // ONE), 0)
    above = at + ONE - 1
    upper = np.minimum(np.sign(above) * (np.abs(above) // ONE), before - 1)
    return Between(lower, upper, at - ONE * lower)


def _both(graph: Graph, node: Node) -> tuple[Between, Between]:
    op, image = resizing.resizing_of(node), graph.inputs_of(node)[0]
    return between(op, image.shape[1], op.size[0]), between(op, image.shape[2], op.size[1])


def is_exact_in_float32(graph: Graph, node: Node) -> bool:
    """Tell whether LiteRT's float32 arithmetic of uint8 pixels rounds nothing, so that steps of 1/1024 make the same.

    Steps are whole then, and a pixel of 8 bits times two parts has no more than the 24 bits of a float32.
    """
    op, image = resizing.resizing_of(node), graph.inputs_of(node)[0]
    whole, fractions = True, 0
    for before, after, found in zip(image.shape[1:3], op.size, _both(graph, node), strict=True):
        aligned = op.align_corners and after > 1
        pixels, count = (ONE * (before - 1), after - 1) if aligned else (ONE * before, after)
        whole = whole and pixels % count == 0 and not (op.half_pixel_centers and (pixels // count) % 2)
        fractions += BITS - _trailing_zeros(found.part)
    return whole and fractions <= 24 - 8


def _trailing_zeros(parts: Int64) -> int:
    """Bits that are 0 at the end of all of some parts of 1/1024."""
    return next(bit for bit in range(BITS + 1) if bit == BITS or (parts >> bit & 1).any())


def _check(graph: Graph, node: Node) -> None:
    """Steps are rounded to 1/1024: where many make more than the image, tflite-micro reads behind it."""
    resizing.check(graph, node)
    for size, found in zip(graph.inputs_of(node)[0].shape[1:3], _both(graph, node), strict=True):
        if found.lower.max() >= size:
            raise UnsupportedError(
                f"{node} makes {len(found.lower)} pixels of {size}, rounded steps lead to pixel {found.lower.max()}",
                "resize by a smaller factor, or by two layers",
            )


def _compute(graph: Graph, node: Node, operands: Operands, _mode: Mode) -> Array:
    op, image = resizing.resizing_of(node), operands[0].astype(np.int64)
    y, x = (between(op, image.shape[axis], op.size[axis - 1]) for axis in (1, 2))
    down, right = y.part[:, None, None], x.part[:, None]
    total: Int64 = np.zeros((len(image), *graph.output_of(node).shape[1:]), np.int64)
    for rows, height in ((y.lower, ONE - down), (y.upper, down)):
        for columns, width in ((x.lower, ONE - right), (x.upper, right)):
            total = total + image[:, rows][:, :, columns] * height * width
    if isinstance(op, ResizeBilinear) and op.halves_up:
        return ((total + ONE * ONE // 2) // (ONE * ONE)).astype(np.int8)
    nudged = total + np.where(total > 0, ONE * ONE // 2, -(ONE * ONE // 2))
    rounded: Int64 = np.sign(nudged) * (np.abs(nudged) // (ONE * ONE))
    return rounded.astype(np.int8)


def _real_between(op: resizing.Resizing, before: int, after: int) -> tuple[Int64, Int64, Float64]:
    aligned = op.align_corners and after > 1
    scale = (before - 1) / (after - 1) if aligned else before / after
    at = (np.arange(after) + 0.5) * scale - 0.5 if op.half_pixel_centers else np.arange(after) * scale
    lower = np.maximum(np.floor(at), 0).astype(np.int64)
    upper = np.minimum(np.ceil(at), before - 1).astype(np.int64)
    return lower, upper, at - lower


def _compute_real(graph: Graph, node: Node, operands: tuple[Float64, ...]) -> Float64:
    op, image = resizing.resizing_of(node), operands[0]
    (top, bottom, down), (left, right, along) = (
        _real_between(op, image.shape[axis], op.size[axis - 1]) for axis in (1, 2)
    )
    total: Float64 = np.zeros((len(image), *graph.output_of(node).shape[1:]))
    for rows, height in ((top, 1 - down), (bottom, down)):
        for columns, width in ((left, 1 - along), (right, along)):
            total = total + image[:, rows][:, :, columns] * height[:, None, None] * width[:, None]
    return total


def _rows(graph: Graph, node: Node) -> RowAccess:
    """Two rows, if formulas name them."""
    op, image, out = resizing.resizing_of(node), graph.inputs_of(node)[0], graph.output_of(node)
    if max(image.rows, out.rows) == 1:
        return Whole()
    y = between(op, image.rows, out.rows)
    upper, lower = (tuple(int(n) for n in rows) for rows in (y.lower, y.upper))
    first, second = fit(upper), fit(lower)
    if first is None or second is None:
        return Whole()
    return MappedRows((MappedRow(0, upper, first), MappedRow(0, lower, second)), out.rows)


def _rises(graph: Graph, node: Node) -> bool:
    """Tell whether no pixel is weighed negatively: in front of the first one parts are negative, but all are it."""
    found = _both(graph, node)
    return all(((b.part >= 0) & (b.part <= ONE) | (b.lower == b.upper)).all() for b in found)


COMPUTE: Final = quantized(_compute)
OPERATOR: Final = Operator(
    operation=ResizeBilinear,
    activations=facts.one,
    activation=Activation.NONE,
    read=resizing.read(ResizeBilinear, 2),
    write=resizing.write(15, 2),
    check=_check,
    check_quantization=check_moved(facts.one),
    compute=COMPUTE,
    compute_real=in_float64(_compute_real),
    keeps_cases=facts.always,
    output_quantization=OutputScale.KEPT,
    interval=intervals.rising_where(_rises, COMPUTE),
    macs=facts.no_macs,
    weights=None,
    rows=_rows,
    storage=Storage.OWN,
    window=None,
    channels=channels.alike,
    unary_elementwise=False,
    is_identity=facts.never,
    passes_scales=facts.always,
)

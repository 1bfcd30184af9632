"""RESIZE_NEAREST_NEIGHBOR: an image of another size, each pixel the nearest one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.graph import Array

from .mover import mover
from .parts import channels, facts, resizing


@dataclass(frozen=True, slots=True)
class ResizeNearestNeighbor:
    """Reads image [1,H,W,C] (· size, a constant); writes [1, *size, C], each pixel the nearest one."""

    kind: ClassVar[str] = "RESIZE_NEAREST_NEIGHBOR"
    size: tuple[int, int]
    align_corners: bool
    half_pixel_centers: bool


def _nearest(op: ResizeNearestNeighbor, before: int, after: int) -> NDArray[np.intp]:
    """Index of each element along an axis, in float32 (`reference/resize_nearest_neighbor.h`, GetNearestNeighbor)."""
    aligned = op.align_corners and after > 1
    scale = np.float32(before - 1) / np.float32(after - 1) if aligned else np.float32(before) / np.float32(after)
    at = (np.arange(after).astype(np.float32) + np.float32(0.5 if op.half_pixel_centers else 0.0)) * scale
    rounded = np.floor(at.astype(np.float64) + 0.5) if op.align_corners else np.floor(at)
    return np.clip(rounded.astype(np.intp), 0, before - 1)


def _move(op: ResizeNearestNeighbor, arrays: Sequence[Array], _out: tuple[int, ...], _fill: Any) -> Array:
    image = arrays[0]
    rows, columns = (_nearest(op, image.shape[axis], op.size[axis - 1]) for axis in (1, 2))
    return image[:, rows][:, :, columns]


OPERATOR: Final = mover(
    ResizeNearestNeighbor,
    move=_move,
    read=resizing.read(ResizeNearestNeighbor, 0),
    write=resizing.write(74, 0),
    check=resizing.check,
    channels=channels.alike,
    keeps_cases=facts.always,
    passes_scales=facts.always,
)

"""Which operators only move elements."""

from typing import Final

from depthwise.codegen.graph import Operation

from .batch_to_space_nd import BatchToSpaceNd
from .concatenation import Concatenation
from .depth_to_space import DepthToSpace
from .expand_dims import ExpandDims
from .gather import Gather
from .mirror_pad import MirrorPad
from .pack import Pack
from .pad import Pad
from .padv2 import PadV2
from .reshape import Reshape
from .resize_nearest_neighbor import ResizeNearestNeighbor
from .reverse_v2 import ReverseV2
from .slice import Slice
from .space_to_batch_nd import SpaceToBatchNd
from .space_to_depth import SpaceToDepth
from .split import Split
from .split_v import SplitV
from .squeeze import Squeeze
from .strided_slice import StridedSlice
from .tile import Tile
from .transpose import Transpose
from .unpack import Unpack

MOVERS: Final = (
    BatchToSpaceNd,
    Concatenation,
    DepthToSpace,
    Gather,
    MirrorPad,
    Pack,
    Pad,
    PadV2,
    ResizeNearestNeighbor,
    ReverseV2,
    Slice,
    SpaceToBatchNd,
    SpaceToDepth,
    Split,
    SplitV,
    StridedSlice,
    Tile,
    Transpose,
    Unpack,
)
RESHAPERS: Final = (ExpandDims, Reshape, Squeeze)


def is_mover(op: Operation) -> bool:
    """Tell whether each element that an operation writes is one that it reads, or new."""
    return isinstance(op, (*MOVERS, *RESHAPERS))

"""RESIZE_BILINEAR: each pixel between four others, of two rows; row by row, or all rows of the image at once."""

from dataclasses import KW_ONLY, dataclass
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.kernel import Kernel, Layer
from depthwise.codegen.operators import ResizeBilinear
from depthwise.codegen.operators.parts.rows import Whole
from depthwise.codegen.operators.resize_bilinear import ONE, scale_of
from depthwise.codegen.schedule.reads import access_of


@dataclass(frozen=True, slots=True)
class Resized:
    """Sizes in and out; where pixel 0 lies and how far the next one, in 1/1024 of a pixel, along both axes.

    `halves_up` tells how what lies between is rounded.
    """

    in_h: int
    in_w: int
    out_h: int
    out_w: int
    _: KW_ONLY
    channels: int
    first_y: int
    step_y: int
    first_x: int
    step_x: int
    halves_up: bool


def _shape(layer: Layer) -> Resized:
    op = layer.node.op
    assert isinstance(op, ResizeBilinear)
    (_, in_h, in_w, channels), (_, out_h, out_w, _) = layer.input.shape, layer.output.shape
    step_y, step_x = scale_of(op, in_h, out_h), scale_of(op, in_w, out_w)
    first_y, first_x = (step // 2 - ONE // 2 if op.half_pixel_centers else 0 for step in (step_y, step_x))
    return Resized(
        *(in_h, in_w, out_h, out_w),
        channels=channels,
        first_y=first_y,
        step_y=step_y,
        first_x=first_x,
        step_x=step_x,
        halves_up=op.halves_up,
    )


def _refuses_whole(graph: Graph, node: Node) -> str | None:
    return "it takes the whole image" if isinstance(access_of(graph, node), Whole) else None


def _refuses_rows(graph: Graph, node: Node) -> str | None:
    return None if isinstance(access_of(graph, node), Whole) else "it takes two rows"


RESIZE_BILINEAR: Final = Kernel(
    name="resize_bilinear",
    operators=(ResizeBilinear,),
    refusal=_refuses_whole,
    shape=_shape,
    data=None,
    headers=(),
    scratch=None,
    position=True,
    planar=None,
    int16_weights=None,
    events=counted("resize_bilinear"),
    proves=None,
    traffic=None,
)
RESIZE_BILINEAR_WHOLE: Final = Kernel(
    name="resize_bilinear_whole",
    operators=(ResizeBilinear,),
    refusal=_refuses_rows,
    shape=_shape,
    data=None,
    headers=(),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=counted("resize_bilinear_whole"),
    proves=None,
    traffic=None,
)

"""A Keras layer at work, and sequences [1, L, C] as images [1, L, 1, C]: operators slide over images alone.

The image's height is the time, so that rows are steps of it. Where a sequence is an image that was reshaped, the
image itself is taken: between layers of sequences nothing is reshaped but at the ends.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.floats.builder import FloatBuilder
from depthwise.codegen.graph import Array
from depthwise.codegen.graph.windows import Pair, positions
from depthwise.codegen.operators import Operation, Pads, Reshape

from .config import LayerConfig
from .weights import WeightFile

MOST_ELEMENTS: Final = 1 << 28
SEQUENCE: Final = 3
SMALLER: Final = "give the layer a smaller window, or the model a larger input"


@dataclass(frozen=True, slots=True)
class Call:
    """A layer at work: where its weights are (a path of the weight file), and the tensors it reads."""

    layer: LayerConfig
    build: FloatBuilder
    weights: WeightFile
    path: str
    inputs: tuple[int, ...]

    @property
    def x(self) -> int:
        """The one tensor it reads."""
        if len(self.inputs) != 1:
            raise ModelError(f"{self.layer} reads {len(self.inputs)} tensors, it takes 1")
        return self.inputs[0]

    @property
    def name(self) -> str:
        """Name of the layer, which is that of the tensor it writes."""
        return self.layer.name

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the one tensor it reads."""
        return self.build.shape(self.x)

    def image(self) -> tuple[int, int, int]:
        """Height, width and channels of the image it reads."""
        if len(self.shape) != 4:
            raise UnsupportedError(
                f"{self.layer} works on [1, H, W, C], its input has shape {self.shape}", "put a Reshape before it"
            )
        return self.shape[1], self.shape[2], self.shape[3]

    def arrays(self, *shapes: tuple[int, ...]) -> tuple[Array, ...]:
        """Its weights."""
        return self.weights.arrays(self.path, self.name, shapes)

    def reading(self, *tensors: int) -> "Call":
        """The same layer, reading other tensors."""
        return replace(self, inputs=tensors)

    @property
    def arguments(self) -> list[Any]:
        """What its one call is given, tensors and others."""
        given = self.layer.calls[0] if len(self.layer.calls) == 1 else None
        args = given.get("args") if isinstance(given, dict) else None
        return args if isinstance(args, list) else []

    def argument(self, place: int) -> object:
        """What its one call is given in a place, tensor or not; None where nothing is."""
        return self.arguments[place] if place < len(self.arguments) else None

    def on_image(self) -> "Call":
        """The same layer on the sequence that it reads as an image."""
        if len(self.shape) != SEQUENCE:
            raise UnsupportedError(
                f"{self.layer} works on [1, L, C], its input has shape {self.shape}", "put a Reshape before it"
            )
        return self.reading(image_of(self.build, self.name, self.x))

    def unary(self, name: str, x: int, op: Operation) -> int:
        """Apply an operation to each element."""
        return self.pointwise(name, x, lambda y: self.build.unary(name, y, op))

    def pointwise(self, name: str, x: int, made: Callable[[int], int]) -> int:
        """Apply layers that keep the shape; to a sequence that is a reshaped image, on the image."""
        image = source_image(self.build, x)
        return made(x) if image is None else sequence_of(self.build, name, made(image))

    def swept(self, kernel: Pair, stride: Pair, dilation: Pair, pads: Pads, channels: int) -> Pads:
        """The pads of a window that slides over the image, checked."""
        height, width, _ = self.image()
        rows, columns = positions((height, width), pads, kernel, stride, dilation)
        if min(rows, columns) < 1 or rows * columns * channels > MOST_ELEMENTS:
            raise ModelError(f"{self.layer} makes {rows}x{columns}x{channels} of {height}x{width}", SMALLER)
        return pads


def source_image(build: FloatBuilder, x: int) -> int | None:
    """The image [1, L, 1, C] of which a sequence is a reshape; None if it is none."""
    shape = build.shape(x)
    writer = next((n for n in reversed(build.nodes) if n.output == x), None)
    if len(shape) != SEQUENCE or writer is None or not isinstance(writer.op, Reshape):
        return None
    return writer.inputs[0] if build.shape(writer.inputs[0]) == (1, shape[1], 1, shape[2]) else None


def image_of(build: FloatBuilder, name: str, x: int) -> int:
    """A sequence [1, L, C] as image [1, L, 1, C]."""
    known, shape = source_image(build, x), build.shape(x)
    return build.reshape(f"{name}/image", x, 1, shape[1], 1, shape[2]) if known is None else known


def sequence_of(build: FloatBuilder, name: str, x: int) -> int:
    """An image [1, L, 1, C] as sequence [1, L, C]."""
    shape = build.shape(x)
    return build.reshape(f"{name}/sequence", x, 1, shape[1], shape[3])

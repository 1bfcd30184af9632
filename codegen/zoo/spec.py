"""An architecture as data: blocks with kernel, stride and channels, and the head that ends in class scores."""

from dataclasses import KW_ONLY, dataclass
from enum import Enum
from typing import Final

from depthwise.codegen.errors import InputError
from depthwise.codegen.operators import Activation

Pair = tuple[int, int]
MOST_SIDE: Final = 1024
MOST_CHANNELS: Final = 16_384


class BlockKind(Enum):
    """What a block is made of; K is its kernel, `hidden` its inner channels."""

    CONV = "K convolution"
    SEPARABLE = "K depthwise, 1x1"
    BOTTLENECK = "1x1 to hidden, K depthwise, 1x1 without activation"
    FUSED = "1x1 to hidden, K convolution without activation"
    SHUFFLE = "grouped 1x1 to hidden, shuffle, K depthwise without activation, grouped 1x1"
    POOL = "K maximum"


class Head(Enum):
    """How positions and channels become class scores."""

    DENSE = "mean over all positions, fully connected"
    FLAT = "fully connected over all positions"
    MEAN = "1x1 convolution to the classes, mean over all positions"
    CELLS = "1x1 convolution to the classes, scores of each position"


@dataclass(frozen=True, slots=True)
class Block:
    """A few layers that are repeated with other numbers; `channels` leave it.

    A residual adds what entered to what leaves, where shapes allow it. The stride is the K layer's. `hard_swish` takes
    the place of the activation. A bottleneck with `squeeze` weighs the channels that leave its K layer by numbers from
    0 to 1, which two 1x1 convolutions, to `squeeze` channels and back, make of the channels' means.
    """

    kind: BlockKind
    channels: int
    kernel: Pair = (3, 3)
    _: KW_ONLY
    stride: Pair = (1, 1)
    activation: Activation = Activation.RELU6
    hard_swish: bool = False
    hidden: int = 0
    squeeze: int = 0
    residual: bool = False
    groups: int = 1


@dataclass(frozen=True, slots=True)
class Architecture:
    """A network before it has weights. Images are [height, width, channels].

    `dense` are fully connected layers with activation between the mean and the classifier. `note` says in what it
    differs from its paper. A `streaming` network is given one row at a time: a layer whose kernel is higher remembers
    the rows before it.
    """

    name: str
    image: tuple[int, int, int]
    classes: int
    _: KW_ONLY
    blocks: tuple[Block, ...]
    head: Head = Head.DENSE
    dense: tuple[int, ...] = ()
    note: str = ""
    streaming: bool = False

    def __post_init__(self) -> None:
        """Refuse sizes that cannot be built. Raises InputError."""
        if min(self.image) < 1 or max(self.image) > MOST_SIDE:
            raise InputError(f"{self.name} has images of {self.image}, each number must be 1 to {MOST_SIDE}")
        widths = (self.classes, *self.dense, *(b.channels for b in self.blocks))
        if min(widths) < 1 or max(widths) > MOST_CHANNELS:
            raise InputError(f"{self.name} has widths from {min(widths)} to {max(widths)}, 1 to {MOST_CHANNELS} work")


def scaled(channels: int, alpha: float) -> int:
    """Channels behind the width multiplier of MobileNetV1: rounded down, 1 at least."""
    return max(int(channels * alpha), 1)


def divisible(channels: float, by: int = 8) -> int:
    """Channels as MobileNetV2 and V3 round them: to a multiple of `by`, never down by more than a tenth."""
    rounded = max(by, int(channels + by / 2) // by * by)
    return rounded + by if rounded < 0.9 * channels else rounded

"""CONV_2D of one tap and eight inputs: those of two pixels stay in registers while all channels are computed."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

from depthwise.codegen.arithmetic.thresholds import FACTOR
from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import WINDOW_CALL, with_calls
from depthwise.codegen.kernels.data import Constants, array
from depthwise.codegen.kernels.flash import FlashTraffic, swept
from depthwise.codegen.kernels.kernel import Events, Kernel, Layer, LayerData, Scratch, Struct
from depthwise.codegen.kernels.weighted import is_pointwise, parameters_of
from depthwise.codegen.operators import Conv2D
from depthwise.codegen.schedule.reads import calls_of

from .dots import Form, dot_refusal, ends, form_of
from .joint import joint_bias, joint_refusal, lanes_of_two, patch_weights
from .known_rows import CACHED_BYTES
from .lines import is_on_moved_line, kind_of, moved_by
from .planar import LARGEST_IMMEDIATE, is_planar, output_steps

INPUTS: Final = 8  # of a pixel: four words of lanes
PIXELS: Final = 2
TAKEN: Final[tuple[Form, ...]] = ("line", "moved", "scaled")
# Outputs of a layer from which on the time that is saved is worth the code: about 0.8 KB.
LEAST_OUTPUTS: Final = 8192
UNROLLED: Final = (8, 7, 6, 5)  # channels that a loop may hold
WORD: Final = 4
OTHER_WORDS: Final = 3  # of a channel, without its scale
# Bytes of code of a channel, and of a function beside its channels.
CHANNEL_CODE: Final = {"line": 76, "scaled": 96}
OTHER_CODE: Final = 190
MOST_COPIED: Final = 1536  # bytes, which other layers take too


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Sizes of a row, as `DW_KEPT` takes them: a loop holds `unrolled` channels, `head` are in front of it.

    Where flash waits, channels' words are `copied` once for a row: every two pixels read all of them.
    """

    copied: bool
    form: Literal["line", "scaled"]
    out_w: int
    step: int
    pixel: int
    channel: int
    channels: int
    moved: int

    @property
    def unrolled(self) -> int:
        """The most channels that divide all of them, or else the most; where flash waits in code that a cache holds."""
        fit = [n for n in UNROLLED if not self.copied or self._code(n) <= CACHED_BYTES]
        some = fit or [min(UNROLLED, key=self._code)]
        return next((n for n in some if self.channels % n == 0), some[0])

    def _code(self, unrolled: int) -> int:
        return OTHER_CODE + CHANNEL_CODE[self.form] * (self.channels % unrolled + unrolled)

    @property
    def code(self) -> int:
        """Bytes of the function, about."""
        return self._code(self.unrolled)

    @property
    def head(self) -> int:
        """Channels that are not whole rounds."""
        return self.channels % self.unrolled


def _refusal(waits: bool, graph: Graph, node: Node) -> str | None:
    inputs, outputs = graph.tensors[node.inputs[1]].shape[3], graph.output_of(node).elements
    if not is_pointwise(graph, node) or inputs != INPUTS:
        return f"an output sees other inputs than {INPUTS} of one pixel"
    if outputs < LEAST_OUTPUTS:
        return f"it has {outputs:,} outputs, code of its own pays from {LEAST_OUTPUTS:,} on"
    if dot_refusal(graph, node) is None and form_of(graph, node) not in TAKEN:
        return "its outputs take more than a line that SSAT ends, or scaling whose rounding is hidden by the clamp"
    if waits and _copied_bytes(graph, node) > MOST_COPIED:
        return f"its channels' words take {_copied_bytes(graph, node):,} bytes, {MOST_COPIED:,} are copied"
    return dot_refusal(graph, node) or joint_refusal(graph, node) or _immediate_refusal(graph, node)


def _copied_bytes(graph: Graph, node: Node) -> int:
    """Bytes of all channels' words."""
    return WORD * (OTHER_WORDS + (1 if _ends_by(graph, node) == "line" else 3)) * graph.output_of(node).shape[3]


def _ends_by(graph: Graph, node: Node) -> Literal["line", "scaled"]:
    """How sums become outputs."""
    return "scaled" if form_of(graph, node) == "scaled" else "line"


def _immediate_refusal(graph: Graph, node: Node) -> str | None:
    """Why a row's sizes cannot stand in instructions."""
    if graph.output_of(node).shape[2] < PIXELS:
        return f"its rows have fewer than {PIXELS} pixels"
    pixel, channel = output_steps(graph, node)
    reach = max(PIXELS * pixel, channel, PIXELS * _step(node))
    if reach > LARGEST_IMMEDIATE:
        return f"its pixels reach {reach:,} bytes, {LARGEST_IMMEDIATE:,} are supported"
    return None


def _step(node: Node) -> int:
    """Bytes from a pixel that is read to the next."""
    assert isinstance(node.op, Conv2D)
    return node.op.stride[1] * INPUTS


def _shape(waits: bool, layer: Layer) -> Kept:
    pixel, channel = output_steps(layer.graph, layer.node)
    kind = kind_of(layer.graph, layer.node)
    return Kept(
        copied=waits,
        form=_ends_by(layer.graph, layer.node),
        out_w=layer.output.shape[2],
        step=_step(layer.node),
        pixel=pixel,
        channel=channel,
        channels=layer.output.shape[3],
        moved=moved_by(parameters_of(layer), kind) if kind else 0,
    )


def _constants(layer: Layer) -> Constants:
    return Constants((array("uint32_t", "channels", "see dw_dsp_kept.h", _channels(layer)),))


def _channels(layer: Layer) -> Iterator[int]:
    """Words of each channel: bias, lanes of two weights in two words, scale."""
    weights = patch_weights(layer.graph, layer.node)
    biases, scales = ends(layer, FACTOR)
    lanes = lanes_of_two(weights).reshape(len(weights), -1, 2).tolist()
    for bias, more, words, scale in zip(biases, joint_bias(weights).tolist(), lanes, scales, strict=True):
        yield (bias - more) % 2**32
        yield from (low % 2**16 | high % 2**16 << 16 for low, high in words)
        yield from (number % 2**32 for number in scale)


def _events(waits: bool, layer: Layer) -> Events:
    shape, rows = _shape(waits, layer), layer.output.shape[1]
    pairs = rows * -(-shape.out_w // PIXELS)
    rounds = shape.channels // shape.unrolled
    found: Events = {
        f"kept {shape.form} channel": float(pairs * shape.channels),
        "kept round": float(pairs * rounds),
        "kept pair": float(pairs),
        f"kept {shape.form} copy": float(rows * shape.channels if waits else 0),
        "moved output": float(pairs * shape.channels * 3 if shape.moved else 0),
    }
    return with_calls(layer, WINDOW_CALL, found)


def _traffic(waits: bool, layer: Layer) -> FlashTraffic:
    """All channels' words for every two pixels, or once for a row that copies them."""
    shape, calls = _shape(waits, layer), calls_of(layer.graph, layer.node)
    pairs = -(-shape.out_w // PIXELS)
    constants = swept(_copied_bytes(layer.graph, layer.node), calls, 1 if waits else pairs)
    return FlashTraffic(constants=(constants,), code=(swept(shape.code, calls, pairs),))


def conv_2d_kept_dsp(*, waits: bool) -> Kernel:
    """The kernel, for flash that waits or does not."""
    return Kernel(
        name="conv_2d_kept_dsp",
        operators=(Conv2D,),
        refusal=partial(_refusal, waits),
        shape=partial(_shape, waits),
        data=LayerData(Struct("dw_kept", template=None), _constants),
        headers=("dw_asm.h", "dw_dsp.h", "dw_dsp_kept.h", "dw_dsp_kept_asm.h", "dw_dsp_kept_twin.h"),
        scratch=Scratch("lanes", _copied_bytes) if waits else None,
        position=False,
        planar=is_planar,
        int16_weights=None,
        events=partial(_events, waits),
        proves=is_on_moved_line,
        traffic=partial(_traffic, waits),
    )

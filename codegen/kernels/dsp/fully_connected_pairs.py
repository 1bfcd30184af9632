"""FULLY_CONNECTED from bytes as they lie, the weights of two channels in each int16 lane."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.cycles import CALL, with_calls
from depthwise.codegen.kernels.data import Constants, FieldView, array, number_fields
from depthwise.codegen.kernels.flash import FlashTraffic, swept
from depthwise.codegen.kernels.kernel import Events, Kernel, Layer, LayerData, Struct
from depthwise.codegen.kernels.weighted import (
    folded_bias,
    form_refusal,
    offset_refusal,
    parameters_of,
    patch_inputs,
    scaling_of,
    weights_of,
)
from depthwise.codegen.operators import FullyConnected
from depthwise.codegen.schedule.reads import calls_of

from .dots import suffix_of
from .scaling import channel_scale, scaling_refusal, with_silent

SUM_LIMIT: Final = 2**23  # 256 times a smaller sum is within int32
SAFE_INPUTS: Final = 508  # that cannot reach it, whatever their weights
BLOCK: Final = 4
HEADERS: Final = ("dw_asm.h", "dw_dsp.h", "dw_dsp_pairs.h", "dw_dsp_pairs_asm.h", "dw_dsp_pairs_twin.h")


@dataclass(frozen=True, slots=True)
class Pairs:
    """Numbers that go in, after how many of them sums are parted, numbers that come out.

    `suffix` names the scaling of sums: "", "_signed" or "_clamped"; `own_scales` is 1 where channels have several.
    """

    inputs: int
    parted: int
    channels: int
    suffix: str
    own_scales: int


def _refusal(graph: Graph, node: Node) -> str | None:
    reason = offset_refusal(node) or form_refusal(graph, node) or scaling_refusal(graph, node)
    if reason is not None:
        return reason
    first, second = both_of_pairs(weights_of(graph, node))
    if ((first + 256 * second) < -(2**15)).any():
        return "a weight of -128 does not fit into a lane beside a negative one"
    return None


def both_of_pairs(weights: Array) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Weights [O, I] of first and of second channels [O/2, I/4 · 4] of pairs, with zeros where there are none."""
    channels, inputs = weights.shape
    padded = np.zeros((-(-channels // 2) * 2, -(-inputs // 4) * 4), np.int32)
    padded[:channels, :inputs] = weights
    return padded[0::2], padded[1::2]


def _shape(layer: Layer) -> Pairs:
    weights, own = weights_of(layer.graph, layer.node), _differ(_scales(layer))
    suffix = suffix_of(scaling_of(parameters_of(layer)))
    return Pairs(weights.shape[1], _parted(weights), len(weights), suffix, int(own))


def _scales(layer: Layer) -> list[tuple[int, int, int]]:
    """Numbers of each channel's scale."""
    p = with_silent(layer.graph, layer.node)
    return [channel_scale(p, channel) for channel in range(len(p.multipliers))]


def _differ(scales: Sequence[tuple[int, ...]]) -> bool:
    """Tell whether channels have several scales, and so one each in the stream."""
    return len(set(scales)) > 1


def _constants(layer: Layer) -> Constants:
    p, scales = parameters_of(layer), _scales(layer)
    own, one = (scales, (0, 0, 0)) if _differ(scales) else ([()] * len(scales), scales[0])
    words = _stream(own, folded_bias(layer), words_of_pairs(*both_of_pairs(weights_of(layer.graph, layer.node))))
    scale = FieldView("scale", f"{{ {', '.join(map(str, one))} }}")
    clamp = number_fields({"minimum": p.minimum, "maximum": p.maximum})
    return Constants((array("uint32_t", "stream", "see dw_dsp_pairs.h", words),), (scale, *clamp))


def _parted(weights: Array) -> int:
    """Inputs after which sums are parted: all of them where no sum of a second channel reaches the limit."""
    inputs = weights.shape[1]
    reached = int(128 * np.abs(weights[1::2].astype(np.int64)).sum(axis=1).max(initial=0))
    return -(-inputs // 4) * 4 if reached < SUM_LIMIT else SAFE_INPUTS


def words_of_pairs(first: NDArray[np.int32], second: NDArray[np.int32]) -> NDArray[np.uint32]:
    """Words [O/2, I/4, 2]: of each pair and four inputs the lanes of inputs 0 and 2, then those of 1 and 3."""
    lanes = (first + 256 * second).astype(np.int16).reshape(len(first), -1, 2, 2).transpose(0, 1, 3, 2)
    return np.ascontiguousarray(lanes).view(np.uint32)[..., 0]


def _stream(scales: Sequence[tuple[int, ...]], bias: tuple[int, ...], words: NDArray[np.uint32]) -> Iterator[int]:
    """Numbers in the order in which blocks of two pairs read them."""
    for at in range(0, len(bias), BLOCK):
        channels = range(at, min(at + BLOCK, len(bias)))
        for c in channels[::2]:
            second = bias[c + 1] if c + 1 in channels else 0
            yield bias[c] % 2**32
            yield second % 2**32
        pairs = words[at // 2 : at // 2 + BLOCK // 2]
        yield from pairs.transpose(1, 0, 2).ravel().tolist()
        for c in channels:
            yield from (number % 2**32 for number in scales[c])


def _events(layer: Layer) -> Events:
    channels = layer.output.shape[-1]
    groups, pairs = patch_inputs(layer.graph, layer.node) // 4, -(-channels // 2)
    found: Events = {
        "group of 2 pairs": groups * (pairs // 2),
        "group of 1 pair": groups * (pairs % 2),
        "block of pairs": -(-pairs // 2),
        "channel of a pair" if _differ(_scales(layer)) else "channel at one scale": channels,
    }
    return with_calls(layer, CALL, found)


def _traffic(layer: Layer) -> FlashTraffic:
    """The stream once: two lanes for four inputs of a pair, biases, and scales where channels have their own."""
    channels, groups = layer.output.shape[-1], patch_inputs(layer.graph, layer.node) // 4
    words = -(-channels // 2) * (2 + 2 * groups) + 3 * channels * _differ(_scales(layer))
    return FlashTraffic(constants=(swept(4 * words, calls_of(layer.graph, layer.node)),))


FULLY_CONNECTED_PAIRS_DSP: Final = Kernel(
    name="fully_connected_pairs_dsp",
    operators=(FullyConnected,),
    refusal=_refusal,
    shape=_shape,
    data=LayerData(Struct("dw_pairs", template=None), _constants),
    headers=HEADERS,
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=_events,
    proves=None,
    traffic=_traffic,
)

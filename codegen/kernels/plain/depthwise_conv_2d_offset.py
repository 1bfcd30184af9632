"""DEPTHWISE_CONV_2D whose weights have a zero point, as uint8 models have them: they are int16.

A product of 32 bits takes them as fast as bytes, so that they take flash alone: a byte more each.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData, Struct
from depthwise.codegen.kernels.weighted import multiplier_refusal, weights_of, without_offset
from depthwise.codegen.operators import DepthwiseConv2D, Pads

from .constants import Stored, lined_constants, plain_constants
from .depthwise_conv_2d_taps import DEPTHWISE_CONV_2D_TAPS, HEADERS, LINES
from .lines import is_on_lines, unlined
from .pixels import Pixels, lined_pixels, pixels_of
from .scaling import sums_refusal

WIDE: Final = ("dw_plain_depthwise_wide.h", "dw_plain_depthwise_wide_thumb2.h")
TAP: Final = "dw_plain_words_tap_asm.h"
WORDS: Final = ("dw_plain_depthwise_words.h", "dw_plain_depthwise_words_asm.h", TAP)
WORDS_LINES: Final = ("dw_plain_depthwise_words_lines.h", "dw_plain_depthwise_words_lines_asm.h", TAP)


def _refusal(graph: Graph, node: Node) -> str | None:
    return without_offset(graph, node) or multiplier_refusal(node) or sums_refusal(graph, node)


def _wide(layer: Layer) -> Stored:
    """Weights [taps][channels]."""
    return _stored(layer, weights_of(layer.graph, layer.node).ravel().tolist(), "int16_t", "weights")


def _words(layer: Layer) -> Stored:
    """Words [channels / 2][taps] of the weights of two channels; a last one is its own neighbour."""
    taps = weights_of(layer.graph, layer.node)
    return _stored(layer, _pairs(taps.reshape(-1, taps.shape[3])), "int32_t", "words")


def _pairs(taps: Array) -> Iterator[int]:
    even = np.pad(taps.astype(np.int64), ((0, 0), (0, taps.shape[1] % 2)), mode="edge")
    words = (even[:, 0::2] & 0xFFFF) | (even[:, 1::2] << 16)
    yield from words.T.ravel().tolist()


def _stored(layer: Layer, weights: "Iterator[int] | list[int]", ctype: str, name: str) -> Stored:
    op = layer.node.op
    assert isinstance(op, DepthwiseConv2D)
    outside = layer.output.shape[3] if op.pads != Pads() else 0
    return Stored(weights=tuple(weights), outside=outside, inputs=None, ctype=ctype, name=name)


def _shape(layer: Layer, form: str) -> Pixels:
    made = pixels_of(layer)
    return replace(made, struct=f"dw_depthwise_{form}", suffix=f"_{form}{made.suffix}")


def _lined_shape(layer: Layer) -> Pixels:
    return replace(lined_pixels(layer), struct="dw_lined_words", suffix="_words_lines")


DEPTHWISE_CONV_2D_WIDE: Final = replace(
    DEPTHWISE_CONV_2D_TAPS,
    name="depthwise_conv_2d_wide",
    refusal=_refusal,
    shape=lambda layer: _shape(layer, "wide"),
    data=LayerData(Struct("dw_depthwise_wide", template=None), lambda layer: plain_constants(layer, _wide(layer))),
    headers=(*HEADERS, *WIDE),
)
# Weights of two channels in a word, for Armv6-M.
DEPTHWISE_CONV_2D_WORDS: Final = replace(
    DEPTHWISE_CONV_2D_TAPS,
    name="depthwise_conv_2d_words",
    refusal=_refusal,
    shape=lambda layer: _shape(layer, "words"),
    data=LayerData(Struct("dw_depthwise_words", template=None), lambda layer: plain_constants(layer, _words(layer))),
    headers=(*HEADERS, *WORDS),
)
DEPTHWISE_CONV_2D_WORDS_LINES: Final[Kernel] = replace(
    DEPTHWISE_CONV_2D_WORDS,
    name="depthwise_conv_2d_words_lines",
    refusal=lambda graph, node: _refusal(graph, node) or unlined(graph, node),
    shape=_lined_shape,
    data=LayerData(Struct("dw_lined_words", template=None), lambda layer: lined_constants(layer, _words(layer))),
    headers=(*LINES, *WORDS_LINES),
    proves=is_on_lines,
)

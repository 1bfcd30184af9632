"""AVERAGE_POOL_2D and MAX_POOL_2D of a window of rows, four channels at a time; the last four may overlap others."""

from collections.abc import Callable
from dataclasses import replace
from math import ceil, prod
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import CALL, with_calls
from depthwise.codegen.kernels.general.average_pool_2d import AVERAGE_POOL_2D
from depthwise.codegen.kernels.general.max_pool_2d import MAX_POOL_2D
from depthwise.codegen.kernels.general.pools import pool_window
from depthwise.codegen.kernels.kernel import Events, Kernel, Layer
from depthwise.codegen.operators import operator_of

LANE: Final = 255  # bytes whose sum is within int16
WORD: Final = 4


def _taps(graph: Graph, node: Node) -> int:
    window = operator_of(node.op).window
    assert window is not None
    return prod(window(graph, node).kernel)


def _events(name: str) -> Callable[[Layer], Events]:
    """Events of a pool: words of four channels, and each tap of theirs, by whether borders are looked for."""

    def events(layer: Layer) -> Events:
        pixels = layer.output.elements // layer.output.shape[3]
        words = pixels * ceil(layer.output.shape[3] / WORD)
        tap = f"{name} tap" if pool_window(layer).padded == 0 else f"{name} tap at a border"
        return with_calls(layer, CALL, {f"{name} word": words, tap: words * _taps(layer.graph, layer.node)})

    return events


def _by_words(kernel: Kernel, most_taps: int | None) -> Kernel:
    """A pool of at least four channels, and of at most so many values in a window."""

    def refusal(graph: Graph, node: Node) -> str | None:
        channels, taps = graph.output_of(node).shape[3], _taps(graph, node)
        if channels < WORD:
            return f"it has {channels} channels, {WORD} or more are supported"
        if most_taps is not None and taps > most_taps:
            return f"its windows have {taps} values, {most_taps} are supported"
        return kernel.refusal(graph, node)

    name = f"{kernel.name}_dsp"
    return replace(kernel, name=name, refusal=refusal, headers=("dw_asm.h", "dw_dsp.h"), events=_events(name))


AVERAGE_POOL_2D_DSP: Final = _by_words(AVERAGE_POOL_2D, LANE)
MAX_POOL_2D_DSP: Final = _by_words(MAX_POOL_2D, None)

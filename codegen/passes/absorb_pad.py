"""Takes PAD into the convolutions behind it."""

from dataclasses import replace

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D, Pad, Pads

from .rewire import exchanged, readers_of


def absorb_pad(graph: Graph) -> Graph:
    """Let convolutions pad for themselves where they alone read a PAD.

    PAD fills with the zero point, of which a convolution's padded taps are the same: they add nothing to a sum.
    Pools leave padding out of their count, so they keep their PAD.
    """
    for node in reversed(graph.nodes):
        if isinstance(node.op, Pad) and _can_go(graph, node):
            changed = {n.output: _padded(n, node) for n in readers_of(graph, node.output)}
            graph = exchanged(graph, changed, (node,))
    return graph


def _can_go(graph: Graph, pad: Node) -> bool:
    readers = readers_of(graph, pad.output)
    same = graph.inputs_of(pad)[0].quantization == graph.output_of(pad).quantization
    windows = all(isinstance(n.op, Conv2D | DepthwiseConv2D) for n in readers)
    return bool(readers) and same and windows and _pads(pad) is not None and pad.output not in graph.lasting


def _pads(pad: Node) -> Pads | None:
    assert isinstance(pad.op, Pad)
    return pad.op.image_pads


def _padded(node: Node, pad: Node) -> Node:
    assert isinstance(node.op, Conv2D | DepthwiseConv2D)
    own, more = node.op.pads, _pads(pad)
    assert more is not None
    total = Pads(own.top + more.top, own.bottom + more.bottom, own.left + more.left, own.right + more.right)
    return replace(node, op=replace(node.op, pads=total), inputs=(pad.inputs[0], *node.inputs[1:]))

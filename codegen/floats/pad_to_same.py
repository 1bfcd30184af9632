"""Takes PAD into the convolution behind it where the two together are what SAME means."""

from dataclasses import replace

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.graph.windows import same_pads
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D, Pad, Pads
from depthwise.codegen.passes.rewire import exchanged, readers_of


def pad_to_same(graph: Graph) -> Graph:
    """PAD and VALID become SAME, exactly: the same zeros around the same pixels.

    Keras pads (0, 1) before a strided convolution, which is SAME for an even image. Other paddings stay, since a
    `.tflite` file knows only SAME and VALID. Pools leave padding out of their mean, so they keep their PAD.
    """
    for node in graph.nodes:
        readers = readers_of(graph, node.output)
        if not isinstance(node.op, Pad) or node.output in graph.outputs or not readers:
            continue
        if all(_is_same(graph, reader, node) for reader in readers):
            changed = {r.output: _padded(r, node, _pads(node)) for r in readers}
            return pad_to_same(exchanged(graph, changed, (node,)))
    return graph


def _is_same(graph: Graph, node: Node, pad: Node) -> bool:
    assert isinstance(pad.op, Pad)
    if pad.op.image_pads is None or not isinstance(node.op, Conv2D | DepthwiseConv2D) or node.op.pads != Pads():
        return False
    _, height, width, _ = graph.inputs_of(pad)[0].shape
    kernel = graph.inputs_of(node)[1].shape[1:3]
    return pad.op.image_pads == same_pads((height, width), (kernel[0], kernel[1]), node.op.stride, node.op.dilation)


def _pads(pad: Node) -> Pads:
    assert isinstance(pad.op, Pad)
    assert pad.op.image_pads is not None
    return pad.op.image_pads


def _padded(node: Node, pad: Node, pads: Pads) -> Node:
    assert isinstance(node.op, Conv2D | DepthwiseConv2D)
    return replace(node, op=replace(node.op, pads=pads), inputs=(pad.inputs[0], *node.inputs[1:]))

"""Convolutions between SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND, as converters write dilation where the batch is open.

Such files give the tensors in between a batch of 1, which is wrong: tflite-micro, which believes them, computes
something else, LiteRT finds their real shapes. Both compute the same from the dilated convolution that is meant.
"""

from dataclasses import replace
from typing import Final

from depthwise.codegen.graph import Graph, Node, Pads
from depthwise.codegen.operators import (
    BatchToSpaceNd,
    Conv2D,
    DepthwiseConv2D,
    ExpandDims,
    Reshape,
    SpaceToBatchNd,
    Squeeze,
)

Convolution = Conv2D | DepthwiseConv2D
ONE: Final = (1, 1)


def with_dilations(graph: Graph) -> Graph:
    """The graph with dilated convolutions in place of three layers each, or of five where an axis comes and goes."""
    for node in graph.nodes:
        if isinstance(node.op, SpaceToBatchNd):
            folded = _folded(graph, node)
            if folded is not None:
                return with_dilations(folded)
    return graph


def _folded(graph: Graph, first: Node) -> Graph | None:
    chain = _chain(graph, first)
    if chain is None:
        return None
    conv, last = next(n for n in chain if isinstance(n.op, Convolution)), chain[-1]
    op = _dilated(graph, conv, first, last)
    if op is None:
        return None
    inside = [replace(n, op=op) if n is conv else n for n in chain[1:-1]]
    inside[0] = replace(inside[0], inputs=(first.inputs[0], *inside[0].inputs[1:]))
    inside[-1] = replace(inside[-1], output=last.output)
    made = {old.output: new for old, new in zip(chain[1:-1], inside, strict=True)}
    kept = tuple(made.get(n.output, n) for n in graph.nodes if n is not first and n is not last)
    tensors = list(graph.tensors)
    if len(inside) == 3:
        for node, source in ((inside[0], first.inputs[0]), (inside[1], last.output)):
            batch, length, depth = graph.tensors[source].shape
            wide = _wide(graph.tensors[node.output].shape, (batch, length, depth))
            tensors[node.output] = replace(graph.tensors[node.output], shape=wide)
    return replace(graph, tensors=tuple(tensors), nodes=kept)


def _wide(shape: tuple[int, ...], narrow: tuple[int, int, int]) -> tuple[int, ...]:
    """Shape [N,H,W,C] of a vector [N,L,C] that lies along H or W, whichever is longer than 1 or was."""
    batch, length, depth = narrow
    return (batch, length, 1, depth) if shape[2] == 1 and shape[1] > 1 else (batch, 1, length, depth)


def _chain(graph: Graph, first: Node) -> list[Node] | None:
    """The layers from SPACE_TO_BATCH_ND to BATCH_TO_SPACE_ND of one block, each read by the next alone."""
    chain = [first]
    while len(chain) < 5:
        readers = [n for n in graph.nodes if chain[-1].output in n.inputs]
        if len(readers) != 1 or chain[-1].output in graph.outputs or readers[0].inputs[0] != chain[-1].output:
            return None
        chain.append(readers[0])
        if isinstance(readers[0].op, BatchToSpaceNd):
            break
    inside = [n.op for n in chain[1:-1]]
    turned = (
        len(inside) == 3 and isinstance(inside[0], ExpandDims | Reshape) and isinstance(inside[2], Squeeze | Reshape)
    )
    known = (len(inside) == 1 or turned) and isinstance(inside[len(inside) // 2], Convolution)
    return chain if known and isinstance(chain[-1].op, BatchToSpaceNd) else None


def _dilated(graph: Graph, conv: Node, first: Node, last: Node) -> Convolution | None:
    """The convolution that is meant, None if this is none."""
    op, to, back = conv.op, first.op, last.op
    assert isinstance(op, Convolution)
    assert isinstance(to, SpaceToBatchNd)
    assert isinstance(back, BatchToSpaceNd)
    if to.block != back.block or (op.stride, op.dilation, op.pads) != (ONE, ONE, Pads()):
        return None
    kernel = graph.inputs_of(conv)[1].shape[1:3]
    sizes, made = graph.tensors[first.inputs[0]].shape[1:-1], graph.tensors[last.output].shape[1:-1]
    axes = [0, 1] if len(sizes) == 2 else [0 if kernel[0] > 1 else 1]
    dilation, pads = [1, 1], [(0, 0), (0, 0)]
    for axis, block, padded, cropped, size, left in zip(
        axes, to.block, to.borders, back.borders, sizes, made, strict=True
    ):
        before = padded[0] - cropped[0]
        behind = left - 1 + (kernel[axis] - 1) * block + 1 - size - before
        if min(before, behind) < 0:
            return None
        dilation[axis], pads[axis] = block, (before, behind)
    return replace(op, dilation=(dilation[0], dilation[1]), pads=Pads(*pads[0], *pads[1]))

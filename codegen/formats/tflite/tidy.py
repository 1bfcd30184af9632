"""What converters leave in a file that says nothing: conversions of constants, and shapes squeezed and not restored."""

from dataclasses import replace
from typing import Final

import numpy as np

from depthwise.codegen.graph import DType, Graph, Node, Quantization, Tensor
from depthwise.codegen.operators import Add, Dequantize, Reshape, TransposeConv

from .dilations import with_dilations
from .raw_moves import with_new_quantizations

WITHOUT_BIAS: Final = 3


def tidied(graph: Graph) -> Graph:
    """The graph without conversions of float16 weights, with ADDs of one shape and dilated convolutions as such.

    A TRANSPOSE_CONV has biases. Tensors keep their index and nodes their layer.
    """
    return with_new_quantizations(with_dilations(_with_biases(_without_squeezes(_without_conversions(graph)))))


def _with_biases(graph: Graph) -> Graph:
    """A TRANSPOSE_CONV (shape, weights, image) has biases of zero, and its operands in the order of other layers."""
    tensors, nodes = list(graph.tensors), []
    for node in graph.nodes:
        if not isinstance(node.op, TransposeConv) or len(node.inputs) != WITHOUT_BIAS:
            nodes.append(node)
            continue
        shape, weights, image = node.inputs
        bias = _zeros(len(tensors), graph.tensors[weights], graph.tensors[image])
        tensors.append(bias)
        nodes.append(replace(node, inputs=(image, weights, bias.index, shape)))
    return replace(graph, tensors=tuple(tensors), nodes=tuple(nodes))


def _zeros(index: int, weights: Tensor, image: Tensor) -> Tensor:
    dtype = DType.FLOAT32 if weights.dtype is DType.FLOAT32 else DType.INT32
    data = np.zeros(weights.shape[:1], dtype.value)
    data.setflags(write=False)
    one, many = image.quantization, weights.quantization
    if one is None or many is None or len(one.scales) != 1:
        return Tensor(index, f"{weights.name}/bias", data.shape, dtype, None, data=data)
    scales = tuple(float(np.float32(one.scale) * np.float32(scale)) for scale in many.scales)
    quantization = Quantization(scales, (0,) * len(scales))
    return Tensor(index, f"{weights.name}/bias", data.shape, dtype, quantization, data=data)


def _without_conversions(graph: Graph) -> Graph:
    """DEQUANTIZE of a float16 constant, which the reader has widened already, becomes the constant itself."""
    gone = {n.output: n for n in graph.nodes if isinstance(n.op, Dequantize) and _is_widened(graph, n)}
    if not gone:
        return graph

    def known(tensor: Tensor) -> Tensor:
        node = gone.get(tensor.index)
        return tensor if node is None else replace(tensor, data=graph.tensors[node.inputs[0]].data)

    nodes = tuple(n for n in graph.nodes if n.output not in gone)
    note = f"{len(gone)} constants are float16: read as float32"
    return replace(graph, tensors=tuple(known(t) for t in graph.tensors), nodes=nodes, notes=(*graph.notes, note))


def _is_widened(graph: Graph, node: Node) -> bool:
    source, out = graph.inputs_of(node)[0], graph.output_of(node)
    same = source.shape == out.shape and source.dtype is out.dtype is DType.FLOAT32
    return same and source.data is not None and source.data.dtype == np.float32 and node.output not in graph.lasting


def _without_squeezes(graph: Graph) -> Graph:
    """An ADD that reads [1, 1, 1, C] and the RESHAPE of another to [C] reads that other itself."""
    writers = {n.output: n for n in graph.nodes}
    nodes = tuple(_unsqueezed(graph, node, writers) if isinstance(node.op, Add) else node for node in graph.nodes)
    read = {i for n in nodes for i in n.inputs} | graph.lasting
    dropped = {i for n in graph.nodes for i in n.inputs} - read
    return replace(graph, nodes=tuple(n for n in nodes if n.output not in dropped))


def _unsqueezed(graph: Graph, node: Node, writers: dict[int, Node]) -> Node:
    shape = graph.output_of(node).shape
    reads = []
    for index in node.inputs:
        writer = writers.get(index)
        squeezed = writer is not None and isinstance(writer.op, Reshape) and graph.tensors[index].shape != shape
        if writer is not None and squeezed and graph.tensors[writer.inputs[0]].shape == shape:
            reads.append(writer.inputs[0])
        else:
            reads.append(index)
    return replace(node, inputs=tuple(reads))

"""From a float graph and the span of each tensor to an int8 graph of the TensorFlow Lite specification."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import Array, DType, Graph, Node, Quantization, Tensor
from depthwise.codegen.operators import Dequantize, Quantize, Reshape, has_weights, operator_of, weights_of
from depthwise.codegen.operators.parts.quantization import OutputScale, quantization_of

from .observers import LEVELS, ValueRange
from .weight_scales import quantized

LEAST_SPAN: Final = 1e-20  # less is always 0, whatever its last bits say


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """An int8 graph, and the tensor in it of each tensor of the float graph. Nodes are in the same order.

    `input_range` is what its inputs were said to span, if that was said.
    """

    graph: Graph
    tensors: Mapping[int, int]
    input_range: tuple[float, float] | None = None


def quantization_for(span: ValueRange) -> Quantization:
    """Scale and zero point that hold a span, zero exactly (`QuantizationParams` of TensorFlow Lite)."""
    low, high = min(span.low, 0.0), max(span.high, 0.0)
    if high - low < LEAST_SPAN:
        return Quantization((1.0,), (-128,))
    scale = float(np.float32((high - low) / LEVELS))
    return Quantization((scale,), (int(np.clip(np.rint(-128 - low / scale), -128, 127)),))


def levels(values: Array, quantization: Quantization) -> Array:
    """A constant in int8: the nearest level, or the end of the range."""
    steps = np.rint(values.astype(np.float64) / quantization.scale) + quantization.zero_point
    return np.asarray(np.clip(steps, -128, 127).astype(np.int8))


def build(graph: Graph, spans: Mapping[int, ValueRange]) -> Built:
    """Quantize every tensor. Raises UnsupportedError naming a layer that has no int8 form."""
    made = _Maker(graph, spans)
    for index in graph.inputs:
        made.activation(index, quantization_for(spans[index]))
    for node in graph.nodes:
        made.node(node)
    inputs, outputs = (tuple(made.of[i] for i in end) for end in (graph.inputs, graph.outputs))
    built = Graph(graph.name, tuple(made.tensors), tuple(made.nodes), inputs=inputs, outputs=outputs)
    return Built(built, made.of)


class _Maker:
    """The int8 graph while it grows; `of` gives its tensor for each tensor of the float graph."""

    def __init__(self, graph: Graph, spans: Mapping[int, ValueRange]) -> None:
        self.graph = graph
        self.spans = spans
        self.tensors: list[Tensor] = []
        self.nodes: list[Node] = []
        self.of: dict[int, int] = {}
        self._last_layer = -1

    def activation(self, index: int, quantization: Quantization) -> int:
        """An int8 tensor that is computed."""
        like = self.graph.tensors[index]
        self.of[index] = len(self.tensors)
        self.tensors.append(Tensor(len(self.tensors), like.name, like.shape, DType.INT8, quantization))
        return self.of[index]

    def constant(self, name: str, data: Array, quantization: Quantization | None = None) -> int:
        """A constant."""
        data.setflags(write=False)
        dtype = DType(data.dtype.name)
        self.tensors.append(Tensor(len(self.tensors), name, data.shape, dtype, quantization, data=data))
        return len(self.tensors) - 1

    def node(self, node: Node) -> None:
        """Quantize one layer."""
        first = next((i for i in node.inputs if i in self.of), None)
        if first is None:
            raise UnsupportedError(f"{node} works on a constant", "save the model with its result as a constant")
        source = quantization_of(self.tensors[self.of[first]])
        out = self._output_quantization(node, source)
        reads = self._weights(node, source, out) if has_weights(node.op) else self._operands(node, source)
        output = self.activation(node.output, out)
        same_layer = bool(self.nodes) and node.layer == self._last_layer
        layer = self.nodes[-1].layer + (0 if same_layer else 1) if self.nodes else 0
        self.nodes.append(Node(layer, node.op, reads, output))
        self._last_layer = node.layer

    def _output_quantization(self, node: Node, source: Quantization) -> Quantization:
        if isinstance(node.op, Quantize):
            return quantization_for(self.spans[node.output])
        match operator_of(node.op).output_quantization:
            case Quantization() as known:
                return known
            case OutputScale.KEPT:
                return source
            case OutputScale.CALIBRATED | OutputScale.JOINED:
                return quantization_for(self.spans[node.output])
            case OutputScale.NONE:
                raise UnsupportedError(f"{node} has no int8 form here", "leave it to the program that reads the scores")

    def _operands(self, node: Node, source: Quantization) -> tuple[int, ...]:
        """What a layer without weights reads; a constant of an operator that keeps or joins scales has its input's."""
        reads, kept = [], operator_of(node.op).output_quantization in (OutputScale.KEPT, OutputScale.JOINED)
        for index in node.inputs:
            tensor = self.graph.tensors[index]
            if tensor.data is None:
                reads.append(self.of[index])
            elif tensor.dtype is DType.FLOAT32:
                chosen = (
                    source if kept else quantization_for(ValueRange(float(tensor.data.min()), float(tensor.data.max())))
                )
                reads.append(self.constant(tensor.name, levels(tensor.data, chosen), chosen))
            else:
                reads.append(self.constant(tensor.name, tensor.data.copy()))
        if isinstance(node.op, Reshape) and len(reads) == 1:
            shape = np.array(self.graph.output_of(node).shape, np.int32)
            reads.append(self.constant(f"{self.graph.output_of(node).name}/shape", shape))
        return tuple(reads)

    def _weights(self, node: Node, source: Quantization, out: Quantization) -> tuple[int, ...]:
        weights, *bias = (self.graph.tensors[i] for i in node.inputs[1:3])
        assert weights.data is not None
        channels = self.graph.output_of(node).shape[-1]
        given = bias[0].data if bias else None
        offsets = np.zeros(channels) if given is None else given.astype(np.float64)
        axis = weights_of(node.op).filter_axis
        made = quantized(weights.data.astype(np.float64), offsets, axis, source.scale, out.scale)
        zeros = (0,) * channels
        kernel = self.constant(weights.name, made.weights, Quantization(made.scales, zeros, axis))
        name = bias[0].name if bias else f"{weights.name}/bias"
        added = self.constant(name, made.bias, Quantization(made.bias_scales, zeros))
        others = (self.graph.tensors[i] for i in node.inputs[3:])
        copies = [self.constant(t.name, t.data.copy()) for t in others if t.data is not None]
        return self.of[node.inputs[0]], kernel, added, *copies


def with_ends(graph: Graph, dtype: DType) -> Graph:
    """The int8 graph with inputs and outputs of another type: QUANTIZE before, DEQUANTIZE (uint8: QUANTIZE) behind."""
    if dtype is DType.INT8:
        return graph
    tensors = list(graph.tensors)
    first: list[Node] = []
    last: list[Node] = []
    ends: list[tuple[int, ...]] = []
    for indices, nodes in ((graph.inputs, first), (graph.outputs, last)):
        outer = []
        for index in indices:
            inner = tensors[index]
            q = quantization_of(inner)
            outside = None if dtype is DType.FLOAT32 else Quantization(q.scales, (q.zero_point + 128,))
            tensors.append(Tensor(len(tensors), f"{inner.name}/{dtype.value}", inner.shape, dtype, outside))
            outer.append(len(tensors) - 1)
            reads, writes = (outer[-1], index) if nodes is first else (index, outer[-1])
            op = Dequantize() if nodes is last and dtype is DType.FLOAT32 else Quantize()
            nodes.append(Node(0, op, (reads,), writes))
        ends.append(tuple(outer))
    ordered = tuple(replace(n, layer=i) for i, n in enumerate([*first, *graph.nodes, *last]))
    return Graph(graph.name, tuple(tensors), ordered, inputs=ends[0], outputs=ends[1], notes=graph.notes)

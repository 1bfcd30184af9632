"""Puts a float network together layer by layer, as front ends do."""

from typing import Final

import numpy as np

from depthwise.codegen.graph import Array, DType, Graph, Node, State, Tensor
from depthwise.codegen.graph.windows import ONE, Pair, positions
from depthwise.codegen.operators import (
    Activation,
    Add,
    Concatenation,
    Conv2D,
    DepthwiseConv2D,
    FullyConnected,
    Mean,
    Mul,
    Operation,
    Pad,
    Pads,
    Reshape,
    Slice,
    Transpose,
)
from depthwise.codegen.operators.parts.pools import Pool
from depthwise.codegen.operators.validate import validate

NONE: Final = Activation.NONE


class FloatBuilder:
    """Adds one layer after the other; every method returns the index of the tensor it writes.

    Weights are as TensorFlow Lite has them: [O,KH,KW,I], depthwise [1,KH,KW,I·m], matrices [O,I]. Tensors are named
    after the layer that writes them.
    """

    def __init__(self) -> None:
        self.tensors: list[Tensor] = []
        self.nodes: list[Node] = []
        self.inputs: list[int] = []
        self.states: list[State] = []

    def finish(self, name: str, *outputs: int, notes: tuple[str, ...] = ()) -> Graph:
        """The network so far, validated; its outputs are the last layer's if none are named."""
        ends = outputs or (self.nodes[-1].output,)
        made = tuple(self.tensors), tuple(self.nodes)
        graph = Graph(name, *made, inputs=tuple(self.inputs), outputs=ends, states=tuple(self.states), notes=notes)
        validate(graph)
        return graph

    def shape(self, index: int) -> tuple[int, ...]:
        """Shape of a tensor."""
        return self.tensors[index].shape

    def input(self, name: str, *shape: int) -> int:
        """An input of the network, the batch of 1 in front."""
        self.inputs.append(self._tensor(name, shape))
        return self.inputs[-1]

    def constant(self, name: str, values: Array) -> int:
        """A constant: int32 if it holds integers, else float32."""
        dtype = DType.INT32 if np.issubdtype(values.dtype, np.integer) else DType.FLOAT32
        data = values.astype(dtype.value, copy=False).view()
        data.setflags(write=False)
        self.tensors.append(Tensor(len(self.tensors), name, data.shape, dtype, None, data=data))
        return len(self.tensors) - 1

    def _tensor(self, name: str, shape: tuple[int, ...]) -> int:
        self.tensors.append(Tensor(len(self.tensors), name, shape, DType.FLOAT32))
        return len(self.tensors) - 1

    def node(self, name: str, op: Operation, inputs: tuple[int, ...], shape: tuple[int, ...]) -> int:
        """Apply an operation that writes a tensor of a given shape."""
        output = self._tensor(name, shape)
        self.nodes.append(Node(len(self.nodes), op, inputs, output))
        return output

    def _constants(self, name: str, weights: Array, bias: Array | None) -> tuple[int, ...]:
        kernel = self.constant(f"{name}/weights", weights)
        return (kernel,) if bias is None else (kernel, self.constant(f"{name}/bias", bias))

    def _swept(self, x: int, pads: Pads, kernel: Pair, stride: Pair, dilation: Pair, channels: int) -> tuple[int, ...]:
        _, height, width, _ = self.shape(x)
        return 1, *positions((height, width), pads, kernel, stride, dilation), channels

    def slice(self, name: str, x: int, op: Slice, shape: tuple[int, ...]) -> int:
        """SLICE."""
        named = (("begin", op.begin), ("size", op.size))
        constants = (self.constant(f"{name}/{key}", np.array(values, np.int32)) for key, values in named)
        return self.node(name, op, (x, *constants), shape)

    def remembered(self, name: str, x: int, rows: int) -> int:
        """The rows of the last runs, zeros ahead of the first, with those of this one behind them."""
        _, height, width, channels = self.shape(x)
        before = self._tensor(f"{name}/before", (1, rows, width, channels))
        known = self.node(f"{name}/known", Concatenation(1), (before, x), (1, rows + height, width, channels))
        shape = (1, rows, width, channels)
        after = self.slice(f"{name}/after", known, Slice((0, height, 0, 0), shape), shape)
        initial = np.zeros(shape, np.float32)
        initial.setflags(write=False)
        self.states.append(State(before, after, initial))
        return known

    def conv(
        self,
        name: str,
        x: int,
        weights: Array,
        bias: Array | None = None,
        *,
        stride: Pair = ONE,
        pads: Pads | None = None,
        dilation: Pair = ONE,
        activation: Activation = NONE,
    ) -> int:
        """CONV_2D."""
        op = Conv2D(stride, pads or Pads(), dilation, activation)
        channels, kernel = weights.shape[0], (weights.shape[1], weights.shape[2])
        shape = self._swept(x, op.pads, kernel, stride, dilation, channels)
        return self.node(name, op, (x, *self._constants(name, weights, bias)), shape)

    def depthwise(
        self,
        name: str,
        x: int,
        weights: Array,
        bias: Array | None = None,
        *,
        stride: Pair = ONE,
        pads: Pads | None = None,
        dilation: Pair = ONE,
        activation: Activation = NONE,
    ) -> int:
        """DEPTHWISE_CONV_2D."""
        channels, kernel = weights.shape[3], (weights.shape[1], weights.shape[2])
        multiplier = channels // self.shape(x)[3]
        op = DepthwiseConv2D(stride, pads or Pads(), dilation, multiplier, activation)
        shape = self._swept(x, op.pads, kernel, stride, dilation, channels)
        return self.node(name, op, (x, *self._constants(name, weights, bias)), shape)

    def dense(
        self, name: str, x: int, weights: Array, bias: Array | None = None, *, activation: Activation = NONE
    ) -> int:
        """FULLY_CONNECTED."""
        reads = x, *self._constants(name, weights, bias)
        return self.node(name, FullyConnected(activation), reads, (1, weights.shape[0]))

    def scale(self, name: str, x: int, factors: Array, offsets: Array) -> int:
        """MUL and ADD by constants [C], as a normalization is."""
        scaled = self.node(f"{name}/scaled", Mul(NONE), (x, self.constant(f"{name}/factors", factors)), self.shape(x))
        return self.node(name, Add(NONE), (scaled, self.constant(f"{name}/offsets", offsets)), self.shape(x))

    def pool(self, name: str, x: int, op: Pool) -> int:
        """AVERAGE_POOL_2D or MAX_POOL_2D."""
        return self.node(name, op, (x,), self._swept(x, op.pads, op.kernel, op.stride, ONE, self.shape(x)[3]))

    def mean(self, name: str, x: int, *, keep: bool = False) -> int:
        """MEAN over height and width."""
        axes, channels = self.constant(f"{name}/axes", np.array([1, 2], np.int32)), self.shape(x)[3]
        return self.node(name, Mean(), (x, axes), (1, 1, 1, channels) if keep else (1, channels))

    def add(self, name: str, x: int, y: int) -> int:
        """ADD of two activations."""
        return self.node(name, Add(NONE), (x, y), self.shape(x))

    def pad(self, name: str, x: int, pads: Pads) -> int:
        """PAD with zeros."""
        _, height, width, channels = self.shape(x)
        amounts = np.array([[0, 0], [pads.top, pads.bottom], [pads.left, pads.right], [0, 0]], np.int32)
        shape = (1, height + pads.top + pads.bottom, width + pads.left + pads.right, channels)
        return self.node(name, Pad(pads.border), (x, self.constant(f"{name}/paddings", amounts)), shape)

    def reshape(self, name: str, x: int, *shape: int) -> int:
        """RESHAPE."""
        return self.node(name, Reshape(), (x, self.constant(f"{name}/shape", np.array(shape, np.int32))), shape)

    def transpose(self, name: str, x: int, *permutation: int) -> int:
        """TRANSPOSE."""
        axes = self.constant(f"{name}/permutation", np.array(permutation, np.int32))
        shape = tuple(self.shape(x)[axis] for axis in permutation)
        return self.node(name, Transpose(permutation), (x, axes), shape)

    def unary(self, name: str, x: int, op: Operation) -> int:
        """An operation that reads one tensor and writes one of its shape: RELU, RELU6, SOFTMAX."""
        return self.node(name, op, (x,), self.shape(x))

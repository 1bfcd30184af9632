"""Builds small valid int8 networks layer by layer.

Weights and scales are random but reproducible. Output scales are chosen from the expected spread of the sums,
so most outputs fill the int8 range, and now and then they saturate.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array, DType, Graph, Node, Quantization, State, Tensor
from depthwise.codegen.operators import (
    Activation,
    Add,
    AveragePool2D,
    Conv2D,
    DepthwiseConv2D,
    FullyConnected,
    MaxPool2D,
    Mean,
    Operation,
    Pack,
    Pad,
    Pads,
    Quantize,
    Relu,
    Relu6,
    Reshape,
    Shape,
    Softmax,
    StridedSlice,
    Transpose,
    TransposeConv,
)
from depthwise.codegen.operators.validate import validate

Pair = tuple[int, int]
ONE: Final = (1, 1)
SPREAD: Final = 60.0  # what an int8 activation differs from its zero point, root mean square, about
# tflite-micro refuses an activation whose ends are no int32 in steps of the output: 6 is 1.6e9 of these.
LEAST_SCALE: Final = 2.0**-28
SOFTMAX_OUTPUT: Final = Quantization((1 / 256,), (-128,))


def same_pads(size: Pair, kernel: Pair, stride: Pair, dilation: Pair = ONE) -> Pads:
    """Padding SAME as TensorFlow resolves it."""
    totals = [
        max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0)
        for n, k, s, d in zip(size, kernel, stride, dilation, strict=True)
    ]
    top, left = totals[0] // 2, totals[1] // 2
    return Pads(top, totals[0] - top, left, totals[1] - left)


class Builder:
    """Adds one layer after the other; every method returns the index of the tensor it writes."""

    def __init__(self, seed: int = 0) -> None:
        self.rng = np.random.default_rng(seed)
        self.tensors: list[Tensor] = []
        self.nodes: list[Node] = []
        self.inputs: list[int] = []
        self.states: list[State] = []

    def finish(self, name: str, *outputs: int) -> Graph:
        """The network so far, validated."""
        ends = outputs or (self.nodes[-1].output,)
        graph = Graph(
            name,
            tuple(self.tensors),
            tuple(self.nodes),
            inputs=tuple(self.inputs),
            outputs=ends,
            states=tuple(self.states),
        )
        validate(graph)
        return graph

    @property
    def layer(self) -> int:
        """Number of the next layer."""
        return self.nodes[-1].layer + 1 if self.nodes else 0

    def tensor(self, shape: tuple[int, ...], quantization: Quantization | None, dtype: DType = DType.INT8) -> int:
        """A tensor that is computed."""
        index = len(self.tensors)
        self.tensors.append(Tensor(index, f"tensor_{index}", shape, dtype, quantization))
        return index

    def constant(self, value: Array, quantization: Quantization | None = None) -> int:
        """A constant tensor."""
        index, data = len(self.tensors), np.array(value)
        data.setflags(write=False)
        dtype = DType(data.dtype.name)
        self.tensors.append(Tensor(index, f"constant_{index}", data.shape, dtype, quantization, data=data))
        return index

    def node(self, op: Operation, inputs: tuple[int, ...], output: int) -> int:
        """Apply an operation."""
        self.nodes.append(Node(self.layer, op, inputs, output))
        return output

    def part(self, layer: int, op: Operation, inputs: tuple[int, ...], output: int) -> int:
        """Apply an operation as a node of a layer that has several."""
        self.nodes.append(Node(layer, op, inputs, output))
        return output

    def scale(self, low: float, high: float) -> float:
        """Random float32 scale, evenly spread over its logarithm."""
        return float(np.float32(np.exp(self.rng.uniform(np.log(low), np.log(high)))))

    def activation(self, scale: float | None = None) -> Quantization:
        """Random per-tensor quantization."""
        chosen = self.scale(0.005, 0.2) if scale is None else float(np.float32(scale))
        return Quantization((chosen,), (int(self.rng.integers(-128, 128)),))

    def shape(self, index: int) -> tuple[int, ...]:
        """Shape of a tensor."""
        return self.tensors[index].shape

    def size(self, index: int) -> Pair:
        """Height and width of a tensor."""
        _, height, width, _ = self.shape(index)
        return height, width

    def quantization(self, index: int) -> Quantization:
        """Quantization of a tensor."""
        quantization = self.tensors[index].quantization
        assert quantization is not None
        return quantization

    def input(self, *shape: int) -> int:
        """An int8 input of the network."""
        index = self.tensor(shape, self.activation())
        self.inputs.append(index)
        return index

    def weights(self, shape: tuple[int, ...], axis: int, per_channel: bool, dead: bool = False) -> int:
        """Random weights; `dead` ones are zero for about half of the channels."""
        values = self.rng.integers(-127, 128, shape).astype(np.int8)
        channels = shape[axis]
        if dead:
            alive = self.rng.integers(0, 2, channels).reshape([-1 if i == axis else 1 for i in range(len(shape))])
            values *= alive.astype(np.int8)
        count = channels if per_channel else 1
        middle = self.scale(0.001, 0.01)
        scales = tuple(float(np.float32(middle * self.rng.uniform(0.5, 2))) for _ in range(count))
        return self.constant(values, Quantization(scales, (0,) * count, axis if per_channel else 0))

    def bias(self, x: int, weights: int, channels: int, spread: float) -> int:
        """Random int32 biases of about the spread of the sums."""
        scales = np.float32(self.quantization(x).scale) * np.array(self.quantization(weights).scales, np.float32)
        values = self.rng.normal(0, spread, channels).astype(np.int32)
        chosen = Quantization(tuple(float(s) for s in scales), (0,) * len(scales))
        return self.constant(values, chosen)

    def weighted(
        self,
        op: Operation,
        x: int,
        weights: int,
        shape: tuple[int, ...],
        taps: int,
        *,
        bias: bool,
        wide: float,
    ) -> int:
        """Layer of multiply-accumulates; its output scale fits sums of `taps` products, divided by `wide`."""
        spread = SPREAD * 73 * float(np.sqrt(taps))
        middle = self.quantization(x).scale * float(np.median(self.quantization(weights).scales))
        biases = (self.bias(x, weights, shape[-1], spread),) if bias else ()
        output = self.tensor(shape, self.activation(max(middle * spread / SPREAD / wide, LEAST_SCALE)))
        return self.node(op, (x, weights, *biases), output)

    def conv(
        self,
        x: int,
        channels: int = 8,
        kernel: Pair = (3, 3),
        stride: Pair = ONE,
        *,
        same: bool = True,
        dilation: Pair = ONE,
        activation: Activation = Activation.RELU6,
        per_channel: bool = True,
        bias: bool = True,
        dead: bool = False,
        wide: float = 1.0,
        groups: int = 1,
    ) -> int:
        """CONV_2D."""
        depth = self.shape(x)[3] // groups
        weights = self.weights((channels, *kernel, depth), 0, per_channel, dead)
        pads = same_pads(self.size(x), kernel, stride, dilation) if same else Pads()
        shape = (1, *self.swept(x, pads, kernel, stride, dilation), channels)
        op = Conv2D(stride, pads, dilation, activation)
        return self.weighted(op, x, weights, shape, kernel[0] * kernel[1] * depth, bias=bias, wide=wide)

    def depthwise(
        self,
        x: int,
        kernel: Pair = (3, 3),
        stride: Pair = ONE,
        *,
        multiplier: int = 1,
        same: bool = True,
        dilation: Pair = ONE,
        activation: Activation = Activation.RELU6,
        per_channel: bool = True,
        bias: bool = True,
        dead: bool = False,
        wide: float = 1.0,
    ) -> int:
        """DEPTHWISE_CONV_2D."""
        channels = self.shape(x)[3] * multiplier
        weights = self.weights((1, *kernel, channels), 3, per_channel, dead)
        pads = same_pads(self.size(x), kernel, stride, dilation) if same else Pads()
        shape = (1, *self.swept(x, pads, kernel, stride, dilation), channels)
        op = DepthwiseConv2D(stride, pads, dilation, multiplier, activation)
        return self.weighted(op, x, weights, shape, kernel[0] * kernel[1], bias=bias, wide=wide)

    def dense(
        self,
        x: int,
        outputs: int = 5,
        *,
        activation: Activation = Activation.NONE,
        per_channel: bool = False,
        bias: bool = True,
        wide: float = 1.0,
    ) -> int:
        """FULLY_CONNECTED."""
        taps = self.tensors[x].elements
        weights = self.weights((outputs, taps), 0, per_channel)
        op = FullyConnected(activation)
        return self.weighted(op, x, weights, (1, outputs), taps, bias=bias, wide=wide)

    def dense_of_vectors(self, x: int, outputs: int = 5, *, per_channel: bool = False, bias: bool = True) -> int:
        """FULLY_CONNECTED of each vector along the last axis."""
        *before, taps = self.shape(x)
        weights = self.weights((outputs, taps), 0, per_channel)
        op = FullyConnected(Activation.NONE)
        return self.weighted(op, x, weights, (*before, outputs), taps, bias=bias, wide=1.0)

    def transpose_conv(
        self,
        x: int,
        channels: int = 4,
        kernel: Pair = (3, 3),
        stride: Pair = (2, 2),
        *,
        same: bool = True,
        more: Pair = (0, 0),
        activation: Activation = Activation.NONE,
        per_channel: bool = True,
        wide: float = 1.0,
    ) -> int:
        """TRANSPOSE_CONV; VALID, the output may have `more` rows and columns."""
        (height, width), depth = self.size(x), self.shape(x)[3]
        weights = self.weights((channels, *kernel, depth), 0, per_channel)
        full = [(n - 1) * s + k + m for n, s, k, m in zip((height, width), stride, kernel, more, strict=True)]
        size = (height * stride[0], width * stride[1]) if same else (full[0], full[1])
        pads = same_pads(size, kernel, stride) if same else Pads()
        taps = max(1, kernel[0] * kernel[1] // (stride[0] * stride[1])) * depth
        out = (1, *size, channels)
        self.weighted(TransposeConv(stride, pads, activation), x, weights, out, taps, bias=True, wide=wide)
        node = self.nodes.pop()
        wanted = self.constant(np.array(out, np.int32))
        self.nodes.append(replace(node, inputs=(*node.inputs, wanted)))
        return node.output

    def swept(self, x: int, pads: Pads, kernel: Pair, stride: Pair, dilation: Pair = ONE) -> Pair:
        """Output height and width of a sliding window."""
        height, width = self.size(x)
        rows = height + pads.top + pads.bottom - (kernel[0] - 1) * dilation[0] - 1
        columns = width + pads.left + pads.right - (kernel[1] - 1) * dilation[1] - 1
        return rows // stride[0] + 1, columns // stride[1] + 1

    def pool(
        self,
        x: int,
        op: type[AveragePool2D] | type[MaxPool2D],
        kernel: Pair = (2, 2),
        stride: Pair = (2, 2),
        *,
        same: bool = False,
        activation: Activation = Activation.NONE,
    ) -> int:
        """AVERAGE_POOL_2D or MAX_POOL_2D."""
        pads = same_pads(self.size(x), kernel, stride) if same else Pads()
        shape = (1, *self.swept(x, pads, kernel, stride), self.shape(x)[3])
        output = self.tensor(shape, self.quantization(x))
        return self.node(op(kernel, stride, pads, activation), (x,), output)

    def add(self, x: int, y: int, activation: Activation = Activation.NONE) -> int:
        """ADD."""
        scale = max(self.quantization(x).scale, self.quantization(y).scale) * self.rng.uniform(0.7, 2)
        return self.node(Add(activation), (x, y), self.tensor(self.shape(x), self.activation(scale)))

    def pad(self, x: int, pads: Pads) -> int:
        """PAD."""
        height, width = self.size(x)
        amounts = [[0, 0], [pads.top, pads.bottom], [pads.left, pads.right], [0, 0]]
        shape = (1, height + pads.top + pads.bottom, width + pads.left + pads.right, self.shape(x)[3])
        paddings = self.constant(np.array(amounts, np.int32))
        return self.node(Pad(pads.border), (x, paddings), self.tensor(shape, self.quantization(x)))

    def mean(self, x: int, *, keep: bool = False) -> int:
        """MEAN over height and width."""
        channels = self.shape(x)[3]
        axes = self.constant(np.array([1, 2], np.int32))
        scale = self.quantization(x).scale * self.rng.uniform(0.3, 1)
        shape = (1, 1, 1, channels) if keep else (1, channels)
        return self.node(Mean(), (x, axes), self.tensor(shape, self.activation(scale)))

    def reshape(self, x: int, *shape: int, computed: int | None = None) -> int:
        """RESHAPE, to a constant shape or to one computed before."""
        wanted = self.constant(np.array(shape, np.int32)) if computed is None else computed
        return self.node(Reshape(), (x, wanted), self.tensor(shape, self.quantization(x)))

    def relu(self, x: int, op: type[Relu] | type[Relu6] = Relu, *, rescale: bool = False) -> int:
        """RELU or RELU6, in the same quantization or in another."""
        quantization = self.activation(self.quantization(x).scale * 0.8) if rescale else self.quantization(x)
        return self.node(op(), (x,), self.tensor(self.shape(x), quantization))

    def transpose(self, x: int, *permutation: int) -> int:
        """TRANSPOSE."""
        shape = tuple(self.shape(x)[axis] for axis in permutation)
        axes = self.constant(np.array(permutation, np.int32))
        return self.node(Transpose(permutation), (x, axes), self.tensor(shape, self.quantization(x)))

    def shuffle(self, x: int, groups: int) -> int:
        """A channel shuffle: RESHAPE, TRANSPOSE, RESHAPE."""
        _, height, width, channels = self.shape(x)
        split = self.reshape(x, 1, height, width, groups, channels // groups)
        return self.reshape(self.transpose(split, 0, 1, 2, 4, 3), 1, height, width, channels)

    def requantize_to(self, x: int, quantization: Quantization) -> int:
        """QUANTIZE from int8 to a given int8 quantization."""
        return self.node(Quantize(), (x,), self.tensor(self.shape(x), quantization))

    def softmax(self, x: int) -> int:
        """SOFTMAX."""
        return self.node(Softmax(1.0), (x,), self.tensor(self.shape(x), SOFTMAX_OUTPUT))

    def requantize(self, x: int) -> int:
        """QUANTIZE from int8 to int8."""
        scale = self.quantization(x).scale * self.rng.uniform(0.5, 2)
        return self.node(Quantize(), (x,), self.tensor(self.shape(x), self.activation(scale)))

    def batch_size(self, x: int) -> int:
        """SHAPE and STRIDED_SLICE: the batch size as a computed int32 scalar, as Keras leaves it behind."""
        rank = self.tensor((len(self.shape(x)),), None, DType.INT32)
        self.node(Shape(), (x,), rank)
        first, last, step = (self.constant(np.array([value], np.int32)) for value in (0, 1, 1))
        scalar = self.tensor((), None, DType.INT32)
        return self.node(StridedSlice((0,), (1,), (1,), 0, 0, shrink_axis_mask=1), (rank, first, last, step), scalar)

    def pack(self, *scalars: int) -> int:
        """PACK int32 scalars into a vector."""
        return self.node(Pack(0), scalars, self.tensor((len(scalars),), None, DType.INT32))

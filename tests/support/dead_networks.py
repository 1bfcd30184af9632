"""Generated networks with dead, constant and saturated channels, for the passes that remove them."""

from dataclasses import replace
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array, Graph, Node, Quantization, Tensor
from depthwise.codegen.operators import (
    Activation,
    AveragePool2D,
    Conv2D,
    DepthwiseConv2D,
    FullyConnected,
    MaxPool2D,
    Pads,
    Relu,
    Relu6,
)
from depthwise.codegen.operators.bounds import largest_accumulator
from tests.support.network_builder import Builder
from tests.support.networks import random_network

WEIGHTED: Final = (Conv2D, DepthwiseConv2D, FullyConnected)
LARGEST_BIAS: Final = 2**20


def dead_network(seed: int) -> Graph:
    """A network in which about a third of the channels of each layer are made dead, constant or saturated."""
    rng = np.random.default_rng(seed)
    graph = random_network(seed) if seed % 3 else mobile_network(seed)
    tensors = list(graph.tensors)
    for node in graph.nodes:
        if isinstance(node.op, WEIGHTED):
            for index, data in _deadened(graph, node, rng).items():
                data.setflags(write=False)
                tensors[index] = replace(tensors[index], data=data)
    return replace(graph, name=f"dead_{seed}", tensors=tuple(tensors))


def mobile_network(seed: int) -> Graph:
    """Separable blocks with residuals, the shape of the networks the passes are for."""
    build = Builder(seed)
    rng = build.rng
    size = int(rng.integers(4, 11))
    channels = int(rng.integers(2, 7))
    x = build.conv(build.input(1, size, size + 1, 3), channels, stride=(2, 2))
    for _ in range(int(rng.integers(1, 4))):
        activation = (Activation.NONE, Activation.RELU, Activation.RELU6)[int(rng.integers(0, 3))]
        wide = build.depthwise(build.conv(x, 2 * channels, (1, 1), activation=activation), activation=activation)
        wide = _leftovers(build, wide, channels)
        y = build.conv(wide, channels, (1, 1) if rng.random() < 0.5 else (3, 3), activation=Activation.NONE)
        x = build.add(x, y, activation) if rng.random() < 0.5 else y
    if rng.random() < 0.5:
        x = build.mean(x)
    else:
        x = build.pool(x, AveragePool2D, build.size(x), build.size(x))
        x = build.reshape(x, 1, build.tensors[x].elements)
    build.softmax(build.dense(x))
    return build.finish(f"mobile_{seed}")


def _leftovers(build: Builder, x: int, groups: int) -> int:
    """What converters leave behind: clamps, identities, paddings, shuffles of their own. Some cannot go."""
    rng = build.rng
    match int(rng.integers(0, 8)):
        case 0:
            return build.relu(x, Relu if rng.random() < 0.5 else Relu6, rescale=False)
        case 1:
            return build.relu(x, rescale=True)
        case 2:
            own = build.quantization(x)
            scale = np.float32(own.scale * float(rng.choice([0.25, 0.5, 1.5, 2.0])))
            finer = Quantization((float(scale),), own.zero_points)
            return build.requantize_to(build.requantize_to(x, finer), own)
        case 3:
            padded = build.pad(x, Pads(1, 0, 1, 1))
            y = build.conv(padded, 2 * groups, (2, 3), same=False)
            return build.depthwise(padded, (2, 3), same=False) if rng.random() < 0.3 else y
        case 4:
            return build.shuffle(x, groups)
        case 5:
            return build.shuffle(build.conv(x, 2 * groups, (3, 3)), 2)
        case 6:
            shuffled = build.shuffle(x, 2)
            return build.add(x, shuffled) if rng.random() < 0.5 else build.depthwise(shuffled)
        case _:
            return build.pool(x, MaxPool2D, (1, 1), (1, 1))


def _deadened(graph: Graph, node: Node, rng: np.random.Generator) -> dict[int, Array]:
    """New constants of one layer, by tensor."""
    weights = graph.tensors[node.inputs[1]]
    values = np.moveaxis(_data(weights).copy(), 3 if isinstance(node.op, DepthwiseConv2D) else 0, 0)
    bias = _data(graph.tensors[node.inputs[2]]).astype(np.int64) if len(node.inputs) > 2 else None
    room = max(0, 2**31 - 2 - largest_accumulator(graph, node))
    for channel in range(len(values)):
        match int(rng.integers(0, 9)):
            case 0:
                values[channel] = 0
            case 1:
                values[channel] = np.where(rng.random(values[channel].shape) < 0.8, 0, values[channel])
            case 2 if bias is not None:
                bias[channel] += int(rng.choice([-1, 1])) * min(LARGEST_BIAS, room)
            case 3 if bias is not None:
                bias[channel] += int(rng.integers(-9000, 9000))
            case _:
                pass
    made = {weights.index: np.moveaxis(values, 0, 3 if isinstance(node.op, DepthwiseConv2D) else 0).copy()}
    if bias is not None:
        made[node.inputs[2]] = bias.astype(np.int32)
    return made


def _data(tensor: Tensor) -> Array:
    assert tensor.data is not None
    return tensor.data


def border_network(stride: tuple[int, int] = (1, 1), constant: int = 13) -> Graph:
    """A 3x3 convolution with SAME padding behind 16 channels, some constant but not at the zero point."""
    build = Builder(21)
    x = build.conv(build.input(1, 9, 8, 2), 16, (1, 1), activation=Activation.NONE)
    build.conv(x, 4, (3, 3), stride=stride, activation=Activation.NONE)
    graph = build.finish("border")
    weights, bias = (graph.tensors[i] for i in graph.nodes[0].inputs[1:])
    values, offsets = _data(weights).copy(), _data(bias).astype(np.int64)
    values[-constant:] = 0
    offsets[-constant:] = LARGEST_BIAS
    tensors = list(graph.tensors)
    tensors[weights.index] = replace(weights, data=values)
    tensors[bias.index] = replace(bias, data=offsets.astype(np.int32))
    return replace(graph, tensors=tuple(tensors))

"""C of ours that calls CMSIS-NN for a layer of a network, by the function that TensorFlow Lite Micro calls for it.

A writer gets a graph, one of its nodes and what the golden model computed; it gives None for a node that CMSIS-NN has
no function for.
"""

from collections.abc import Mapping
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import (
    Add,
    AveragePool2D,
    Concatenation,
    Maximum,
    MaxPool2D,
    Minimum,
    Mul,
    Pad,
    Softmax,
    Transpose,
)
from depthwise.codegen.operators.parameters import (
    LEFT_SHIFT,
    add_parameters,
    mul_parameters,
    pool_parameters,
    softmax_parameters,
)

from .cmsis_nn_call import Call, Values, Writer, array, clamp, dims, operand, pairs, struct
from .cmsis_nn_stateful import STATEFUL
from .cmsis_nn_weighted import WEIGHTED


def _pool(graph: Graph, node: Node, number: int, values: Values) -> Call:
    op, p, n = node.op, pool_parameters(graph, node), number
    assert isinstance(op, AveragePool2D | MaxPool2D)
    image, out = graph.inputs_of(node)[0], graph.output_of(node)
    data = operand(graph, node, number, values) + dims(f"from{n}", image.shape) + dims(f"to{n}", out.shape)
    data += dims(f"filter{n}", (1, *op.kernel, 1))
    data += struct("pool_params", f"how{n}", pairs(op.stride, (op.pads.top, op.pads.left)), clamp(p))
    mean = isinstance(op, AveragePool2D)
    return Call(
        data,
        f"arm_{'avgpool' if mean else 'max_pool'}_s8(&ctx, &how{n}, &from{n}, in0_{n}, &filter{n}, &to{n}, out)",
        f"arm_avgpool_s8_get_buffer_size({out.shape[2]}, {image.shape[3]})" if mean else "0",
    )


def _elementwise(graph: Graph, node: Node, number: int, values: Values) -> Call | None:
    """Of two tensors of one shape: it has nothing for others."""
    first, second = graph.inputs_of(node)
    if first.shape != second.shape:
        return None
    size = graph.output_of(node).elements
    data = operand(graph, node, number, values) + operand(graph, node, number, values, 1)
    if isinstance(node.op, Add):
        a = add_parameters(graph, node)
        numbers = [-a.input1_zero_point, a.input1_multiplier, a.input1_shift]
        numbers += [-a.input2_zero_point, a.input2_multiplier, a.input2_shift, LEFT_SHIFT]
        behind = [a.output_zero_point, a.output_multiplier, a.output_shift, a.minimum, a.maximum, size]
    else:
        p = mul_parameters(graph, node)
        numbers = [-p.input1_zero_point, -p.input2_zero_point]
        behind = [p.output_zero_point, p.multiplier, p.shift, p.minimum, p.maximum, size]
    name = "add" if isinstance(node.op, Add) else "mul"
    front, back = (", ".join(map(str, part)) for part in (numbers, behind))
    return Call(data, f"arm_elementwise_{name}_s8(in0_{number}, in1_{number}, {front}, out, {back})")


def _extreme(graph: Graph, node: Node, number: int, values: Values) -> Call:
    name, n = "maximum" if isinstance(node.op, Maximum) else "minimum", number
    data = "".join(
        operand(graph, node, number, values, i) + dims(f"from{i}_{n}", graph.inputs_of(node)[i].shape) for i in (0, 1)
    )
    data += dims(f"to{n}", graph.output_of(node).shape)
    return Call(data, f"arm_{name}_s8(&ctx, in0_{n}, &from0_{n}, in1_{n}, &from1_{n}, out, &to{n})")


def _softmax(graph: Graph, node: Node, number: int, values: Values) -> Call:
    p, image = softmax_parameters(graph, node), graph.inputs_of(node)[0]
    sizes = f"{image.elements // image.shape[-1]}, {image.shape[-1]}, {p.multiplier}, {p.shift}, {p.diff_min}"
    return Call(operand(graph, node, number, values), f"(arm_softmax_s8(in0_{number}, {sizes}, out), 0)")


def _transpose(graph: Graph, node: Node, number: int, values: Values) -> Call:
    n, op = number, node.op
    assert isinstance(op, Transpose)
    data = operand(graph, node, number, values) + dims(f"from{n}", graph.inputs_of(node)[0].shape)
    data += dims(f"to{n}", graph.output_of(node).shape) + array("uint32_t", f"axes{n}", op.permutation)
    data += struct("transpose_params", f"how{n}", len(op.permutation), f"axes{n}")
    return Call(data, f"arm_transpose_s8(in0_{n}, out, &from{n}, &to{n}, &how{n})")


def _pad(graph: Graph, node: Node, number: int, values: Values) -> Call:
    n, op, image = number, node.op, graph.inputs_of(node)[0]
    assert isinstance(op, Pad)
    assert image.quantization is not None
    data = operand(graph, node, number, values) + dims(f"from{n}", image.shape)
    data += dims(f"before{n}", tuple(a for a, _ in op.amounts)) + dims(f"behind{n}", tuple(b for _, b in op.amounts))
    return Call(data, f"arm_pad_s8(in0_{n}, out, {image.quantization.zero_point}, &from{n}, &before{n}, &behind{n})")


def _concatenation(graph: Graph, node: Node, number: int, values: Values) -> Call:
    """Along the last of 4 axes."""
    assert node.op == Concatenation(3)
    depth, at, calls, data = graph.output_of(node).shape[3], 0, [], ""
    for i, t in enumerate(graph.inputs_of(node)):
        data += operand(graph, node, number, values, i)
        sizes = ", ".join(map(str, t.shape[::-1]))
        calls.append(f"arm_concatenation_s8_x(in{i}_{number}, {sizes}, out, {depth}, {at})")
        at += t.shape[3]
    return Call(data, f"({', '.join(calls)}, 0)")


WRITERS: Final[Mapping[type, Writer]] = {
    **STATEFUL,
    **WEIGHTED,
    Add: _elementwise,
    AveragePool2D: _pool,
    Concatenation: _concatenation,
    Maximum: _extreme,
    MaxPool2D: _pool,
    Minimum: _extreme,
    Mul: _elementwise,
    Pad: _pad,
    Softmax: _softmax,
    Transpose: _transpose,
}

"""C of ours that calls CMSIS-NN for a layer of a network: its weights, its numbers, the call.

Each writer gets a graph, one of its nodes and what the golden model computed, and names the function that TensorFlow
Lite Micro calls for such a layer. Names end in the layer's number; `scratch` and `more` are buffers of the program,
as large as `bytes` and `more_bytes` say.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import (
    Add,
    AveragePool2D,
    BatchMatmul,
    Concatenation,
    Conv2D,
    DepthwiseConv2D,
    FullyConnected,
    Maximum,
    MaxPool2D,
    Minimum,
    Mul,
    Pad,
    Softmax,
    Transpose,
    TransposeConv,
)
from depthwise.codegen.operators.parameters import (
    add_parameters,
    batch_matmul_parameters,
    conv_parameters,
    mul_parameters,
    pool_parameters,
    softmax_parameters,
)
from depthwise.codegen.operators.registry import weights_of

from .cmsis_nn_call import Call, Values, Writer, array, dims, operand
from .cmsis_nn_stateful import STATEFUL


def _scaled(graph: Graph, node: Node, number: int) -> str:
    """Weights, biases, multipliers and shifts of a layer."""
    weights, p = graph.inputs_of(node)[1].data, conv_parameters(graph, node)
    assert weights is not None
    bias = weights_of(node.op).bias(graph, node).astype(int)
    return "".join(
        (
            array("int8_t", f"weights{number}", weights.ravel().tolist()),
            array("int32_t", f"bias{number}", bias.tolist()),
            array("int32_t", f"mult{number}", p.multipliers),
            array("int32_t", f"shift{number}", p.shifts),
            f"static const cmsis_nn_per_channel_quant_params scale{number} = "
            f"{{ (int32_t *)mult{number}, (int32_t *)shift{number} }};\n",
            dims(f"biases{number}", (len(bias),)),
        )
    )


def _shapes(graph: Graph, node: Node, number: int) -> str:
    image, weights = graph.inputs_of(node)[:2]
    return "".join(
        dims(f"{name}{number}", t.shape)
        for name, t in (("from", image), ("filter", weights), ("to", graph.output_of(node)))
    )


def _pairs(*pairs: tuple[int, int]) -> str:
    """Widths and heights of (height, width), and a clamp of (most, least)."""
    return ", ".join(f"{{ {b}, {a} }}" for a, b in pairs)


def _convolution(graph: Graph, node: Node, number: int, values: Values) -> Call:
    op, p = node.op, conv_parameters(graph, node)
    assert isinstance(op, Conv2D | DepthwiseConv2D)
    deep = isinstance(op, DepthwiseConv2D)
    kind, function = ("dw_conv", "depthwise_conv") if deep else ("conv", "convolve")
    multiplier = f"{op.depth_multiplier}, " if isinstance(op, DepthwiseConv2D) else ""
    pairs = _pairs(op.stride, (op.pads.top, op.pads.left), op.dilation, (p.maximum, p.minimum))
    how = f"{{ {-p.input_zero_point}, {p.output_zero_point}, {multiplier}{pairs} }}"
    data = operand(graph, node, number, values) + _scaled(graph, node, number) + _shapes(graph, node, number)
    data += f"static const cmsis_nn_{kind}_params how{number} = {how};\n"
    n = number
    return Call(
        data,
        f"arm_{function}_wrapper_s8(&ctx, &how{n}, &scale{n}, &from{n}, in0_{n}, &filter{n}, weights{n}, &biases{n}, "
        f"bias{n}, &to{n}, out)",
        f"arm_{function}_wrapper_s8_get_buffer_size(&how{n}, &from{n}, &filter{n}, &to{n})",
    )


def _transpose_conv(graph: Graph, node: Node, number: int, values: Values) -> Call:
    op, p, n = node.op, conv_parameters(graph, node), number
    assert isinstance(op, TransposeConv)
    pairs = _pairs(op.stride, (op.pads.top, op.pads.left), (0, 0), (1, 1), (p.maximum, p.minimum))
    data = operand(graph, node, number, values) + _scaled(graph, node, number) + _shapes(graph, node, number)
    data += f"static const cmsis_nn_transpose_conv_params how{n} = "
    data += f"{{ {-p.input_zero_point}, {p.output_zero_point}, {pairs} }};\n"
    return Call(
        data,
        f"arm_transpose_conv_wrapper_s8(&ctx, &more_ctx, &how{n}, &scale{n}, &from{n}, in0_{n}, &filter{n}, "
        f"weights{n}, &biases{n}, bias{n}, &to{n}, out)",
        f"arm_transpose_conv_s8_get_buffer_size(&how{n}, &from{n}, &filter{n}, &to{n})",
        f"arm_transpose_conv_s8_get_reverse_conv_buffer_size(&how{n}, &from{n}, &filter{n})",
    )


def _dense(graph: Graph, node: Node, number: int, values: Values) -> Call:
    """Vectors of whole words in a tensor of more than 2 axes go through a convolution of 1x1."""
    p, n = conv_parameters(graph, node), number
    filters, length = graph.inputs_of(node)[1].shape
    vectors = graph.inputs_of(node)[0].elements // length
    data = operand(graph, node, number, values) + _scaled(graph, node, number)
    data += dims(f"to{n}", (vectors, 1, 1, filters)) + dims(f"from{n}", (vectors, 1, 1, length))
    clamp = f"{{ {p.minimum}, {p.maximum} }}"
    if len(graph.output_of(node).shape) > 2 and length % 4 == 0:
        data += dims(f"filter{n}", (filters, 1, 1, length)) + f"static const cmsis_nn_conv_params how{n} = "
        data += f"{{ {-p.input_zero_point}, {p.output_zero_point}, {_pairs((1, 1), (0, 0), (1, 1))}, {clamp} }};\n"
        call = f"arm_convolve_1x1_s8_fast(&ctx, &how{n}, &scale{n}, "
        scratch = f"arm_convolve_1x1_s8_fast_get_buffer_size(&from{n})"
    else:
        several = int(len(set(zip(p.multipliers, p.shifts, strict=True))) > 1)
        data += dims(f"filter{n}", (length, 1, 1, filters)) + f"static const cmsis_nn_fc_params how{n} = "
        data += f"{{ {-p.input_zero_point}, 0, {p.output_zero_point}, {clamp} }};\n"
        data += f"static const cmsis_nn_quant_params scales{n} = "
        data += f"{{ (int32_t *)mult{n}, (int32_t *)shift{n}, {several} }};\n"
        call = f"arm_fully_connected_wrapper_s8(&ctx, &how{n}, &scales{n}, "
        scratch = f"arm_fully_connected_s8_get_buffer_size(&filter{n})"
    return Call(data, f"{call}&from{n}, in0_{n}, &filter{n}, weights{n}, &biases{n}, bias{n}, &to{n}, out)", scratch)


def _batch_matmul(graph: Graph, node: Node, number: int, values: Values) -> Call:
    """The second matrix is transposed for it: in each inference, or beforehand where it is constant."""
    p, n, (first, second) = batch_matmul_parameters(graph, node), number, graph.inputs_of(node)
    assert node.op == BatchMatmul(first_transposed=False, second_transposed=False)
    turned = (*second.shape[:-2], second.shape[-1], second.shape[-2])
    data = operand(graph, node, number, values) + dims(f"from{n}", first.shape) + dims(f"filter{n}", turned)
    data += dims(f"to{n}", graph.output_of(node).shape)
    data += f"static const cmsis_nn_per_tensor_quant_params scale{n} = {{ {p.multiplier}, {p.shift} }};\n"
    data += f"static const cmsis_nn_bmm_params how{n} = {{ false, false, {{ {-p.input1_zero_point}, "
    data += f"{-p.input2_zero_point}, {p.output_zero_point}, {{ {p.minimum}, {p.maximum} }} }} }};\n"
    if second.data is not None:
        data += array("int8_t", f"turned{n}", np.swapaxes(second.data, -1, -2).ravel().tolist())
        before, name, size = "", f"turned{n}", "0"
    else:
        data += operand(graph, node, number, values, 1) + dims(f"unturned{n}", second.shape)
        data += f"static const uint32_t axes{n}[] = {{ 0, 1, 3, 2 }};\n"
        data += f"static const cmsis_nn_transpose_params turn{n} = {{ 4, axes{n} }};\n"
        before = f"arm_transpose_s8(in1_{n}, (int8_t *)more, &unturned{n}, &filter{n}, &turn{n}) | "
        name, size = "(const int8_t *)more", str(second.elements)
    call = f"arm_batch_matmul_s8(&ctx, &how{n}, &scale{n}, &from{n}, in0_{n}, &filter{n}, {name}, &to{n}, out)"
    return Call(data, before + call, f"arm_fully_connected_s8_get_buffer_size(&filter{n})", size)


def _pool(graph: Graph, node: Node, number: int, values: Values) -> Call:
    op, p, n = node.op, pool_parameters(graph, node), number
    assert isinstance(op, AveragePool2D | MaxPool2D)
    image, out = graph.inputs_of(node)[0], graph.output_of(node)
    data = operand(graph, node, number, values) + dims(f"from{n}", image.shape) + dims(f"to{n}", out.shape)
    data += dims(f"filter{n}", (1, *op.kernel, 1))
    data += f"static const cmsis_nn_pool_params how{n} = "
    data += f"{{ {_pairs(op.stride, (op.pads.top, op.pads.left), (p.maximum, p.minimum))} }};\n"
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
        numbers += [-a.input2_zero_point, a.input2_multiplier, a.input2_shift, 20]
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
    data += f"static const cmsis_nn_transpose_params how{n} = {{ {len(op.permutation)}, axes{n} }};\n"
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
    Add: _elementwise,
    AveragePool2D: _pool,
    BatchMatmul: _batch_matmul,
    Concatenation: _concatenation,
    Conv2D: _convolution,
    DepthwiseConv2D: _convolution,
    FullyConnected: _dense,
    Maximum: _extreme,
    MaxPool2D: _pool,
    Minimum: _extreme,
    Mul: _elementwise,
    Pad: _pad,
    Softmax: _softmax,
    Transpose: _transpose,
    TransposeConv: _transpose_conv,
}

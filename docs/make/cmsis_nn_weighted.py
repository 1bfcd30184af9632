"""C of ours that calls CMSIS-NN for layers that multiply by weights, or one matrix by another."""

from typing import Final

import numpy as np

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import BatchMatmul, Conv2D, DepthwiseConv2D, FullyConnected, TransposeConv
from depthwise.codegen.operators.parameters import batch_matmul_parameters, conv_parameters
from depthwise.codegen.operators.registry import weights_of

from .cmsis_nn_call import Call, Values, Writer, array, clamp, dims, operand, pairs, struct


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
            struct("per_channel_quant_params", f"scale{number}", f"(int32_t *)mult{number}, (int32_t *)shift{number}"),
            dims(f"biases{number}", (len(bias),)),
        )
    )


def _shapes(graph: Graph, node: Node, number: int) -> str:
    image, weights = graph.inputs_of(node)[:2]
    return "".join(
        dims(f"{name}{number}", t.shape)
        for name, t in (("from", image), ("filter", weights), ("to", graph.output_of(node)))
    )


def _convolution(graph: Graph, node: Node, number: int, values: Values) -> Call:
    op, p = node.op, conv_parameters(graph, node)
    assert isinstance(op, Conv2D | DepthwiseConv2D)
    deep = isinstance(op, DepthwiseConv2D)
    kind, function = ("dw_conv", "depthwise_conv") if deep else ("conv", "convolve")
    fields: list[object] = [-p.input_zero_point, p.output_zero_point]
    fields += [op.depth_multiplier] if isinstance(op, DepthwiseConv2D) else []
    fields += [pairs(op.stride, (op.pads.top, op.pads.left), op.dilation), clamp(p)]
    data = operand(graph, node, number, values) + _scaled(graph, node, number) + _shapes(graph, node, number)
    data += struct(f"{kind}_params", f"how{number}", *fields)
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
    windows = pairs(op.stride, (op.pads.top, op.pads.left), (0, 0), (1, 1))
    data = operand(graph, node, number, values) + _scaled(graph, node, number) + _shapes(graph, node, number)
    data += struct("transpose_conv_params", f"how{n}", -p.input_zero_point, p.output_zero_point, windows, clamp(p))
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
    if len(graph.output_of(node).shape) > 2 and length % 4 == 0:
        fields = (-p.input_zero_point, p.output_zero_point, pairs((1, 1), (0, 0), (1, 1)), clamp(p))
        data += dims(f"filter{n}", (filters, 1, 1, length)) + struct("conv_params", f"how{n}", *fields)
        call = f"arm_convolve_1x1_s8_fast(&ctx, &how{n}, &scale{n}, "
        scratch = f"arm_convolve_1x1_s8_fast_get_buffer_size(&from{n})"
    else:
        several = int(len(set(zip(p.multipliers, p.shifts, strict=True))) > 1)
        data += dims(f"filter{n}", (length, 1, 1, filters))
        data += struct("fc_params", f"how{n}", -p.input_zero_point, 0, p.output_zero_point, clamp(p))
        data += struct("quant_params", f"scales{n}", f"(int32_t *)mult{n}, (int32_t *)shift{n}", several)
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
    data += struct("per_tensor_quant_params", f"scale{n}", p.multiplier, p.shift)
    numbers = f"{-p.input1_zero_point}, {-p.input2_zero_point}, {p.output_zero_point}, {clamp(p)}"
    data += struct("bmm_params", f"how{n}", "false, false", f"{{ {numbers} }}")
    if second.data is not None:
        data += array("int8_t", f"turned{n}", np.swapaxes(second.data, -1, -2).ravel().tolist())
        before, name, size = "", f"turned{n}", "0"
    else:
        data += operand(graph, node, number, values, 1) + dims(f"unturned{n}", second.shape)
        data += array("uint32_t", f"axes{n}", (0, 1, 3, 2)) + struct("transpose_params", f"turn{n}", 4, f"axes{n}")
        before = f"arm_transpose_s8(in1_{n}, (int8_t *)more, &unturned{n}, &filter{n}, &turn{n}) | "
        name, size = "(const int8_t *)more", str(second.elements)
    call = f"arm_batch_matmul_s8(&ctx, &how{n}, &scale{n}, &from{n}, in0_{n}, &filter{n}, {name}, &to{n}, out)"
    return Call(data, before + call, f"arm_fully_connected_s8_get_buffer_size(&filter{n})", size)


WEIGHTED: Final[dict[type, Writer]] = {
    BatchMatmul: _batch_matmul,
    Conv2D: _convolution,
    DepthwiseConv2D: _convolution,
    FullyConnected: _dense,
    TransposeConv: _transpose_conv,
}

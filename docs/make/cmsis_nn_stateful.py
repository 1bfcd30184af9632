"""C of ours that calls CMSIS-NN for layers with state: SVDF and LSTM (cmsis_nn_layers.py has the others).

A layer of these is two nodes or more here and one function there, called for the node that writes its output.
"""

from typing import Final

import numpy as np

from depthwise.codegen.graph import Array, DType, Graph, Node
from depthwise.codegen.operators import Svdf, UnidirectionalSequenceLstm, UnidirectionalSequenceLstmState
from depthwise.codegen.operators.parameters import lstm_parameters, svdf_parameters, svdf_state_parameters
from depthwise.codegen.operators.unidirectional_sequence_lstm_state import LstmParameters

from .cmsis_nn_call import Call, Values, Writer, array, clamp, dims, operand, struct

GATES: Final = ("input", "forget", "cell", "output")
LARGEST_CELL: Final = 32767


def _constant(graph: Graph, index: int) -> Array:
    data = graph.tensors[index].data
    assert data is not None
    return data


def _initial(graph: Graph, tensor: int) -> list[int]:
    """What a state is ahead of the first run."""
    return next([int(n) for n in s.initial.ravel()] for s in graph.states if s.before == tensor)


def _state(kind: str, name: str, data: list[int]) -> str:
    """An array that the function changes."""
    return f"static {kind} {name}[] __attribute__((aligned(8))) = {{ {', '.join(map(str, data))} }};\n"


def _producer(graph: Graph, node: Node) -> Node:
    return next(one for one in graph.nodes if one.output == node.inputs[0])


def _svdf(graph: Graph, node: Node, number: int, values: Values) -> Call:
    assert isinstance(node.op, Svdf)
    n, first = number, _producer(graph, node)
    one, other = svdf_state_parameters(graph, first), svdf_parameters(graph, node)
    feature, time = _constant(graph, first.inputs[2]), _constant(graph, node.inputs[1])
    kind = "int16_t" if time.dtype == np.int16 else "int8_t"
    data = operand(graph, first, number, values)
    data += _state(kind, f"state{n}", _initial(graph, first.inputs[1]))
    data += array("int8_t", f"feature{n}", feature.ravel().tolist())
    data += array(kind, f"time{n}", time.ravel().tolist())
    data += array("int32_t", f"bias{n}", _constant(graph, node.inputs[2]).tolist())
    sizes = {"from": (1, feature.shape[1]), "feature": feature.shape, "time": time.shape}
    data += "".join(dims(f"{name}_dims{n}", (*shape, 1, 1)) for name, shape in sizes.items())
    for name, p in (("first", one), ("second", other)):
        data += struct("per_tensor_quant_params", f"{name}{n}", p.multiplier, p.shift)
    numbers = (node.op.rank, one.input_zero_point, other.output_zero_point, clamp(one), "{ -128, 127 }")
    data += struct("svdf_params", f"how{n}", *numbers)
    name, before = ("svdf_state_s16_s8", "") if kind == "int16_t" else ("svdf_s8", "&ctx, ")
    return Call(
        data,
        f"arm_{name}({before}&ctx, &more_ctx, &how{n}, &first{n}, &second{n}, &from_dims{n}, in0_{n}, 0, state{n}, "
        f"&feature_dims{n}, feature{n}, &time_dims{n}, time{n}, 0, bias{n}, 0, out)",
        str(4 * len(feature)),
        str(4 * graph.output_of(node).elements),
    )


def _gate(graph: Graph, node: Node, number: int, gate: int) -> str:
    """Weights of a gate, and its biases with the zero points of what the weights are multiplied by."""
    p, name = lstm_parameters(graph, node), GATES[gate]
    weights, recurrent, bias = (_constant(graph, node.inputs[3 + gate + 4 * i]) for i in range(3))
    effective = {
        "input": bias - p.input_zero_point * weights.astype(np.int64).sum(axis=1),
        "hidden": -p.hidden_zero_point * recurrent.astype(np.int64).sum(axis=1),
    }
    text = array("int8_t", f"{name}_input{number}", weights.ravel().tolist())
    text += array("int8_t", f"{name}_hidden{number}", recurrent.ravel().tolist())
    return text + "".join(
        array("int32_t", f"{name}_{which}_bias{number}", sums.tolist()) for which, sums in effective.items()
    )


def _gate_fields(p: LstmParameters, number: int, gate: int) -> str:
    name, one, other = GATES[gate], p.inputs[gate], p.recurrent[gate]
    function = "ARM_TANH" if name == "cell" else "ARM_SIGMOID"
    return (
        f".{name}_gate = {{ {one.multiplier}, {one.shift}, {name}_input{number}, {name}_input_bias{number}, "
        f"{other.multiplier}, {other.shift}, {name}_hidden{number}, {name}_hidden_bias{number}, 0, {function} }}"
    )


def _fields(graph: Graph, node: Node, number: int) -> str:
    """Numbers of an LSTM."""
    p, image, cells = lstm_parameters(graph, node), graph.inputs_of(node)[0], graph.inputs_of(node)[2]
    assert isinstance(node.op, UnidirectionalSequenceLstmState)
    assert cells.quantization is not None
    values = {
        "time_major": int(node.op.time_major),
        "batch_size": 1,
        "time_steps": image.shape[0 if node.op.time_major else 1],
        "input_size": image.shape[2],
        "hidden_size": cells.elements,
        "input_offset": p.input_zero_point,
        "forget_to_cell_multiplier": p.forget.multiplier,
        "forget_to_cell_shift": p.forget.shift,
        "input_to_cell_multiplier": p.update.multiplier,
        "input_to_cell_shift": p.update.shift,
        "cell_clip": LARGEST_CELL if p.clip is None else p.clip,
        "cell_scale_power": round(float(np.log2(cells.quantization.scale))),
        "output_multiplier": p.output.multiplier,
        "output_shift": p.output.shift,
        "output_offset": p.hidden_zero_point,
    }
    numbers = ", ".join(f".{name} = {value}" for name, value in values.items())
    return f"{numbers}, {', '.join(_gate_fields(p, number, gate) for gate in range(4))}"


def _lstm(graph: Graph, node: Node, number: int, values: Values) -> Call | None:
    """Of all nodes of a layer the one whose output is no state."""
    n, first, out = number, _producer(graph, node), graph.output_of(node)
    if out.dtype is not DType.INT8 or node.output in {s.after for s in graph.states}:
        return None
    units = graph.inputs_of(first)[2].elements
    assert isinstance(node.op, UnidirectionalSequenceLstm)
    assert out.elements == units * node.op.steps
    data = operand(graph, first, number, values) + "".join(_gate(graph, first, number, gate) for gate in range(4))
    data += _state("int8_t", f"hidden{n}", _initial(graph, first.inputs[1]))
    data += _state("int16_t", f"cells{n}", _initial(graph, first.inputs[2]))
    data += struct("lstm_params", f"how{n}", _fields(graph, first, number))
    buffers = f"(cmsis_nn_lstm_context[]){{ {{ scratch, more, cells{n}, hidden{n} }} }}"
    call = f"arm_lstm_unidirectional_s8(in0_{n}, out, &how{n}, {buffers})"
    return Call(data, call, str(2 * units), str(2 * units))


STATEFUL: Final[dict[type, Writer]] = {Svdf: _svdf, UnidirectionalSequenceLstm: _lstm}

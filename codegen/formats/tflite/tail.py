"""What stands behind the last layer of a network and computes in floats, with indices, or by an operator of its own.

Boxes that are decoded and picked (TFLite_Detection_PostProcess), exponentials of sizes, joints that are looked up where
a heat map is largest (MoveNet): work for the caller, who has floats. It is left out, and what it reads leaves the
network.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Final

from .file_graph import FileOperator
from .nodes import ROOMS
from .variables import KINDS

QUANTIZED: Final = ("INT8", "UINT8")
INDICES: Final = ("INT32", "INT64")
# Layers with weights of their own: behind the last of them a network has said what it has learnt.
LEARNT: Final = (
    *("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "TRANSPOSE_CONV"),
    *("SVDF", "UNIDIRECTIONAL_SEQUENCE_LSTM"),
)
FLOAT: Final = "FLOAT32"
NAMED: Final = 8
# Of float32 these are done: conversions, scores (float_scores.py), state.
FLOATS_DONE: Final = (
    *("DEQUANTIZE", "QUANTIZE", "LOGISTIC", "LOG_SOFTMAX", "SOFTMAX"),
    *("SVDF", "UNIDIRECTIONAL_SEQUENCE_LSTM"),
)


@dataclass(frozen=True, slots=True)
class Body:
    """Operators of a subgraph without its tail, what leaves it, and the operators that are left out."""

    operators: tuple[FileOperator, ...]
    outputs: tuple[int, ...]
    left_out: tuple[FileOperator, ...] = ()


def without_tail(operators: tuple[FileOperator, ...], outputs: tuple[int, ...], types: Sequence[str]) -> Body:
    """The subgraph without operators that are not done and lead to outputs alone; `types` are those of its tensors.

    Where something of 8 bits is computed from them, they are no tail, unless they compute indices and no layer with
    weights follows; nor is a network that has nothing of 8 bits.
    """
    left = set[int]()
    for operator in operators:
        if operator.layer in left or not _is_strange(operator, types):
            continue
        layers = _behind(operator, operators)
        behind = [op for op in operators if op.layer in layers]
        floats_alone = not any(types[i] in QUANTIZED for op in behind for i in op.outputs)
        if floats_alone or (_computes_indices(operator, types) and not any(op.name in LEARNT for op in behind)):
            left |= {op.layer for op in behind}
    body = tuple(op for op in operators if op.layer not in left)
    written = {i for op in body for i in op.outputs}
    gone = tuple(op for op in operators if op.layer in left)
    read = dict.fromkeys(i for op in gone for i in op.inputs if i in written)
    if not read or not any(types[i] in QUANTIZED for i in written):
        return Body(operators, outputs)
    kept = tuple(dict.fromkeys((*(o for o in outputs if o in written), *read)))
    return Body(body, kept, gone)


def _is_strange(operator: FileOperator, types: Sequence[str]) -> bool:
    """Tell whether an operator is unknown, or computes with floats as is not done."""
    if operator.name in (*FLOATS_DONE, *KINDS) or not operator.outputs:
        return False
    touched = [i for i in (*operator.inputs, *operator.outputs) if 0 <= i < len(types)]
    return operator.name not in ROOMS or any(types[i] == FLOAT for i in touched)


def _computes_indices(operator: FileOperator, types: Sequence[str]) -> bool:
    return operator.name not in ROOMS and all(types[i] in INDICES for i in operator.outputs)


def _behind(first: FileOperator, operators: Sequence[FileOperator]) -> Set[int]:
    """Layers of an operator and of all that depend on it."""
    found, made = {first.layer}, set(first.outputs)
    for op in operators:
        if op.layer > first.layer and made & set(op.inputs):
            found.add(op.layer)
            made |= set(op.outputs)
    return found


def notes(body: Body, names: Sequence[str]) -> tuple[str, ...]:
    """A note of what is left out, and what leaves the network in its place."""
    if not body.left_out:
        return ()
    layers = ", ".join(map(str, body.left_out[:NAMED]))
    more = f" and {len(body.left_out) - NAMED} more" if len(body.left_out) > NAMED else ""
    outputs = ", ".join(f"{i} ({names[i][:60]!r})" for i in body.outputs)
    return (f"left to the caller: {layers}{more}; outputs of the network are tensors {outputs}",)

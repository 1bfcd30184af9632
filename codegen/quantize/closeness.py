"""How close the tensors of two networks are: signal to noise, and the tensors that answers are judged by.

SQNR is 10·log10(Σ x² / Σ (x − x̂)²) in dB: 6 dB are one bit.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.golden.answers import MIDDLE
from depthwise.codegen.graph import Array, Graph, Tensor
from depthwise.codegen.operators import Logistic, LogSoftmax, Softmax
from depthwise.codegen.operators.float_scores import KEEP_ORDER
from depthwise.codegen.operators.parameters import quantization_of

Float64 = NDArray[np.float64]


def noise_powers(real: Float64, other: Float64) -> Float64:
    """Sums of squares: of the signal, of the noise."""
    return np.array([(real**2).sum(), ((real - other) ** 2).sum()])


def sqnr_db(summed: Float64) -> float:
    """SQNR of summed powers (signal, noise), at most 200 dB; 0 where there is no signal."""
    signal, noise = float(summed[0]), float(summed[1])
    if signal <= 0:
        return 0.0 if noise > 0 else 200.0
    return min(10 * float(np.log10(signal / max(noise, signal * 1e-20))), 200.0)


def least_sqnr(wanted: Mapping[int, Array], found: Mapping[int, Array]) -> float:
    """SQNR of the worst of some tensors, in dB."""
    pairs = ((values.astype(np.float64), found[tensor].astype(np.float64)) for tensor, values in wanted.items())
    return min(sqnr_db(noise_powers(*pair)) for pair in pairs)


def logits_of(graph: Graph) -> tuple[int, ...]:
    """For each output the tensor before a final SOFTMAX, LOG_SOFTMAX or LOGISTIC; itself where there is none."""
    before = {n.output: n.inputs[0] for n in graph.nodes if isinstance(n.op, KEEP_ORDER)}
    return tuple(before.get(output, output) for output in graph.outputs)


def has_classes(graph: Graph) -> bool:
    """Tell whether an output is scores of classes: written by a SOFTMAX or LOG_SOFTMAX, or one score by a LOGISTIC."""
    ends = [n for n in graph.nodes if n.output in graph.outputs]
    return any(isinstance(n.op, (Softmax, LogSoftmax)) or tells_two_apart(graph, n.output) for n in ends)


def tells_two_apart(graph: Graph, output: int) -> bool:
    """Tell whether an output is a single score of a LOGISTIC."""
    logistic = any(isinstance(n.op, Logistic) and n.output == output for n in graph.nodes)
    return logistic and graph.tensors[output].elements == 1


def same_answers(graph: Graph, output: int, real: Float64, other: Float64) -> NDArray[np.bool_]:
    """For each input whether the largest score of an output is the same, or a single one on the same side."""
    one, two = (values.reshape(len(values), -1) for values in (real, other))
    if tells_two_apart(graph, output):
        return np.asarray((one > MIDDLE) == (two > MIDDLE))[:, 0]
    return np.asarray(one.argmax(axis=1) == two.argmax(axis=1))


def real_values(tensor: Tensor, levels: Array) -> Float64:
    """What int8 levels mean."""
    q = quantization_of(tensor)
    return np.asarray((levels.astype(np.float64) - q.zero_point) * q.scale)

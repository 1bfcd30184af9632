"""Which class a network answers: the largest of its scores, or which side of the middle its only score lies on."""

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.graph import Array, Graph
from depthwise.codegen.operators import Logistic

MIDDLE = 0.5  # of a LOGISTIC; of a score before it, 0


def classes_told(graph: Graph) -> int:
    """How many classes the first output tells apart: as many as it has scores, two by a single one."""
    return max(graph.tensors[graph.outputs[0]].elements, 2)


def answers_of(graph: Graph, scores: Array) -> NDArray[np.int64]:
    """Classes [N] by real scores [N, …] of the first output; of two equal scores the first counts."""
    flat = np.asarray(scores, np.float64).reshape(len(scores), -1)
    if flat.shape[1] > 1:
        return np.asarray(flat.argmax(axis=1), np.int64)
    logistic = any(isinstance(n.op, Logistic) and n.output == graph.outputs[0] for n in graph.nodes)
    return np.asarray(flat[:, 0] > (MIDDLE if logistic else 0), np.int64)

"""What goes into a network and comes out of it: name, shape, type, quantization and range of each."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from depthwise.codegen.graph import DType, Graph, Tensor

SMALL: Final = (DType.INT8, DType.UINT8, DType.INT16)


def ends_of(graph: Graph, labels: Sequence[str] = ()) -> dict[str, list[dict[str, Any]]]:
    """Inputs and outputs as plain data, in the model's order; `labels` name the scores of the one output."""
    outputs = [_end(graph, o) for o in graph.outputs]
    for end in outputs if labels else ():
        end["labels"] = list(labels)
    return {"inputs": [_end(graph, i) for i in graph.inputs], "outputs": outputs}


def _end(graph: Graph, index: int) -> dict[str, Any]:
    tensor, of = graph.tensors[index], graph.tensors[index].quantization
    per_tensor = of is not None and len(of.scales) == 1
    return {
        "tensor": index,
        "name": tensor.name,
        "shape": list(tensor.shape),
        "type": tensor.dtype.value,
        "scale": of.scale if of is not None and per_tensor else None,
        "zero_point": of.zero_point if of is not None and per_tensor else None,
        "range": _range(tensor),
    }


def _range(tensor: Tensor) -> list[float] | None:
    """The real values that the least and the greatest integer stand for; None where there is no scale."""
    of = tensor.quantization
    if of is None or len(of.scales) != 1 or tensor.dtype not in SMALL:
        return None
    limits = np.iinfo(tensor.dtype.value)
    return [of.scale * (end - of.zero_point) for end in (int(limits.min), int(limits.max))]

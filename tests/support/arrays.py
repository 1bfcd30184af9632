"""Comparisons of arrays of any type."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from depthwise.codegen.graph import Array, Graph


def assert_close(found: ArrayLike, wanted: ArrayLike, *, rtol: float = 1e-7, atol: float = 0.0, of: str = "") -> None:
    """Every element lies within `atol` and `rtol` of the one that is wanted, compared in float64."""
    left, right = (np.asarray(values, np.float64) for values in (found, wanted))
    np.testing.assert_allclose(left, right, rtol=rtol, atol=atol, err_msg=of)


def stacked(graph: Graph, inputs: Iterable[tuple[str, Mapping[int, Array]]]) -> Array:
    """Named inputs of a network with one input as one array [N, …]."""
    (tensor,) = graph.inputs
    return np.concatenate([values[tensor] for _, values in inputs])

"""Inputs for calibration of a network with several inputs, as a stream: an .npz file, or noise."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from depthwise.codegen.errors import InputError
from depthwise.codegen.graph import Array, Graph

from .arrays import open_arrays
from .calibration import CalibrationInputs, DataOptions, noise, spread


@dataclass(frozen=True, slots=True)
class NamedInputs:
    """`one(n)` gives the n-th inputs, float32 arrays by tensor."""

    what: str
    count: int
    one: Callable[[int], dict[int, Array]]
    left_out: tuple[str, ...] = ()

    def batches(self, size: int) -> Iterator[dict[int, Array]]:
        """The inputs in batches, arrays [n or fewer, …] by tensor."""
        for start in range(0, self.count, size):
            taken = [self.one(n) for n in range(start, min(start + size, self.count))]
            yield {tensor: np.stack([given[tensor] for given in taken]) for tensor in taken[0]}


def named_from(graph: Graph, path: Path, options: DataOptions) -> NamedInputs:
    """Inputs of an .npz file with an array [N, …] of real numbers for each input, called as its tensor.

    Pictures are for networks with one input: which file is whose would have to be guessed. Raises InputError for what
    does not fit.
    """
    how = f"give an .npz file with float32 arrays {', '.join(input_name(graph, i) for i in graph.inputs)}"
    about = f"{graph.name} has {len(graph.inputs)} inputs"
    if path.suffix.lower() != ".npz":
        raise InputError(f"{path.name} is no .npz file, {about}", how)
    if options.value_range is not None:
        raise InputError(f"--range is for pictures, {about}", "leave it out")
    found = open_arrays(path)
    arrays = {i: _array(graph, i, found, how) for i in graph.inputs}
    counts = sorted({len(values) for values in arrays.values()})
    if len(counts) > 1:
        raise InputError(
            f"{path.name} has {counts[0]} of one input and {counts[-1]} of another", "give as many of each"
        )
    chosen = spread(graph, counts[0], options.limit)

    def one(number: int) -> dict[int, Array]:
        return {i: values[chosen[number]].astype(np.float32) for i, values in arrays.items()}

    return NamedInputs(path.name, len(chosen), one)


def named_noise(graph: Graph, options: DataOptions) -> NamedInputs:
    """Random inputs, normally distributed. Fixed seeds."""
    shapes = {i: graph.tensors[i].shape[1:] for i in graph.inputs}

    def one(number: int) -> dict[int, Array]:
        rng = np.random.default_rng(number)
        return {i: rng.standard_normal(shape).astype(np.float32) for i, shape in shapes.items()}

    return NamedInputs("random inputs", options.limit, one)


def noise_of(graph: Graph, options: DataOptions) -> CalibrationInputs | NamedInputs:
    """Random inputs for a network of one input or of several. Fixed seeds."""
    return noise(graph, options) if len(graph.inputs) == 1 else named_noise(graph, options)


def input_name(graph: Graph, tensor: int) -> str:
    """What an input is called by its user: its tensor's name without what a signature adds."""
    return re.sub(r":\d+$", "", graph.tensors[tensor].name.removeprefix("serving_default_"))


def _array(graph: Graph, tensor: int, found: dict[str, Array], how: str) -> Array:
    name, shape = input_name(graph, tensor), graph.tensors[tensor].shape[1:]
    if name not in found:
        raise InputError(f"there are arrays {', '.join(found) or 'of no name'}, no {name}", how)
    values = found[name]
    if values.shape[1:] != shape or not len(values) or values.dtype.kind != "f":
        taken = f"float32 (N, {', '.join(map(str, shape))})"
        raise InputError(f"{name} is {values.dtype} {values.shape}, the network takes {taken}", how)
    return values

"""Inputs a board is verified with: generated, varied, and the user's own."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import numpy as np

from depthwise.codegen.errors import InputError
from depthwise.codegen.graph import Array, Graph, Tensor
from depthwise.codegen.passes.intervals import WIDEST, Range
from depthwise.host.data.arrays import open_array, open_arrays
from depthwise.host.project import Project

from .generated import Values, by_length, generated

SEVERAL: Final = ".npz"


def generated_inputs(graph: Graph, count: int, seed: int, within: Range = WIDEST) -> Iterator[tuple[str, Values]]:
    """Values of generated inputs [1, …] by tensor, with their names."""
    for name, given in generated(graph, count, seed, within):
        yield name, given.values(graph)


def in_sequences(inputs: Iterable[tuple[str, Values]], length: int) -> Iterator[tuple[str, Values]]:
    """Inputs of a network with state [T, …], of up to `length` given ones each; named as the first of them."""
    for name, given in by_length(inputs, length):
        yield name, {i: np.concatenate([of[i] for of in given]) for i in given[0]}


def inputs_from_file(project: Project, path: Path) -> Iterator[tuple[str, Values]]:
    """Inputs of an `.npy` file, int8 [N, …] or one [1, …], or of an `.npz` file with an array for each input.

    An array of an `.npz` file is called as the input in C or as its tensor. Raises InputError for what does not fit.
    """
    graph = project.graph
    if path.suffix.lower() != SEVERAL and len(graph.inputs) > 1:
        names = ", ".join(project.input_names)
        raise InputError(f"{path} is one array, the network has {len(graph.inputs)} inputs", f"give an .npz: {names}")
    given = _named(project, path) if path.suffix.lower() == SEVERAL else {graph.inputs[0]: open_array(path)}
    for tensor, values in given.items():
        _check(path, graph.tensors[tensor], values)
    counts = sorted({len(values) for values in given.values()})
    if len(counts) > 1:
        raise InputError(f"{path} has {counts[0]} of one input and {counts[-1]} of another", "give as many of each")
    for i in range(counts[0]):
        yield f"{path.name} [{i}]", {tensor: values[i : i + 1] for tensor, values in given.items()}


def _named(project: Project, path: Path) -> dict[int, Array]:
    """Arrays of an `.npz` file by tensor."""
    found, graph = open_arrays(path), project.graph
    wanted = {i: (name, graph.tensors[i].name) for i, name in zip(graph.inputs, project.input_names, strict=True)}
    missing = [name for name, tensor in wanted.values() if name not in found and tensor not in found]
    if missing:
        raise InputError(f"{path} holds {', '.join(found) or 'nothing'}", f"it must have {', '.join(missing)} too")
    return {i: found[name] if name in found else found[tensor] for i, (name, tensor) in wanted.items()}


def _check(path: Path, tensor: Tensor, values: Array) -> None:
    shape = tensor.shape
    if values.dtype != np.int8 or values.shape[1:] != shape[1:] or values.ndim != len(shape) or not len(values):
        raise InputError(
            f"{path} holds {values.dtype} {values.shape}, the network takes int8 (N, {', '.join(map(str, shape[1:]))})",
            _how(tensor) if values.dtype != np.int8 else "",
        )


def _how(tensor: Tensor) -> str:
    """How real inputs become the network's own."""
    quantization = tensor.quantization
    assert quantization is not None
    return f"quantize real inputs: clip(round(x / {quantization.scale:.9g}) + {quantization.zero_point}, -128, 127)"


def varied_inputs(graph: Graph, count: int, within: Range = WIDEST) -> Iterator[tuple[str, Values]]:
    """Random inputs [1, …] of different brightness and contrast, always the same ones: they reach many values."""
    random, (low, high) = np.random.default_rng(20_301), within
    for number in range(count):
        yield f"varied {number}", {i: _varied(random, graph.tensors[i], low, high) for i in graph.inputs}


def _varied(random: np.random.Generator, tensor: Tensor, low: int, high: int) -> Array:
    least, most = sorted(random.integers(low, high + 1, 2).tolist())
    return random.integers(least, most + 1, tensor.shape, np.int8)

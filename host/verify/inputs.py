"""Inputs a board is verified with: random, extreme, constant, and the user's own."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from depthwise.codegen.errors import InputError
from depthwise.codegen.graph import Array, Graph
from depthwise.codegen.passes.intervals import WIDEST, Range
from depthwise.host.data.arrays import open_array


def generated_inputs(graph: Graph, count: int, seed: int, within: Range = WIDEST) -> Iterator[tuple[str, Array]]:
    """`count` named inputs [1, …]: all −128, all 127, the zero point, a checkerboard, then random ones.

    `within` is the least and greatest value they may have; the extremes move there.
    """
    tensor = graph.tensors[graph.inputs[0]]
    shape = tensor.shape
    assert tensor.quantization is not None
    low, high = within
    board = np.where(np.arange(tensor.elements) % 2, high, low).astype(np.int8).reshape(shape)
    fixed = [
        (f"all {low}", np.full(shape, low, np.int8)),
        (f"all {high}", np.full(shape, high, np.int8)),
        ("zero point", np.clip(np.full(shape, tensor.quantization.zero_point, np.int8), low, high)),
        ("checkerboard", board),
    ]
    random = np.random.default_rng(seed)
    for i in range(count):
        random_image = random.integers(low, high + 1, shape, np.int8)
        # A single input is a random one: extremes alone would exercise little.
        yield fixed[i - 1] if 1 <= i <= len(fixed) else (f"random {i}", random_image)


def inputs_from_file(graph: Graph, path: Path) -> Iterator[tuple[str, Array]]:
    """Inputs of an `.npy` file: int8 [N, …] or one [1, …] of the network's input shape."""
    shape = graph.tensors[graph.inputs[0]].shape
    values = open_array(path)
    if values.dtype != np.int8 or values.shape[1:] != shape[1:] or values.ndim != len(shape):
        raise InputError(
            f"{path} holds {values.dtype} {values.shape}, the network takes int8 (N, {', '.join(map(str, shape[1:]))})",
            _how(graph) if values.dtype != np.int8 else "",
        )
    for i in range(len(values)):
        yield f"{path.name} [{i}]", values[i : i + 1]


def _how(graph: Graph) -> str:
    """How real inputs become the network's own."""
    quantization = graph.tensors[graph.inputs[0]].quantization
    assert quantization is not None
    return f"quantize real inputs: clip(round(x / {quantization.scale:.9g}) + {quantization.zero_point}, -128, 127)"


def varied_inputs(graph: Graph, count: int, within: Range = WIDEST) -> Iterator[tuple[str, Array]]:
    """Random inputs [1, …] of different brightness and contrast, always the same ones: they reach many values."""
    random, (low, high) = np.random.default_rng(20_301), within
    for number in range(count):
        least, most = sorted(random.integers(low, high + 1, 2).tolist())
        image = random.integers(least, most + 1, graph.tensors[graph.inputs[0]].shape, np.int8)
        yield f"varied {number}", image

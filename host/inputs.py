"""Inputs a board is verified with: random, extreme, constant, and the user's own."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from depthwise.codegen.errors import InputError
from depthwise.codegen.graph import Array, Graph


def generated_inputs(graph: Graph, count: int, seed: int) -> Iterator[tuple[str, Array]]:
    """`count` named inputs [1, …]: all −128, all 127, the zero point, a checkerboard, then random ones."""
    tensor = graph.tensors[graph.inputs[0]]
    shape = tensor.shape
    assert tensor.quantization is not None
    board = np.where(np.arange(tensor.elements) % 2, 127, -128).astype(np.int8).reshape(shape)
    fixed = [
        ("all -128", np.full(shape, -128, np.int8)),
        ("all 127", np.full(shape, 127, np.int8)),
        ("zero point", np.full(shape, tensor.quantization.zero_point, np.int8)),
        ("checkerboard", board),
    ]
    random = np.random.default_rng(seed)
    for i in range(count):
        random_image = random.integers(-128, 128, shape, np.int8)
        # A single input is a random one: extremes alone would exercise little.
        yield fixed[i - 1] if 1 <= i <= len(fixed) else (f"random {i}", random_image)


def inputs_from_file(graph: Graph, path: Path) -> Iterator[tuple[str, Array]]:
    """Inputs of an `.npy` file: int8 [N, …] or one [1, …] of the network's input shape."""
    shape = graph.tensors[graph.inputs[0]].shape
    try:
        values = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise InputError(f"cannot read inputs {path}: {error}", "give an int8 array saved by numpy.save") from None
    if not isinstance(values, np.ndarray) or values.dtype != np.int8 or values.shape[1:] != shape[1:]:
        found = f"{values.dtype} {values.shape}" if isinstance(values, np.ndarray) else type(values).__name__
        raise InputError(f"{path} holds {found}, the network takes int8 (N, {shape[1:]})")
    for i in range(len(values)):
        yield f"{path.name} [{i}]", values[i : i + 1]

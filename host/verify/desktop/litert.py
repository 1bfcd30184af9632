"""Runs a model in LiteRT, TensorFlow's interpreter, and keeps every tensor it computes."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.errors import ToolError, UnsupportedError
from depthwise.codegen.golden.case_by_case import by_case
from depthwise.codegen.graph import Array, DType, Graph, Tensor
from depthwise.codegen.scratch_folder import scratch_folder
from depthwise.host.children import run

from . import litert_worker


@dataclass(frozen=True, slots=True)
class Desktop:
    """A way in which LiteRT runs a model: its name, its resolver, and the arithmetic it is expected to use."""

    name: str
    about: str
    resolver: str
    mode: Mode


DESKTOPS: Final = (
    Desktop("default", "TensorFlow's default interpreter (XNNPACK)", "AUTO", Mode.XNNPACK),
    Desktop("reference", "TensorFlow's reference kernels (BUILTIN_REF)", "BUILTIN_REF", Mode.FLOAT64),
)


@dataclass(frozen=True, slots=True, eq=False)
class DesktopRun:
    """Tensors [N, …] by index; the network's own outputs; whether keeping all tensors changed one of those."""

    tensors: dict[int, Array]
    outputs: tuple[Array, ...]
    disturbed: bool


def run_litert(
    desktop: Desktop, model: bytes, graph: Graph, reference: Graph, inputs: Mapping[int, Array]
) -> DesktopRun:
    """Run int8 inputs [N, …], by tensor, one by one. `graph` is the model as read, `reference` its int8 part.

    Raises ToolError if LiteRT is not installed or cannot run the model, UnsupportedError if an input of the model's own
    cannot be given its values.
    """
    wanted = [*(n.output for n in reference.nodes), *reference.inputs]
    with scratch_folder("desktop") as folder:
        (folder / "model.tflite").write_bytes(model)
        for number, (outer, inner) in enumerate(_pairs(graph, reference)):
            given = _given(graph.tensors[outer], reference.tensors[inner], inputs[inner])
            np.save(folder / f"input{number}.npy", given)
        np.save(folder / "tensors.npy", np.array(wanted))
        _work(folder, desktop)
        with np.load(folder / "found.npz") as file:
            found = dict(file)
    numbers = range(len(graph.outputs))
    outputs, kept = (
        tuple(_as_read(graph.tensors[graph.outputs[n]], found.pop(f"{what} {n}")) for n in numbers)
        for what in ("output", "kept")
    )
    cases = len(next(iter(inputs.values())))
    tensors = {
        int(name): by_case(reference.tensors[int(name)], _as_read(graph.tensors[int(name)], value), cases)
        for name, value in found.items()
    }
    for outer, inner in _pairs(graph, reference):
        if not np.array_equal(tensors.pop(inner, inputs[inner]), inputs[inner]):
            raise UnsupportedError(
                f"input tensor {outer} cannot give the int8 tensor behind it every value",
                "give the model an int8 input to compare it on the desktop",
            )
    disturbed = not all(map(np.array_equal, outputs, kept))
    return DesktopRun(tensors, outputs, disturbed)


def _as_read(tensor: Tensor, values: Array) -> Array:
    """Values of a tensor as it is read: of uint8 networks as int8, 128 less."""
    if tensor.dtype is not DType.INT8 or values.dtype != np.uint8:
        return values
    return (values.astype(np.int16) - 128).astype(np.int8)


def _pairs(graph: Graph, reference: Graph) -> Iterator[tuple[int, int]]:
    """Inputs of the model, each with the int8 tensor that stands for it."""
    return zip(graph.inputs, reference.inputs, strict=True)


def _work(folder: Path, desktop: Desktop) -> None:
    command = [sys.executable, "-P", litert_worker.__file__, str(folder), desktop.resolver]  # a file: imports little
    done = run(command)
    if done.returncode == litert_worker.ABSENT:
        raise ToolError("LiteRT is not installed", "pip install ai-edge-litert")
    if done.returncode:
        said = done.stderr.strip().splitlines()
        how = f"crashed (signal {-done.returncode})" if done.returncode < 0 else f"failed: {said[-1] if said else ''}"
        raise ToolError(f"{desktop.about} {how}", "the model is valid for boards; LiteRT alone does not run it")


def _given(outer: Tensor, inner: Tensor, images: Array) -> Array:
    """What the model's own input has to be for its int8 part to read these."""
    if outer.dtype is DType.INT8:
        return images
    assert inner.quantization is not None
    steps = images.astype(np.int64) - inner.quantization.zero_point
    if outer.dtype is DType.FLOAT32:
        return (steps * inner.quantization.scale).astype(np.float32)
    assert outer.quantization is not None
    return np.clip(steps + outer.quantization.zero_point, 0, 255).astype(np.uint8)

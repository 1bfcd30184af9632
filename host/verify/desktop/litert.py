"""Runs a model in LiteRT, TensorFlow's interpreter, and keeps every tensor it computes."""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.errors import ToolError, UnsupportedError
from depthwise.codegen.graph import Array, DType, Graph
from depthwise.host.children import run

from .litert_worker import ABSENT


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
    """Tensors [N, …] by index; the network's own output; whether keeping all tensors changed that output."""

    tensors: dict[int, Array]
    output: Array
    disturbed: bool


def run_litert(desktop: Desktop, model: bytes, graph: Graph, reference: Graph, images: Array) -> DesktopRun:
    """Run int8 images [N, …] one by one. `graph` is the model as read, `reference` its int8 part.

    Raises ToolError if LiteRT is not installed or cannot run the model, UnsupportedError if the model's own input
    cannot be given the images.
    """
    wanted = [*(n.output for n in reference.nodes), reference.inputs[0]]
    with tempfile.TemporaryDirectory(prefix="depthwise-desktop-") as scratch:
        folder = Path(scratch)
        (folder / "model.tflite").write_bytes(model)
        np.save(folder / "images.npy", _given(graph, reference, images))
        np.save(folder / "tensors.npy", np.array(wanted))
        _work(folder, desktop)
        with np.load(folder / "found.npz") as file:
            found = dict(file)
    output, kept = found.pop("output"), found.pop("kept")
    tensors = {int(name): value for name, value in found.items()}
    inner = tensors.pop(reference.inputs[0], images)
    if not np.array_equal(inner, images):
        raise UnsupportedError(
            f"input tensor {graph.inputs[0]} cannot give the int8 tensor behind it every value",
            "give the model an int8 input to compare it on the desktop",
        )
    return DesktopRun(tensors, output, not np.array_equal(output, kept))


def _work(folder: Path, desktop: Desktop) -> None:
    command = [sys.executable, "-m", "depthwise.host.verify.desktop.litert_worker", str(folder), desktop.resolver]
    done = run(command)
    if done.returncode == ABSENT:
        raise ToolError("LiteRT is not installed", "pip install ai-edge-litert")
    if done.returncode:
        said = done.stderr.strip().splitlines()
        how = f"crashed (signal {-done.returncode})" if done.returncode < 0 else f"failed: {said[-1] if said else ''}"
        raise ToolError(f"{desktop.about} {how}", "the model is valid for boards; LiteRT alone does not run it")


def _given(graph: Graph, reference: Graph, images: Array) -> Array:
    """What the model's own input has to be for its int8 part to read the images."""
    outer, inner = graph.tensors[graph.inputs[0]], reference.tensors[reference.inputs[0]]
    if outer.dtype is DType.INT8:
        return images
    assert inner.quantization is not None
    steps = images.astype(np.int64) - inner.quantization.zero_point
    if outer.dtype is DType.FLOAT32:
        return (steps * inner.quantization.scale).astype(np.float32)
    assert outer.quantization is not None
    return np.clip(steps + outer.quantization.zero_point, 0, 255).astype(np.uint8)

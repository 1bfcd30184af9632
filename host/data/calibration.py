"""Inputs for calibration, as a stream: a folder of images or arrays, one array, or noise; one batch in memory."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from depthwise.codegen.errors import InputError
from depthwise.codegen.graph import Array, Graph
from depthwise.codegen.naming import shape_text

from .arrays import open_array
from .labelled import Labelled, labelled
from .pictures import USUAL, is_picture, read_pixels

ARRAY: Final = ".npy"
NAMED: Final = 8
SAY_RANGE: Final = "say what pixel values 0 and 255 become, as in training: --range 0..1, -1..1 or 0..255"

PixelRange = tuple[float, float]


@dataclass(frozen=True, slots=True)
class DataOptions:
    """How inputs are read: what 0 and 255 become, whether images are resized, how many are read at most."""

    value_range: PixelRange | None = None
    resize: bool = False
    limit: int = 500


@dataclass(frozen=True, slots=True)
class CalibrationInputs:
    """A stream that can be read again and again: `batches(n)` gives float32 arrays [n or fewer, …].

    `left_out` names the files of the folder that are neither images nor arrays; `labelled` tells what each input
    shows, where the folder has one for each class.
    """

    what: str
    count: int
    inputs: Callable[[], Iterator[Array]]
    left_out: tuple[str, ...] = ()
    labelled: Labelled | None = None

    def batches(self, size: int) -> Iterator[Array]:
        """The inputs in batches."""
        waiting: list[Array] = []
        for value in self.inputs():
            waiting.append(value)
            if len(waiting) == size:
                yield np.stack(waiting)
                waiting = []
        if waiting:
            yield np.stack(waiting)


def data_from(graph: Graph, path: Path, options: DataOptions) -> CalibrationInputs:
    """Inputs of a folder of images or .npy files, or of one .npy file. Raises InputError for what does not fit."""
    shape = graph.tensors[graph.inputs[0]].shape[1:]
    if path.is_file():
        array = _array(path, shape, options)
        chosen = spread(len(array), options.limit)
        inputs = partial(_of_array, path.name, array, chosen, options)
        return CalibrationInputs(path.name, len(chosen), inputs)
    if not path.is_dir():
        raise InputError(f"there is no {path}", "give a folder of images or an .npy file")
    files, others = sorted_out(path)
    if not files:
        raise InputError(f"{path} holds no images and no .npy files", left_out_text(others) or f"give {USUAL}")
    kept = [files[i] for i in spread(len(files), options.limit)]
    counts = [len(_array(file, shape, options)) if _is_array(file) else 1 for file in kept]
    inputs = partial(_of_files, kept, shape, options)
    return CalibrationInputs(f"{path.name}/", sum(counts), inputs, others, labelled(path, kept, counts))


def noise(graph: Graph, options: DataOptions) -> CalibrationInputs:
    """Random inputs: even over the range if there is one, else normally distributed. Fixed seed."""
    shape = graph.tensors[graph.inputs[0]].shape[1:]

    def inputs() -> Iterator[Array]:
        rng = np.random.default_rng(0)
        for _ in range(options.limit):
            drawn = (
                rng.standard_normal(shape) if options.value_range is None else rng.uniform(*options.value_range, shape)
            )
            yield drawn.astype(np.float32)

    return CalibrationInputs("random inputs", options.limit, inputs)


def spread(count: int, limit: int) -> list[int]:
    """At most `limit` places, evenly over all: files of one class often lie together."""
    kept = min(count, limit)
    return [i * count // kept for i in range(kept)]


def _of_array(name: str, array: Array, chosen: Sequence[int], options: DataOptions) -> Iterator[Array]:
    for place in chosen:
        yield _real(name, array[place], options)


def _of_files(files: Sequence[Path], shape: tuple[int, ...], options: DataOptions) -> Iterator[Array]:
    for file in files:
        if _is_array(file):
            array = _array(file, shape, options)
            yield from (_real(file.name, value, options) for value in array)
        else:
            yield read_image(file, shape, options)


def _is_array(file: Path) -> bool:
    return file.suffix.lower() == ARRAY


def _array(path: Path, shape: tuple[int, ...], options: DataOptions) -> Array:
    """An array [N, …] on disk (one input without N is taken too), its type checked."""
    values = open_array(path)
    if values.shape[-len(shape) :] != shape or values.ndim > len(shape) + 1:
        raise InputError(f"{path.name} has shape {values.shape}, the network takes (N, {shape_text((1, *shape))})")
    if values.dtype != np.uint8 and values.dtype.kind != "f":
        raise InputError(f"{path.name} holds {values.dtype}", "give real inputs as float32, or pixels as uint8")
    if values.dtype == np.uint8 and options.value_range is None:
        raise InputError(f"{path.name} holds pixels", SAY_RANGE)
    return values if values.ndim == len(shape) + 1 else values[None]


def _real(name: str, value: Array, options: DataOptions) -> Array:
    """An input as float32: pixels brought into the range, real numbers held against it."""
    if value.dtype == np.uint8:
        return in_range(value, options)
    if options.value_range is not None:
        (low, high), least, most = options.value_range, float(value.min()), float(value.max())
        slack = (high - low) / 255 / 2  # half a step of 8 bits: rounded to the end
        if not low - slack <= least <= most <= high + slack:
            raise InputError(
                f"{name} has values from {least:g} to {most:g}, --range says {low:g} to {high:g}",
                "scale it as in training, or say the range that it has",
            )
    return value.astype(np.float32)


def in_range(pixels: Array, options: DataOptions) -> Array:
    """Pixels 0 to 255 as what they are to the model, float32."""
    assert options.value_range is not None
    low, high = options.value_range
    return (pixels.astype(np.float32) * np.float32((high - low) / 255) + np.float32(low)).astype(np.float32)


def read_image(path: Path, shape: tuple[int, ...], options: DataOptions) -> Array:
    """An image as float32 [H,W,C]. Raises InputError where it is none or does not fit, ToolError without Pillow."""
    if options.value_range is None:
        raise InputError(f"{path.name} is an image", SAY_RANGE)
    if len(shape) != 3 or shape[2] not in {1, 3}:
        raise InputError(f"{path.name} is an image, the network takes {shape_text((1, *shape))}", "give an .npy file")
    height, width, channels = shape
    return in_range(read_pixels(path, (width, height), channels, resize=options.resize), options)


def sorted_out(folder: Path) -> tuple[list[Path], tuple[str, ...]]:
    """Pictures and arrays below a folder, and the names of all other files, in order."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    taken = [p for p in files if is_picture(p) or _is_array(p)]
    return taken, tuple(str(p.relative_to(folder)) for p in files if p not in set(taken))


def left_out_text(names: Sequence[str]) -> str:
    """Says which files were not taken; empty where all were."""
    if not names:
        return ""
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return f"not read, neither an image by their name nor .npy: {', '.join(names[:NAMED])}{more}"

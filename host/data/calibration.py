"""Inputs for calibration, as a stream: a folder of images or arrays, one array, or noise; one batch in memory."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final

import numpy as np

from depthwise.codegen.errors import InputError, ToolError
from depthwise.codegen.graph import Array, Graph
from depthwise.codegen.naming import shape_text

IMAGES: Final = (".png", ".jpg", ".jpeg", ".bmp", ".webp")
MOST_PIXELS: Final = 64_000_000
MODES: Final = {1: "L", 3: "RGB"}
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
    """A stream that can be read again and again: `batches(n)` gives float32 arrays [n or fewer, …]."""

    what: str
    count: int
    inputs: Callable[[], Iterator[Array]]

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
        chosen = _spread(len(array), options.limit)
        return CalibrationInputs(path.name, len(chosen), lambda: (_real(array[i], options) for i in chosen))
    if not path.is_dir():
        raise InputError(f"there is no {path}", "give a folder of images or an .npy file")
    files = sorted(p for p in path.rglob("*") if p.suffix.lower() in (*IMAGES, ".npy") and p.is_file())
    if not files:
        raise InputError(f"{path} holds no images and no .npy files", f"images end in {', '.join(IMAGES)}")
    kept = [files[i] for i in _spread(len(files), options.limit)]
    return CalibrationInputs(f"{path.name}/", len(kept), lambda: _of_files(kept, shape, options))


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


def _spread(count: int, limit: int) -> list[int]:
    """At most `limit` places, evenly over all: files of one class often lie together."""
    kept = min(count, limit)
    return [i * count // kept for i in range(kept)]


def _of_files(files: Sequence[Path], shape: tuple[int, ...], options: DataOptions) -> Iterator[Array]:
    for file in files:
        if file.suffix.lower() == ".npy":
            array = _array(file, shape, options)
            yield from (_real(value, options) for value in array)
        else:
            yield read_image(file, shape, options)


def _array(path: Path, shape: tuple[int, ...], options: DataOptions) -> Array:
    """An array [N, …] on disk (one input without N is taken too), its type checked."""
    try:
        values = np.load(path, allow_pickle=False, mmap_mode="r")
    except (OSError, ValueError, EOFError) as error:
        raise InputError(f"cannot read {path}: {error}", "give an array saved by numpy.save") from None
    if not isinstance(values, np.ndarray) or values.shape[-len(shape) :] != shape or values.ndim > len(shape) + 1:
        found = str(values.shape) if isinstance(values, np.ndarray) else type(values).__name__
        raise InputError(f"{path.name} has shape {found}, the network takes (N, {shape_text((1, *shape))})")
    if values.dtype != np.uint8 and values.dtype.kind != "f":
        raise InputError(f"{path.name} holds {values.dtype}", "give real inputs as float32, or pixels as uint8")
    if values.dtype == np.uint8 and options.value_range is None:
        raise InputError(f"{path.name} holds pixels", SAY_RANGE)
    return values if values.ndim == len(shape) + 1 else values[None]


def _real(value: Array, options: DataOptions) -> Array:
    if value.dtype != np.uint8:
        return value.astype(np.float32)
    assert options.value_range is not None
    low, high = options.value_range
    return (value.astype(np.float32) * np.float32((high - low) / 255) + np.float32(low)).astype(np.float32)


def read_image(path: Path, shape: tuple[int, ...], options: DataOptions) -> Array:
    """An image as float32 [H,W,C]. Raises InputError where it is none or does not fit, ToolError without Pillow."""
    pillow = _pillow()
    if options.value_range is None:
        raise InputError(f"{path.name} is an image", SAY_RANGE)
    if len(shape) != 3 or shape[2] not in MODES:
        raise InputError(f"{path.name} is an image, the network takes {shape_text((1, *shape))}", "give an .npy file")
    height, width, channels = shape
    try:
        with pillow.open(path) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise InputError(
                    f"{path.name} has {opened.width}x{opened.height} pixels, at most {MOST_PIXELS:,} are read"
                )
            if opened.size != (width, height) and not options.resize:
                found = f"{opened.width}x{opened.height}"
                raise InputError(f"{path.name} is {found}, the network takes {width}x{height}", "scale it, or --resize")
            image = opened.convert(MODES[channels])
            if image.size != (width, height):
                image = image.resize((width, height), pillow.Resampling.BILINEAR)
            pixels = np.asarray(image, np.uint8).reshape(shape)
    except (OSError, ValueError, SyntaxError, pillow.DecompressionBombError) as error:
        raise InputError(f"cannot read image {path}: {error}", "remove or replace it") from None
    return _real(pixels, options)


def _pillow() -> ModuleType:
    try:
        from PIL import Image  # noqa: PLC0415 — only images need it
    except ImportError:
        raise ToolError(
            "reading images needs Pillow", "pip install 'depthwise[images]', or give an .npy file"
        ) from None
    return Image

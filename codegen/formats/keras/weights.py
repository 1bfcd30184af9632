"""Arrays of a `model.weights.h5`, read by a process of its own: a damaged file cannot hang or crash the caller.

HDF5 follows addresses that stand in the file; a damaged one can lead it in circles for ever. The process has a limit
of processor time, which a loaded machine does not shorten, and one of memory.
"""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property
from types import TracebackType
from typing import Any, Final, Self

import numpy as np

from depthwise.codegen.errors import DepthwiseError, ModelError, ToolError
from depthwise.codegen.graph import Array
from depthwise.codegen.scratch_folder import scratch_folder

WORKER: Final = "depthwise.codegen.formats.keras.weight_worker"
ERRORS: Final[dict[str, type[DepthwiseError]]] = {"ModelError": ModelError, "ToolError": ToolError}
ArrayShape = tuple[int, ...]


class WeightFile:
    """An open weight file. Raises ModelError where it is damaged, ToolError without h5py."""

    def __init__(self, data: bytes) -> None:
        if not _has_h5py():
            raise ToolError("reading .keras files needs h5py", "pip install 'depthwise[train]'")
        self._data = data
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ends.close()

    @cached_property
    def _process(self) -> subprocess.Popen[bytes]:
        """The process that reads, begun when the first weights are asked for: a refused configuration needs none."""
        return self._ends.enter_context(_reading(self._data))

    def arrays(self, path: str, layer: str, shapes: Sequence[ArrayShape]) -> tuple[Array, ...]:
        """Variables 0, 1, … of a layer as float32, of the shapes given. Raises ModelError naming the layer."""
        request = {"path": path, "layer": layer, "shapes": [list(shape) for shape in shapes]}
        answer = self._asked(json.dumps(request).encode() + b"\n", layer)
        if "error" in answer:
            raise ERRORS[answer["error"]](answer["message"], answer["hint"])
        return tuple(self._array(shape, layer) for shape in shapes)

    def _asked(self, request: bytes, layer: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(request)
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._died(layer) from None
        line = self._process.stdout.readline()
        if not line.endswith(b"\n"):
            raise self._died(layer)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _array(self, shape: ArrayShape, layer: str) -> Array:
        assert self._process.stdout is not None
        size = 4 * int(np.prod(shape, dtype=np.int64))
        data = self._process.stdout.read(size)
        if len(data) != size:
            raise self._died(layer)
        return np.frombuffer(data, "<f4").reshape(shape)

    def _died(self, layer: str) -> ModelError:
        code = self._process.wait()
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return ModelError(
            f"weights of layer {layer!r} cannot be read: HDF5 came to no end or crashed ({how})",
            "the file is damaged: save the model again",
        )


@contextmanager
def _reading(data: bytes) -> Iterator[subprocess.Popen[bytes]]:
    with scratch_folder("keras") as folder:
        path = folder / "model.weights.h5"
        path.write_bytes(data)
        process = subprocess.Popen(
            [sys.executable, "-m", WORKER, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


def _has_h5py() -> bool:
    try:
        return importlib.util.find_spec("h5py") is not None
    except ValueError:
        return False

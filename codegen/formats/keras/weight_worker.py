"""Reads the weights of a Keras archive for weights.py, within limits of processor time and memory.

`python -m depthwise.codegen.formats.keras.weight_worker FILE` takes a request a line on its standard input, a JSON
object of `path`, `layer` and `shapes`, and answers with a line: an error, or an empty object that the arrays follow as
little-endian float32.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any, Final

from depthwise.codegen.errors import DepthwiseError
from depthwise.codegen.graph import Array

from .hdf5 import Hdf5File

SECONDS: Final = 10
BYTES_A_SECOND: Final = 20 << 20
LIBRARY_BYTES: Final = 2 << 30  # numpy and HDF5 with all they map, before a weight is read
COPIES: Final = 8


def main(path: Path) -> None:
    """Answer requests until the input ends."""
    size = path.stat().st_size
    seconds = SECONDS + size // BYTES_A_SECOND
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    memory = LIBRARY_BYTES + COPIES * size
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    file: Hdf5File | None = None
    for line in sys.stdin.buffer:
        try:
            file = file or Hdf5File(path)
            _answer({}, _arrays(file, json.loads(line)))
        except DepthwiseError as error:
            _answer({"error": type(error).__name__, "message": error.message, "hint": error.hint}, ())


def _arrays(file: Hdf5File, request: dict[str, Any]) -> tuple[Array, ...]:
    shapes = [tuple(shape) for shape in request["shapes"]]
    return file.arrays(request["path"], request["layer"], shapes)


def _answer(head: dict[str, str], arrays: tuple[Array, ...]) -> None:
    out = sys.stdout.buffer
    out.write(json.dumps(head).encode() + b"\n")
    for array in arrays:
        out.write(array.astype("<f4").tobytes())
    out.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

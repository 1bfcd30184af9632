"""Reads a network from whatever file the user has: int8 or float `.tflite`, or `.keras`."""

from pathlib import Path

from depthwise.codegen.errors import InputError
from depthwise.codegen.graph import Graph

from .keras.archive import SIGNATURE
from .keras.reader import parse_keras
from .tflite.reader import parse_model


def read_network(path: Path) -> Graph:
    """Read a model file, told by its first bytes; the graph is named after it.

    Raises InputError if it cannot be opened, ModelError or UnsupportedError for what is in it.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read model {path}: {error.strerror or error}", "check the path") from None
    return parse_keras(data, path.stem) if data.startswith(SIGNATURE) else parse_model(data, path.stem)

"""Reads a network from whatever file the user has: int8 or float `.tflite`, or `.keras`."""

from pathlib import Path
from shlex import quote

from depthwise.codegen.errors import InputError, UnsupportedError
from depthwise.codegen.graph import Graph
from depthwise.codegen.operators.validate import is_float

from .foreign import refuse_folder, refuse_foreign
from .keras.archive import SIGNATURE
from .tflite import schema
from .tflite.reader import parse_model


def read_network(path: Path) -> Graph:
    """Read a model file, told by its first bytes; the graph is named after it.

    Raises InputError if it cannot be opened, ModelError or UnsupportedError for what is in it.
    """
    return parse_network(model_bytes(path), path)


def read_int8(path: Path) -> Graph:
    """Read a model file as `read_network` does. UnsupportedError for a float model, with the way to an int8 one."""
    return parse_int8(model_bytes(path), path)


def model_bytes(path: Path) -> bytes:
    """Content of a model file. Raises InputError if it cannot be opened, UnsupportedError for a folder."""
    refuse_folder(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read model {path}: {error.strerror or error}", "check the path") from None


def parse_network(data: bytes, path: Path) -> Graph:
    """Parse the content of a model file. Raises ModelError or UnsupportedError."""
    if data[4:8] != schema.FILE_IDENTIFIER:
        refuse_foreign(data, path.name)
    if data.startswith(SIGNATURE):
        from .keras.reader import parse_keras  # noqa: PLC0415 - only `.keras` files need it

        return parse_keras(data, path.stem)
    return parse_model(data, path.stem)


def parse_int8(data: bytes, path: Path) -> Graph:
    """Parse as `parse_network` does. UnsupportedError for a float model, with the way to an int8 one."""
    graph = parse_network(data, path)
    if is_float(graph):
        command = f"depthwise quantize {quote(str(path))} -o {quote(path.stem)}_int8.tflite --data FOLDER"
        raise UnsupportedError(f"{path.name} is a float model, an int8 one is needed", f"quantize it first: {command}")
    return graph

"""A model that is read, or refused in one clear error."""

from depthwise.codegen.errors import ModelError
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.graph import Graph


def read_or_refuse(data: bytes) -> Graph | None:
    try:
        return parse_model(data, "hostile")
    except ModelError:
        return None

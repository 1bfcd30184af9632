"""What a topic gives for an operator: how a random small network of it is drawn, and what it is held to."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from tests.support.network_builder import Builder


class Oracle(Enum):
    """Whose bytes are right. LiteRT's reference kernels where tflite-micro aborts or is known to be wrong."""

    TFLITE_MICRO = "tflite-micro"
    LITERT = "LiteRT BUILTIN_REF"


@dataclass(frozen=True, slots=True)
class Case:
    """`draw` adds inputs and nodes to an empty builder, by its `rng`, and returns the network's outputs."""

    draw: Callable[[Builder], int | tuple[int, ...]]
    oracle: Oracle = Oracle.TFLITE_MICRO

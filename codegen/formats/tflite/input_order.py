"""Operators whose file has a constant in front of what they compute with: nodes have the activation first."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

T = TypeVar("T")
# For each position of a node's inputs, the position in the file.
ORDERS: Final[Mapping[str, tuple[int, ...]]] = {"SPLIT": (1, 0), "TRANSPOSE_CONV": (2, 1, 3, 0)}


def from_file(kind: str, inputs: Sequence[T]) -> tuple[T, ...]:
    """Inputs of a node from those of the file."""
    order = ORDERS.get(kind, ())
    return tuple(inputs[i] for i in order) if len(order) == len(inputs) else tuple(inputs)


def to_file(kind: str, inputs: Sequence[T]) -> tuple[T, ...]:
    """Inputs in the file from those of a node."""
    order = ORDERS.get(kind, ())
    return tuple(inputs[order.index(i)] for i in range(len(order))) if len(order) == len(inputs) else tuple(inputs)

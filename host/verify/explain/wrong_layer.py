"""The first layer that differs, what it read, and the checksum of what the board made of it."""

import zlib
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass

import numpy as np

from depthwise.codegen.graph import Array, Graph, Node


@dataclass(frozen=True, slots=True, eq=False)
class WrongLayer:
    """A layer whose inputs are right on the board and whose output is not.

    `values` are the right tensors by index, [1, …], of everything the layer reads and of its output. `crc` is the
    CRC-32 of the board's output: a hypothesis that gives the same one is taken as proven. `kept_in` and
    `kept_out` are the model's channels of the channels that the board computes.
    """

    graph: Graph
    node: Node
    _: KW_ONLY
    values: Mapping[int, Array]
    crc: int
    kept_in: tuple[int, ...]
    kept_out: tuple[int, ...]

    @property
    def right(self) -> Array:
        """The output as it has to be."""
        return self.values[self.node.output]

    def made(self, output: Array) -> bool:
        """Tell whether the board's output is this one."""
        return zlib.crc32(np.ascontiguousarray(output).astype(self.right.dtype).tobytes()) == self.crc

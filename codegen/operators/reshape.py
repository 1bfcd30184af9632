"""RESHAPE: the same elements in the same order, of another shape; nothing is moved."""

from dataclasses import dataclass
from typing import ClassVar, Final

from depthwise.codegen.flatbuffer.writing import Field, integers
from depthwise.codegen.graph import Graph, Node

from .parts import index_arithmetic, reading, reshaping
from .reshaper import reshaper


@dataclass(frozen=True, slots=True)
class Reshape:
    """Reads a tensor (· new shape, which need not be constant); writes the same elements."""

    kind: ClassVar[str] = "RESHAPE"


def _fields(graph: Graph, node: Node) -> dict[int, Field]:
    return {0: integers(graph.output_of(node).shape)}


OPERATOR: Final = reshaper(
    Reshape,
    read=reading.without_options(Reshape, 1, 2),
    write=index_arithmetic.write(17, _fields),
    check=reshaping.check,
)

"""What a kernel and a family of kernels are: all that choosing, rendering and predicting asks of one, in one value.

A kernel is one kind of C function; layers that differ only in data share what is rendered from it. A family is the
kernels that a core lists together: `kernels/<family>/` here, its templates in `templates/network/kernels/<family>/`,
its headers in `firmware/lib/<family>/`.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from depthwise.codegen.graph import Graph, Node, Tensor
from depthwise.codegen.operators import Operation

from .data import Constants
from .flash import FlashTraffic

# The integers that a template fills in, a frozen dataclass: layers of equal shapes share a function.
KernelShape = Hashable
# What happens how often in one inference of a layer.
Events = dict[str, float]


@dataclass(frozen=True, slots=True)
class Layer:
    """A node of a graph, and the forms that were chosen with its kernel.

    `int16_weights`: its weights are stored as int16. `planar`: its output's rows lie channel after channel, [C][W].
    """

    graph: Graph
    node: Node
    int16_weights: bool = False
    planar: bool = False

    @property
    def input(self) -> Tensor:
        """The first tensor that it reads."""
        return self.graph.inputs_of(self.node)[0]

    @property
    def output(self) -> Tensor:
        """The tensor that it writes."""
        return self.graph.output_of(self.node)


class Int16(Enum):
    """Whether weights that are stored as int16 gain nothing, are faster, or are the only ones that a node can have."""

    SAME = "same"
    FASTER = "faster"
    ONLY = "only"


@dataclass(frozen=True, slots=True)
class Struct:
    """A structure of C: its name, and the template that defines it, None where a header of the library does."""

    name: str
    template: str | None


@dataclass(frozen=True, slots=True)
class LayerData:
    """What a function reads of each layer: the structure, and the arrays and fields that fill it."""

    struct: Struct
    constants: Callable[[Layer], Constants]


@dataclass(frozen=True, slots=True)
class Scratch:
    """Memory that holds nothing from call to call: as int16 pairs or as bytes, and how many bytes a node takes.

    `always` tells for which nodes it is taken whatever is left for it: another layer counts on the kernel.
    """

    form: Literal["lanes", "bytes"]
    size: Callable[[Graph, Node], int]
    always: Callable[[Graph, Node], bool] = lambda _graph, _node: False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """One kind of C function.

    `name` is its template's, and part of the function's own. It computes nodes of `operators` for which `refusal` is
    None; where it cannot, that says why, naming numbers. `shape` fills its template, `data` is what it reads of each
    layer, `headers` are those of the library. Behind its rows and its output a function takes `scratch`, in front of
    them the call's number if it needs the `position`. `planar` tells for which nodes it writes rows channel after
    channel, `int16_weights` what a node has of weights stored so. `events` are what its time is made of; None where
    cycles were never counted; `traffic` is what it reads from flash, None where constants are read as in plain loops
    (traffic.py). `proves` tells for which nodes sums become outputs by fewer roundings than the
    operator's, each channel held against it at every threshold when code is generated; None if for none.
    """

    name: str
    operators: tuple[type[Operation], ...]
    refusal: Callable[[Graph, Node], str | None]
    shape: Callable[[Layer], KernelShape]
    data: LayerData | None
    headers: tuple[str, ...]
    scratch: Scratch | None
    position: bool
    planar: Callable[[Graph, Node], bool] | None
    int16_weights: Callable[[Graph, Node], Int16] | None
    events: Callable[[Layer], Events] | None
    proves: Callable[[Graph, Node], bool] | None
    traffic: Callable[[Layer], FlashTraffic] | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Family:
    """Kernels in the order in which they are tried, and Cortex-M4 cycles of their events.

    `name` is that of its folders. An event without cycles takes one. Families are equal only to themselves. Where
    kernels have both forms, weights usually are int16 that are used at least `int16_from` times (weight_storage.py).
    """

    name: str
    kernels: tuple[Kernel, ...]
    cycles: Mapping[str, float]
    int16_from: int


def template_of(family: str, file: str) -> str:
    """Name of a family's template."""
    return f"network/kernels/{family}/{file}.j2"

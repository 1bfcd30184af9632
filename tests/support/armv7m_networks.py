"""Networks that reach every function of the kernels for Armv7-M, all widths of tiles in all forms of scaling."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import Activation, Conv2D
from depthwise.codegen.passes.optimize import lower
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.cores import CORES, Core

from .dsp_networks import at_minimum
from .network_builder import Builder
from .programs import Case

M3: Final = CORES["cortex-m3"]
FORMS: Final = {"line": Activation.RELU, "signed": Activation.NONE, "clamped": Activation.RELU_N1_TO_1}
WIDTHS: Final = (1, 2, 3, 4, 5, 6, 8, 9)


def armv7m_chain(width: int, form: str) -> Graph:
    """3x3 layers of a row's width, of half of it, of columns apart, and pointwise ones; the first weights are large.

    Windows of the first layer share no inputs; odd channels are followed by even ones.
    """
    build, activation = Builder(width), FORMS[form]
    x = build.depthwise(build.input(1, 3, 3 * width - width % 2, 3), (3, 3), (1, 3), activation=activation)
    x = build.conv(x, 5, (3, 3), activation=activation)
    x = build.depthwise(x, (3, 3), activation=activation)
    x = build.conv(x, 6, (1, 1), activation=activation)
    x = build.depthwise(x, (3, 3), dilation=(1, 2 + width % 2), activation=activation)
    x = build.depthwise(x, (3, 3), (1, 2), activation=activation)
    x = build.conv(x, 7, (3, 2), activation=activation, dilation=(1, 1 + width % 2))
    x = build.depthwise(x, (3, 3), (1, 2), dilation=(1, 2), activation=activation)
    graph = build.finish(f"armv7m_{width}_{form}", x)
    return _with_large_weights(at_minimum(graph) if form == "line" else graph)


def _with_large_weights(graph: Graph) -> Graph:
    """Weights of the first CONV_2D at both ends, in runs of all lengths."""
    tensors = list(graph.tensors)
    at = next(node.inputs[1] for node in graph.nodes if isinstance(node.op, Conv2D))
    data = np.array(tensors[at].data)
    rows = data.reshape(len(data), -1)
    for channel, row in enumerate(rows):
        row[:] = np.sign(row) * np.where(np.arange(len(row)) % (2 + 3 * channel) < 3, 127, 31)
    data.setflags(write=False)
    tensors[at] = replace(tensors[at], data=data)
    return replace(graph, tensors=tuple(tensors))


def armv7m_cases(core: Core = M3, widths: Sequence[int] = WIDTHS) -> Iterator[Case]:
    """All of them, on images of random values and at both ends."""
    for number, (width, form) in enumerate((width, form) for form in FORMS for width in widths):
        graph = lower(armv7m_chain(width, form))
        shape = graph.tensors[graph.inputs[0]].shape
        given = np.random.default_rng(number).integers(-128, 128, (3, *shape[1:])).astype(np.int8)
        given[1] = np.where(given[1] < 0, -128, 127)
        given[2] = -128
        yield Case.of(f"net{number}", choose(graph, "rows", variant(graph, core)), given, core)

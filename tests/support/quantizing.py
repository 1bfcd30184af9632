"""Networks quantized for tests."""

from collections.abc import Callable
from typing import Final

from depthwise.codegen.formats.front_end import read_network
from depthwise.codegen.graph import Array, Graph
from depthwise.codegen.quantize.calibrate import Batches
from depthwise.codegen.quantize.quantize import Quantized, QuantizeOptions, quantize
from tests.support.float_networks import images, mobilenet, unfolded
from tests.support.places import FIXTURES

REAL: Final = ("vww_96", "ic_resnet8", "kws_dscnn")
NETWORKS: Final[dict[str, Callable[[], Graph]]] = {
    "mobilenet": mobilenet,
    "unfolded": unfolded,
    "every_layer": lambda: read_network(FIXTURES / "every_layer.keras"),
}


def in_batches(values: Array, size: int = 8) -> Batches:
    return lambda: (values[i : i + size] for i in range(0, len(values), size))


def made(graph: Graph, options: QuantizeOptions | None = None, count: int = 24) -> Quantized:
    """A float network quantized for `count` generated images."""
    return quantize(graph, in_batches(images(graph, count, 1)), options)
